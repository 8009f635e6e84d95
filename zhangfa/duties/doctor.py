"""Invariants of the duties that `zhangfa doctor --data` checks."""

from __future__ import annotations

from collections.abc import Iterator

from zhangfa.duties import counting

SHOWN = 20


def data_problems() -> Iterator[str]:
    """The roll-up counts what is there (RPT-03)."""
    for span in counting.wrong()[:SHOWN]:
        yield f"the counts of duties of {span} differ from the duties: run `zhangfa doctor --mend`"
