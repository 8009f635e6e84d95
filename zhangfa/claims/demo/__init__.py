"""A year of invented cases: small by the real actions, medium and large by a bulk writer that keeps the same invariants."""

from __future__ import annotations

import datetime as dt


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Write the cases of the year before `at`; returns how many."""
    if scale == "small":
        from zhangfa.claims.demo.play import play

        return play(seed, at)
    from zhangfa.claims.demo.bulk import write

    return write(seed, {"medium": 1_670, "large": 90_600}[scale], at)
