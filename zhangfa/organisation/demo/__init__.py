"""An invented company of the trade, the same for the same seed (domain.md 5.1, 5.7)."""

from zhangfa.organisation.demo.company import ACCOUNTS, PASSWORD, SCALES, Built, build

__all__ = ["ACCOUNTS", "PASSWORD", "SCALES", "Built", "build"]
