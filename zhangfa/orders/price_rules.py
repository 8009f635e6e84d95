"""What something costs and why: the price in force, its least charge, surcharges with their reason (domain.md 5.2, H17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.money import ZERO, share, yuan
from zhangfa.core.text import _

CLAUSE = "HS-W3"
KEEPERS = ("hs", "ls", "gm")


@dataclass(frozen=True)
class PriceRow:
    """One line of the price list: `region` and `kind` narrow it, empty means everywhere and everybody."""

    id: int
    unit_price: Decimal
    from_on: dt.date
    to_on: dt.date | None = None
    region: int | None = None
    kind: str = ""
    minimum_quantity: Decimal = ZERO
    minimum_amount: Decimal = ZERO

    def holds_on(self, day: dt.date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class Extra:
    """A surcharge as it is added to one order."""

    code: str
    from_on: dt.date
    to_on: dt.date | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None

    def holds_on(self, day: dt.date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class Line:
    """One line of a price: what it is for, by code, with its figures."""

    code: str
    amount: Decimal
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    surcharge: str = ""


@dataclass(frozen=True)
class Quote:
    """A price that was found, with every line that makes it."""

    row: PriceRow
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)


def price_on(rows: Iterable[PriceRow], *, region: int | None, kind: str, day: dt.date) -> PriceRow | None:
    """The line in force for a customer: the region's before the general one, then the kind's, then the newest (HS-W3)."""
    fitting = [row for row in rows if row.holds_on(day) and row.region in (None, region) and row.kind in ("", kind)]
    return max(fitting, key=lambda row: (row.region is not None, row.kind != "", row.from_on, row.id), default=None)


def quote_for(row: PriceRow, quantity: Decimal, extras: Sequence[Extra]) -> Quote:
    """Quantity times price, at least the least charge; shares are taken from that sum, each rounded once (HS-W3)."""
    charged = max(quantity, row.minimum_quantity)
    base = yuan(charged * row.unit_price)
    lines = [Line("minimum_quantity" if charged > quantity else "base", base, charged, row.unit_price)]
    if base < row.minimum_amount:
        lines.append(Line("minimum_amount", row.minimum_amount - base))
        base = row.minimum_amount
    for extra in extras:
        added = share(base, extra.percent) if extra.percent is not None else yuan(extra.amount or ZERO)
        lines.append(Line("surcharge", added, surcharge=extra.code))
    return Quote(row, tuple(lines))


def refuse_quantity(*, quantity: Decimal, row: PriceRow | None) -> Iterator[Refusal]:
    """HS-W3: only what stands on the price list can be ordered."""
    if row is None:
        yield Refusal("price.none", _("这一天这项服务没有价格，请先在价目表中定价。"), {}, CLAUSE, "product", KEEPERS)
    if quantity <= 0:
        yield Refusal("price.quantity", _("数量必须大于零。"), {}, CLAUSE, "quantity")


def refuse_extras(extras: Iterable[Extra], *, day: dt.date) -> Iterator[Refusal]:
    """H17: a surcharge is taken only in the days for which it was published."""
    for extra in extras:
        if not extra.holds_on(day):
            yield Refusal(
                "surcharge.day", _("附加费 %(code)s 在服务当天不适用。"), {"code": extra.code}, CLAUSE, "surcharges"
            )


def refuse_price(
    *, unit_price: Decimal, from_on: dt.date, to_on: dt.date | None, today: dt.date, is_first: bool, is_taken: bool
) -> Iterator[Refusal]:
    """HS-W3: a price is published before it holds; only a new product's first price may begin today."""
    if unit_price <= 0:
        yield Refusal("price.positive", _("单价必须大于零。"), {}, CLAUSE, "unit_price")
    if from_on < today or (from_on == today and not is_first):
        yield Refusal("price.past", _("价格先公布后生效，最早从明天起。"), {}, CLAUSE, "from_on")
    if to_on is not None and to_on < from_on:
        yield Refusal("price.order", _("截止日期不能早于生效日期。"), {}, CLAUSE, "to_on")
    if is_taken:
        yield Refusal("price.taken", _("同一范围在这一天已经有一个价格，请先撤回它。"), {}, CLAUSE, "from_on")


def refuse_withdrawal(*, from_on: dt.date, today: dt.date, is_withdrawn: bool) -> Iterator[Refusal]:
    """HS-W3: what has been in force is history."""
    if is_withdrawn:
        yield Refusal("price.withdrawn", _("这个价格已经撤回。"), {}, CLAUSE)
    elif from_on <= today:
        yield Refusal("price.in_force", _("已经生效的价格不能撤回，请定一个新价格。"), {}, CLAUSE)


def refuse_surcharge(
    *, percent: Decimal | None, amount: Decimal | None, from_on: dt.date, to_on: dt.date | None, today: dt.date, is_taken: bool
) -> Iterator[Refusal]:  # fmt: skip
    """H17: either a share or a sum, announced before it is taken."""
    if (percent is None) == (amount is None):
        yield Refusal("surcharge.one", _("加收比例和加收金额填一项。"), {}, CLAUSE, "percent")
    elif not (percent or amount):
        yield Refusal("surcharge.zero", _("附加费必须大于零。"), {}, CLAUSE, "percent")
    if from_on <= today:
        yield Refusal("surcharge.past", _("附加费先公布后收取，最早从明天起。"), {}, CLAUSE, "from_on")
    if to_on is not None and to_on < from_on:
        yield Refusal("price.order", _("截止日期不能早于生效日期。"), {}, CLAUSE, "to_on")
    if is_taken:
        yield Refusal("surcharge.taken", _("这个代码已经用过。"), {}, CLAUSE, "code")
