"""The catalogue's rows in their table, where occurrences point to them."""

from __future__ import annotations

from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.duties.models import Duty


def load_catalogue() -> int:
    """Write the catalogue's rows into their table; a row that left the files stays for its occurrences, inactive."""
    rows = [table_row(row) for row in catalogue().rows if row.from_at is None]
    columns = [f.name for f in Duty._meta.concrete_fields if not f.primary_key]
    kept = {"made", "from_at", "record"}
    columns = [name for name in columns if name not in kept]
    Duty.objects.bulk_create(rows, update_conflicts=True, unique_fields=["key"], update_fields=columns)
    # What the company decided itself stands beside the files.
    Duty.objects.filter(made__isnull=True).exclude(key__in=[row.key for row in rows]).update(is_active=False)
    return len(rows)


def table_row(row: DutyRow) -> Duty:
    rule = {
        "due": dict(row.due), "need": dict(row.need), "opens": row.opens, "closes": row.closes, "copies": row.copies,
        "posts": row.posts, "subject": row.subject, "audience": row.audience, "form": row.form, "asks": dict(row.asks),
    }  # fmt: skip
    return Duty(
        key=row.key, code=row.code, stage=row.stage, version=row.version, post=row.post, clause=row.clause, rhythm=row.rhythm,
        off=row.off[:16], name=row.zh, name_en=row.en, evidence=row.evidence_zh, evidence_en=row.evidence_en, rule=rule,
    )  # fmt: skip
