"""What the forms of a case share: frame, customer, order, worker, pictures, signatures, copies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.claims.customer_file import CustomerFile
from zhangfa.claims.models import Case
from zhangfa.claims.queries import may_know_worker
from zhangfa.customers.models import Customer
from zhangfa.organisation.models import Unit
from zhangfa.organisation.shell import company_name
from zhangfa.records import vault
from zhangfa.records.models import Attachment, Record
from zhangfa.records.permissions import concealed, name_for
from zhangfa.records.prints import Field, FormPrint, Grid, Photo, Photos, Sign, Tick, signs_of, until, when
from zhangfa.records.queries import digest_now
from zhangfa.records.registry import forms
from zhangfa.records.sensitive import HIDDEN
from zhangfa.ui.display import money
from zhangfa.ui.words import text

MOST_PHOTOS = 12


def ticks(choices: Iterable[tuple[Any, Any]], chosen: Any) -> list[Tick]:
    """Every choice with its box, the chosen ones ticked."""
    on = set(chosen) if isinstance(chosen, list | tuple | set) else {chosen}
    return [Tick(str(label), value in on) for value, label in choices]


def sum_of(amount: Any) -> str:
    return money(amount) if amount is not None else ""


def yes_no(value: bool | None) -> list[Tick]:
    return [Tick(_("是"), value is True), Tick(_("否"), value is False)]


def is_handler(case: Case, actor: Any) -> bool:
    return actor is not None and actor.is_any_of({case.handler_id})


def knows(case: Case, actor: Any) -> bool:
    """Whether the responsible worker stands on this copy in clear; the archive's copy has it (CC-D3)."""
    return actor is None or may_know_worker(case, actor)


def customer(case: Case, actor: Any, file: CustomerFile | None = None) -> list[Field]:
    """Customer block; phone and door in clear on the handler's own copy only (domain.md 2.4), and as kept on a form that kept them."""
    who = case.customer
    if file is not None:
        outlet = Unit.objects.filter(pk=file.outlet).first()
        return [
            Field(_("客户"), f"{file.name}  {file.no}"), Field(_("客户类型"), str(Customer.Kind(file.kind).label)),
            Field(_("电话"), file.phone), Field(_("所属网点"), outlet.shown_name if outlet else ""),
            Field(_("地址"), file.address, is_wide=True),
        ]  # fmt: skip
    if who is None:
        return [Field(_("客户"), _("未登记"), is_wide=True)]
    clear = is_handler(case, actor)
    return [
        Field(_("客户"), f"{who.name}  {who.no}"), Field(_("客户类型"), who.get_kind_display()),
        Field(_("电话"), who.phone if clear else who.masked_phone), Field(_("所属网点"), who.outlet.shown_name),
        Field(_("地址"), f"{who.compound} {who.address}" if clear else who.masked_address, is_wide=True),
    ]  # fmt: skip


def order(case: Case) -> list[Field]:
    row = case.order
    if row is None:
        return [Field(_("订单号"), _("无"), is_wide=True)]
    return [
        Field(_("订单号"), row.number), Field(_("服务产品"), row.product.shown_name),
        Field(_("服务时间"), f"{when(row.served_from)} — {when(row.served_to)[-5:]}"), Field(_("服务金额"), sum_of(row.amount)),
    ]  # fmt: skip


def worker(case: Case, actor: Any) -> list[Field]:
    row = case.worker
    if row is None:
        return [Field(_("服务员"), _("未确定"), is_wide=True)]
    if not knows(case, actor):
        return [Field(_("服务员"), HIDDEN), Field(_("网点"), case.unit.shown_name)]
    model = case.order.get_contract_model_display() if case.order else ""
    return [Field(_("服务员"), f"{row.shown_name}  {row.no}"), Field(_("用工模式"), model)]


def parties(case: Case, actor: Any, file: CustomerFile | None = None) -> Grid:
    """Customer, order and worker as one table."""
    return Grid([*customer(case, actor, file), *order(case), *worker(case, actor)], title=_("客户、订单与服务员"))


def photos(case: Case, kinds: Sequence[str] = ()) -> Photos | None:
    """Pictures of the case with kind, time and digest; none where none can be shown."""
    rows = Attachment.objects.filter(record_id=case.pk, removed_at=None).exclude(view_sha256="")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    found = []
    for row in rows.order_by("kind", "pk")[:MOST_PHOTOS]:
        caption = f"{row.get_kind_display()} {when(row.taken_at or row.created_at)} {row.sha256[:8]}"
        found.append(Photo(vault.get(row.thumb_sha256), caption))
    return Photos(found, title=_("照片")) if found else None


def signs(record: Record, case: Case | None, actor: Any) -> list[Sign]:
    """The signing roles as they stand; the worker's name only for those who may know it."""
    return signs_of(record, hidden=frozenset() if case is None or knows(case, actor) else frozenset({"worker"}))


def copies(record: Record, actor: Any) -> list[list[str]]:
    """Who has a copy; the responsible worker only for those who may know them."""
    hidden = concealed(actor, record) if actor is not None else frozenset()
    rows = record.copies.select_related("person").order_by("number")
    return [[name_for(row.person, hidden), str(row.number), when(row.sent_at), when(row.received_at)] for row in rows]


def frame(
    record: Record, case: Case, actor: Any, at: dt.datetime, *, sections: Sequence[Any], late: str = ""
) -> FormPrint:
    """The form with its head, signatures, copies and marks; a draft says so across the page."""
    form = forms.get(record.form_code)
    made_by = record.created_by.shown_name if record.created_by else ""
    return FormPrint(
        company=company_name(), title=text(form.title), number=record.number or "", code=record.form_code,
        version=record.version, status=record.get_status_display(), at=at, late=late,
        watermark="" if record.number else _("草稿"), is_void=record.status == Record.Status.VOID,
        head=[
            Field(_("所属单位"), record.unit.shown_name), Field(_("案件编号"), case.record.number or ""),
            Field(_("填表人"), made_by), Field(_("填表时间"), when(record.created_at)),
            Field(_("提交时间"), when(record.submitted_at)), Field(_("截止"), until(record.due_at)),
        ],
        sections=[section for section in sections if section is not None], signatures=signs(record, case, actor), copies=copies(record, actor),
        digest=digest_now(record) if record.number else "",
    )  # fmt: skip
