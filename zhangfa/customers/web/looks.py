"""Who saw what a mask hides, when and why: the other half of every reveal (HS-D10, domain.md 2.4)."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from zhangfa.audit.models import Look
from zhangfa.customers.models import Customer, Profile
from zhangfa.customers.permissions import read_looks
from zhangfa.customers.profile_rules import SECRET
from zhangfa.customers.web.pages import shown_name
from zhangfa.customers.wording import label_of
from zhangfa.organisation.models import Person
from zhangfa.ui.filters import DayFrom, DayTo, FilterSet
from zhangfa.ui.pages import ListPage
from zhangfa.ui.tables import Column, Empty

KIND = "customer"
FIELDS = {
    "phone": _("电话"),
    "address": _("地址"),
    "note": _("内部备注"),
    "place": _("其他地址"),
    "contact": _("联系人电话"),
    "file": _("打印客户档案表"),
    "order": _("打印服务订单"),
    "contract": _("打印服务合同"),
}


def subject_of(row: Look) -> tuple[str, int]:
    """The field and the customer of a look, which is kept as `phone:12`, `contact-3:12` or, of a paper, `file:12`."""
    field, _colon, key = row.field.rpartition(":")
    return field, int(key) if key.isascii() and key.isdigit() else 0


def field_words(row: Look, _page: Any = None) -> Any:
    field = subject_of(row)[0]
    return label_of(Profile, field) if field in SECRET else FIELDS.get(field.partition("-")[0], field)


def who(row: Look, page: Any) -> str:
    person = page.people.get(row.person_id)
    return person.shown_name if person else ""


def whose(row: Look, page: Any) -> Any:
    customer = page.customers.get(subject_of(row)[1])
    if customer is None:
        return ""
    return format_html('<a href="{}">{} {}</a>', customer.get_absolute_url(), customer.no, shown_name(customer))


class LookFilter(FilterSet):
    since = DayFrom("slot")
    until = DayTo("slot")


class Looks(ListPage):
    """Every field in clear and every paper printed: who asked for it, of which customer, for what reason."""

    model, permission, title, nav = Look, read_looks, _("查看记录"), "looks"
    is_searchable = is_exportable = False
    columns = [
        Column("slot", _("时间"), kind="when"),
        Column("person", _("谁"), phone="title", value=who),
        Column("customer", _("客户"), value=whose),
        Column("field", _("查看了什么"), phone="badge", value=field_words),
        Column("reason", _("查看原因"), wide=True),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = LookFilter
    empty = Empty(_("没有人查看过"), _("谁为了什么查看了客户的电话、地址等，会出现在这里。"), "eye")

    def rows(self) -> Any:
        return Look.objects.filter(kind=KIND, record_id=None)

    def window(self) -> Any:
        found = super().window()
        rows = list(found.rows)
        self.people = Person.objects.in_bulk({row.person_id for row in rows})
        self.customers = Customer.objects.in_bulk({subject_of(row)[1] for row in rows})
        return found
