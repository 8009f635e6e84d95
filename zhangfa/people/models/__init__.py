"""What the company keeps of its people: papers, leave with its ledger, training."""

from zhangfa.people.models.certificate import BY_DEPARTMENT, BY_OUTLET, EVERYWHERE, Certificate
from zhangfa.people.models.leave import Leave, MedicalNote
from zhangfa.people.models.ledger import LeaveEntry, Roster, ServiceBasis
from zhangfa.people.models.training import TRAINING_READERS, Learner, Training

__all__ = [
    "BY_DEPARTMENT",
    "BY_OUTLET",
    "EVERYWHERE",
    "TRAINING_READERS",
    "Certificate",
    "Learner",
    "Leave",
    "LeaveEntry",
    "MedicalNote",
    "Roster",
    "ServiceBasis",
    "Training",
]
