"""Who decides: pure, over seats and people as plain facts (X-5, domain.md A-41)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "X-5"
OPINION_LENGTH = 5
RESULTS = ("agree", "refuse", "return")
FOUND = ("decides", "delegate", "second")


@dataclass(frozen=True)
class SeatFacts:
    """A seat at one instant: its post, who holds it, who stands in, which seat is above."""

    id: int
    post: str
    holder: int | None
    above: int | None
    is_absent: bool = False
    delegate: int | None = None


@dataclass(frozen=True)
class Link:
    """One seat that was considered: `why` is decides, delegate, vacant, absent, own, own_delegate, same or second."""

    seat: int | None
    post: str
    person: int | None
    why: str

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Resolution:
    """Where a paper goes: a seat with the person in it, the second decider, or nowhere yet."""

    chain: tuple[Link, ...]
    seat: int | None = None
    person: int | None = None
    is_second: bool = False

    @property
    def is_stuck(self) -> bool:
        return self.person is None


def resolve(
    start: int | None,
    seats: Mapping[int, SeatFacts],
    *,
    barred: Set[int],
    asked: Set[int] = frozenset(),
    second_decider: int | None = None,
) -> Resolution:
    """From the seat that the authority names, upward until somebody may decide; never downward.

    A vacant or absent seat goes to its delegate, else to its superior. Persons in `barred` (applicant, handler,
    beneficiary) never decide, nor does a delegate for a principal whose own paper it is. Persons in `asked` had their
    time already. Where only barred people could decide, the company's second decider does; where nobody may, it waits
    at the highest seat that is merely empty or away (X-5).
    """
    chain: list[Link] = []
    seen: set[int] = set()
    at = start
    while at is not None and at in seats and at not in seen:
        seen.add(at)
        seat = seats[at]
        link = _consider(seat, barred, asked)
        chain.append(link)
        if link.why in ("decides", "delegate"):
            return Resolution(tuple(chain), at, link.person)
        at = seat.above
    own = any(link.why in ("own", "own_delegate") for link in chain)
    if own and second_decider is not None and second_decider not in barred:
        chain.append(Link(None, "", second_decider, "second"))
        return Resolution(tuple(chain), None, second_decider, is_second=True)
    waits = [link.seat for link in chain if link.why in ("vacant", "absent", "own_delegate")]
    return Resolution(tuple(chain), waits[-1] if waits else None)


def _consider(seat: SeatFacts, barred: Set[int], asked: Set[int]) -> Link:
    if seat.holder is None:
        return Link(seat.id, seat.post, None, "vacant")
    if seat.holder in barred:
        return Link(seat.id, seat.post, seat.holder, "own")
    if seat.holder in asked:
        return Link(seat.id, seat.post, seat.holder, "same")
    if not seat.is_absent:
        return Link(seat.id, seat.post, seat.holder, "decides")
    if seat.delegate is None or seat.delegate in asked:
        return Link(seat.id, seat.post, seat.holder, "absent")
    if seat.delegate in barred:
        return Link(seat.id, seat.post, seat.delegate, "own_delegate")
    return Link(seat.id, seat.post, seat.delegate, "delegate")


def refuse_decision(
    *,
    decider: int | None,
    principal: int | None,
    involved: Set[int],
    is_in_seat: bool,
    role: str = "",
) -> Iterator[Refusal]:
    """Nobody decides their own: not from a second post, not after moving into the seat, not for an absent principal (X-5)."""
    if decider is None:
        yield Refusal("approvals.person", _("审批须由在任人员本人作出。"), clause=CLAUSE)
    elif decider in involved:
        yield Refusal("approvals.own", _("本人是申请人、经办人或受益人，不能审批这份表单。"), clause=CLAUSE)
    elif principal is not None and principal in involved:
        yield Refusal(
            "approvals.own_principal",
            _("您代理的人是申请人、经办人或受益人，这份表单须由其上级审批。"),
            clause=CLAUSE,
        )
    elif not is_in_seat:
        who = (role,) if role else ()
        yield Refusal("approvals.seat", _("这份表单现在由别的岗位审批。"), clause=CLAUSE, who=who)


def refuse_result(
    *, state: str, result: str, opinion: str, amount: Decimal | None, asked_amount: Decimal | None
) -> Iterator[Refusal]:
    """A decision is made once, on the amount that was shown, and a no says why (X-5, domain.md 4.0 SGN)."""
    if state != "waiting":
        yield Refusal(
            "approvals.decided",
            _("这一步已经有了结果，不能再次审批。请刷新页面查看。"),
            clause=CLAUSE,
        )
        return
    if result not in RESULTS:
        yield Refusal("approvals.result", _("请选择同意、不同意或退回。"), clause=CLAUSE, field="result")
    elif result != "agree" and len(opinion) < OPINION_LENGTH:
        yield Refusal(
            "approvals.opinion", _("不同意或退回时，请写明意见（至少%(count)s个字）。"), {"count": OPINION_LENGTH},
            CLAUSE, "opinion",
        )  # fmt: skip
    if amount is not None and amount != asked_amount:
        yield Refusal("approvals.amount", _("金额在您查看之后已经变更，请按新的金额审批。"), clause=CLAUSE)
