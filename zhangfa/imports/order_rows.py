"""Rows of an order list as orders that are over: judged, written, taken back (HS-W3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import chain
from types import SimpleNamespace
from typing import Any

from zhangfa.core import clock, crypto
from zhangfa.customers.actions import bulk as archive
from zhangfa.customers.models import Customer
from zhangfa.finance.models import Receipt
from zhangfa.imports import lookups, origins
from zhangfa.imports.customer_rows import LABEL as CUSTOMER
from zhangfa.imports.drafts import blame, key_of
from zhangfa.imports.headers import bare
from zhangfa.imports.target import Draft, Made, Setting
from zhangfa.orders.actions import history
from zhangfa.orders.models import Order, Product
from zhangfa.orders.permissions import book_orders
from zhangfa.orders.rules import span
from zhangfa.organisation.models import Unit

LABEL = "orders.order"
AT_FIELDS = {"served_from": "served_on"}
USUAL_TIME = dt.time(9, 0)
# What an order needs nothing of: read where somebody asks for it.
SECRETS = ("phone", "address", "note", "search_key", "contact", "compound")
LARGEST_QUANTITY = Decimal(1_000_000)


def judge(drafts: Sequence[Draft], setting: Setting) -> None:
    """Which customer, product and worker each row means, and what the rules of orders say to it."""
    products, outlets, workers = lookups.products(setting), lookups.outlets(setting), lookups.people(drafts, "worker")
    whom = _Customers(drafts, lookups.places(setting))
    known = origins.objects_of(LABEL, {draft.values["ref"] for draft in drafts if draft.values.get("ref")}, Order)
    barred = list(book_orders(by=setting.by, at=setting.at))
    for draft in drafts:
        v = draft.values
        v["product"] = lookups.find(draft, "product", products, code="product")
        v["worker"] = lookups.find(draft, "worker", workers, code="worker")
        v["outlet"] = lookups.find(draft, "outlet", outlets, code="outlet")
        v["customer"] = whom.find(draft)
        draft.key = key_of("order", v["ref"] or "") if v["ref"] else _same_service(draft)
        draft.known = known.get(v["ref"]) if v["ref"] else None
        draft.known_label = draft.known.number if draft.known else ""
        for name, least, most in (("hours", 0, 744), ("quantity", 0, LARGEST_QUANTITY), ("satisfaction", 1, 5)):
            if v[name] is not None and not least <= v[name] <= most:
                draft.blame(name, "range", least=str(least), most=str(most))
        if not draft.issues and draft.known is None:
            blame(draft, [*barred, *history.refuse_taken(_facts(draft), at=setting.at)], AT_FIELDS)


def _same_service(draft: Draft) -> str:
    """Without a number, the same customer, product, day, hour and sum is the same order."""
    v = draft.values
    if not v["customer"] or not v["product"] or not v["served_on"]:
        return ""
    parts = (v["customer"].pk, v["product"].pk, v["served_on"], _hour(draft), v["amount"], v["quantity"])
    return key_of("order", *map(str, parts))


class _Customers:
    """The customers of a chunk: by number, by their number in the old books, by telephone, by a name that only one has."""

    def __init__(self, drafts: Sequence[Draft], places: Mapping[int, Unit]):
        refs = {draft.values["customer_ref"] for draft in drafts if draft.values.get("customer_ref")}
        phones = {draft.values["phone"] for draft in drafts if draft.values.get("phone")}
        names = {
            draft.values["customer"] for draft in drafts
            if draft.values.get("customer") and not draft.values.get("phone") and not draft.values.get("customer_ref")
        }  # fmt: skip
        rows = Customer.objects.defer(*SECRETS)
        self.by_ref = origins.objects_of(CUSTOMER, refs, Customer, without=SECRETS)
        unknown = refs - self.by_ref.keys()
        self.by_no = {row.no: row for row in rows.filter(no__among=unknown)} if unknown else {}
        self.by_phone = archive.known_numbers(phones).own if phones else {}
        self.by_name: dict[str, list[Customer]] = {}
        for row in rows.filter(name__among=names).order_by("pk") if names else ():
            self.by_name.setdefault(bare(row.name), []).append(row)
        for found in (*self.by_ref.values(), *self.by_no.values(), *chain.from_iterable(self.by_name.values())):
            if found.outlet_id in places:
                found.outlet = places[found.outlet_id]

    def find(self, draft: Draft) -> Customer | None:
        ref, phone, name = (draft.values[key] or "" for key in ("customer_ref", "phone", "customer"))
        if ref:
            found = self.by_ref.get(ref) or self.by_no.get(ref) or self.by_no.get(ref.upper())
            if found is None:
                draft.blame("customer_ref", "customer", value=ref)
            return found
        rows = list(self.by_phone.get(crypto.fingerprint(phone), ())) if phone else self.by_name.get(bare(name), [])
        if len(rows) > 1:
            rows = [row for row in rows if bare(row.name) == bare(name)] or rows
        if len(rows) != 1:
            field = "phone" if phone else "customer"
            draft.blame(field, "customer_several" if rows else "customer", value=name or "")
            return None
        return rows[0]


def _hour(draft: Draft) -> dt.time:
    from zhangfa.imports.cells import Unclear, time_of

    if draft.values["served_time"] is not None:
        return draft.values["served_time"]  # type: ignore[no-any-return]
    try:
        # 2024-03-05 14:30 stands in one cell: the hour is what follows the day.
        return time_of(draft.cells.get("served_on", "").strip()[10:]) or USUAL_TIME
    except Unclear:
        return USUAL_TIME


def _facts(draft: Draft) -> Any:
    """What the rules of orders look at, without an order yet."""
    draft.values["__facts"] = facts = _values(draft)
    return SimpleNamespace(**facts)


def _order(draft: Draft) -> Order:
    return Order(**(draft.values.get("__facts") or _values(draft)))


def _values(draft: Draft) -> dict[str, Any]:
    v = draft.values
    product: Product = v["product"]
    start = dt.datetime.combine(v["served_on"], _hour(draft), clock.TZ).astimezone(dt.UTC)
    end = start + span(v["hours"] or product.hours or Decimal(2))
    is_finished = v["state"] != "cancelled"
    paid = v["paid"] if v["paid"] is not None else v["amount"] if is_finished else Decimal(0)
    return {
        "customer": v["customer"], "outlet": v["outlet"] or v["customer"].outlet, "product": product, "worker": v["worker"], "served_from": start, "served_to": end,
        "quantity": v["quantity"] if v["quantity"] is not None else Decimal(1), "amount": v["amount"], "paid": paid, "note": v["note"] or "",
        "status": Order.Status.FINISHED if is_finished else Order.Status.CANCELLED, "started_at": start if is_finished else None,
        "finished_at": end if is_finished else None, "cancelled_for": "" if is_finished else Order.Cancelled.OTHER,
        "satisfaction": int(v["satisfaction"]) if v["satisfaction"] is not None else None,
    }  # fmt: skip


def prepare(drafts: Sequence[Draft], setting: Setting) -> None:
    """The orders as they will be written; made before the lock."""
    for draft in drafts:
        draft.values["__order"] = _order(draft)


def write(drafts: Sequence[Draft], setting: Setting) -> list[Made]:
    """All of them or none, with what was paid."""
    taken = [
        history.Taken(draft.values.get("__order") or _order(draft), draft.values["method"] or Receipt.Method.TRANSFER)
        for draft in drafts
    ]
    rows = history.take_over(taken, paper=setting.batch, by=setting.by, at=setting.at)
    return [Made(d.n, LABEL, row.pk, d.values["ref"] or "") for d, row in zip(drafts, rows, strict=True)]


def remove(results: Sequence[Any], setting: Setting) -> None:
    keys = [result.key for result in results if result.label == LABEL]
    history.take_back(keys, paper=setting.batch, by=setting.by, at=setting.at)
