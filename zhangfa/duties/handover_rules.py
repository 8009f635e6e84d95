"""Who hands over to whom: three different people, each under one list (X-1)."""

from __future__ import annotations

from collections.abc import Iterator

from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _

CLAUSE = "X-1"


def refuse_drawing(*, has_held: bool, is_running: bool) -> Iterator[Refusal]:
    """X-1: a list is about somebody who holds or held the seat, and there is one at a time."""
    if not has_held:
        yield Refusal("handover.held", _("这个人没有在这个席位任职。"), {}, CLAUSE, "leaver")
    if is_running:
        yield Refusal("handover.running", _("这次交接已有一张交接单在办理。"), {}, CLAUSE, "leaver")


def refuse_seats(*, count: int) -> Iterator[Refusal]:
    """X-1: one list is about one seat."""
    if count > 1:
        yield Refusal(
            "handover.seat", _("这个人任 %(count)s 个岗位，请写明交接哪一个。"), {"count": count}, CLAUSE, "seat"
        )


def refuse_successor(*, person: int, leaver: int, superior: int | None) -> Iterator[Refusal]:
    if person == leaver:
        yield Refusal("handover.same", _("接任人不能是移交人本人。"), {}, CLAUSE, "person")
    if person == superior:
        yield Refusal("handover.superior", _("监交人不能同时接任，请先确定其他接任人。"), {}, CLAUSE, "person")


def refuse_signing(*, successor: int | None, superior: int | None) -> Iterator[Refusal]:
    """X-1: nobody signs for a successor who isn't named."""
    if successor is None:
        yield Refusal("handover.nobody", _("还没有接任人，请先确定由谁接任。"), {}, CLAUSE, "", ("hr", "am"))
