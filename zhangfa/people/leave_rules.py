"""Leave reckoned in half days: what counts, what is counted together, what stands in the way (AM-W4.1, domain.md A-05, E16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "AM-W4.1"
MORNING, AFTERNOON = "am", "pm"
LONGEST_DAYS, FURTHEST_DAYS, LATEST_DAYS = 366, 400, 30
REASON_LENGTH = 2
# E16: full years of work and the days they give, most first; months of sick leave that use them up.
ANNUAL_TIERS = ((20, 15, 4), (10, 10, 3), (1, 5, 2))
MONTH_DAYS = 30
# E17: years of work in all and with the company, the months of the medical period, and within how many months they are counted.
MEDICAL = (
    (10, 20, 24, 30),
    (10, 15, 18, 24),
    (10, 10, 12, 18),
    (10, 5, 9, 15),
    (10, 0, 6, 12),
    (0, 5, 6, 12),
    (0, 0, 3, 6),
)
# E18: the share of the local minimum wage that sick pay never goes below.
SICK_PAY_FLOOR = Decimal("0.8")
CARRY, PAY, WAIVE = "carry", "pay", "waive"

IsWorking = Callable[[dt.date], bool]


def slot_of(day: dt.date, half: str) -> int:
    """Half days in one row: the morning of a day is even, its afternoon odd."""
    return day.toordinal() * 2 + (1 if half == AFTERNOON else 0)


def day_of(slot: int) -> tuple[dt.date, str]:
    return dt.date.fromordinal(slot // 2), AFTERNOON if slot % 2 else MORNING


@dataclass(frozen=True)
class Taken:
    """One leave in half days, both ends included; `counted` are those among them that count."""

    first: int
    last: int
    counted: int = 0
    number: str = ""

    def overlaps(self, other: Taken) -> bool:
        return self.first <= other.last and other.first <= self.last


def counted_by_year(first: int, last: int, is_working: IsWorking) -> dict[int, int]:
    """Half days that count, by calendar year; holidays and days off between don't."""
    found: dict[int, int] = {}
    day, end = dt.date.fromordinal(first // 2), dt.date.fromordinal(last // 2)
    while day <= end:
        if is_working(day):
            halves = 2 - (day.toordinal() * 2 < first) - (day.toordinal() * 2 + 1 > last)
            found[day.year] = found.get(day.year, 0) + halves
        day += dt.timedelta(days=1)
    return found


def counted(first: int, last: int, is_working: IsWorking) -> int:
    return sum(counted_by_year(first, last, is_working).values())


def counted_together(this: Taken, others: Iterable[Taken], *, window: int, is_working: IsWorking) -> list[Taken]:
    """The other leaves of the kind that count with this one, so that a split doesn't dodge the limit (A-05).

    Those that begin fewer than `window` days after this one's last day or end fewer than that before its first, and
    whatever continues one of them with no working time between.
    """
    left, found = sorted(others, key=lambda one: one.first), []
    near = [one for one in left if _gap(this, one) < window]
    while near:
        found += near
        left = [one for one in left if one not in near]
        near = [one for one in left if any(_is_continued(one, other, is_working) for other in (this, *found))]
    return sorted(found, key=lambda one: one.first)


def _gap(this: Taken, other: Taken) -> int:
    """Calendar days from the end of the earlier leave to the beginning of the later one."""
    return max(other.first // 2 - this.last // 2, this.first // 2 - other.last // 2, 0)


def _is_continued(one: Taken, other: Taken, is_working: IsWorking) -> bool:
    early, late = sorted((one, other), key=lambda taken: taken.first)
    if late.first // 2 - early.last // 2 > MONTH_DAYS:
        return False
    return early.last + 1 >= late.first or not counted(early.last + 1, late.first - 1, is_working)


@dataclass(frozen=True)
class Asked:
    """A request as it is handed in. `limit` and `balance` are half days, None where there is none."""

    first: int
    last: int
    counted: int
    counts_half_days: bool
    today: dt.date
    reason: str
    others: Sequence[Taken] = ()
    limit: int | None = None
    balance: int | None = None
    joined_on: dt.date | None = None
    left_on: dt.date | None = None
    is_in_force: bool = True
    foreign_options: bool = False


def refuse_leave(asked: Asked) -> Iterator[Refusal]:
    """What stands in the way of handing a leave in (AM-W4.1)."""
    begins, ends = dt.date.fromordinal(asked.first // 2), dt.date.fromordinal(asked.last // 2)
    if len(asked.reason.strip()) < REASON_LENGTH:
        yield _no("reason", _("请写明请假事由。"), "reason")
    if asked.last < asked.first:
        yield _no("order", _("结束不能早于开始。"), "to_on")
        return
    if (ends - begins).days >= LONGEST_DAYS:
        yield _no("long", _("一次请假不能超过 %(days)s 天。"), "to_on", days=LONGEST_DAYS)
        return
    if (begins - asked.today).days > FURTHEST_DAYS:
        yield _no("far", _("请假最多提前 %(days)s 天。"), "from_on", days=FURTHEST_DAYS)
    if (asked.today - begins).days > LATEST_DAYS:
        yield _no("late", _("补假最晚在开始后 %(days)s 天内提交。"), "from_on", days=LATEST_DAYS)
    if not asked.is_in_force:
        yield _no("kind", _("这种假在这一天还没有生效，或者已经停用。"), "kind")
    if asked.foreign_options:
        yield _no("options", _("所选的情形不属于这种假。"), "options")
    if not asked.counted:
        yield _no("none", _("这段时间没有工作日，不用请假。"), "to_on")
    if not asked.counts_half_days and (asked.first % 2 or not asked.last % 2):
        yield _no("halves", _("这种假按日历天计算，从上午开始、到下午结束。"), "starts")
    if (asked.joined_on and begins < asked.joined_on) or (asked.left_on and ends > asked.left_on):
        yield _no("employed", _("请假要在在职期间之内。"), "from_on")
    clash = next((one for one in asked.others if one.overlaps(Taken(asked.first, asked.last))), None)
    if clash is not None:
        yield _no("overlap", _("这段时间与请假单 %(number)s 重叠。"), "from_on", number=clash.number)
    yield from refuse_days(asked.counted, limit=asked.limit, balance=asked.balance)


def refuse_days(counted: int, *, limit: int | None, balance: int | None) -> Iterator[Refusal]:
    """No more than the law or the company gives, and no more than is left of the year's balance."""
    if limit is not None and counted > limit:
        yield _no(
            "limit",
            _("这种假最多 %(limit)s 天，现在是 %(days)s 天。"),
            "to_on",
            limit=in_days(limit),
            days=in_days(counted),
        )
    if balance is not None and counted > balance:
        yield _no("balance", _("余额还有 %(balance)s 天，不够 %(days)s 天。"), "to_on", balance=in_days(max(balance, 0)), days=in_days(counted))  # fmt: skip


def refuse_return(*, slot: int, first: int, last: int, today: dt.date, is_working: IsWorking) -> Iterator[Refusal]:
    """Somebody is back from the leave's first half day on, at the latest right after its end; longer is a new request."""
    if slot < first:
        yield _no("return_early", _("还没有开始休假；不休了请用“取消请假”。"), "returned_on")
    # Days off after the leave's end belong to nobody: coming back on the next working half day is no delay.
    if slot > last + 1 and counted(last + 1, slot - 1, is_working):
        yield _no("return_late", _("超过批准的时间才返岗：多出的部分请先补办请假单。"), "returned_on")
    if dt.date.fromordinal(slot // 2) > today:
        yield _no("return_future", _("返岗日期不能晚于今天。"), "returned_on")


def refuse_denial(*, is_right: bool, is_certified: bool, reaches_gm: bool) -> Iterator[Refusal]:
    """What the law gives isn't refused; a certified sickness at the GM's level is noted, not weighed (A-05, A-58)."""
    if is_right:
        yield _no("right", _("这是法定假，不能不同意；资料不全的可以退回补正。"), "result")
    elif is_certified and reaches_gm:
        yield _no("certified", _("有医院证明的病假由您知悉备案，不能不同意；证明不符的可以退回。"), "result")


def refuse_note(*, unfit_from: dt.date, unfit_to: dt.date, today: dt.date, files: int) -> Iterator[Refusal]:
    """A certificate has its days and its picture."""
    if unfit_to < unfit_from:
        yield _no("note_order", _("证明的结束日期不能早于开始日期。"), "unfit_to")
    if unfit_from > today:
        yield _no("note_future", _("证明的开始日期不能晚于今天。"), "unfit_from")
    if not files:
        yield _no("note_file", _("请上传医院证明的照片或文件。"), "files")


def refuse_correction(*, halves: int, reason: str, is_own: bool) -> Iterator[Refusal]:
    """A balance is corrected by somebody else, by half days, with a reason that is kept."""
    if is_own:
        yield _no("correct_own", _("自己的假期余额由他人更正。"), "")
    if not halves:
        yield _no("correct_zero", _("请填写要加或减的天数，以 0.5 天为单位。"), "days")
    if len(reason.strip()) < 5:
        yield _no("correct_reason", _("请写明更正的理由（不少于 5 个字）。"), "reason")


def annual_days(
    *, joined_on: dt.date | None, prior_months: int, is_continuous: bool, year: int, today: dt.date, left_on: dt.date | None = None,
    sick_days: int = 0,
) -> int:  # fmt: skip
    """Days of annual leave of a calendar year by cumulative service; the first year's and a leaver's part, fractions dropped (E16).

    `prior_months` were worked for other employers; `is_continuous` says that twelve months in a row lie behind already.
    """
    if joined_on is None:
        return 0
    eligible = joined_on if is_continuous else _months_later(joined_on, 12)
    last = dt.date(year, 12, 31)
    reckoned = min(max(today, dt.date(year, 1, 1)), last)
    served = prior_months + _months_between(joined_on, max(reckoned, eligible))
    tier = next(((days, months) for years, days, months in ANNUAL_TIERS if served >= years * 12), None)
    if tier is None or eligible > last or (left_on and left_on < eligible):
        return 0
    days, forfeits = tier
    if sick_days >= forfeits * MONTH_DAYS:
        return 0
    begins, ends = max(eligible, dt.date(year, 1, 1)), min(left_on or last, last)
    if ends < begins:
        return 0
    whole = begins == dt.date(year, 1, 1) and ends == last
    return days if whole else ((ends - begins).days + 1) * days // 365


def medical_period(*, joined_on: dt.date | None, prior_months: int, today: dt.date) -> tuple[int, int]:
    """The months of the medical period by service, and within how many months they are counted; no dismissal inside it (E17)."""
    own = _months_between(joined_on, today) if joined_on else 0
    total = own + prior_months
    return next(
        (months, window) for in_all, company, months, window in MEDICAL if total >= in_all * 12 and own >= company * 12
    )


def months_before(day: dt.date, months: int) -> dt.date:
    return _months_later(day, -months)


def days_within(spans: Iterable[tuple[int, int]], first: dt.date, last: dt.date) -> Decimal:
    """Calendar days, halves included, of spans of half days that lie between two days."""
    low, high = slot_of(first, MORNING), slot_of(last, AFTERNOON)
    return Decimal(sum(max(min(end, high) - max(start, low) + 1, 0) for start, end in spans)) / 2


def sick_pay_floor(minimum_wage: Decimal) -> Decimal:
    """What a month of sick pay is at least (E18)."""
    return (minimum_wage * SICK_PAY_FLOOR).quantize(Decimal("0.01"))


def refuse_settlement(
    *, halves: int, left: int, year: int, this_year: int, how: str, carried_in: int, is_service: bool, reason: str, is_own: bool
) -> Iterator[Refusal]:  # fmt: skip
    """E16: what is left of a year that is over is carried on once, paid, or given up in writing; nothing lapses in silence."""
    if is_own:
        yield _no("correct_own", _("自己的假期余额由他人更正。"), "")
    if year >= this_year:
        yield _no("settle_running", _("这一年还没有结束，不能结清。"), "year")
    if not is_service and how != WAIVE:
        yield _no("settle_grant", _("按人登记的额度当年有效，不结转，也不折算工资。"), "how")
    if halves <= 0:
        yield _no("correct_zero", _("请填写要加或减的天数，以 0.5 天为单位。"), "days")
    elif halves > left:
        yield _no("balance", _("余额还有 %(balance)s 天，不够 %(days)s 天。"), "days", balance=in_days(max(left, 0)), days=in_days(halves))  # fmt: skip
    elif how == CARRY and year + 1 < this_year:
        yield _no("settle_late", _("年休假只能结转到下一年，那一年已经过去。"), "how")
    elif how == CARRY and carried_in and halves > left - carried_in:
        yield _no("settle_twice", _("结转来的 %(days)s 天不能再结转。"), "how", days=in_days(carried_in))
    if len(reason.strip()) < 5:
        yield _no("settle_reason", _("请写明依据，例如本人书面意见（不少于 5 个字）。"), "reason")


def accrued(halves: int, *, year: int, today: dt.date) -> Decimal:
    """The part of a year's days that has been earned by today, in days with one decimal."""
    passed = (min(today, dt.date(year, 12, 31)) - dt.date(year - 1, 12, 31)).days
    return (Decimal(halves) / 2 * max(passed, 0) / 365).quantize(Decimal("0.1"))


def _months_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return dt.date(year, month + 1, day.day)
    except ValueError:
        return dt.date(year, month + 1, 28) + dt.timedelta(days=1)


def _months_between(first: dt.date, last: dt.date) -> int:
    return max((last.year - first.year) * 12 + last.month - first.month - (last.day < first.day), 0)


def in_days(halves: int) -> str:
    """Half days as people write them: 2, 2.5."""
    return f"{Decimal(halves) / 2:.1f}".removesuffix(".0")


def _no(code: str, text: str, field: str, **params: object) -> Refusal:
    return Refusal(f"leave.{code}", text, params, CLAUSE, field)
