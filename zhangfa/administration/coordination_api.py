"""Requests between departments, notices and company files through the programming interface."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router

from zhangfa.administration import actions
from zhangfa.administration import coordination_permissions as may
from zhangfa.administration.models import Bulletin, CompanyFile, DeptRequest
from zhangfa.administration.request_rules import FILES, REQUEST
from zhangfa.administration.web.coordination import BulletinList, RequestList
from zhangfa.administration.web.coordination_forms import (
    BULLETIN_FORMS,
    FILE_FORMS,
    REQUEST_FORMS,
    BulletinForm,
    FileForm,
    RequestForm,
)
from zhangfa.administration.web.files import FileList
from zhangfa.core.text import _
from zhangfa.records.api.operations import key_lookup
from zhangfa.ui.api import Call, Schema, creates, lists, reads, transitions
from zhangfa.ui.api.things import making


class RequestOut(Schema):
    """A request between departments with its deadlines and answer."""

    id: str
    number: str
    title: str
    details: str
    from_unit: int
    to_unit: int
    status: str
    asked_at: dt.datetime
    ack_due_at: dt.datetime
    acknowledged_at: dt.datetime | None
    answer_due_at: dt.datetime
    answered_at: dt.datetime | None
    outcome: str
    answer: str
    url: str


class BulletinOut(Schema):
    """A notice with its read-by time."""

    id: str
    number: str
    title: str
    text: str
    unit: int
    posts: list[str]
    status: str
    read_by_at: dt.datetime
    issued_at: dt.datetime
    url: str


class FileOut(Schema):
    """A company file that is followed up."""

    id: str
    number: str
    kind: str
    title: str
    text: str
    source: str
    status: str
    owner: int
    due_at: dt.datetime | None
    result: str
    closed_at: dt.datetime | None
    url: str


def _shows(out: Any) -> Any:
    """The paper's own fields under their own names."""

    def shown(_call: Call, row: Any) -> Any:
        facts = {
            name: getattr(row, f"{name}_id" if name in ("from_unit", "to_unit", "unit", "owner") else name, None)
            for name in out.model_fields
        }
        return out(**facts | {"id": str(row.pk), "number": row.record.number or "", "url": row.get_absolute_url()})

    return shown


def _finds(model: Any, permission: Any) -> Any:
    def find(call: Call) -> Any:
        rows = model.objects.visible_to(call.actor).select_related("record")
        found = call.one(rows, **key_lookup(call.path["key"], "record__number"))
        call.check(permission, found)
        return found

    return find


def attach_to(router: Router) -> None:
    """Declare the operations on the router of administration."""
    for path, noun, plural, model, page, read, make, form, act, steps, out, words, about in (
        ("/dept-requests", "dept_request", "dept_requests", DeptRequest, RequestList, may.read_requests, may.make_requests, RequestForm, actions.ask, REQUEST_FORMS, RequestOut, (_("部门协作单"), _("一份协作单"), _("请其他部门协作")), REQUEST),
        ("/bulletins", "bulletin", "bulletins", Bulletin, BulletinList, may.read_bulletins, may.issue_bulletins, BulletinForm, actions.issue, BULLETIN_FORMS, BulletinOut, (_("公司通知"), _("一份通知"), _("发通知")), REQUEST),
        ("/company-files", "company_file", "company_files", CompanyFile, FileList, may.read_files, may.keep_files, FileForm, actions.keep_file, FILE_FORMS, FileOut, (_("公司文件"), _("一份公司文件"), _("登记文件")), FILES),
    ):  # fmt: skip
        shown, find = _shows(out), _finds(model, read)
        lists(router, path, id=plural, summary=words[0], page=page, line=shown, out=out, about=about)
        creates(
            router,
            path,
            id=f"make_{noun}",
            summary=words[2],
            form=form,
            act=making(act),
            show=shown,
            out=out,
            permission=make,
            about=about,
        )
        reads(router, f"{path}/{{key}}", id=noun, summary=words[1], give=_giving(shown, find), out=out)
        transitions(router, f"{path}/{{key}}", model=model, noun=noun, forms_of=steps, find=find, show=shown, out=out)


def _giving(shown: Any, find: Any) -> Any:
    return lambda call: shown(call, find(call))
