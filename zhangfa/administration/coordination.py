"""What requests, notices, company files and the statutory calendar lend to the house (AM-D1, AM-D4, AM-D6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazy

from zhangfa.administration import actions
from zhangfa.administration import coordination_permissions as may
from zhangfa.administration.actions.bulletins import BULLETIN_FORM
from zhangfa.administration.actions.files import FILE_FORM, FILING_FORM, SOURCE
from zhangfa.administration.actions.requests import ACK, ANSWER, REQUEST_FORM
from zhangfa.administration.models import Bulletin, CompanyFile, DeptRequest, Filing
from zhangfa.administration.models.requests import departments_of
from zhangfa.administration.web import coordination as pages
from zhangfa.administration.web import files
from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.duties.rules import instant
from zhangfa.notices import registry as notices
from zhangfa.organisation.actor import Actor, system_actor
from zhangfa.policy import registry as policy
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, forms
from zhangfa.runtime.schedule import every
from zhangfa.tasks import registry as tasks
from zhangfa.ui import menu
from zhangfa.ui import registry as shell
from zhangfa.ui.display import when_text
from zhangfa.ui.registry import LIMIT, Item, Result
from zhangfa.ui.words import text

NOTICES = {
    "administration.request_sent": _("有部门请您部门协作：%(number)s，请限时接收并答复。"),
    "administration.request_seen": _("部门之间有一份协作单 %(number)s，请知悉。"),
    "administration.request_taken": _("协作单 %(number)s 对方已接收。"),
    "administration.request_answered": _("协作单 %(number)s 有了答复，请确认了结或再请办理。"),
    "administration.file_owed": _("文件 %(number)s 由您负责办理，请按期办结。"),
    "administration.bulletin_unread": _("通知 %(number)s 已过最晚阅读时间，还有 %(count)s 人没有读。"),
}
WITH_DUE = {
    "administration.bulletin": _("有一份公司通知 %(number)s，请在 %(due)s 前阅读并确认。"),
    "administration.bulletin_late": _("公司通知 %(number)s 您还没有读，最晚阅读时间是 %(due)s，请马上阅读。"),
}


def register() -> None:
    """Fill every registry; called once at start-up."""
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    for code, sentence in WITH_DUE.items():
        notices.text(code, _with_due(sentence))
    policy.reads(ACK, ANSWER)
    tasks.source(SOURCE, lazy("公司文件督办"), url=lambda id: f"/files/{id}/")
    duties.offer_models(
        {REQUEST_FORM: DeptRequest, BULLETIN_FORM: Bulletin, FILE_FORM: CompanyFile, FILING_FORM: Filing}
    )
    forms.add(
        Form(
            REQUEST_FORM,
            _("部门协作单"),
            visible=_sees(DeptRequest),
            build=_printer("request_form"),
            content=_content(DeptRequest, "title", "details", "answer"),
        )
    )
    forms.add(
        Form(
            BULLETIN_FORM,
            _("公司通知"),
            visible=_sees(Bulletin),
            build=_printer("bulletin_form"),
            content=_content(Bulletin, "title", "text"),
        )
    )
    forms.add(
        Form(
            FILE_FORM,
            _("公司文件"),
            visible=_sees(CompanyFile),
            may_write=_may_write,
            build=_printer("file_form"),
            content=_content(CompanyFile, "title", "text", "result"),
        )
    )
    forms.add(
        Form(
            FILING_FORM,
            _("法定事项办理记录"),
            visible=_sees(Filing),
            build=_printer("filing_form"),
            content=_content(Filing, "year", "receipt"),
        )
    )
    menu.register(
        "dept-requests",
        lazy("部门协作"),
        "administration:requests",
        icon="send",
        permission=may.read_requests,
        order=46,
        group="work",
    )
    menu.register(
        "bulletins",
        lazy("公司通知"),
        "administration:bulletins",
        icon="speakerphone",
        permission=may.read_bulletins,
        order=47,
        group="work",
    )
    menu.register(
        "files",
        lazy("公司文件"),
        "administration:files",
        icon="folder",
        permission=may.read_calendar,
        order=70,
        group="governance",
    )
    shell.todo.add("dept-requests", request_items, label=lazy("部门协作"), order=14, url="/requests/", below="tasks")
    shell.todo.add("bulletins", bulletin_items, label=lazy("公司通知"), order=16, url="/bulletins/", below="plans")
    shell.todo.add("files", file_items, label=lazy("公司文件"), order=22, url="/files/?status=open", below="plans")
    shell.search.add("dept-requests", search, label=lazy("部门协作与文件"), order=75)
    shell.statuses.add("administration.deptrequest.status", pages.REQUEST_STATUSES)
    shell.statuses.add("administration.bulletin.status", pages.BULLETIN_STATUSES)
    shell.statuses.add("administration.companyfile.status", files.FILE_STATUSES)
    for name in ("statutorydate", "outsidecontact"):
        shell.statuses.add(f"administration.{name}.status", files.USE_STATUSES)
    policy.serves(
        "AM-D4", policy.WORKS, [("administration:requests", _("部门协作")), ("administration:bulletins", _("公司通知"))]
    )
    policy.serves(
        "AM-D6",
        policy.WORKS,
        [("administration:calendar", _("法定事项日历")), ("administration:contacts", _("对外联系人"))],
    )


@every("administration.coordination", daily_at=dt.time(7, 30))
def each_morning(at: dt.datetime) -> None:
    """What has to be filed soon is owed from today; notices past their time are chased."""
    by = system_actor("administration", at)
    actions.remind(by=by, at=at)
    actions.chase(by=by, at=at)


def _with_due(sentence: str) -> Any:
    def said(params: Mapping[str, Any]) -> str:
        due = instant(str(params["due"]).replace("Z", "+00:00"))
        return gettext(sentence) % {"number": params["number"], "due": when_text(due, clock.now()) if due else ""}

    return said


def _sees(model: Any) -> Any:
    return lambda actor, record: bool(model.objects.visible_to(actor).filter(pk=record.pk).exists())


def _content(model: Any, *names: str) -> Any:
    return lambda record: dict(model.objects.values(*names).get(pk=record.pk))


def _may_write(actor: Actor, record: Record) -> bool:
    return actor.holds("am", "hr") or CompanyFile.objects.filter(pk=record.pk, owner_id=actor.person_id or 0).exists()


def _printer(name: str) -> Any:
    """The print's builder, found when a print is asked for."""

    def build(record: Any, **kwargs: Any) -> Any:
        return getattr(import_module("zhangfa.administration.coordination_prints"), name)(record, **kwargs)

    return build


def request_items(actor: Actor, at: dt.datetime) -> list[Item]:
    """Requests that one's department has to take or answer, and answers to look at."""
    units = departments_of(actor)
    if not units:
        return []
    S = DeptRequest.Status
    rows = DeptRequest.objects.filter(to_unit_id__in=units, status__in=(S.SENT, S.ACKNOWLEDGED)).select_related(
        "record", "from_unit"
    )
    found = [
        Item(
            row.title, row.get_absolute_url(), row.record.number or "", row.ack_due_at if row.status == S.SENT else row.answer_due_at,
            note=lazy("请接收") if row.status == S.SENT else lazy("请答复"), holder=row.from_unit.shown_name,
        )
        for row in rows.order_by("ack_due_at", "pk")[:LIMIT]
    ]  # fmt: skip
    mine = DeptRequest.objects.filter(
        from_unit_id__in=units, asked_by_id=actor.person_id, status=S.ANSWERED
    ).select_related("record", "to_unit")
    return found + [
        Item(
            row.title,
            row.get_absolute_url(),
            row.record.number or "",
            None,
            note=lazy("已有答复"),
            holder=row.to_unit.shown_name,
        )
        for row in mine.order_by("pk")[:LIMIT]
    ]


def bulletin_items(actor: Actor, at: dt.datetime) -> list[Item]:
    if actor.person_id is None:
        return []
    rows = Bulletin.objects.filter(
        readers__person_id=actor.person_id, readers__read_at=None, status=Bulletin.Status.ISSUED
    )
    return [
        Item(
            row.title,
            row.get_absolute_url(),
            row.record.number or "",
            row.read_by_at,
            note=lazy("请阅读"),
            tone="red" if row.read_by_at < at else "",
        )
        for row in rows.select_related("record").order_by("read_by_at", "pk")[:LIMIT]
    ]


def file_items(actor: Actor, at: dt.datetime) -> list[Item]:
    if actor.person_id is None:
        return []
    rows = CompanyFile.objects.filter(owner_id=actor.person_id, status=CompanyFile.Status.OPEN).select_related("record")
    return [
        Item(
            row.title,
            row.get_absolute_url(),
            row.record.number or "",
            row.due_at,
            tone="red" if row.due_at and row.due_at < at else "",
        )
        for row in rows.order_by("due_at", "pk")[:LIMIT]
    ]


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    found: list[Result] = []
    for model in (DeptRequest, Bulletin, CompanyFile):
        rows = model.objects.visible_to(actor).search(q).select_related("record").order_by("-pk")[:LIMIT]
        found += [
            Result(row.title, row.get_absolute_url(), row.record.number or "", text(row.get_status_display()))
            for row in rows
        ]
    return found[:LIMIT]
