"""Patterns in settlements, lent to the manager of the centre as counts with every case behind them (CC-D7)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from zhangfa.claims.models import LIVE, Settlement
from zhangfa.claims.pattern_rules import Count, Paid, again, most_frequent, together, under_limits
from zhangfa.core.text import _
from zhangfa.customers.models import Customer
from zhangfa.inspections.registry import Pattern, PatternSource
from zhangfa.organisation.models import Person
from zhangfa.policy.queries import value
from zhangfa.ui.display import money

DAYS, SHARE, TIMES = "patterns.days", "patterns.under_share", "patterns.times"
LIMITS = ("claims.outlet_settles_below", "claims.specialist_max", "claims.manager_max", "claims.two_person_amount")
FIGURES = (DAYS, SHARE, TIMES)
# Of each kind so many, of each of them so many settlements.
MOST, MOST_LINES = 10, 30


def _paid(at: dt.datetime) -> list[Paid]:
    """The settlements of the company's days that were not refused, as plain rows."""
    since = at - dt.timedelta(days=int(value(DAYS, at)))
    rows = Settlement.objects.filter(status__in=LIVE, proposed_at__gte=since, proposed_at__lte=at).order_by("pk")
    names = ("pk", "total", "proposed_by_id", "customer_id_copy", "case__worker_id")
    return [
        Paid(str(pk), total, handler, customer, worker)
        for pk, total, handler, customer, worker in rows.values_list(*names).iterator()
    ]


def under(at: dt.datetime) -> list[Pattern]:
    """Settlements just under a limit, by the one who proposed them."""
    limits = [Decimal(value(key, at)) for key in LIMITS]
    return _shown(list(under_limits(_paid(at), limits, share=Decimal(value(SHARE, at)), times=int(value(TIMES, at)))))


def pairs(at: dt.datetime) -> list[Pattern]:
    """The same customer or worker again and again, and the same two of customer, worker and specialist."""
    rows, times = _paid(at), int(value(TIMES, at))
    return _shown([*again(rows, times=times), *together(rows, times=times)])


def _shown(counts: list[Count]) -> list[Pattern]:
    """The most frequent of each kind with their settlements; three reads for all of them."""
    kinds = most_frequent(counts, most=MOST)
    counts = [count for found, _left in kinds for count in found]
    left_out = {id(found[-1]): left for found, left in kinds}
    keys = {key for count in counts for key in count.keys[:MOST_LINES]}
    rows = {str(row.pk): row for row in Settlement.objects.filter(pk__in=keys).select_related("case__record")}
    people = {pk for c in counts for pk in c.about}
    names: dict[int, str] = {p.pk: p.shown_name for p in Person.objects.filter(pk__in=people)}
    customers = {c.about[0] for c in counts if c.kind.startswith("customer")}
    known: dict[int, str] = dict(Customer.objects.filter(pk__in=customers).values_list("pk", "name"))
    return [_pattern(c, left_out.get(id(c), 0), rows, names, known) for c in counts]


def _pattern(
    count: Count, left_out: int, rows: dict[str, Settlement], names: dict[int, str], known: dict[int, str]
) -> Pattern:
    lines = tuple(
        (rows[key].case.record.number or key, rows[key].case.get_absolute_url(), money(rows[key].total))
        for key in count.keys[:MOST_LINES]
    )
    key = f"claims.{count.kind}:{'-'.join(map(str, count.about))}:{count.limit or ''}"
    title, note = _words(count, names, known)
    return Pattern(key, title, note, len(count.keys), lines, left_out)


def _words(count: Count, names: dict[int, str], known: dict[int, str]) -> tuple[str, Any]:
    if count.kind == "under":
        facts = {"name": names.get(count.about[0], ""), "limit": money(count.limit)}
        return gettext("%(name)s 经办，金额在 %(limit)s 以内且接近") % facts, gettext(
            "接近上限的金额可能只是价格如此，请看认定依据。"
        )
    first, second = count.about[0], count.about[-1]
    left = known.get(first, "") if count.kind.startswith("customer") else names.get(first, "")
    kinds = {
        "customer": gettext("客户 %(left)s 多次理赔"), "worker": gettext("服务员 %(left)s 多次涉及理赔"),
        "customer_worker": gettext("客户 %(left)s 与服务员 %(right)s"), "customer_handler": gettext("客户 %(left)s 与经办人 %(right)s"),
        "worker_handler": gettext("服务员 %(left)s 与经办人 %(right)s"),
    }  # fmt: skip
    note = gettext("老客户、同一网点的服务员本来就会多次同时出现，请看各案事实。")
    return kinds[count.kind] % {"left": left, "right": names.get(second, "")}, note


SOURCES = (PatternSource("under", _("接近审批上限的理赔"), under), PatternSource("pairs", _("反复出现的人"), pairs))
