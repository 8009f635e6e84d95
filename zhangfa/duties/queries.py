"""Duties as people ask about them: mine, those overdue below me, how often in time."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import BooleanField, Count, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import compiled
from zhangfa.duties import registry
from zhangfa.duties.models import DutyChange, Excuse, Feed, Handover, Occurrence
from zhangfa.duties.things import address, number_on
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Grade, Person, Seat
from zhangfa.records.models import Publication, Record
from zhangfa.ui.registry import LIMIT, Figure, Item
from zhangfa.ui.words import text

MOST = 200
WIDE = ("gm", "hs")
# What is handed over with the seat and needs nobody to move it.
FOLLOW_SEAT = ("duties", "tasks", "decisions", "customers")
RED = 20
SHOWN = ("duty", "seat__post", "seat__unit", "record__parent", "person")
# What a line shows of a duty, its paper and whose it is; the rest of the columns stays in the database.
LINE = (
    "state", "due_at", "period", "subject_key", "rung", "duty__name", "duty__name_en", "duty__evidence", "duty__evidence_en", "duty__clause",
    "seat__post__name", "seat__post__name_en", "seat__unit__name", "seat__unit__name_en", "record__number", "record__url",
    "record__parent__number", "person__name", "person__name_en",
)  # fmt: skip
DONE_LINE = ("state", "due_at", "done_at", "period", "duty__name", "duty__name_en", "record__number")
LOOK_BACK = dt.timedelta(days=30)


def my_duties(actor: Actor, at: dt.datetime, limit: int = MOST) -> list[Occurrence]:
    """What the actor's seats owe, most urgent first; those of a principal who is away included."""
    return compiled.rows(_owed, limit, seats=[seat.id for seat in actor.seats])


BELOW = """WITH RECURSIVE below(id) AS (
    SELECT id FROM {seat} WHERE is_active AND reports_to_id IN ({own})
    UNION SELECT {seat}.id FROM {seat} JOIN below ON {seat}.reports_to_id = below.id WHERE {seat}.is_active
) SELECT id FROM below WHERE id NOT IN ({own})"""


def seats_below(own: Sequence[int]) -> RawSQL:
    """The seats that report to these, at any depth, as a part of the statement that asks: no seat is read."""
    marks = ", ".join(["%s"] * len(own))
    return RawSQL(BELOW.format(seat=Seat._meta.db_table, own=marks), [*own, *own])  # noqa: S611 only marks are put in


# Whether one of those that ask stands above the seat of a duty; the same seats as BELOW, from the other end.
ABOVE = """NOT {owed}.seat_id IN ({own}) AND EXISTS (WITH RECURSIVE above(id) AS (
    SELECT reports_to_id FROM {seat} WHERE id = {owed}.seat_id AND is_active
    UNION SELECT {seat}.reports_to_id FROM {seat} JOIN above ON {seat}.id = above.id WHERE {seat}.is_active
) SELECT 1 FROM above WHERE id IN ({own}))"""


def _has_above(own: Sequence[int]) -> RawSQL:
    marks = ", ".join(["%s"] * len(own))
    words = ABOVE.format(seat=Seat._meta.db_table, owed=Occurrence._meta.db_table, own=marks)
    return RawSQL(words, [*own, *own], output_field=BooleanField())  # noqa: S611 only marks are put in


def overdue_below(actor: Actor, at: dt.datetime, limit: int = MOST) -> list[Occurrence]:
    """What those below the actor owe and have not done in time, oldest first.

    Below the general manager and the head of household services stands nearly everybody: there the oldest duties are gone through
    until enough have them above. Below others stand few: there each seat is asked, however much is overdue elsewhere.
    """
    own = actor.own_seats
    if not own:
        return []
    is_wide = any(seat.post in WIDE for seat in own)
    return compiled.rows(_overdue, limit, is_wide, own=[seat.id for seat in own], at=at)


def _overdue(limit: int, is_wide: bool, *, own: Sequence[int], at: dt.datetime) -> QuerySet[Occurrence]:
    rows = Occurrence.objects.open().filter(due_at__lt=at)
    rows = rows.filter(_has_above(own)) if is_wide else rows.filter(seat_id__in=seats_below(own))
    return rows.select_related(*SHOWN).only(*LINE).order_by("due_at", "pk")[:limit]


def _owed(limit: int, *, seats: Sequence[int]) -> QuerySet[Occurrence]:
    rows = Occurrence.objects.open().filter(seat_id__in=seats).select_related(*SHOWN).only(*LINE)
    return rows.order_by("due_at", "pk")[:limit]


def done_lately(actor: Actor, at: dt.datetime, limit: int) -> list[Occurrence]:
    return compiled.rows(_done, limit, seats=[seat.id for seat in actor.seats], since=at - LOOK_BACK, at=at)


def _done(limit: int, *, seats: Sequence[int], since: dt.datetime, at: dt.datetime) -> QuerySet[Occurrence]:
    rows = Occurrence.objects.filter(seat_id__in=seats, done_at__gte=since, done_at__lte=at)
    return rows.select_related("duty", "record").only(*DONE_LINE).order_by("-done_at", "-pk")[:limit]


def counts(seat_ids: Iterable[int], at: dt.datetime) -> dict[str, int]:
    """Open, overdue, and of the last 30 days in time and late."""
    found = compiled.rows(_counted, seats=list(seat_ids), at=at, since=at - LOOK_BACK)
    return dict(zip(COUNTED, found[0] if found else (0,) * len(COUNTED), strict=True))


COUNTED = ("open", "overdue", "done", "late")


def _counted(seats: Sequence[int], at: dt.datetime, since: dt.datetime) -> QuerySet[Any, Any]:
    done = Q(done_at__gte=since, done_at__lte=at)
    rows = Occurrence.objects.filter(Q(state=Occurrence.State.OPEN) | done, seat_id__in=seats).order_by()
    counted = rows.values(one=Value(1)).annotate(
        open=Count("pk", filter=Q(state="open")), overdue=Count("pk", filter=Q(state="open", due_at__lt=at)),
        done=Count("pk", filter=Q(state="done")), late=Count("pk", filter=Q(state="late")),
    )  # fmt: skip
    return counted.values_list(*COUNTED)


def todo_items(actor: Actor, at: dt.datetime) -> list[Item]:
    if not actor.seats:
        return []
    return [item(row, at) for row in compiled.rows(_owed, LIMIT, seats=[seat.id for seat in actor.seats])]


def overdue_items(actor: Actor, at: dt.datetime) -> list[Item]:
    found = overdue_below(actor, at, LIMIT)
    return [item(row, at, holder=row.person.shown_name if row.person else str(row.seat)) for row in found]


def item(row: Occurrence, at: dt.datetime, holder: str = "") -> Item:
    """One occurrence as the workbench shows it."""
    return Item(
        str(row.duty), address(row), number_on(row), row.due_at, holder=holder, tone="red" if row.due_at < at else "", rung=row.rung
    )  # fmt: skip


def figures(actor: Actor, at: dt.datetime) -> list[Figure]:
    """How the actor's own seats stand."""
    own = [seat.id for seat in actor.own_seats]
    if not own:
        return []
    found = counts(own, at)
    if not any(found.values()):
        return []
    total = found["done"] + found["late"]
    note: Any = (
        gettext("近30天完成 %(total)s 项，其中逾期 %(late)s 项") % {"total": total, "late": found["late"]}
        if total
        else ""
    )
    return [Figure(_("未办的职责"), found["open"], url="/duties/", note=note, tone="red" if found["overdue"] else "")]


def may_see_excuse(actor: Actor, record: Record) -> bool:
    return Excuse.objects.visible_to(actor).filter(pk=record.pk).exists()


def excuse_content(record: Record) -> dict[str, Any]:
    """The declared fields of the paper, as a signature would cover them."""
    excuse = Excuse.objects.get(pk=record.pk)
    return {"occurrence": excuse.occurrence_id, "reason": excuse.reason}


def may_see_change(actor: Actor, record: Record) -> bool:
    return DutyChange.objects.visible_to(actor).filter(pk=record.pk).exists()


def change_content(record: Record) -> dict[str, Any]:
    change = DutyChange.objects.get(pk=record.pk)
    return {
        "kind": change.kind, "stem": change.stem, "made": change.made, "effective_from": change.effective_from, "reason": change.reason,
    }  # fmt: skip


def may_see_handover(actor: Actor, record: Record) -> bool:
    return Handover.objects.visible_to(actor).filter(pk=record.pk).exists()


def handover_content(record: Record) -> dict[str, Any]:
    """What the three names stand under: who, which seat, and every line of the list."""
    handover = Handover.objects.get(pk=record.pk)
    lines = handover.items.order_by("source", "key").values_list("source", "key", "title", "number")
    return {
        "seat": handover.seat_id, "leaver": handover.leaver_id, "successor": handover.successor_id, "last_on": handover.last_on,
        "note": handover.note, "items": [list(line) for line in lines],
    }  # fmt: skip


def handover_groups(handover: Handover, reader: int | None) -> list[dict[str, Any]]:
    """The list by source, in the sources' order; what no app knows any more stands last. What is the leaver's own leads nowhere for
    another person who reads it."""
    found: dict[str, list[Any]] = {}
    for item in handover.items.order_by("due_at", "pk"):
        source = registry.handover_source(item.source)
        if source is not None and source.is_personal and reader != handover.leaver_id:
            item.url = ""
        found.setdefault(item.source, []).append(item)
    known = [*(source.key for source in registry.handover_sources()), *found]
    groups = []
    for key in dict.fromkeys(known):
        source = registry.handover_source(key)
        if key in found:
            label = text(source.label) if source else key
            groups.append({"label": label, "items": found[key], "follows": key in FOLLOW_SEAT})
    return groups


def feed_of(actor: Actor) -> Feed | None:
    return Feed.objects.filter(person_id=actor.person_id, revoked_at=None).order_by("-pk").first()


def person_behind(token: str) -> Person | None:
    """The person whose calendar address this is, while it is not ended and they have a login that is open."""
    digest = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
    feed = (
        Feed.objects.filter(digest=digest, revoked_at=None, person__user__is_active=True)
        .select_related("person")
        .first()
    )
    return feed.person if feed else None


def published_months(limit: int) -> list[Publication]:
    """The newest revision of each published month, newest first."""
    rows = (
        Publication.objects.filter(kind="RPT-03")
        .select_related("record")
        .defer("figures")
        .order_by("period", "revision")
    )
    rows = rows.annotate(total=KeyTransform("total", "figures"))
    return list({row.period: row for row in rows}.values())[::-1][:limit]


def trend(by: str, limit: int) -> list[tuple[str, list[dict[str, Any]]]]:
    """The lines of one split as they were frozen, month by month, oldest first; the other splits stay in the database."""
    rows = Publication.objects.filter(kind="RPT-03").annotate(lines=KeyTransform(by, "figures"))
    # A later revision takes the place of the former.
    found = dict(rows.order_by("period", "revision").values_list("period", "lines"))
    return list(found.items())[-limit:]


def publication_of(month: str) -> list[Publication]:
    rows = Publication.objects.filter(kind="RPT-03", period=month).select_related("record__created_by", "record__unit")
    return list(rows.order_by("revision"))


def may_see_report(actor: Actor, record: Record) -> bool:
    """The GM and administration, department managers and above; each reads their own part of it."""
    return actor.holds("gm", "am") or any(seat.grade >= Grade.DEPARTMENT_MANAGER for seat in actor.seats)


def report_content(record: Record) -> dict[str, Any]:
    return {"digest": record.publication.digest}


def due_this_week(at: dt.datetime) -> dict[int, tuple[int, int]]:
    """For each person: how much is due within seven days, and how much is overdue; one statement."""
    rows = Occurrence.objects.open().filter(due_at__lte=at + dt.timedelta(days=7), person__isnull=False).order_by()
    late = Count("pk", filter=Q(due_at__lt=at))
    return {
        person: (total - overdue, overdue)
        for person, total, overdue in rows.values_list("person_id").annotate(total=Count("pk"), overdue=late)
    }


def red_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """What is overdue in the actor's part of the company, longest first, with who owes it and to whom it was passed up."""
    rows = Occurrence.objects.visible_to(actor).filter(state=Occurrence.State.OPEN, due_at__lt=at)
    rows = rows.select_related(
        "duty", "seat__post", "seat__unit", "person", "record__parent", "escalated_to__post", "escalated_to__unit"
    )
    return [
        Item(
            str(row.duty), row.get_absolute_url(), number_on(row), row.due_at,
            note=gettext("已报告 %(seat)s") % {"seat": row.escalated_to} if row.escalated_to else row.duty.clause,
            holder=row.person.shown_name if row.person else str(row.seat), tone="red",
        )
        for row in rows.order_by("due_at", "pk")[:RED]
    ]  # fmt: skip
