"""The demo company's figures: the preset as it stands, in force before its year begins."""

from __future__ import annotations

import datetime as dt

from zhangfa.policy.actions import install_preset

YEAR = dt.timedelta(days=366)


def build(*, seed: int, scale: str, at: dt.datetime) -> None:
    """Install the sample figures; they are the same for every seed and scale."""
    install_preset(at=at - YEAR)
