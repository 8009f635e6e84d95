"""What care lends to the house: menu, statuses, notices, decisions, panels, the worker's instruction, clauses served."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as lazy

from zhangfa.approvals import registry as approvals
from zhangfa.calls import registry as calls
from zhangfa.care import chain, forms_of_record, keeping, permissions, plausible, queries
from zhangfa.care.actions import gifts, visits
from zhangfa.care.actions.accounts import MINIMUM
from zhangfa.care.actions.rechecks import SAMPLE
from zhangfa.care.actions.threads import ANSWER_DAYS, MEETING_DAYS, RULE_DAYS
from zhangfa.care.models import CarePlan, GroupMember, KeyAccount, Promise
from zhangfa.care.web import accounts, alliances, bundles, leaving, plans, promises
from zhangfa.care.web import visits as visit_pages
from zhangfa.core.text import _
from zhangfa.core.transitions import sink
from zhangfa.customers import registry as archive
from zhangfa.inspections import registry as inspections
from zhangfa.meetings import registry as meetings
from zhangfa.notices import registry as notices
from zhangfa.orders import registry as orders
from zhangfa.policy import registry as policy
from zhangfa.regulations import registry as regulations
from zhangfa.ui import menu
from zhangfa.ui import registry as shell
from zhangfa.ui.registry import Part, Status

NOTICES = {
    "care.issued": _("%(month)s 的关怀计划已下达，请摸底并确定访问日和推介产品。"), "care.handed_over": _("一位客户改由您关怀，计划访问日 %(day)s。"),
    "care.started": _("时间表上客户的订单 %(number)s 已开始服务，请在 %(minutes)s 分钟内到达。"), "care.raised": _("访问中发现问题 %(number)s，请在 %(day)s 前召集会议。"),
    "care.met": _("访问问题 %(number)s 已开会，请次日出台制度。"), "care.ruled": _("访问问题 %(number)s 的制度已出台，请次日答复客户。"),
    "care.promised": _("一项对客户的承诺由您兑现，期限 %(day)s。"), "care.promise_due": _("一项对客户的承诺到 %(day)s 还没有兑现。"),
    "care.gift_given": _("超额赠送已批准，已从库存发出。"), "care.gift_refused": _("超额赠送没有获批。"),
    "care.rechecked": _("您的一条记录经核查有出入（%(number)s），可以提出异议。"), "care.recheck_decided": _("异议 %(number)s 已有复核意见。"),
    "care.account_found": _("客户 %(number)s 达到大客户标准，请指定负责人。"), "care.account_assigned": _("大客户 %(number)s 由您负责，请每月走访。"),
    "care.account_dropped": _("大客户 %(number)s 连续两个季度未达标，已退出。"), "care.feedback": _("一条大客户意见由您答复，期限 %(day)s。"), "care.feedback_again": _("大客户 %(number)s 对答复还不认可，请重新答复。"),
}  # fmt: skip
READS = (
    visits.ARRIVAL, visits.HOURS, gifts.LIMIT, MINIMUM, SAMPLE, MEETING_DAYS, RULE_DAYS, ANSWER_DAYS, "visit.bundle", "visit.bundle_admin", "visit.conclusion",
    "visit.per_week", "key_account.visit", "customers.top_share", "customers.loyal_orders", "customers.loyal_satisfaction",
)  # fmt: skip
SERVES: tuple[tuple[str, str, list[tuple[str, str]]], ...] = (
    ("CS-W3.1", policy.WORKS, [("care:plans", _("关怀时间表")), ("care:months", _("各月关怀计划"))]),
    ("CS-W3.2", policy.WORKS, [("care:visits", _("客户访问")), ("care:gifts", _("优惠券和礼品")), ("care:promises", _("对客户的承诺"))]),
    ("CS-W3.3", policy.WORKS, [("care:bundles", _("访问汇总"))]), ("CS-W3.4", policy.WORKS, [("care:threads", _("访问问题处理"))]),
    ("CS-W4", policy.WORKS, [("care:accounts", _("大客户")), ("care:feedback-list", _("意见建议反映表")), ("care:account-reports", _("大客户月报"))]),
    ("CS-W2.2", policy.PARTIAL, [("care:plans", _("关怀时间表"))]), ("CS-D4", policy.WORKS, [("care:alliances", _("联盟和二八计划")), ("care:reviews", _("季度检查"))]),
    ("CC-D8", policy.WORKS, [("care:visits", _("客户访问"))]), ("HS-D6", policy.WORKS, [("care:visits", _("客户访问"))]),
    ("HS-W1.7", policy.WORKS, [("care:rechecks", _("真实性回访"))]),
)  # fmt: skip


def register() -> None:
    """Fill every registry; called once at start-up."""
    leaving.offer_customers()
    archive.keepers["care"] = keeping.KEEPER
    forms_of_record.register()
    for code, sentence in NOTICES.items():
        notices.text(code, sentence)
    approvals.kind(
        gifts.KIND, _("超额赠送"), decided=gifts.decided, lock=lambda step: visits.Visit.objects.lock(step.record_id)
    )
    policy.reads(*READS)
    for clause, status, pages in SERVES:
        policy.serves(clause, status, pages)
    # After orders wrote theirs, before duties: what begins on the timetable is owed in the same transaction.
    sink(45, "care", visits.follow_orders)
    sink(46, "care.chain", chain.follow)
    regulations.source(chain.SOURCE, lazy("访问中的问题"), chain.find, record_of=UUID)
    meetings.origin(chain.SOURCE, UUID, chain.words)
    orders.job_notes.set(queries.care_notes)
    calls.caller_notes.set(queries.caller_notes)
    for source in plausible.SOURCES:
        inspections.look_at(source)
    inspections.measures["care"] = plausible.measures
    _menu()
    _statuses()
    shell.todo.add("care", queries.todo, label=lazy("客户维护"), order=18, url="care:plans", below="care")
    shell.lookups.add("gifts", queries.GIFTS)
    shell.panels.add(
        "customers.customer", Part("care", lazy("关怀与访问"), queries.of_customer, permission=permissions.read_care)
    )
    # Seen without a click by whoever answers next; the page of a call has them beside the caller's name.
    for label in ("customers.customer", "orders.order", "calls.call", "claims.case"):
        part = Part("promises", lazy("对客户的承诺"), queries.promises_of, label != "calls.call", _reads_promises)
        shell.panels.add(label, part)
    archive.moves("care.careplan.customer", archive.pointer(CarePlan, "customer", once_per="month"))
    archive.moves("care.keyaccount.customer", _one_only(KeyAccount))
    archive.moves("care.groupmember.customer", _one_only(GroupMember))


def _reads_promises(obj: Any = None, *, by: Any, at: Any) -> Any:
    return permissions.read_promises(by=by, at=at)


def _one_only(model: Any) -> archive.Mover:
    """A customer has one such row at most: where the kept file has its own, the other's stays where it is."""
    plain = archive.pointer(model, "customer")

    def out(old: Any, new: Any) -> Any:
        return [] if model.objects.filter(customer=new).exists() else plain.out(old, new)

    return archive.Mover(out, plain.back)


def _menu() -> None:
    entries = (
        ("care-plans", lazy("关怀时间表"), "care:plans", "heart-handshake", permissions.read_care, 30),
        ("visits", lazy("客户访问"), "care:visits", "home-heart", permissions.read_care, 31),
        ("visit-threads", lazy("访问问题处理"), "care:threads", "message-report", permissions.read_care, 32),
        ("visit-bundles", lazy("访问汇总"), "care:bundles", "mailbox", permissions.read_bundles, 33),
        ("promises", lazy("对客户的承诺"), "care:promises", "circle-check", permissions.read_promises, 34),
        ("accounts", lazy("大客户"), "care:accounts", "building-skyscraper", permissions.read_accounts, 35),
        ("rechecks", lazy("真实性回访"), "care:rechecks", "user-search", permissions.read_rechecks, 36),
        ("gifts", lazy("优惠券和礼品"), "care:gifts", "gift", permissions.read_gifts, 37),
        ("alliances", lazy("联盟和二八计划"), "care:alliances", "affiliate", permissions.read_alliances, 38),
    )
    for key, label, url, icon, permission, order in entries:
        menu.register(key, label, url, icon=icon, permission=permission, order=order, group="customers")


def _statuses() -> None:
    shell.statuses.add("care.monthplan.status", plans.MONTH_STATUSES)
    shell.statuses.add("care.careplan.status", dict.fromkeys(CarePlan.Status.values, plans.plan_status))
    shell.statuses.add("care.visit.status", visit_pages.STATUSES)
    shell.statuses.add("care.bundle.status", bundles.STATUSES)
    shell.statuses.add("care.thread.status", bundles.THREADS)
    shell.statuses.add("care.promise.status", dict.fromkeys(Promise.Status.values, promises.promise_status))
    shell.statuses.add("care.recheck.status", promises.RECHECKS)
    shell.statuses.add("care.keyaccount.status", accounts.STATUSES)
    shell.statuses.add("care.feedback.status", accounts.FEEDBACK)
    shell.statuses.add("care.alliance.status", alliances.STATUSES)
    shell.statuses.add("care.giving.status", {"given": Status(lazy("已赠送"), "green"), "waiting": Status(lazy("待批准"), "amber"), "refused": Status(lazy("未批准")), "back": Status(lazy("已收回"))})  # fmt: skip
