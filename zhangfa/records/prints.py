"""Official forms on A4: a form is described in its own order and printed as PDF or as a picture.

An app builds a `FormPrint` in its `prints.py`; users' words travel as data and can't become markup.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.records.models import Publication, Record, Signature
from zhangfa.records.queries import signatures_of
from zhangfa.records.registry import forms
from zhangfa.records.sensitive import HIDDEN
from zhangfa.records.typesetting import PrintFailed, typesetter
from zhangfa.ui.display import day_and_hour
from zhangfa.ui.words import text

if TYPE_CHECKING:
    from zhangfa.organisation.actor import Actor

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tick:
    """One box of a choice, ticked or not."""

    text: str
    is_on: bool


@dataclass(frozen=True)
class Field:
    """A label and its value: text, or boxes to tick. `is_wide` takes the whole row."""

    label: str
    value: str | Sequence[Tick] = ""
    is_wide: bool = False


@dataclass(frozen=True)
class Grid:
    """Fields in rows of two (or three) pairs, in the form's own order."""

    fields: Sequence[Field]
    title: str = ""
    pairs: int = 2


@dataclass(frozen=True)
class Rows:
    """A table with repeated rows; the heading comes again on every page."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    widths: Sequence[float] = ()
    numeric: Sequence[int] = ()
    total: Sequence[str] = ()
    empty: str = ""


@dataclass(frozen=True)
class Prose:
    """A longer text in its own box, with the least height in millimetres that paper would leave for it."""

    label: str
    text: str
    height: float = 16


@dataclass(frozen=True)
class Photo:
    """A picture (JPEG bytes) with its caption: what, when taken, digest."""

    image: bytes
    caption: str = ""


@dataclass(frozen=True)
class Photos:
    """A strip of pictures, three in a row."""

    photos: Sequence[Photo]
    title: str = ""


@dataclass(frozen=True)
class Sign:
    """One signing role as it stands: waiting, signed, or refused before a witness."""

    role: str
    state: str = "waiting"
    name: str = ""
    at: str = ""
    method: str = ""
    digest: str = ""
    opinion: str = ""
    result: str = ""
    drawing: bytes = b""
    reason: str = ""
    witness: str = ""
    meaning: str = ""
    note: str = ""


@dataclass(frozen=True)
class FormPrint:
    """Everything that a printed form shows, ready to be read; texts are in the reader's language."""

    company: str
    title: str
    number: str = ""
    version: int = 1
    status: str = ""
    code: str = ""
    head: Sequence[Field] = ()
    sections: Sequence[Grid | Rows | Prose | Photos] = ()
    signatures: Sequence[Sign] = ()
    copies: Sequence[Sequence[str]] = ()
    late: str = ""
    watermark: str = ""
    is_void: bool = False
    digest: str = ""
    printed: str = ""
    notes: Sequence[str] = ()
    at: dt.datetime | None = None
    is_landscape: bool = False
    labels: dict[str, str] = field(default_factory=dict)


def render_form(form: FormPrint, *, strict: bool = False) -> bytes:
    """The form as PDF/A. `strict` refuses characters without a glyph instead of noting them.

    Raises PrintFailed, FontMissing.
    """
    stamp = (form.at or clock.now()).astimezone(dt.UTC).replace(microsecond=0)
    made: bytes = _compile(form, strict=strict, format="pdf", pdf_standards="a-2b", timestamp=stamp)
    return made


def render_png(form: FormPrint, *, ppi: float = 96) -> list[bytes]:
    """The pages as pictures, for a preview on the screen."""
    pages = _compile(form, strict=False, format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def print_of(record: Record, *, actor: Actor | None, at: dt.datetime, language: str = "zh-hans") -> bytes:
    """The PDF of a record by its form's own description; for a reader, or for the archive without one."""
    with translation.override(language):
        return render_form(form_of(record, actor=actor, at=at))


def form_of(record: Record, *, actor: Actor | None, at: dt.datetime) -> FormPrint:
    """The record as its app describes it, with what every paper says of itself: a draft, a void one, who printed this copy."""
    build = forms.get(record.form_code).build
    if build is None:
        raise PrintFailed(f"form {record.form_code} has no print")
    form = build(record, actor=actor, at=at)
    return dataclasses.replace(
        form,
        is_void=form.is_void or record.status == Record.Status.VOID,
        watermark=form.watermark or ("" if record.number else _("草稿")),
        printed=form.printed or (printed_by(actor.name, at) if actor is not None else ""),
    )


def printed_by(name: str, at: dt.datetime) -> str:
    """The foot of a copy: who took it off the printer, and when."""
    return _("%(who)s 于 %(when)s 打印") % {"who": name, "when": when(at)} if name else ""


def signs_of(record: Record, *, hidden: frozenset[str] = frozenset()) -> list[Sign]:
    """The signing roles as they stand, with the drawn hand and whose device it was; roles in `hidden` without a name."""
    return [_sign(row, row.role in hidden) for row in signatures_of(record)]


def _sign(row: Signature, is_hidden: bool) -> Sign:
    role = forms.get(row.record.form_code).role(row.role)
    name = row.signer.shown_name if row.signer else ""
    return Sign(
        role=text(role.label), state=row.state, meaning=text(role.meaning), at=when(row.at), digest=row.digest, name=HIDDEN if is_hidden else name,
        opinion=row.opinion, reason=row.reason, method=row.get_method_display() if row.method else "", result=row.get_result_display() if row.result else "",
        drawing=base64.b64decode(row.drawing) if row.drawing and not is_hidden else b"", witness=row.witness.shown_name if row.witness else "",
        note=_manner(row),
    )  # fmt: skip


def published_by(paper: Publication, role: str) -> Sign:
    """Whoever published a frozen table answers for it by name."""
    person = paper.record.created_by
    return Sign(
        role=role, state="signed" if person else "waiting", name=person.shown_name if person else "", at=when(paper.published_at),
        digest=paper.digest,
    )  # fmt: skip


def _manner(row: Signature) -> str:
    """On whose device the name was written, where it was not the signer's own."""
    if row.manner in ("", Signature.Manner.SELF):
        return ""
    return f"{row.get_manner_display()} {row.acted_by.shown_name if row.acted_by else ''}".strip()


def _compile(form: FormPrint, *, strict: bool, **options: Any) -> Any:
    data, images = _data(form)
    answer = typesetter().set({"data": data, "images": images, "strict": strict, "options": options})
    if answer["missing"]:
        log.warning("form %s: no glyph for %s", form.code or form.title, ", ".join(answer["missing"][:20]))
    return answer["made"]


def _data(form: FormPrint) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The form as plain texts and lists, and the pictures by file name."""
    images: dict[str, bytes] = {}

    def keep(image: bytes) -> str:
        if not image:
            return ""
        suffix = "png" if image.startswith(b"\x89PNG") else "jpg"
        name = f"i{len(images)}.{suffix}"
        images[name] = image
        return name

    data = {
        "company": form.company, "title": form.title, "number": form.number, "code": form.code,
        "version": form.version, "status": form.status, "late": form.late, "digest": form.digest,
        "watermark": _("作废") if form.is_void else form.watermark, "is_void": form.is_void, "is_landscape": form.is_landscape,
        "head": [{"label": f.label, "value": str(f.value)} for f in form.head],
        "sections": [_section(section, keep) for section in form.sections],
        "signatures": [
            {
                "role": s.role, "state": s.state, "name": s.name, "at": s.at, "method": s.method,
                "digest": s.digest[:12], "opinion": s.opinion, "result": s.result,
                "drawing": keep(s.drawing), "reason": s.reason, "witness": s.witness,
                "meaning": s.meaning, "note": s.note,
            }
            for s in form.signatures
        ],
        "copies": [list(line) for line in form.copies],
        "printed": form.printed, "notes": list(form.notes),
        "labels": {**_labels(), **form.labels},
        "lang": "en" if (translation.get_language() or "").startswith("en") else "zh",
    }  # fmt: skip
    return data, images


def _section(section: Grid | Rows | Prose | Photos, keep: Any) -> dict[str, Any]:
    if isinstance(section, Grid):
        return {"kind": "grid", "title": section.title, "pairs": section.pairs, "cells": _cells(section)}
    if isinstance(section, Prose):
        return {
            "kind": "prose", "label": section.label, "text": section.text, "height": section.height,
        }  # fmt: skip
    if isinstance(section, Photos):
        photos = [{"image": keep(p.image), "caption": p.caption} for p in section.photos]
        return {"kind": "photos", "title": section.title, "photos": photos}
    width = len(section.heads)
    return {
        "kind": "rows", "title": section.title, "heads": list(section.heads),
        "rows": [list(row) for row in section.rows], "total": list(section.total),
        "widths": list(section.widths) or [1.0] * width, "numeric": list(section.numeric),
        "empty": section.empty or _("无"),
    }  # fmt: skip


def _cells(grid: Grid) -> list[dict[str, Any]]:
    """Fields with the columns that their value spans, so that every row of the frame is full."""
    cells: list[dict[str, Any]] = []
    filled = 0
    for one in grid.fields:
        if one.is_wide and filled:
            cells[-1]["span"] += 2 * (grid.pairs - filled)
            filled = 0
        value: Any = one.value
        if not isinstance(value, str):
            value = [{"text": tick.text, "on": tick.is_on} for tick in value]
        span = 2 * grid.pairs - 1 if one.is_wide else 1
        cells.append({"label": one.label, "value": value, "span": span})
        filled = 0 if one.is_wide else (filled + 1) % grid.pairs
    if filled:
        cells[-1]["span"] += 2 * (grid.pairs - filled)
    return cells


def _labels() -> dict[str, str]:
    return {
        "number": _("编号"), "version": _("版本"), "page": _("第 {x} 页，共 {y} 页"),
        "signatures": _("签字"), "waiting": _("（待签）"), "refused": _("拒签"), "witness": _("见证人"),
        "reason": _("理由"), "digest": _("签署摘要"), "opinion": _("意见"), "copies": _("副本"),
        "copy_heads": _("接收人|份号|发送|签收"), "notes": _("说明"),
        "colon": _("："), "unprintable": _("下列字符无法打印，以□代替："),
    }  # fmt: skip


def until(at: dt.datetime | None) -> str:
    """A deadline as forms write it: midnight is 24:00 of the day that ends."""
    if at is None:
        return ""
    day, hour = day_and_hour(at)
    return f"{day.isoformat()} {hour}"


def when(at: dt.datetime | None) -> str:
    """An instant as forms write it, in Shanghai time."""
    return f"{at.astimezone(clock.TZ):%Y-%m-%d %H:%M}" if at else ""
