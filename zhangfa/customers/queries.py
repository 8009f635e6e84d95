"""Customers as the shell and the actions ask for them: searches, the file's answers, what stands behind a mask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from zhangfa.core import crypto
from zhangfa.core.text import mask_phone
from zhangfa.customers.models import Consent, Contact, Customer, PersonalRequest, Place, Profile
from zhangfa.customers.permissions import read_customers
from zhangfa.customers.profile_rules import CODES, FILE, SECRET, Hint, hints
from zhangfa.customers.rules import SENSITIVE
from zhangfa.customers.segments import classes_of, codes_of, customers_in
from zhangfa.organisation.actor import Actor
from zhangfa.ui.access import is_open
from zhangfa.ui.registry import LIMIT, Choice, Lookup, Result

FOUND = 20
SAME_SHOWN = 5
KNOWN_SHOWN = 5


def _choice(customer: Customer) -> Choice:
    return Choice(
        str(customer.pk),
        f"{customer.name} {customer.no}",
        f"{customer.outlet.shown_name} · {customer.compound} · {customer.masked_phone}",
    )


def _find(actor: Actor, q: str, at: dt.datetime) -> list[Choice]:
    return [_choice(c) for c in _open(actor, q).select_related("outlet").order_by("-pk")[:FOUND]]


def _get(actor: Actor, value: str, at: dt.datetime) -> Choice | None:
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        return None
    customer = _open(actor).select_related("outlet").filter(pk=value).first()
    return _choice(customer) if customer else None


def _open(actor: Actor, q: str = "") -> Any:
    """What may be chosen for something new: a merged or anonymous file is history."""
    rows = Customer.objects.visible_to(actor)
    rows = rows.search_first(q) if q else rows
    return rows.standing()


LOOKUP = Lookup(_find, _get)


def search(actor: Actor, q: str, at: dt.datetime) -> list[Result]:
    """Customers by number, name, pinyin or phone, in the actor's scope."""
    if not is_open(read_customers, by=actor, at=at):
        return []
    found = Customer.objects.visible_to(actor).search_first(q).standing(q)
    rows = found.select_related("outlet").order_by("-pk")[: LIMIT + 1]
    return [
        Result(c.name, c.get_absolute_url(), number=c.no, note=f"{c.outlet.shown_name} · {c.masked_phone}")
        for c in rows
    ]


def known_by(phone: str, *, without: int | None = None) -> list[Customer]:
    """The files that have the number: as their own, as another number or a contact's; a merged file stands as what it became."""
    if not phone:
        return []
    key = crypto.fingerprint(phone)
    own = Customer.objects.filter(phone_hash=key)
    others = Customer.objects.filter(profile__alt_phone_hash=key)
    contacts = Customer.objects.filter(contacts__phone_hash=key, contacts__is_current=True)
    keys = {row.merged_into_id or row.pk for rows in (own, others, contacts) for row in rows.only("pk", "merged_into")}
    found = Customer.objects.filter(pk__in=keys - {without}).exclude(status=Customer.Status.ERASED)
    return list(found.select_related("outlet").order_by("pk")[:KNOWN_SHOWN])


def kept_for(customers: Iterable[Customer]) -> dict[int, PersonalRequest]:
    """The answered request after which each of these files is only kept; one statement where there is such a file, else none."""
    keys = [one.pk for one in customers if one.status == Customer.Status.KEPT]
    if not keys:
        return {}
    rows = PersonalRequest.objects.filter(customer_id__in=keys, status=PersonalRequest.Status.RESTRICTED)
    return {row.customer_id: row for row in rows.select_related("record").order_by("pk")}


def profile_of(customer: Customer) -> Profile | None:
    return Profile.objects.filter(customer=customer).first()


def answers_of(profile: Profile | None) -> dict[str, str]:
    """The file's answers by name; a customer without a file has given none."""
    return {ask.name: (getattr(profile, ask.name) or "") if profile else "" for ask in FILE}


def hints_of(actor: Actor, customer: Customer, profile: Profile | None) -> list[Hint]:
    """What looks made up in the file; other files with the same answers are named as far as the reader may see them."""
    if profile is None:
        return []
    same: list[str] = []
    if profile.text_key:
        others = Customer.objects.visible_to(actor).filter(profile__text_key=profile.text_key).exclude(pk=customer.pk)
        same = list(others.order_by("-pk").values_list("no", flat=True)[:SAME_SHOWN])
    return list(hints(answers_of(profile), phone=customer.phone or "", same_in=same))


def masked(field: str, value: str) -> str:
    """A sensitive answer as it stands on a page: a code says itself, a number keeps its ends, the rest is hidden."""
    if not value or value in CODES:
        return value
    return mask_phone(value) if field == "alt_phone" else "****"


def in_clear(customer: Customer, field: str) -> str:
    """What stands behind the mask of a field of the customer, of the file (`id_no`), of `place-3` or `contact-3`."""
    kind, _dash, key = field.partition("-")
    if kind == "address":
        return f"{customer.compound} {customer.address or ''}".strip()
    if kind == "place":
        place = Place.objects.get(pk=key, customer=customer)
        return " ".join(filter(None, (place.compound, place.door, place.access_note)))
    if kind == "contact":
        return str(Contact.objects.get(pk=key, customer=customer).phone)
    return str(getattr(profile_of(customer) if field in SECRET else customer, field, None) or "")


def can_reveal(customer: Customer, field: str) -> bool:
    """Whether there is such a thing on this file."""
    kind, _dash, key = field.partition("-")
    if kind in ("place", "contact"):
        rows: Any = Place if kind == "place" else Contact
        is_key = key.isascii() and key.isdigit() and len(key) < 19
        return is_key and rows.objects.filter(pk=key, customer=customer).exists()
    return field in (*SENSITIVE, *SECRET)


def consents_of(customer: Customer) -> dict[tuple[str, str], Consent]:
    """What holds now by purpose and channel: the newest row of each."""
    rows = Consent.objects.filter(customer=customer).select_related("by").order_by("pk")
    return {(row.purpose, row.channel): row for row in rows}


def has_care_consent(customer: Customer) -> bool:
    """Whether the customer agreed that what they need by way of care is written down (PIPL 29)."""
    standing = consents_of(customer).get((Consent.Purpose.HEALTH, Consent.Channel.ANY))
    return standing is not None and standing.is_granted


__all__ = ["classes_of", "codes_of", "customers_in"]
