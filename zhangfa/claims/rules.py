"""What the handbook decides about a case: pure comparisons, each with its clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.core import clock
from zhangfa.core.decisions import Refusal
from zhangfa.core.money import ZERO, yuan
from zhangfa.core.text import _

HUNDRED = Decimal(100)
OUTLET, SPECIALIST = "outlet", "specialist"
# Who may stand behind a survey as the second person (CC-D7).
CONFIRMING_POSTS = ("oa", "sl", "sup", "hs", "ls", "cc", "cs")
PROPERTY, INJURY, THIRD_PARTY = "property", "worker_injury", "third_party"


@dataclass(frozen=True)
class Limits:
    """The figures of authority as they stand on the day the paper is handed in (policies.md, Limits of authority)."""

    outlet_max_estimate: Decimal
    outlet_settles_below: Decimal
    specialist_max: Decimal
    manager_max: Decimal
    two_person_amount: Decimal
    two_quotes_above: Decimal
    review_from: Decimal


@dataclass(frozen=True)
class Sums:
    """What decides the authority over one settlement: its own amount, its event's total, its customer's total; CNY.

    `case` is what the case comes to with this settlement, to be held against what the company owes of the loss.
    """

    own: Decimal
    event: Decimal
    customer: Decimal
    case: Decimal = ZERO

    @property
    def basis(self) -> Decimal:
        """The largest of the three (policies.md, Sums; domain.md A-42)."""
        return max(self.own, self.event, self.customer)

    @property
    def reason(self) -> str:
        if self.basis == self.own:
            return "own"
        return "event" if self.basis == self.event else "customer"


@dataclass(frozen=True)
class Authority:
    """Who decides: post code, the figure that decided, the comparison as a code with its numbers; `upper` where the band
    has a second bound, `passed` where an outlet's own limit is reached before."""

    post: str
    clause: str
    key: str
    comparison: str
    basis: Decimal
    limit: Decimal
    upper: Decimal | None = None
    passed: Decimal | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Every figure that was compared."""
        first = () if self.passed is None else ("claims.outlet_settles_below",)
        return (*first, self.key, *(() if self.upper is None else ("claims.manager_max",)))


def route_for(estimate: Decimal, limits: Limits) -> Authority:
    """CC-W1.1: below the outlet's limit the outlet handles the accident; at the limit or above the specialist goes."""
    limit = limits.outlet_max_estimate
    if yuan(estimate) < limit:
        return Authority("oa", "CC-W1.1", "claims.outlet_max_estimate", "below", estimate, limit)
    return Authority("cc", "CC-W1.1", "claims.outlet_max_estimate", "reaches", estimate, limit)


def authority_for(sums: Sums, *, handled_by: str, limits: Limits, has_tie: bool = False) -> Authority:
    """CC-W1.5: who decides a settlement. A handler with a tie to the customer (CC-W1.6) leaves it to the manager."""
    basis, own, top, outlet = sums.basis, limits.specialist_max, limits.manager_max, limits.outlet_settles_below
    if handled_by == OUTLET and basis < outlet and not has_tie:
        return Authority("oa", "CC-W1.5", "claims.outlet_settles_below", "below", basis, outlet)
    passed = outlet if handled_by == OUTLET and basis >= outlet else None
    if basis > top:
        return Authority("dgm", "CC-W1.5", "claims.manager_max", "exceeds", basis, top, passed=passed)
    if basis > own:
        return Authority("cs", "CC-W1.5", "claims.specialist_max", "exceeds", basis, own, top, passed)
    if has_tie:
        return Authority("cs", "CC-W1.6", "claims.specialist_max", "tie", basis, own, passed=passed)
    return Authority("cc", "CC-W1.5", "claims.specialist_max", "within", basis, own, passed=passed)


def is_above(post: str, other: str) -> bool:
    """CC-W1.5: whether one authority over settlements stands above another."""
    ladder = ("oa", "cc", "cs", "dgm")
    return ladder.index(post) > ladder.index(other)


def needs_review(*, handled_by: str, amount: Decimal, limits: Limits) -> bool:
    """CC-W1.5: an outlet's own settlement from the specialist's lower figure is shown to the specialist for review."""
    return handled_by == OUTLET and limits.review_from <= amount < limits.outlet_settles_below


@dataclass(frozen=True)
class Shares:
    """The split of responsibility in percent, one decimal each."""

    company: Decimal
    worker: Decimal
    customer: Decimal
    third_party: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.company + self.worker + self.customer + self.third_party


def refuse_shares(shares: Shares, *, guarantee: str) -> Iterator[Refusal]:
    """CC-W1.4: the shares add up to 100 %; CC-W1.2: a worker's injury is never the customer's affair."""
    if shares.total != HUNDRED:
        text = _("责任比例合计为 %(total)s%%，必须等于 100%%。")
        yield Refusal("shares.total", text, {"total": str(shares.total)}, "CC-W1.4", "company_pct")
    if guarantee == INJURY and shares.customer > 0:
        yield Refusal("shares.injury", _("服务员受伤与客户无关，客户责任必须为 0。"), {}, "CC-W1.2", "customer_pct")


def payable(loss: Decimal, shares: Shares) -> Decimal:
    """CC-W1.2: what the company owes of an assessed loss: all but the shares of customer and third party. CNY, half-up once."""
    return yuan(loss * (HUNDRED - shares.customer - shares.third_party) / HUNDRED)


def payer_for(guarantee: str, contract_model: str, *, to_intermediary: bool = True) -> str:
    """CC-W1.2, domain.md A-44: the company pays under each promise; with an intermediary contract only where it promised.

    `to_intermediary`: whether the promises stand on such contracts; without them the contract says who pays.
    """
    if not contract_model.startswith("intermediary"):
        return "company"
    return "company_promise" if to_intermediary else "contract"


def item_loss(
    *, market_price: Decimal, count: int, depreciation_pct: Decimal, repair_price: Decimal | None, is_total: bool
) -> Decimal:
    """CC-W1.4: market price less depreciation for what is lost; never more than that for a repair. CNY, half-up once."""
    value = yuan(market_price * count * (HUNDRED - depreciation_pct) / HUNDRED)
    if is_total or repair_price is None:
        return value
    return min(value, yuan(repair_price))


@dataclass(frozen=True)
class Photos:
    """What the survey shows: how many pictures of the object and of the scene."""

    objects: int
    scenes: int
    others: int


def refuse_survey(photos: Photos, *, guarantee: str, impossible_reason: str, confirmed_by_second: bool, statements: Mapping[str, str]) -> Iterator[Refusal]:  # fmt: skip
    """CC-W1.3: no survey is done without pictures (or a reason that a second person confirms) and both accounts."""
    if guarantee == PROPERTY:
        missing = not (photos.objects and photos.scenes)
        text = _("财物损失须有被损物照片和现场照片各至少一张；确实无法拍摄的，请写明原因。")
    else:
        missing = not (photos.objects + photos.scenes + photos.others)
        text = _("须有现场或证据照片至少一张；确实无法拍摄的，请写明原因。")
    if missing and not impossible_reason:
        yield Refusal("survey.photos", text, {}, "CC-W1.3", "no_photo_reason")
    if missing and impossible_reason and not confirmed_by_second:
        yield Refusal(
            "survey.photo_reason", _("无法拍照的原因须由另一人确认后才能完成勘察。"), {}, "CC-W1.3", "no_photo_reason"
        )
    for side, statement in statements.items():
        if not statement.strip():
            text = _("请记录服务员的陈述。") if side == "worker" else _("请记录客户的陈述。")
            yield Refusal(f"survey.{side}_statement", text, {}, "CC-W1.3", f"{side}_statement")


def refuse_prices(quotes: Sequence[Decimal], *, loss: Decimal, limits: Limits) -> Iterator[Refusal]:
    """CC-W1.4: a market price has a source; above the figure two sources."""
    if not quotes:
        yield Refusal("price.none", _("请至少记录一处市场价格及其来源。"), {}, "CC-W1.4")
    elif loss > limits.two_quotes_above and len(quotes) < 2:
        text = _("认定损失超过 %(limit)s 元，须有两处价格来源。")
        yield Refusal("price.two", text, {"limit": str(limits.two_quotes_above)}, "CC-W1.4")


@dataclass(frozen=True)
class Proposal:
    """A settlement as handed in: how it is paid and on what ground it departs from the assessed loss. CNY."""

    cash: Decimal
    in_kind: Decimal
    payable: Decimal
    over_ground: str
    has_tie: bool
    tie_note: str

    @property
    def total(self) -> Decimal:
        return yuan(self.cash + self.in_kind)


def refuse_proposal(
    proposal: Proposal, *, handled_by: str, sums: Sums, limits: Limits, is_survey_confirmed: bool
) -> Iterator[Refusal]:
    """CC-W1.5, CC-W1.6, CC-D7: what must stand before a settlement is handed in."""
    if proposal.total < ZERO:
        yield Refusal("settlement.negative", _("理赔金额不能为负数。"), {}, "CC-W1.5", "cash_amount")
    total = max(proposal.total, sums.case)
    if total > proposal.payable and len(proposal.over_ground.strip()) < 5:
        text = _("理赔总额 %(total)s 元高于公司应承担的 %(payable)s 元，请写明理由（不少于 5 个字）。")
        if total > proposal.total:
            text = _(
                "连同本案已有的方案共 %(total)s 元，高于公司应承担的 %(payable)s 元，请写明理由（不少于 5 个字）。"
            )
        params = {"total": str(total), "payable": str(proposal.payable)}
        yield Refusal("settlement.over", text, params, "CC-W1.6", "over_ground")
    if proposal.has_tie and not proposal.tie_note.strip():
        yield Refusal("settlement.tie", _("声明有利益关系时，请说明是什么关系。"), {}, "CC-W1.6", "tie_note")
    if handled_by == OUTLET and sums.basis >= limits.outlet_settles_below:
        yield Refusal(
            "settlement.hand_over", _("合计 %(basis)s 元已达到 %(limit)s 元，网点不能自行处理，请移交投诉与客户维护专员。"),
            {"basis": str(sums.basis), "limit": str(limits.outlet_settles_below)}, "CC-W1.5", "cash_amount", ("cc",),
        )  # fmt: skip
    if sums.basis > limits.two_person_amount and not is_survey_confirmed:
        yield Refusal(
            "settlement.two_person", _("合计 %(basis)s 元超过 %(limit)s 元，勘察结果须先由另一人确认。"),
            {"basis": str(sums.basis), "limit": str(limits.two_person_amount)}, "CC-D7", "", CONFIRMING_POSTS,
        )  # fmt: skip


def refuse_recourse(*, amount: Decimal, fault: str, total: Decimal) -> Iterator[Refusal]:
    """Civil Code 1191, domain.md F11: money is asked back from a worker only for intent or gross negligence, up to what was paid."""
    if amount > 0 and fault not in ("intent", "gross_negligence"):
        text = _("只有故意或重大过失才能向服务员追偿（《民法典》第 1191 条）。")
        yield Refusal("recourse.fault", text, {}, "CC-W1.6", "recourse_amount")
    if amount > total:
        text = _("追偿金额不能超过理赔总额 %(total)s 元。")
        yield Refusal("recourse.total", text, {"total": str(total)}, "CC-W1.6", "recourse_amount")


def refuse_satisfaction(*, score: int, entered_by: int | None, handler: int | None) -> Iterator[Refusal]:
    """CC-W1.6, domain.md A-23: the handler never enters the score."""
    if entered_by is not None and entered_by == handler:
        text = _("满意度不能由经办人录入，请由客户通过链接填写或由他人回访录入。")
        yield Refusal("satisfaction.handler", text, {}, "CC-W1.6", "score", ("op", "cs"))
    if not 1 <= score <= 5:
        yield Refusal("satisfaction.range", _("满意度为 1 到 5 分。"), {}, "CC-W1.6", "score")


def refuse_closing(
    *, score: int | None, minimum: int, is_manager: bool, reason: str, attempts: int, is_paid: bool
) -> Iterator[Refusal]:
    """CC-W1.6: closing needs a paid settlement and a satisfied customer; below the figure only the manager, with reason, after two attempts."""
    if not is_paid:
        yield Refusal("closing.payment", _("理赔款尚未支付，不能结案。"), {}, "CC-W1.6", "", ("fin",))
    if score is None:
        yield Refusal("closing.score", _("尚无客户满意度，不能结案。"), {}, "CC-W1.6", "", ("op", "cs"))
    elif score < minimum:
        if not is_manager:
            yield Refusal(
                "closing.manager", _("客户满意度 %(score)s 分，低于 %(minimum)s 分，只能由客服中心经理说明理由后结案。"),
                {"score": score, "minimum": minimum}, "CC-W1.6", "", ("cs",),
            )  # fmt: skip
        elif attempts < 2:
            yield Refusal(
                "closing.attempts",
                _("客户不满意的案件须经两次处理后才能结案，目前为 %(attempts)s 次。"),
                {"attempts": attempts},
                "CC-W1.6",
            )
        elif len(reason.strip()) < 5:
            yield Refusal(
                "closing.reason", _("请写明低满意度结案的理由（不少于 5 个字）。"), {}, "CC-W1.6", "low_score_reason"
            )


def insurer_must_know(*, guarantee: str, estimate: Decimal, limits: Limits) -> bool:
    """CC-W1.3, domain.md A-37: the insurer is told when anyone is hurt, a third party is harmed, or the loss leaves the outlet's hand."""
    return guarantee != PROPERTY or estimate >= limits.outlet_max_estimate


def registration_due(*, arrived_at: dt.datetime, hours: Decimal, returned_at: dt.datetime | None = None) -> dt.datetime:
    """CC-W1.3: due some hours after the return, at the latest when the day ends; who arrives late in the evening has those hours still."""
    span = dt.timedelta(hours=float(hours))
    latest = clock.day_end(arrived_at + span)
    return min(returned_at + span, latest) if returned_at else latest
