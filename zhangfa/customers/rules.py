"""What the customer archive allows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "CS-W2.1"
SENSITIVE = ("phone", "address", "note")
# What is for those who look after customers, beyond those who serve them.
CONFIDENTIAL = ("note", "id_no", "care_needs")


def refuse_customer(
    *, outlet_id: int, own_outlets: Collection[int] | None, known_no: str, is_household: bool, has_phone: bool,
    mentioned_in: str = "", is_other: bool = True,
) -> Iterator[Refusal]:  # fmt: skip
    """A household stands in the archive once, known by its number; an outlet enters its own customers.

    `own_outlets` None means that the person enters for every outlet; `known_no` is the household with the same number,
    `mentioned_in` a file that has it as another number or a contact's: `is_other` says that it was looked at.
    """
    if own_outlets is not None and outlet_id not in own_outlets:
        yield Refusal("customer.outlet", _("只能登记本网点的客户。"), clause=CLAUSE, field="outlet", who=("op", "ops"))
    if is_household and known_no:
        yield Refusal("customer.known", _("这个电话已有档案：%(no)s。"), {"no": known_no}, CLAUSE, "phone")
    elif mentioned_in and not is_other:
        yield Refusal(
            "customer.mentioned",
            _("档案 %(no)s 里有这个电话。确认不是同一客户后，请勾选“已核对”。"),
            {"no": mentioned_in},
            CLAUSE,
            "is_other",
        )
    if not has_phone:
        yield Refusal("customer.phone", _("请填写联系电话。"), clause=CLAUSE, field="phone")


def refuse_closed(*, status: str) -> Iterator[Refusal]:
    """A file that was merged into another or made anonymous is history: it is read and no longer written."""
    if status in ("merged", "erased"):
        yield Refusal("customer.closed", _("这份档案已合并或已匿名，只能查看。"), clause=CLAUSE)


def refuse_use(*, status: str) -> Iterator[Refusal]:
    """What the law only lets us keep is neither changed nor used until the customer wants to be served again (PIPL 47)."""
    yield from refuse_closed(status=status)
    if status == "kept":
        yield Refusal(
            "customer.kept", _("客户已要求删除个人信息，资料依法只作保存。客户要重新接受服务的，先由客服中心经理恢复使用。"), {}, "HS-D10", "customer",
            ("cs", "cc"),
        )  # fmt: skip


def refuse_merge(
    *, is_same: bool, kept_status: str, merged_status: str, is_same_kind: bool, is_held: bool, reason: str
) -> Iterator[Refusal]:
    """Two open files of one kind of customer become one; a file under hold stays as it is."""
    if is_same:
        yield Refusal("merge.same", _("请选择另一份档案。"), clause=CLAUSE, field="merged")
        return
    yield from refuse_use(status=kept_status)
    if merged_status in ("kept", "merged", "erased"):
        yield Refusal("merge.closed", _("要并入的档案已合并、已匿名或依法仅保存。"), clause=CLAUSE, field="merged")
    if not is_same_kind:
        yield Refusal("merge.kind", _("家庭和单位的档案不能合并，请先改成同一类型。"), clause=CLAUSE, field="merged")
    if is_held:
        yield Refusal("merge.held", _("要并入的档案因争议保留，不能合并。"), clause=CLAUSE, field="merged")
    if len(reason.strip()) < 2:
        yield Refusal("merge.reason", _("请写明凭什么认定是同一客户。"), clause=CLAUSE, field="reason")


def refuse_undo(*, is_undone: bool, kept_status: str) -> Iterator[Refusal]:
    """A merging is taken back once, and the last one first."""
    if is_undone:
        yield Refusal("merge.undone", _("这次合并已经撤销。"), clause=CLAUSE)
    elif kept_status == "kept":
        # The other half would come back in use although the customer wanted all of it gone.
        yield from refuse_use(status=kept_status)
    elif kept_status in ("merged", "erased"):
        yield Refusal("merge.later", _("保留的档案后来又合并或匿名了，请先撤销后一次合并。"), clause=CLAUSE)


def refuse_reveal(*, field: str, reads_notes: bool, reason: str) -> Iterator[Refusal]:
    """What is masked is shown to somebody with a reason; the note, the identity number and care only to those who look after customers (domain.md 2.4)."""
    if field in CONFIDENTIAL and not reads_notes:
        yield Refusal("customer.note", _("这项内容只对客户维护人员开放。"), clause=CLAUSE, who=("cs", "cc", "cm"))
    if len(reason.strip()) < 2:
        yield Refusal("customer.reason", _("请写明查看原因。"), clause=CLAUSE, field="reason")
