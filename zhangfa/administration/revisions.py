"""Revisions as they are asked about: what is in force, what a line means in words, what stands in its way (AM-D1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext

from zhangfa.administration import revision_rules as rules
from zhangfa.administration.models import Description, Revision, RevisionLine, RevisionReader
from zhangfa.administration.models.revisions import TEXTS
from zhangfa.approvals.models import Step
from zhangfa.core import clock
from zhangfa.core.compare import Change, compare
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Charge, Holding, Post, Seat, Unit
from zhangfa.policy import queries as policy
from zhangfa.policy import wording
from zhangfa.policy.handbook import clauses_of
from zhangfa.ui.registry import LIMIT, Item, Result
from zhangfa.ui.words import join, text

S, K, L = Revision.Status, Revision.Kind, RevisionLine.Kind


def in_force() -> Revision | None:
    """The version of the chart that binds; None while the chart is still being set up."""
    return Revision.objects.filter(kind=K.CHART, status=S.IN_FORCE).select_related("record").first()


def has_version() -> bool:
    return Revision.objects.filter(kind=K.CHART, status=S.IN_FORCE).exists()


def by_revision(by: Actor, at: dt.datetime) -> list[Refusal]:
    """Why units and seats aren't changed by hand any more."""
    if not has_version():
        return []
    words = _("组织机构已按版本管理：单位和席位由起草、审核、批准的修订单修改，到生效日自动执行。")
    return [Refusal("chart.by_revision", words, {}, rules.CLAUSE, "", ("am", "hr", "gm"))]


def editions_of(kind: str, post: str | None = None) -> QuerySet[Revision]:
    """Every version that came into force, newest first."""
    rows = Revision.objects.filter(kind=kind, edition__isnull=False, post_id=post)
    return rows.select_related("record", "drafted_by").order_by("-edition")


def description_in_force(post: str) -> Description | None:
    rows = Description.objects.filter(revision__post_id=post, revision__status=S.IN_FORCE)
    return rows.select_related("revision__record", "superior").first()


def description_on(post: str, day: dt.date) -> Description | None:
    """The version that bound on the day."""
    rows = Description.objects.filter(revision__post_id=post, revision__edition__isnull=False)
    rows = rows.filter(revision__effective_on__lte=day).exclude(revision__replaced_on__lte=day)
    return rows.select_related("revision__record", "superior").order_by("-revision__edition").first()


def starting_texts(post: Post, at: dt.datetime) -> dict[str, Any]:
    """What a new description begins with: the version in force, else the handbook's own clauses and figures of the post."""
    if found := description_in_force(post.pk):
        return found.texts()
    book = policy.handbook()
    acting = [clause for clause in clauses_of(post.pk) if clause.post != "all"]
    # A post without a chapter of its own begins with what the others' chapters ask of it.
    own = [clause for clause in acting if clause.post == post.pk] or acting
    said = {
        is_procedure: "\n".join(wording.clause_text(one, "zh", at) for one in own if one.is_procedure == is_procedure)
        for is_procedure in (False, True)
    }
    # Amounts and shares limit what a post may decide; deadlines and rhythms stand in its procedures.
    named = [
        policy.definition_of(key) for key in dict.fromkeys(key for clause in own for key in book.keys_of(clause.id))
    ]
    limits = [one for one in named if one.kind in ("money", "percent")]
    figures = [f"{one.zh}：{policy.in_words(policy.figure(one.key, at), 'zh')}" for one in limits]
    above = (
        Seat.objects.filter(post=post, is_active=True).exclude(reports_to=None).values("reports_to__post").order_by()
    )
    usual = above.annotate(times=Count("pk")).order_by("-times", "reports_to__post").first()
    texts = dict.fromkeys(TEXTS, "") | {
        "duties": said[False][: rules.LONGEST], "procedures": said[True][: rules.LONGEST], "limits": "\n".join(figures)[: rules.LONGEST],
    }  # fmt: skip
    return {**texts, "superior": usual["reports_to__post"] if usual else ""}


@dataclass(frozen=True)
class TextChange:
    """One part of the description beside that of the version before."""

    name: str
    label: str
    changes: Sequence[Change]
    is_changed: bool


def text_changes(new: Mapping[str, str], old: Mapping[str, str] | None) -> list[TextChange]:
    """Every part that has words in either version; without an older one everything is new."""
    found = []
    for name in TEXTS:
        before, after = (old or {}).get(name, "").splitlines(), new.get(name, "").splitlines()
        if before or after:
            label = text(Description._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            lines = (
                compare(before, after)
                if old is not None
                else [Change("same", one, one, n) for n, one in enumerate(after, 1)]
            )
            found.append(TextChange(name, label, lines, old is not None and before != after))
    return found


def before(revision: Revision) -> Revision | None:
    """The version that this one replaces, or replaced."""
    rows = editions_of(revision.kind, revision.post_id).exclude(pk=revision.pk)
    return (rows.filter(edition__lt=revision.edition) if revision.edition else rows).first()


def chart_facts(day: dt.date) -> rules.Chart:
    """The chart in use, with who still sits where on the day of effect."""
    units = {
        pk: rules.UnitFacts(kind, parent, code)
        for pk, kind, parent, code in Unit.objects.filter(is_active=True).values_list("pk", "kind", "parent_id", "code")
    }
    still = Holding.objects.exclude(to_on__lt=day).order_by().values("seat_id").annotate(n=Count("pk"))
    held = {row["seat_id"]: row["n"] for row in still}
    running = Charge.objects.exclude(to_on__lt=day).order_by().values("seat_id").annotate(n=Count("pk"))
    charges = {row["seat_id"]: row["n"] for row in running}
    seats = {
        pk: rules.SeatFacts(grade, unit, above, held.get(pk, 0), charges.get(pk, 0))
        for pk, grade, unit, above in Seat.objects.filter(is_active=True).values_list(
            "pk", "post__grade", "unit_id", "reports_to_id"
        )
    }
    return rules.Chart(units, seats)


def facts_of(line: RevisionLine) -> rules.LineFacts:
    """A line as the rules take it; what another line makes has that line's number below zero."""
    place = -line.new_unit if line.new_unit else None
    above = -line.new_above if line.new_above else line.above_id
    moves_to = -line.new_moves_to if line.new_moves_to else line.moves_to_id
    hangs = line.kind in (L.OPEN_UNIT, L.MOVE_UNIT)
    return rules.LineFacts(
        seq=line.seq, kind=line.kind, unit=line.unit_id if hangs or place is None else place, seat=line.seat_id,
        parent=(place or line.parent_id) if hangs else None, above=above, code=line.code,
        unit_kind=line.unit_kind or (line.unit.kind if line.unit else ""), grade=line.post.grade if line.post else 0, moves_to=moves_to,
    )  # fmt: skip


def lines_of(revision: Revision) -> list[RevisionLine]:
    rows = revision.lines.select_related(
        "unit__parent", "seat__post", "seat__unit", "seat__reports_to__post", "seat__reports_to__unit", "post", "parent", "above__post",
        "above__unit", "moves_to__post", "moves_to__unit",
    )  # fmt: skip
    return list(rows.order_by("seq"))


def problems_of(revision: Revision, at: dt.datetime) -> dict[int, list[Refusal]]:
    lines = [facts_of(line) for line in lines_of(revision)]
    return rules.problems(chart_facts(max(revision.effective_on, clock.local_date(at))), lines) if lines else {}


@dataclass(frozen=True)
class LineWords:
    """A line as a reader takes it: what, of whom, from what to what, and what stands in its way."""

    seq: int
    label: str
    name: str
    before: str
    after: str
    refusals: Sequence[Refusal] = ()


def shown_lines(revision: Revision, at: dt.datetime) -> list[LineWords]:
    """The lines in words; while it is being written or waits, with what stands in the way of each."""
    lines = lines_of(revision)
    is_open = revision.status in Revision.RUNNING
    found = problems_of(revision, at) if is_open and lines else {}
    by_seq = {line.seq: line for line in lines}
    return [line_words(line, by_seq, found.get(line.seq, ())) for line in lines]


def line_words(line: RevisionLine, others: Mapping[int, RevisionLine], refusals: Sequence[Refusal] = ()) -> LineWords:
    place = _made(others, line.new_unit) if line.new_unit else line.parent or line.unit
    above = _made(others, line.new_above) if line.new_above else line.above
    name, old, new = "", "", ""
    if line.kind == L.OPEN_UNIT:
        name = gettext("%(name)s（%(code)s，%(kind)s）") % {
            "name": line.name,
            "code": line.code,
            "kind": _kind(line.unit_kind),
        }
        new = str(place or "")
    elif line.kind == L.ADD_SEAT:
        name, new = gettext("%(unit)s · %(post)s") % {"unit": place or "", "post": line.post}, _reports(above)
    elif line.kind in (L.MOVE_SEAT, L.CLOSE_SEAT):
        name = line.was.get("name") or str(line.seat)
        if line.kind == L.CLOSE_SEAT:
            target = _made(others, line.new_moves_to) if line.new_moves_to else line.moves_to
            new = gettext("任职人转到 %(seat)s") % {"seat": target} if target else ""
        else:
            moved = _made(others, line.new_unit) if line.new_unit else line.unit
            seat = line.seat
            old = line.was.get("before") or join(
                part
                for part in (
                    str(seat.unit) if moved and seat else "",
                    _reports(seat.reports_to) if above and seat else "",
                )
                if part
            )
            new = join(part for part in (str(moved) if moved else "", _reports(above) if above else "") if part)
    else:
        name = line.was.get("name") or str(line.unit)
        if line.kind == L.RENAME_UNIT:
            new = line.name
        elif line.kind == L.MOVE_UNIT:
            old = line.was.get("before") or str((line.unit and line.unit.parent) or "")
            new = str(_made(others, line.new_unit) if line.new_unit else line.parent or "")
    return LineWords(line.seq, text(line.get_kind_display()), name, old, new, refusals)


def _reports(seat: Any) -> str:
    return gettext("由 %(seat)s 直接管理") % {"seat": seat} if seat else ""


def _kind(kind: str) -> str:
    return text(dict(Unit.Kind.choices).get(kind, kind))


def _made(others: Mapping[int, RevisionLine], seq: int) -> str:
    """What another line of the same paper makes, in words."""
    line = others.get(seq)
    if line is None:
        return gettext("第 %(line)s 行") % {"line": seq}
    if line.kind == L.OPEN_UNIT:
        return gettext("第 %(line)s 行新设的 %(name)s") % {"line": seq, "name": line.name}
    return gettext("第 %(line)s 行新设的 %(name)s") % {"line": seq, "name": line.post or ""}


def step_summary(step: Step) -> str:
    return gettext("%(title)s，%(day)s 起生效") % {"title": step.facts["title"], "day": step.facts["effective_on"]}


def step_why(step: Step) -> Sequence[str]:
    words = [step_summary(step)]
    if step.facts.get("kind") == K.CHART:
        words.append(
            gettext("共 %(count)s 项机构调整，批准后到生效日自动执行。") % {"count": step.facts.get("lines", 0)}
        )
    words.append(gettext("修订先审核，后由总经理批准；审核人和批准人不是同一人，也都不是起草人。"))
    return words


def owed(actor: Actor) -> QuerySet[RevisionReader]:
    rows = RevisionReader.objects.filter(person_id=actor.person_id or 0, read_at=None)
    return rows.filter(revision__status__in=(S.APPROVED, S.IN_FORCE)).select_related("revision__record").order_by("pk")


def todo(actor: Actor, at: dt.datetime) -> list[Item]:
    """Revisions to confirm, and one's own that could not take effect or came back."""
    if actor.person_id is None:
        return []
    items = [
        Item(
            row.revision.title,
            row.revision.get_absolute_url(),
            row.revision.record.number or "",
            note=gettext("请签收"),
        )
        for row in owed(actor)[:LIMIT]
    ]
    mine = Revision.objects.filter(drafted_by_id=actor.person_id).filter(
        Q(status=S.RETURNED) | Q(status=S.APPROVED, effective_on__lte=clock.local_date(at))
    )
    for row in mine.select_related("record").order_by("pk")[:LIMIT]:
        if row.status == S.RETURNED or row.trouble:
            note = gettext("已退回") if row.status == S.RETURNED else gettext("到期未能生效")
            items.append(Item(row.title, row.get_absolute_url(), row.record.number or "", note=note, tone="red"))
    return items


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    rows = Revision.objects.visible_to(actor).search(q).select_related("record").order_by("-pk")[:LIMIT]
    return [Result(row.title, row.get_absolute_url(), str(row), text(row.get_status_display())) for row in rows]


def receipt_counts(revision: Revision) -> tuple[int, int]:
    """Confirmed, and told."""
    row = revision.readers.aggregate(done=Count("read_at"), told=Count("pk"))
    return row["done"], row["told"]


def content(record: Any) -> dict[str, Any]:
    """The declared fields of the paper, as a signature would cover them."""
    row = Revision.objects.get(pk=record.pk)
    found: dict[str, Any] = {
        "title": row.title,
        "reason": row.reason,
        "effective_on": row.effective_on,
        "post": row.post_id or "",
    }
    if row.kind == K.POST:
        return {**found, **Description.objects.select_related("superior").get(pk=row.pk).texts()}
    names = ("seq", "kind", "unit_id", "seat_id", "post_id", "parent_id", "above_id", "moves_to_id", "code", "name")
    return {**found, "lines": list(row.lines.order_by("seq").values(*names))}


def is_visible(actor: Actor, record: Any) -> bool:
    return bool(Revision.objects.visible_to(actor).filter(pk=record.pk).exists())
