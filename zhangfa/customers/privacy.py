"""What the archive holds about a person and for how long: the copy, the last transaction, what is due to be made anonymous."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.customers.models import Consent, Customer, Learnt, Profile
from zhangfa.customers.privacy_rules import refuse_erasure
from zhangfa.customers.profile_rules import CODES, FILE
from zhangfa.customers.registry import Planned, brought, keepers
from zhangfa.policy.queries import value
from zhangfa.records.exports import Column, Sheet
from zhangfa.ui.words import text


def reasons_to_keep(
    customers: Sequence[Customer], at: dt.datetime, *, is_asked: bool = False
) -> Iterator[tuple[Customer, list[Refusal]]]:
    """For each file what keeps it, with two statements per app whatever their number.

    Without any transaction the years run from the day of the file; the law asks for nothing then, so a person who asks needn't wait for them.
    """
    keys = [customer.pk for customer in customers]
    years, today = value("privacy.keep_years", at), clock.local_date(at)
    last: dict[int, dt.date] = {}
    open_in: dict[int, list[str]] = {}
    for keeper in keepers.values():
        for key, day in keeper.last_on(keys).items():
            last[key] = max(day, last.get(key, day))
        for key in keeper.open_with(keys):
            open_in.setdefault(key, []).append(keeper.label)
    # A list may say that a file is many years old, and its orders come with the next list: nobody is forgotten in between.
    came = {} if is_asked else brought(keys, at)
    for customer in customers:
        came_on, rests_until = came.get(customer.pk, (customer.joined_on, None))
        since = None if is_asked else max(customer.joined_on, came_on)
        yield customer, list(
            refuse_erasure(
                last_on=last.get(customer.pk, since), rests_until=rests_until, today=today, years=years, open_in=open_in.get(customer.pk, ()),
                is_held=bool(customer.held_reason), is_erased=customer.status == Customer.Status.ERASED,
            )
        )  # fmt: skip


def family(customer: Customer) -> list[Customer]:
    """A file and those that were merged into it: one person."""
    return [customer, *Customer.objects.filter(merged_into=customer).order_by("pk")]


def planned(customers: Sequence[Customer], at: dt.datetime) -> list[Planned]:
    """What is agreed with them and has not begun: whoever wants to be deleted says first what becomes of it."""
    keys = [customer.pk for customer in customers]
    return [one for keeper in keepers.values() for one in keeper.planned(keys, at)]


def what_stays(customers: Sequence[Customer], at: dt.datetime) -> list[Refusal]:
    """What of an anonymous file and of those merged into it other books keep, and until when."""
    keys = [customer.pk for customer in customers]
    return [one for keeper in keepers.values() for one in keeper.stays(keys, at)]


def copy_of(customer: Customer) -> list[Sheet]:
    """Everything about the person, in clear, as sheets for themselves (PIPL 45)."""
    return [*_own_sheets(customer), *(sheet for keeper in keepers.values() for sheet in keeper.sheets(customer))]


def _own_sheets(customer: Customer) -> Iterable[Sheet]:
    names = ("no", "name", "contact", "phone", "compound", "address", "joined_on")
    rows = [[text(Customer._meta.get_field(name).verbose_name), str(getattr(customer, name) or "")] for name in names]
    profile = Profile.objects.filter(customer=customer).first()
    for ask in FILE if profile else ():
        given = getattr(profile, ask.name) or ""
        rows.append(
            [text(Profile._meta.get_field(ask.name).verbose_name), _(CODES[given]) if given in CODES else given]
        )
    yield _sheet(_("客户档案"), (_("项目"), _("内容")), rows)
    people = customer.contacts.order_by("pk")
    yield _sheet(_("联系人"), (_("姓名"), _("职务或关系"), _("电话")), [[p.name, p.title, p.phone] for p in people])
    places = customer.places.order_by("pk")
    yield _sheet(
        _("其他地址"),
        (_("用途"), _("地址"), _("门禁和钥匙")),
        [[p.label, f"{p.compound} {p.door}", p.access_note] for p in places],
    )
    wishes = customer.worker_wishes.select_related("worker").order_by("pk")
    yield _sheet(
        _("服务员意愿"), (_("服务员"), _("意愿"), _("原因")), [[w.worker.shown_name, w.get_kind_display(), w.reason] for w in wishes]
    )  # fmt: skip
    said = Consent.objects.filter(customer=customer).order_by("pk")
    consents = [
        [
            c.get_purpose_display(),
            c.get_channel_display(),
            _("同意") if c.is_granted else _("已撤回"),
            c.evidence,
            clock.local_date(c.at).isoformat(),
        ]
        for c in said
    ]
    yield _sheet(_("同意与撤回"), (_("用途"), _("渠道"), _("状态"), _("凭据"), _("时间")), consents)
    learnt = Learnt.objects.filter(entry__customer=customer).select_related("entry").order_by("pk")
    yield _sheet(
        _("档案登记表"),
        (_("服务日期"), _("项目"), _("内容")),
        [[str(row.entry.served_on), row.field, row.value] for row in learnt],
    )
    adverse = customer.adverse.order_by("pk")
    kept = [[str(a.occurred_on), a.get_kind_display(), a.facts, a.reply, str(a.get_status_display())] for a in adverse]
    yield _sheet(_("不良消费记录"), (_("发生日期"), _("类型"), _("事实"), _("客户申辩"), _("状态")), kept)


def _sheet(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Sheet:
    return Sheet(title, [Column(head, width=24) for head in heads], [list(map(text, row)) for row in rows])
