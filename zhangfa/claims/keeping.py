"""What cases know of a customer, and for how long they keep it: told to the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from zhangfa.claims.customer_file import forget
from zhangfa.claims.models import Case
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _ as mark
from zhangfa.customers.models import Customer
from zhangfa.customers.privacy_rules import years_after
from zhangfa.customers.registry import Keeper
from zhangfa.policy.queries import value
from zhangfa.records.exports import Column, Sheet


def last_on(customers: Sequence[int]) -> dict[int, dt.date]:
    rows = (
        Case.objects.filter(customer_id__in=customers)
        .order_by()
        .values_list("customer_id")
        .annotate(Max("reported_at"))
    )
    return {key: clock.local_date(at) for key, at in rows}


def open_with(customers: Sequence[int]) -> set[int]:
    rows = Case.objects.filter(customer_id__in=customers).exclude(status=Case.Status.CLOSED)
    return set(rows.order_by().values_list("customer_id", flat=True))


def sheets(customer: Customer) -> Iterable[Sheet]:
    rows = Case.objects.filter(customer=customer).select_related("record").order_by("pk")
    heads = [Column(_("编号")), Column(_("登记时间"), "when"), Column(_("经过"), width=60), Column(_("状态"))]
    yield Sheet(
        _("案件"),
        heads,
        ([row.record.number, row.reported_at, row.summary, str(row.get_status_display())] for row in rows),
    )


def stays(customers: Sequence[int], at: dt.datetime) -> Iterable[Refusal]:
    """Papers of cases prove what was settled and paid; they outlive the file by the years of their own (R2)."""
    rows = Case.objects.filter(customer_id__in=customers, closed_at__isnull=False)
    found = rows.aggregate(count=Count("pk"), last=Max("closed_at"))
    if not found["count"]:
        return
    years = value("privacy.case_keep_years", at)
    facts = {
        "count": found["count"],
        "years": years,
        "until": years_after(clock.local_date(found["last"]), years).isoformat(),
    }
    yield Refusal("stays.cases", mark("%(count)s 起案件的单据和签字是理赔与纠纷的凭证，保存到 %(until)s（结案后 %(years)s 年），姓名、电话和地址已清除。"), facts, "HS-D10")  # fmt: skip


KEEPER = Keeper(mark("案件"), last_on, open_with, sheets, forget, stays)
