"""Words and names that pages and papers of care share, as the reader may know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from zhangfa.care import classes
from zhangfa.care.advice import REASONS, USED
from zhangfa.care.models import Visit
from zhangfa.core.text import _, mask_name
from zhangfa.customers.models import Customer, Profile
from zhangfa.customers.permissions import read_customers
from zhangfa.customers.wording import label_of, word
from zhangfa.orders.models import Product
from zhangfa.ui.access import is_open

ROLES = {"leader": _("分管领导"), "purchaser": _("采购负责人"), "handler": _("经办人")}


def name_of(customer: Customer, page: Any) -> str:
    """Those who read the archive see the name, administration the first character."""
    return customer.name if is_open(read_customers, by=page.actor, at=page.at) else mask_name(customer.name)


def classes_shown(row: Any, _page: Any = None) -> str:
    """The classes of a plan in words."""
    return gettext("、").join(gettext(classes.LABELS[code]) for code in row.classes if code in classes.LABELS)


def products_of(rows: Iterable[Any]) -> dict[str, str]:
    """The names of the products that the reasons of these plans speak of, in one question."""
    used = {params["product"] for row in rows for code, params in row.reasons if code == USED}
    return {product.pk: product.shown_name for product in Product.objects.filter(pk__in=used)} if used else {}


def reasons_shown(row: Any, _page: Any = None, *, products: Mapping[str, str] | None = None) -> str:
    """Why this product is offered, in the reader's language; a table asks for the products of its rows beforehand."""
    names = products_of([row]) if products is None else products
    said = [
        gettext(REASONS[code]) % ({**params, "product": names.get(params["product"], params["product"])} if code == USED else params)
        for code, params in row.reasons
    ]  # fmt: skip
    return gettext("；").join(said)


def updates_shown(visit: Visit, page: Any = None) -> str:
    """Which answers of the customer's file this sheet wrote; in clear for those who read the file."""
    if page is not None and not is_open(read_customers, by=page.actor, at=page.at):
        return gettext("、").join(str(label_of(Profile, name)) for name in visit.profile_updates)
    return gettext("；").join(
        str(label_of(Profile, name)) + gettext("：") + word(value) for name, value in visit.profile_updates.items()
    )
