"""The official forms of a case, described in the order of the paper they replace."""

from zhangfa.claims.prints.complaint import complaint
from zhangfa.claims.prints.registration import registration
from zhangfa.claims.prints.settlement import settlement

__all__ = ["complaint", "registration", "settlement"]
