"""The papers of administration, one file a kind."""

from zhangfa.administration.models.activities import Activity, ActivityGuest, ActivityLine
from zhangfa.administration.models.bulletins import Bulletin, Reader
from zhangfa.administration.models.changes import READERS, PolicyChange, PolicyChangeQuerySet
from zhangfa.administration.models.decisions import DecisionList, InstantDecision
from zhangfa.administration.models.files import CompanyFile, Filing, OutsideContact, StatutoryDate
from zhangfa.administration.models.requests import DeptRequest
from zhangfa.administration.models.revisions import Description, Revision, RevisionLine, RevisionReader

__all__ = [
    "READERS",
    "Activity",
    "ActivityGuest",
    "ActivityLine",
    "Bulletin",
    "CompanyFile",
    "DecisionList",
    "DeptRequest",
    "Description",
    "Filing",
    "InstantDecision",
    "OutsideContact",
    "PolicyChange",
    "PolicyChangeQuerySet",
    "Reader",
    "Revision",
    "RevisionLine",
    "RevisionReader",
    "StatutoryDate",
]
