"""What the law on personal information asks of the customer archive (domain.md 2.4, HS-D10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "HS-D10"
# Consent to these is about the data, not about a way to reach the customer.
WITHOUT_CHANNEL = ("health", "photos")
# So many numbers stand in a sentence; the page of the request links all.
NAMED = 5


def refuse_consent(
    *, purpose: str, channel: str, is_granted: bool, notice_version: str, evidence: str, stands: bool | None
) -> Iterator[Refusal]:
    """A yes says which notice was read and what shows it; a no is taken as it comes; `stands` is what holds now."""
    if (purpose in WITHOUT_CHANNEL) != (channel == "any"):
        yield Refusal(
            "consent.channel", _("“健康与照护信息”和“上门拍照留存”不分渠道，其他用途请选渠道。"), {}, CLAUSE, "channel"
        )
    if is_granted and not notice_version.strip():
        yield Refusal("consent.notice", _("请写明客户看过的隐私告知版本。"), {}, CLAUSE, "notice_version")
    if is_granted and len(evidence.strip()) < 2:
        yield Refusal("consent.evidence", _("请写明凭据，例如签字的告知书或通话时间。"), {}, CLAUSE, "evidence")
    if is_granted and stands:
        yield Refusal("consent.stands", _("这项同意已经登记，仍然有效。"), {}, CLAUSE)
    if not is_granted and not stands:
        yield Refusal("consent.none", _("没有登记过这项同意，不需要撤回。"), {}, CLAUSE)


def refuse_request(*, identity: str) -> Iterator[Refusal]:
    """Nobody gets another's data: how the person was recognised stands on the paper."""
    if len(identity.strip()) < 2:
        yield Refusal("request.identity", _("请写明怎样核对了客户本人的身份。"), {}, CLAUSE, "identity")


def refuse_answer(*, outcome: str, needs_copy: bool) -> Iterator[Refusal]:
    """An answer says what was done; a copy is given before it is said to be."""
    if len(outcome.strip()) < 2:
        yield Refusal("request.outcome", _("请写明怎样办理、怎样答复了客户。"), {}, CLAUSE, "outcome")
    if needs_copy:
        yield Refusal("request.copy", _("请先导出副本交给客户。"), {}, CLAUSE)


def refuse_erasure(
    *,
    last_on: dt.date | None,
    today: dt.date,
    years: int,
    open_in: Iterable[str],
    is_held: bool,
    is_erased: bool,
    rests_until: dt.date | None = None,
) -> Iterator[Refusal]:
    """What keeps a customer's data: open business, the years after the last transaction, a hold, which always wins (R3)."""
    if is_erased:
        yield Refusal("erasure.done", _("这份档案已经匿名。"), {}, CLAUSE)
    if is_held:
        yield Refusal("erasure.held", _("因争议或主管机关要求保留。"), {}, CLAUSE)
    for name in open_in:
        yield Refusal("erasure.open", _("还有未办结的%(what)s。"), {"what": name}, CLAUSE)
    if rests_until is not None and today < rests_until:
        yield Refusal("erasure.brought", _("资料是新近导入的，%(until)s 前不自动匿名。"), {"until": rests_until.isoformat()}, CLAUSE)  # fmt: skip
    if last_on is not None and today < years_after(last_on, years):
        yield Refusal(
            "erasure.kept", _("交易记录依法保存到 %(until)s（最后一次交易后 %(years)s 年）。"),
            {"until": years_after(last_on, years).isoformat(), "years": years}, CLAUSE,
        )  # fmt: skip


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; 29 February becomes the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)


def refuse_while_planned(numbers: Sequence[str]) -> Iterator[Refusal]:
    """Nobody loses a service they still expect by asking for deletion: what is planned is served or cancelled first (PIPL 47, 13)."""
    if numbers:
        facts = {"n": len(numbers), "numbers": "、".join(numbers[:NAMED])}
        text = _("客户还有 %(n)s 项没开始的服务（%(numbers)s）。请先和客户商定，做完或取消以后再办理删除。")
        yield Refusal("erasure.planned", text, facts, CLAUSE, "", ("cs", "cc", "op"))


def grounds_of(reasons: Iterable[Refusal]) -> list[list[Any]]:
    """What is said once, in the order in which it was found: the same sentence with another day or another name is another ground."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for reason in reasons:
        key = (reason.code, tuple(sorted((name, str(value)) for name, value in reason.params.items())))
        found.setdefault(key, [reason.code, reason.text, dict(reason.params)])
    return list(found.values())


def refuse_hold(*, reason: str, is_held: bool) -> Iterator[Refusal]:
    """A hold says what for."""
    if is_held:
        yield Refusal("hold.stands", _("这份档案已经设了保留。"), {}, CLAUSE)
    if len(reason.strip()) < 2:
        yield Refusal("hold.reason", _("请写明为什么保留。"), {}, CLAUSE, "reason")


def refuse_restoring(*, is_kept: bool, reason: str) -> Iterator[Refusal]:
    """What is used again was only kept before, and the customer has said so themselves."""
    if not is_kept:
        yield Refusal("restore.used", _("这份档案没有限制使用。"), {}, CLAUSE)
    if len(reason.strip()) < 2:
        yield Refusal("restore.reason", _("请写明客户怎样要求重新接受服务。"), {}, CLAUSE, "reason")


def kept_until(grounds: Sequence[Sequence[Any]]) -> str:
    """The day that the law names, `2029-03-02`; empty where business or a dispute has to end first, on a day that nobody knows."""
    days = [str(params["until"]) for _code, _text, params in grounds if "until" in params]
    return max(days) if days and len(days) == len(grounds) else ""
