"""Work beside the pages: storing the signed print, sweeping the vault, turning the keys."""

from __future__ import annotations

import datetime as dt
import logging
from uuid import UUID

from django.apps import apps
from django.db import transaction

from zhangfa.core import clock, crypto
from zhangfa.core.fields import EncryptedTextField
from zhangfa.core.transitions import Happened
from zhangfa.records import actions, queries, vault
from zhangfa.records.models import Print, Record
from zhangfa.records.registry import forms
from zhangfa.runtime.jobs import job
from zhangfa.runtime.schedule import every

log = logging.getLogger(__name__)
ORPHAN_AGE = dt.timedelta(days=2)
BATCH = 500
EVENTS = ("records.signature.signed", "records.signature.refused")


@job(apart=True)
def store_print(record_id: str, version: int) -> None:
    """Keep the PDF of a paper as it stood at its last signature (X-3); begun twice it stores once."""
    record = Record.objects.filter(pk=UUID(record_id), version=version).first()
    form = forms.get(record.form_code) if record else None
    if record is None or form is None or form.build is None:
        return
    if Print.objects.filter(record=record, version=version).exists():
        return
    from zhangfa.records.prints import print_of

    pdf = print_of(record, actor=None, at=clock.now())
    sha = vault.put(pdf)
    Print.objects.get_or_create(
        record=record, version=version, language="zh-hans",
        defaults={"sha256": sha, "size": len(pdf), "created_at": clock.now()},
    )  # fmt: skip


def keep_print(happened: Happened) -> None:
    """With the last signature, ask for the print: a row of the same transaction, the PDF comes after it."""
    is_last = happened.event in EVENTS and happened.obj.status == Record.Status.SIGNED
    if is_last:
        store_print.enqueue(str(happened.obj.pk), happened.obj.version)


@every("records.sweep", daily_at=dt.time(3, 40))
def _sweep_daily(at: dt.datetime) -> None:
    sweep_vault.enqueue()


@job(apart=True)
def sweep_vault() -> int:
    """Remove files that no row names: what a refused or broken upload left more than two days ago."""
    border = (clock.now() - ORPHAN_AGE).timestamp()
    removed = 0
    old = [p for p in (*vault.stored(), *vault.drafts()) if p.stat().st_mtime < border]
    for start in range(0, len(old), BATCH):
        part = old[start : start + BATCH]
        used = queries.used_hashes([p.name for p in part])
        for path in part:
            # Asked again at the last moment: an upload of the same file makes it young.
            if path.name not in used and path.stat().st_mtime < border:
                path.unlink(missing_ok=True)
                removed += 1
    return removed


@job(apart=True, priority=5)
def write_list(key: str) -> None:
    """A list too long for one answer, as its maker's file (P20)."""
    actions.carry_list(UUID(key), at=clock.now())


@every("records.lists", minutes=60)
def _drop_lists(at: dt.datetime) -> None:
    actions.drop_lists(at)


@job(apart=True)
def rotate_keys() -> dict[str, int]:
    """Encrypt anew whatever rests under an older key: fields of every model, then files.

    May be begun again at any time: what is under the current key already is left alone.
    """
    current = crypto.ring().current
    counts = {"fields": 0, "files": 0}
    for model in apps.get_models():
        names = [f.attname for f in model._meta.concrete_fields if isinstance(f, EncryptedTextField)]
        for name in names:
            counts["fields"] += _rotate_field(model, name, current)
    for path in vault.stored():
        if vault.key_of(path) != current:
            vault.encrypt_again(path)
            counts["files"] += 1
    return counts


def _rotate_field(model: type, name: str, current: str) -> int:
    """Re-encrypt one column in short transactions, each row under its lock."""
    done = 0
    last: object = None
    while True:
        rows = model._default_manager.exclude(**{name: ""}).exclude(**{name: None})  # type: ignore[attr-defined]
        rows = rows.order_by("pk") if last is None else rows.filter(pk__gt=last).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return done
        last = keys[-1]
        with transaction.atomic():
            stored = _raw_values(model, name, keys)
            for pk, value in stored.items():
                if value and not value.startswith(f"{current}:"):
                    # The field encrypts what it is given under the current key.
                    plain = crypto.decrypt(value)
                    model._default_manager.filter(pk=pk).update(**{name: plain})  # type: ignore[attr-defined]
                    done += 1
    return done


def _raw_values(model: type, name: str, keys: list[object]) -> dict[object, str]:
    """The column as it rests, under the rows' locks."""
    from django.db.models import TextField
    from django.db.models.functions import Cast

    rows = model._default_manager.select_for_update().filter(pk__in=keys)  # type: ignore[attr-defined]
    return dict(rows.annotate(_raw=Cast(name, TextField())).values_list("pk", "_raw"))
