"""The demo company's figures: the preset as it stands, in force before its year begins."""

from __future__ import annotations

import datetime as dt

from zhangfa.organisation.models import User
from zhangfa.policy.actions import install_preset
from zhangfa.policy.rules import SECOND_DECIDER_KEY

YEAR = dt.timedelta(days=366)


def build(*, seed: int, scale: str, at: dt.datetime) -> None:
    """Install the sample figures, the same for every seed and scale; the deputy GM is the second decider."""
    deputy = User.objects.get(username="dgm").person_id
    install_preset(at=at - YEAR, own={SECOND_DECIDER_KEY: str(deputy)})
