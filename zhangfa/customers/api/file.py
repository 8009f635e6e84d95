"""What hangs on a customer's file: further addresses, contacts, consents, mergings; each masked value in clear once, with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Router

from zhangfa.core.text import _
from zhangfa.customers import actions, queries
from zhangfa.customers.api.customers import CustomerOut, find, shown
from zhangfa.customers.models import Contact, Customer, Merge, Place, WorkerWish
from zhangfa.customers.permissions import edit_customers, merge_customers, read_customers
from zhangfa.customers.web.profile import (
    ConsentWithdrawForm,
    ContactEditForm,
    ContactForm,
    PlaceEditForm,
    PlaceForm,
    WishForm,
)
from zhangfa.organisation.web.forms import ReasonForm
from zhangfa.ui.api import Call, Missing, Schema, creates, reads, writes
from zhangfa.ui.api.operations import Input, Number

router = Router()


class PlaceOut(Schema):
    id: int
    label: str
    address: str
    area_m2: str
    layout: str
    floor: str
    has_lift: str


class ContactOut(Schema):
    id: int
    name: str
    title: str
    role: str
    phone: str


class WishOut(Schema):
    id: int
    worker: int
    worker_name: str
    kind: str
    reason: str


class ConsentOut(Schema):
    purpose: str
    channel: str
    is_granted: bool
    notice_version: str
    at: dt.datetime


class MergeOut(Schema):
    id: int
    merged: int
    merged_no: str
    reason: str
    rows_moved: int
    at: dt.datetime
    undone_at: dt.datetime | None


class CustomerFileOut(Schema):
    """What is masked on the page is masked here; `reveal` gives one value in clear."""

    customer: int
    places: list[PlaceOut]
    contacts: list[ContactOut]
    wishes: list[WishOut]
    consents: list[ConsentOut]
    merges: list[MergeOut]


class RevealedOut(Schema):
    field: str
    value: str


MOST = 50


def file_out(_call: Call, customer: Customer) -> CustomerFileOut:
    current = {"is_current": True}
    return CustomerFileOut(
        customer=customer.pk,
        places=[
            PlaceOut(
                id=row.pk, label=row.label, address=row.masked_door, area_m2=row.area_m2, layout=row.layout, floor=row.floor, has_lift=row.has_lift
            )
            for row in customer.places.filter(**current).order_by("pk")[:MOST]
        ],
        contacts=[
            ContactOut(id=row.pk, name=row.name, title=row.title, role=row.role, phone=row.masked_phone)
            for row in customer.contacts.filter(**current).order_by("pk")[:MOST]
        ],
        wishes=[
            WishOut(id=row.pk, worker=row.worker_id, worker_name=row.worker.shown_name, kind=row.kind, reason=row.reason)
            for row in customer.worker_wishes.filter(**current).select_related("worker").order_by("pk")[:MOST]
        ],
        consents=[
            ConsentOut(purpose=row.purpose, channel=row.channel, is_granted=row.is_granted, notice_version=row.notice_version, at=row.at)
            for row in sorted(queries.consents_of(customer).values(), key=lambda row: -row.pk)
        ],
        merges=[
            MergeOut(
                id=row.pk, merged=row.merged_id, merged_no=row.merged.no, reason=row.reason, rows_moved=row.rows_moved, at=row.at,
                undone_at=row.undone_at,
            )
            for row in Merge.objects.filter(kept=customer).select_related("merged").order_by("-pk")[:MOST]
        ],
    )  # fmt: skip


def _row(model: Any) -> Any:
    """A row of the customer's own that is still in use."""

    def found(call: Call) -> Any:
        customer = find(call)
        return call.one(
            model.objects.filter(customer=customer, is_current=True).select_related("customer__outlet"),
            pk=call.path["row"],
        )

    return found


def _of_row(action: Any) -> Any:
    return lambda given: action(given.target, **given.params, by=given.call.actor, at=given.call.at)


def _file_of(call: Call, customer: Customer) -> CustomerFileOut:
    return file_out(call, Customer.objects.select_related("outlet").get(pk=customer.pk))


def _may_edit_row(row: Any = None, *, by: Any, at: dt.datetime) -> Any:
    return edit_customers(row.customer if row is not None else None, by=by, at=at)


def _merge_of(call: Call) -> Merge:
    customer = find(call)
    found: Merge = call.one(Merge.objects.filter(kept=customer).select_related("kept", "merged"), pk=call.path["row"])
    return found


def _may_undo(row: Merge | None = None, *, by: Any, at: dt.datetime) -> Any:
    return merge_customers(row.kept if row is not None else None, by=by, at=at)


def _undo(given: Input) -> Customer:
    actions.undo_merge(given.target, by=given.call.actor, at=given.call.at)
    return Customer.objects.select_related("outlet").get(pk=given.target.kept_id)


def _withdraw(given: Input) -> Customer:
    return actions.record_consent(
        given.target, **given.params, is_granted=False, notice_version="", evidence="", by=given.call.actor, at=given.call.at
    )  # fmt: skip


def _with_field(call: Call) -> Customer:
    customer = find(call)
    if not queries.can_reveal(customer, str(call.path["field"])):
        raise Missing
    return customer


def _reveal(given: Input) -> RevealedOut:
    field = str(given.call.path["field"])
    value = actions.reveal(
        given.target, field=field, reason=given.params["reason"], by=given.call.actor, at=given.call.at
    )
    return RevealedOut(field=field, value=value or "")


ONE: dict[str, Any] = {
    "find": find,
    "show": _file_of,
    "out": CustomerFileOut,
    "ids": {"id": Number},
    "permission": edit_customers,
}
ROW: dict[str, Any] = {
    "show": _file_of, "out": CustomerFileOut, "ids": {"id": Number, "row": Number}, "permission": _may_edit_row, "about": "CS-W2.1",
}  # fmt: skip
reads(
    router, "/customers/{id}/details", id="customer_details", summary=_("地址、联系人、同意和合并记录"), give=lambda call: file_out(call, find(call)),
    out=CustomerFileOut, ids={"id": Number}, about="CS-W2.1",
)  # fmt: skip
for _noun, _model, _labels, _form, _edit_form, _do in (
    ("place", Place, (_("添加地址"), _("修改地址"), _("停用地址")), PlaceForm, PlaceEditForm, (actions.add_place, actions.edit_place, actions.drop_place)),
    (
        "contact", Contact, (_("添加联系人"), _("修改联系人"), _("停用联系人")), ContactForm, ContactEditForm,
        (actions.add_contact, actions.edit_contact, actions.drop_contact),
    ),
):  # fmt: skip
    creates(
        router,
        f"/customers/{{id}}/{_noun}s",
        id=f"add_{_noun}",
        summary=_labels[0],
        form=_form,
        act=_of_row(_do[0]),
        about="CS-W2.1",
        **ONE,
    )
    writes(
        router, f"/customers/{{id}}/{_noun}s/{{row}}", id=f"edit_{_noun}", summary=_labels[1], form=_edit_form, act=_of_row(_do[1]), find=_row(_model),
        **ROW,
    )  # fmt: skip
    writes(
        router,
        f"/customers/{{id}}/{_noun}s/{{row}}/drop",
        id=f"drop_{_noun}",
        summary=_labels[2],
        act=_of_row(_do[2]),
        find=_row(_model),
        **ROW,
    )
creates(
    router, "/customers/{id}/wishes", id="add_worker_wish", summary=_("登记服务员意愿"), form=WishForm, act=_of_row(actions.add_wish), about="CS-W2.1", **ONE,
)  # fmt: skip
writes(
    router, "/customers/{id}/wishes/{row}/drop", id="drop_worker_wish", summary=_("停用服务员意愿"), act=_of_row(actions.drop_wish), find=_row(WorkerWish), **ROW,
)  # fmt: skip
writes(
    router, "/customers/{id}/consents/withdraw", id="withdraw_consent", summary=_("撤回同意"), form=ConsentWithdrawForm, act=_withdraw, about="CS-W2.1",
    **ONE,
)  # fmt: skip
writes(
    router, "/customers/{id}/merges/{row}/undo", id="undo_merge", summary=_("撤销合并"), act=_undo, find=_merge_of, show=shown, out=CustomerOut,
    ids={"id": Number, "row": Number}, permission=_may_undo, about="CS-W2.1",
)  # fmt: skip
writes(
    router, "/customers/{id}/reveal/{field}", id="reveal_customer", summary=_("查看遮盖的内容"), form=ReasonForm, act=_reveal, find=_with_field,
    show=lambda _call, revealed: revealed, out=RevealedOut, ids={"id": Number}, permission=read_customers, about="HS-D10", is_kept=False,
)  # fmt: skip
