"""Company files followed up until they are closed; statutory matters filed with their receipt (AM-D1, AM-D6)."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Sequence
from importlib.resources import files as resources
from typing import Any

from zhangfa.administration import request_rules as rules
from zhangfa.administration.coordination_permissions import keep_files, owner_or_keeper
from zhangfa.administration.models import CompanyFile, Filing, OutsideContact, StatutoryDate
from zhangfa.administration.models.files import Use
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce
from zhangfa.core.transitions import transition as arrow
from zhangfa.core.work import work
from zhangfa.notices.actions import notify
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Seat, Unit
from zhangfa.organisation.queries import seats_with_post
from zhangfa.records.actions import Prepared, assign_number, attach, concern, open_record
from zhangfa.records.models import Attachment, Record
from zhangfa.tasks.actions import assign
from zhangfa.tasks.models import Task

S, K = CompanyFile.Status, CompanyFile.Kind
FILE_FORM, FILING_FORM = "WJ", "SB"
SOURCE = "administration.file"
# What is only kept: nobody has to do anything about it.
KEPT = (K.STRENGTH,)


def _company() -> Unit:
    return Unit.objects.get(kind=Unit.Kind.COMPANY)


def keep_file(
    *, kind: str, title: str, text: str, owner: Person, by: Actor, at: dt.datetime, source: str = "",
    due_at: dt.datetime | None = None, files: Sequence[Prepared] = (),
) -> CompanyFile:  # fmt: skip
    """A rule, decision or document with somebody who answers for it and a day by which it is done."""
    demand(keep_files(by=by, at=at))
    demand(_refuse_file(kind, title, text, due_at, at))
    with work():
        record = open_record(FILE_FORM, unit=_company(), by=by, at=at, title=title[:120], retention="R5", due_at=due_at)
        row = CompanyFile(
            record=record, kind=kind, title=title, text=text, source=source, owner=owner, due_at=due_at, filed_at=at,
            filed_by_id=by.person_id, status=S.KEPT if kind in KEPT else S.OPEN,
        )  # fmt: skip
        row.save(force_insert=True)
        record.url = row.get_absolute_url()
        record.save(update_fields=["url"])
        concern(record, owner.pk, "handler")
        assign_number(record, at=at)
        for prepared in files:
            attach(record, prepared, kind=Attachment.Kind.OTHER, by=by, at=at)
        announce(
            "administration.companyfile.kept", row, by=by, at=at, label=_("登记公司文件"), record_id=record.pk, clause=rules.FILES,
            is_new=True, codes={"kind": kind, "handler": owner.pk}, values={"title": title},
        )  # fmt: skip
        if row.status == S.OPEN:
            announce(
                "administration.companyfile.owed", row, by=by, at=at, label=_("文件督办"), record_id=record.pk, clause=rules.FILES,
                codes={"handler": owner.pk, "due_at": due_at.isoformat() if due_at else ""},
            )  # fmt: skip
            params = {"number": record.number or ""}
            notify(
                {owner.pk} - {by.person_id},
                "administration.file_owed",
                params,
                at=at,
                record_id=record.pk,
                url=record.url,
                clause=rules.FILES,
            )
        return row


def _refuse_file(kind: str, title: str, text: str, due_at: dt.datetime | None, at: dt.datetime) -> Iterator[Refusal]:
    yield from rules.refuse_text(title, "title", rules.FILES)
    yield from rules.refuse_text(text, "text", rules.FILES)
    if kind in KEPT:
        return
    if due_at is None:
        yield Refusal("file.due", _("要办的文件须写明办结期限。"), {}, rules.FILES, "due_at")
    elif due_at <= at:
        yield Refusal("file.due_past", _("办结期限应在现在之后。"), {}, rules.FILES, "due_at")


def _guard_follow_up(row: CompanyFile, *, by: Actor, at: dt.datetime, **_more: Any) -> Iterator[Refusal]:
    return iter(())


@arrow(
    CompanyFile, sources=[S.OPEN], target=None, label=_("交办督办任务"), event="followed_up", permit=keep_files,
    guard=_guard_follow_up, clause=rules.FILES,
)  # fmt: skip
def follow_up(
    row: CompanyFile,
    *,
    by: Actor,
    at: dt.datetime,
    seat: Seat,
    title: str,
    details: str,
    standard: str,
    due_at: dt.datetime,
) -> dict[str, Any]:
    """查办/督办: a task with owner, finish time and standard comes from the file."""
    task = assign(
        title=title, details=details, standard=standard, due_at=due_at, owner_seat=seat, by=by, at=at, source_kind=SOURCE,
        source_id=row.pk, source_title=row.title, clause=rules.FILES,
    )  # fmt: skip
    return {"codes": {"task": str(task.pk)}}


def _guard_close(row: CompanyFile, *, by: Actor, at: dt.datetime, result: str) -> Iterator[Refusal]:
    yield from rules.refuse_text(result, "result", rules.FILES)
    waiting = Task.objects.running().filter(source_kind=SOURCE, source_id=str(row.pk)).count()
    if waiting:
        yield Refusal("file.tasks", _("还有 %(count)s 项督办任务没有办结。"), {"count": waiting}, rules.FILES)


@arrow(
    CompanyFile, sources=[S.OPEN], target=S.CLOSED, label=_("办结"), event="closed", permit=owner_or_keeper, guard=_guard_close,
    clause=rules.FILES, hint=_("督办任务都办结后，写明办理结果。"),
)  # fmt: skip
def close_file(row: CompanyFile, *, by: Actor, at: dt.datetime, result: str) -> None:
    """Done; what came of it stays on file."""
    row.result, row.closed_at = result, at
    Record.objects.filter(pk=row.pk).update(status=Record.Status.APPROVED)
    row.record.status = Record.Status.APPROVED


def note_contact(
    *, kind: str, organisation: str, name: str, title: str = "", phone: str = "", matters: str = "", by: Actor, at: dt.datetime
) -> OutsideContact:  # fmt: skip
    """Somebody at an authority or a partner company."""
    demand(keep_files(by=by, at=at))
    with work():
        row = OutsideContact.objects.create(
            kind=kind,
            organisation=organisation,
            name=name,
            title=title,
            phone=phone,
            matters=matters,
            noted_at=at,
            noted_by_id=by.person_id,
        )
        announce(
            "administration.outsidecontact.noted", row, by=by, at=at, label=_("登记对外联系人"), clause=rules.CALENDAR, is_new=True,
            codes={"kind": kind}, values={"organisation": organisation, "name": name},
        )  # fmt: skip
        return row


def install_statutory() -> int:
    """The matters that the law asks of every such company; those that stand already are left alone. Returns how many came."""
    given = tomllib.loads(resources("zhangfa.administration").joinpath("statutory.toml").read_text("utf-8"))["matter"]
    known = set(StatutoryDate.objects.values_list("key", flat=True))
    made = [StatutoryDate(**row) for row in given if row["key"] not in known]
    StatutoryDate.objects.bulk_create(made)
    return len(made)


def add_statutory(
    *, name: str, authority: str, basis: str, from_month: int, from_day: int, to_month: int, to_day: int, remind_days: int, by: Actor,
    at: dt.datetime,
) -> StatutoryDate:  # fmt: skip
    """Another yearly deadline of this company."""
    demand(keep_files(by=by, at=at))
    demand(rules.refuse_matter(from_month=from_month, from_day=from_day, to_month=to_month, to_day=to_day))
    with work():
        row = StatutoryDate.objects.create(
            key=f"own-{StatutoryDate.objects.count() + 1}-{int(at.timestamp())}", name=name, authority=authority, basis=basis, from_month=from_month,
            from_day=from_day, to_month=to_month, to_day=to_day, remind_days=remind_days,
        )  # fmt: skip
        announce(
            "administration.statutorydate.added", row, by=by, at=at, label=_("增加法定事项"), clause=rules.CALENDAR, is_new=True,
            codes={"key": row.key}, values={"name": name},
        )  # fmt: skip
        return row


def window_of(row: StatutoryDate, year: int) -> tuple[dt.date, dt.date]:
    return rules.window(
        year=year, from_month=row.from_month, from_day=row.from_day, to_month=row.to_month, to_day=row.to_day
    )


def subject_of(row: StatutoryDate, year: int) -> str:
    return f"administration.statutorydate:{row.pk}/{year}"


def remind(*, by: Any, at: dt.datetime) -> int:
    """What has to be filed soon is owed from its reminder day on; told again it opens nothing. Returns how many are near."""
    today = clock.local_date(at)
    filed = set(Filing.objects.filter(year=today.year).values_list("matter_id", flat=True))
    seat = next(iter(seats_with_post("am")), None)
    near = 0
    for row in StatutoryDate.objects.filter(status=Use.ACTIVE).order_by("pk"):
        opens, last = window_of(row, today.year)
        is_near = max(opens, last - dt.timedelta(days=row.remind_days)) <= today <= last
        # What had run out before anybody was reminded, as in the year a company begins, is nobody's fault here.
        if row.pk in filed or not is_near or seat is None:
            continue
        near += 1
        codes = {
            "subject": subject_of(row, today.year), "seat": seat.pk, "period": str(today.year),
            "due_at": clock.day_start(last + dt.timedelta(days=1)).isoformat(),
        }  # fmt: skip
        with work():
            announce(
                "administration.statutorydate.near",
                row,
                by=by,
                at=at,
                label=_("法定事项将到期"),
                clause=rules.CALENDAR,
                codes=codes,
            )
    return near


def _refuse_twice(matter: StatutoryDate, year: int) -> Iterator[Refusal]:
    first = Filing.objects.filter(matter=matter, year=year).select_related("entered_by").first()
    if first is not None:
        name = first.entered_by.shown_name if first.entered_by else ""
        yield Refusal("filing.twice", _("这一年已由%(name)s登记过办理记录。"), {"name": name}, rules.CALENDAR, "year")


def file_matter(
    matter: StatutoryDate, *, year: int, filed_on: dt.date, receipt: str, by: Actor, at: dt.datetime, note: str = "",
    files: Sequence[Prepared] = (),
) -> Filing:  # fmt: skip
    """It was filed: day and receipt; the year is complete when nothing of it is left."""
    demand([*keep_files(by=by, at=at), *rules.refuse_closed_matter(is_active=matter.is_active)])
    opens, last = window_of(matter, year)
    with work():
        # Two who file the same year take turns.
        StatutoryDate.objects.select_for_update(no_key=True).get(pk=matter.pk)
        today = clock.local_date(at)
        demand(
            [
                *rules.refuse_filing(filed_on=filed_on, opens_on=opens, today=today, receipt=receipt),
                *_refuse_twice(matter, year),
            ]
        )
        record = open_record(
            FILING_FORM, unit=_company(), by=by, at=at, title=f"{matter.name} {year}"[:120], retention="R4"
        )
        filing = Filing(
            record=record, matter=matter, year=year, filed_on=filed_on, receipt=receipt, note=note, is_late=filed_on > last,
            entered_at=at, entered_by_id=by.person_id,
        )  # fmt: skip
        filing.save(force_insert=True)
        record.url = filing.get_absolute_url()
        record.save(update_fields=["url"])
        assign_number(record, at=at)
        for prepared in files:
            attach(record, prepared, kind=Attachment.Kind.OTHER, by=by, at=at)
        announce(
            "administration.filing.filed", filing, by=by, at=at, label=_("登记法定事项办理记录"), record_id=record.pk,
            clause=rules.CALENDAR, codes={"subject": subject_of(matter, year), "matter": matter.key, "year": year, "late": filing.is_late},
        )  # fmt: skip
        left = StatutoryDate.objects.filter(status=Use.ACTIVE).exclude(filings__year=year)
        if not left.exists():
            announce(
                "administration.filing.year_complete", filing, by=by, at=at, label=_("全年法定事项办齐"), record_id=record.pk,
                clause=rules.CALENDAR, codes={"period": str(year)},
            )  # fmt: skip
        return filing
