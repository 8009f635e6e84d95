"""What care keeps: plans and their timetable, visits, gifts, threads, authenticity checks, key accounts, promises, alliances."""

from zhangfa.care.models.account import Decider, Feedback, GroupBuy, GroupMember, KeyAccount
from zhangfa.care.models.alliance import Alliance, AllianceStep, PlanReview
from zhangfa.care.models.gift import GiftItem, Giving, StockMove, amount_of
from zhangfa.care.models.plan import CarePlan, MonthPlan
from zhangfa.care.models.promise import Promise
from zhangfa.care.models.recheck import Recheck
from zhangfa.care.models.thread import Thread
from zhangfa.care.models.visit import Bundle, Visit

__all__ = [
    "Alliance",
    "AllianceStep",
    "Bundle",
    "CarePlan",
    "Decider",
    "Feedback",
    "GiftItem",
    "Giving",
    "GroupBuy",
    "GroupMember",
    "KeyAccount",
    "MonthPlan",
    "PlanReview",
    "Promise",
    "Recheck",
    "StockMove",
    "Thread",
    "Visit",
    "amount_of",
]
