"""Who plans care, visits, gives, bundles, answers, checks and keeps accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from zhangfa.care.models.alliance import READERS as ALLIANCE_READERS
from zhangfa.care.models.gift import READERS as GIFT_READERS
from zhangfa.care.models.scope import EVERYWHERE
from zhangfa.core.decisions import Refusal
from zhangfa.core.text import _
from zhangfa.organisation.actor import Actor

READERS = (*EVERYWHERE, "hs", "ls", "sup", "oa", "sl")
PLANNERS = ("cs", "cm")
# Each visits in their own name: account managers by plan, specialists after a complaint, departments their customers.
VISITORS = ("cm", "cc", "cs", "hs", "ls", "sup", "oa", "sl")
STOCK_KEEPERS = ("cs", "mk")
CHECKERS = ("hs", "ls", "sup", "cs", "am")
# Money of an account is for those who answer for it; an outlet doesn't see it (domain.md 4.2, outlet notice).
MONEY_POSTS = ("gm", "dgm", "cs", "cm", "mk", "am", "hs", "ls", "sup")
ACCOUNT_OWNERS = ("cm", "sup", "hs", "ls", "cs")
PROMISERS = (*VISITORS, "op", "ops")


def _only(posts: tuple[str, ...], code: str, text: str, clause: str) -> Any:
    def permission(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
        if not (by.is_system or by.holds(*posts)):
            yield Refusal(code, text, {}, clause, "", posts)

    permission.__name__ = code.replace(".", "_")
    return permission


read_care = _only(READERS, "read.care", _("关怀和访问只对服务和管理客户的岗位开放。"), "CS-W3.1")
draw_months = _only(("cs",), "care.draw", _("关怀计划由客服中心经理编制和下达。"), "CS-W3.1")
read_bundles = _only(("gm", "dgm", "am", "cs", "cc", "cm", "mk"), "read.bundles", _("访问汇总只对客服中心、行政部和公司领导开放。"), "CS-W3.3")  # fmt: skip
send_bundles = _only(("cs",), "bundle.send", _("访问登记表由客服中心经理收齐送出。"), "CS-W3.3")
pass_bundles = _only(("am",), "bundle.pass", _("访问意见由行政部经理汇总转交。"), "CS-W3.3")
conclude_bundles = _only(("dgm", "gm"), "bundle.conclude", _("分析结论由分管副总经理作出。"), "CS-W3.3")
read_gifts = _only(GIFT_READERS, "read.gifts", _("礼品库存只对客服中心、部门管理人员和财务开放。"), "CS-W3.2")
keep_gifts = _only(STOCK_KEEPERS, "gift.keep", _("礼品由客服中心经理和营销部管理。"), "CS-W3.2")
visit_customers = _only(VISITORS, "visit.make", _("客户由客户经理、专员和各部门管理人员访问。"), "CS-W3.2")
hold_meetings = _only(("cs",), "thread.meet", _("访问中的问题由客服中心经理召集会议。"), "CS-W3.4")
make_rules = _only(("am",), "thread.rule", _("制度由行政部经理出台。"), "CS-W3.4")
answer_threads = _only(("cs",), "thread.answer", _("制度出台后由客服中心经理答复客户。"), "CS-W3.4")
draw_rechecks = _only(("hs", "ls"), "recheck.draw", _("真实性回访由部门经理抽取。"), "HS-W1.7")
read_accounts = _only(READERS, "read.accounts", _("大客户只对服务和管理客户的岗位开放。"), "CS-W4")
assign_accounts = _only(("cs", "hs", "ls", "dgm"), "account.assign", _("大客户负责人由部门经理指定。"), "CS-W4")
find_accounts = _only(("cs",), "account.find", _("大客户由客服中心经理核算。"), "CS-W4")
publish_accounts = _only(("cs",), "account.publish", _("大客户月报由客服中心经理发布。"), "CS-W4")
read_account_reports = _only(MONEY_POSTS, "read.account_reports", _("大客户月报只对负责人、营销部和公司领导开放。"), "CS-W4")  # fmt: skip
read_promises = _only(READERS, "read.promises", _("承诺登记只对服务和管理客户的岗位开放。"), "CS-W3.2")
make_promises = _only(PROMISERS, "promise.make", _("对客户的承诺由与客户联系的岗位登记。"), "CS-W3.2")
read_alliances = _only(ALLIANCE_READERS, "read.alliances", _("联盟和二八计划只对管理人员开放。"), "CS-D4")
keep_alliances = _only(("cs", "mk"), "alliance.keep", _("联盟和二八计划由客服中心经理和营销部制定。"), "CS-D4")
review_plans = _only(("cs",), "alliance.review", _("联盟计划和二八计划由客服中心经理检查。"), "CS-D4")


def read_rechecks(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Checkers and the executives; whoever wrote the record reads what was found about it."""
    if by.is_system or by.holds(*CHECKERS, "gm", "dgm"):
        return
    if obj is None or not by.is_any_of([obj.concerned_id]):
        yield Refusal("read.rechecks", _("真实性回访只对部门管理人员开放，记录人可以看自己的结果。"), {}, "HS-W1.7", "", CHECKERS)  # fmt: skip


def edit_plans(obj: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The customer's account manager, and the manager of the centre."""
    if not by.holds(*PLANNERS):
        yield Refusal("plan.edit", _("关怀计划由客户经理和客服中心经理办理。"), {}, "CS-W3.1", "", PLANNERS)
    elif obj is not None and not by.holds("cs") and not by.is_any_of([obj.manager_id]):
        name = obj.manager.shown_name
        yield Refusal("plan.own", _("这位客户由%(name)s维护。"), {"name": name}, "CS-W3.1", "", PLANNERS)


def own_visit(visit: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who goes writes: arrival, return and sheet are the visitor's own."""
    if visit is not None and not by.is_any_of([visit.visitor_id]):
        yield Refusal("visit.own", _("这次访问由%(name)s办理。"), {"name": visit.visitor.shown_name}, "CS-W3.2")


def own_account(account: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """The owner, and the manager of the centre."""
    if account is None:
        if not by.holds(*ACCOUNT_OWNERS):
            yield Refusal("account.owner_only", _("大客户由指定的负责人维护。"), {}, "CS-W4", "", ACCOUNT_OWNERS)
    elif not by.is_any_of([account.owner_id]) and not by.holds("cs"):
        yield Refusal("account.own", _("这个大客户由指定的负责人维护。"), {}, "CS-W4", "", ("cs",))


def own_feedback(row: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Whoever was named to answer, the account's owner, and the manager of the centre."""
    if row is not None and not by.is_any_of([row.owner_id, row.account.owner_id]) and not by.holds("cs"):
        yield Refusal("feedback.own", _("意见由责任人或大客户负责人答复。"), {}, "CS-W4", "", ("cs",))


def own_promise(row: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Who has to keep it, or their manager in the centre."""
    if row is not None and not by.is_any_of([row.owner_id]) and not by.holds("cs"):
        yield Refusal("promise.own", _("承诺由责任人办结。"), {}, "CS-W3.2", "", ("cs",))


def check_rechecks(row: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """HS-W1.7: managers of the department, or others, but never who wrote the record."""
    if not by.holds(*CHECKERS):
        yield Refusal("recheck.check", _("真实性由部门经理、主管、客服中心或行政部核查。"), {}, "HS-W1.7", "", CHECKERS)
    elif row is not None and by.is_any_of([row.concerned_id]):
        yield Refusal("recheck.own", _("不能核查自己的记录。"), {}, "HS-W1.7", "", CHECKERS)


def object_recheck(row: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Only the person concerned objects."""
    if row is not None and not by.is_any_of([row.concerned_id]):
        yield Refusal("recheck.object", _("异议由记录人本人提出。"), {}, "HS-W1.7")


def decide_objection(row: Any = None, *, by: Actor, at: dt.datetime) -> Iterator[Refusal]:
    """Administration decides: neither who checked nor who is concerned."""
    if not by.holds("am", "dgm"):
        yield Refusal("recheck.decide", _("异议由行政部经理或分管副总经理复核。"), {}, "HS-W1.7", "", ("am", "dgm"))
    elif row is not None and by.is_any_of([row.checker_id, row.concerned_id]):
        yield Refusal("recheck.second", _("复核要由核查人和记录人以外的人进行。"), {}, "HS-W1.7", "", ("am", "dgm"))
