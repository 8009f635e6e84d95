"""The official forms of a case, described in the order of the paper they replace."""

from zhangfa.claims.prints.analysis import analysis
from zhangfa.claims.prints.complaint import complaint
from zhangfa.claims.prints.learning import effect, study
from zhangfa.claims.prints.registration import registration
from zhangfa.claims.prints.settlement import settlement
from zhangfa.claims.prints.tables import bundle, totals
from zhangfa.claims.prints.visit import visit_sheet

__all__ = ["analysis", "bundle", "complaint", "effect", "registration", "settlement", "study", "totals", "visit_sheet"]
