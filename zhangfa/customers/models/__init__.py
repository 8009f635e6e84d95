"""Tables of the customer archive."""

from zhangfa.customers.models.adverse import AdverseRecord
from zhangfa.customers.models.consent import Consent
from zhangfa.customers.models.customer import BY_DEPARTMENT, BY_OUTLET, EVERYWHERE, Customer
from zhangfa.customers.models.entry import ArchiveEntry, HandIn, Learnt
from zhangfa.customers.models.merge import Merge
from zhangfa.customers.models.profile import Contact, Place, Profile, WorkerWish
from zhangfa.customers.models.request import PersonalRequest
from zhangfa.customers.models.segment import ClassChange, CustomerClass, in_class

__all__ = [
    "BY_DEPARTMENT",
    "BY_OUTLET",
    "EVERYWHERE",
    "AdverseRecord",
    "ArchiveEntry",
    "ClassChange",
    "Consent",
    "Contact",
    "Customer",
    "CustomerClass",
    "HandIn",
    "Learnt",
    "Merge",
    "PersonalRequest",
    "Place",
    "Profile",
    "WorkerWish",
    "in_class",
]
