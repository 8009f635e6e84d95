"""Every address of the pages × everybody."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.houses import MONDAY, PASSWORD
from tests.permissions.tables import ANONYMOUS, EVERYBODY, clients, compare, outcome, render, undone, unwatched, who
from tests.worlds import World
from zhangfa.core import clock
from zhangfa.ui import menu

pytestmark = pytest.mark.django_db
TABLE, SENT_TABLE = (Path(__file__).with_name(name) for name in ("pages.txt", "pages_sent.txt"))
# What the page of a refusal says where nobody gave it a reason.
UNSAID = "您的岗位没有这项权限"
# Signing in, and a customer's own link, are for everybody; the interface has a table of its own.
OUTSIDE = ("accounts/", "api/v1/", "language/", "s/")
PUBLIC = ("ui:menu-icons", "ui:theme", "duties:feed-file")
QUERIES = {"ui:lookup": "?name=customer", "ui:views": "?list=/cases/"}


# Pages whose permission lets in whoever may read: what is sent there is refused by the action, so it is sent filled in.
SENT: dict[str, dict[str, Any]] = {
    "records:sign": {"result": "agree", "signature_password": PASSWORD},
    "records:refusal": {"reason": "当面表示不愿意签字"},
    "records:comment": {"text": "请尽快"},
    "approvals:step": {"result": "agree", "shown_amount": "1900"},
    "administration:do": {},
    "customers:reveal": {"reason": "客户来电核对"},
    "customers:entry-do": {},
    "customers:request-do": {"outcome": "已核对并答复"},
    "customers:adverse-do": {"ground": "听过录音属实"},
    "customers:handin-do": {"opinion": "齐全"},
    "claims:do": {"claimant": "customer", "methods": "cash", "cash_amount": "900", "fault": "none"},
    "claims:settlement-do": {"amount": "1900"},
    "orders:do": {"worker": "0"},
    "orders:card-do": {"amount": "5000", "method": "cash"},
    "orders:series-do": {"reason": "搬家"},
    "calls:reveal": {"reason": "回拨"},
    "calls:do": {"kind": "enquiry", "content": "问价格", "result": "answered"},
    "imports:do": {},
    "claims:bundle": {},
    "claims:total": {},
    "duties:excuse-do": {},
    "duties:change-do": {},
    "duties:handover-do": {},
    "planning:do": {"title": "新增客户", "standard": "签约", "due_on": "2026-03-31"},
    "planning:year": {},
    "inspections:do": {"person": "1"},
    "inspections:sheet-do": {"text": "判定不对，我讲了"},
    "inspections:problem-do": {"note": "已经培训并复述"},
    "inspections:finding-do": {"text": "同一户型，内容确实相同"},
    "inspections:week": {"proposal": "全公司培训赔付流程"},
    "inspections:fill": {},
    "inspections:patterns": {"key": "claims.under", "text": "看过三件的认定依据"},
    "administration:request-do": {"outcome": "done", "answer": "明细已放在附件"},
    "administration:bulletin-do": {},
    "administration:revision-do": {},
    "administration:file-do": {"result": "全部更换完毕"},
    "tasks:do": {"text": "公示牌已更换，照片已上传"},
    "tasks:problem-do": {"answer": "厂家已来修好"},
    "regulations:do": {},
    "regulations:read": {},
    "regulations:execution": {"words": "全部学习", "trained_count": "1", "done_rate": "100"},
    "meetings:do": {"vote": "yes"},
    "claims:effect-quarter": {},
    "duties:report": {},
    "people:leave-do": {},
    "people:training-do": {},
    "administration:activity-do": {},
    "administration:decision-do": {"from_on": "2026-03-05", "reason": "人手已经够了"},
    "administration:decision-list-do": {},
    "people:leave-decide": {"result": "agree"},
    "people:hours-report": {},
    "care:month-do": {},
    "care:plan-do": {"reason": "客户搬走了"},
    "care:visit-do": {"place": "客户家"},
    "care:bundle-do": {"summary": "意见集中在厨房清洁"},
    "care:thread-do": {"meeting": "厨房清洁问题会", "met_at": "2026-03-02T10:00", "decision": "油烟机上沿列入检查表"},
    "care:promise-do": {"result": "已经兑现"},
    "care:recheck-do": {"mode": "phone", "evidence": "客户确认属实"},
    "care:account-do": {"name": "王一", "title": "科长", "role": "leader", "relation": "3"},
    "care:feedback-do": {"answer": "已排周末班，请客户放心", "reply": "visit"},
    "care:alliance-do": {"text": "发放联名卡", "due_on": "2026-03-10"},
    "care:account-report": {},
    "claims:study-do": {},
    "claims:study-read": {},
}
# Nothing there but what is one's own.
OWN = (
    "organisation:access-session-end",
    "organisation:access-others-end",
    "organisation:access-token-new",
    "organisation:access-token-revoke",
    "ui:theme",
    "ui:views",
    "ui:view-remove",
    "notices:read_all",
    "notices:open",
    "records:copy",
    "records:batch",
    "records:list-new",
    "reports:trial",
    "claims:answer",
    "duties:feed",
)
READING = {
    "everyone",
    "public",
    "read_cases",
    "read_settlements",
    "read_changes",
    "read_customers",
    "read_hand_ins",
    "read_adverse",
    "read_requests",
    "read_exports",
    "read_looks",
    "read_tables",
    "read_duties",
    "read_handovers",
    "read_reports",
    "read_orders",
    "read_revisits",
    "read_cards",
    "read_calls",
    "read_regulations",
    "read_report",
    "read_hours",
    "read_meetings",
    "read_studies",
    "read_tasks",
    "read_bulletins",
    "read_files",
    "read_revisions",
    "read_quality",
    "read_plans",
    "read_checks",
    "read_inspections",
    "read_weeks",
    "read_findings",
    "read_patterns",
    "read_problems",
    "read_leaves",
    "read_training",
    "read_imports",
    "read_care",
    "read_bundles",
    "read_gifts",
    "read_accounts",
    "read_account_reports",
    "read_promises",
    "read_rechecks",
    "read_alliances",
    "read_activities",
    "read_decisions",
    "read_lists",
    "read_list",
    "read_pack",
    "read_data",
    "read_marks",
    "try_figures",
}


def addresses(resolver: URLResolver) -> list[tuple[str, str]]:
    return [(name, route) for name, route, _view in views(resolver)]


def views(resolver: URLResolver, names: tuple[str, ...] = (), route: str = "") -> list[tuple[str, str, Any]]:
    """Name, route and page of every address."""
    found = []
    for pattern in resolver.url_patterns:
        full = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += views(pattern, (*names, *([pattern.namespace] if pattern.namespace else [])), full)
        elif isinstance(pattern, URLPattern) and not full.startswith(OUTSIDE):
            page = getattr(pattern.callback, "view_class", pattern.callback)
            found.append((":".join((*names, str(pattern.name))), full, page))
    return found


def examples(world: World) -> dict[str, dict[str, Any]]:
    """What stands in the addresses, by the part before the first colon or by the whole name."""
    house, pool = world.house, world.pool
    return {
        "ui": {"source": "customers", "pk": 1, "part": "tasks", "stamp": menu.icons()[1]}, "policy": {"key": "claims.manager_max", "clause": "CC-W1.1", "post": "cc"},
        "notices": {"pk": pool["notices"][0]}, "approvals": {"pk": pool["steps"][0]},
        "administration": {"pk": world.change.pk, "name": "withdraw", "key": "claims.specialist_max"},
        "customers": {"pk": house.customer.pk, "field": "phone", "purpose": "care", "channel": "phone", **world.archive}, "customers:contact": {"row": world.archive["contact"]}, "customers:wish-drop": {"row": world.archive["wish"]},
        "customers:merge-undo": {"row": world.archive["merge"]},
        "customers:adverse-record": {"pk": world.archive["adverse"]}, "customers:adverse-do": {"pk": world.archive["adverse"], "name": "confirm"},
        "customers:request": {"pk": world.archive["request"], "name": "fulfil"}, "customers:request-new": {"pk": house.customer.pk},
        "customers:entry": {"pk": world.archive["entry"], "name": "key_in"}, "customers:entry-new": {"pk": house.customer.pk},
        "customers:handin": {"pk": world.archive["hand_in"], "name": "check"}, "orders": {"pk": house.order.pk}, "orders:product": {"pk": house.product.pk}, "orders:price-new": {"pk": house.product.pk},
        "orders:price-withdraw": {"pk": house.price.pk}, "orders:product-crew": {"pk": house.product.pk}, "orders:photos": {"pk": world.sent.pk}, "orders:do": {"pk": world.planned.pk, "name": "assign"},
        "orders:revisit": {"pk": world.revisit.pk}, "orders:one-series": {"pk": world.series.pk}, "orders:card": {"pk": world.card.pk},
        "orders:card-do": {"pk": world.card.pk, "name": "load_card"},
        "orders:series-do": {"pk": world.series.pk, "name": "end_series"}, "orders:contract-pdf": {"pk": world.series.pk}, "people": {"pk": world.certificate.pk}, "people:worker": {"pk": house.people["sw"].pk},
        "administration:revision": {"pk": world.revision.pk}, "administration:revision-do": {"pk": world.revision.pk, "name": "withdraw_revision"},
        "administration:post": {"code": "cm"}, "administration:activity": {"pk": world.activity.pk}, "administration:activity-do": {"pk": world.activity.pk, "name": "withdraw_activity"},
        "administration:decision": {"pk": world.decision.pk}, "administration:decision-do": {"pk": world.decision.pk, "name": "revoke"},
        "administration:decision-list": {"pk": world.decision_list.pk}, "administration:decision-list-do": {"pk": world.decision_list.pk, "name": "note_list"},
        "people:training": {"pk": world.training.pk}, "people:hours-report": {"month": "2026-02"}, "people:training-do": {"pk": world.training.pk, "name": "cancel_training"},
        "people:leave": {"pk": world.leave.pk}, "people:leave-do": {"pk": world.leave.pk, "name": "withdraw"}, "people:leave-decide": {"pk": world.leave.record.steps.get().pk},
        "people:balance-of": {"pk": house.people["oa"].pk}, "people:balance-correct": {"pk": house.people["oa"].pk}, "people:balance-settle": {"pk": house.people["oa"].pk}, "people:service": {"pk": house.people["oa"].pk},
        "duties": {"pk": world.owed.pk, "post": "cc", "month": "2026-02", "token": "nobody-knows", "name": "withdraw"},
        "duties:standing-person": {"pk": house.people["cc"].pk}, "duties:standing-department": {"pk": house.units["service"].pk},
        "duties:duty": {"code": "D-CC-05", "stage": "bundle"}, "duties:duty-edit": {"code": "D-CC-05", "stage": "bundle"},
        "duties:duty-switch": {"code": "D-CC-05", "stage": "bundle"},
        "duties:change": {"pk": world.duty_change.pk}, "duties:change-do": {"pk": world.duty_change.pk, "name": "withdraw_change"},
        "duties:handover": {"pk": world.handover.pk}, "duties:handover-do": {"pk": world.handover.pk, "name": "collect_again"},
        "duties:trend": {"by": "department"},
        "duties:excuse-new": {"pk": world.owed.pk}, "duties:excuse": {"pk": world.excuse.pk}, "duties:excuse-do": {"pk": world.excuse.pk},
        "reports:trial-result": {"pk": world.trial.pk}, "reports": {"month": "2026-02", "unit": "all", "day": "2026-02-23"},
        "reports:quality-week": {"day": "2026-02-23", "unit": house.units["home"].pk},
        "reports:quality-publish": {"day": "2026-02-23", "unit": house.units["home"].pk},
        "calls": {"pk": world.call.pk, "name": "write_up", "kind": "order"},
        "regulations": {"pk": world.rule.pk, "row": world.execution.pk, "name": "ask_repeal", "kind": "meetings.meeting", "source": world.meeting.pk},
        "regulations:do": {"pk": world.draft_rule.pk, "name": "submit"}, "meetings": {"pk": world.meeting.pk, "name": "vote"},
        "claims:effect-quarter": {"quarter": "2026-Q1"}, "claims:study": {"pk": world.lesson.pk}, "claims:study-do": {"pk": world.lesson.pk, "name": "release"},
        "claims:study-read": {"pk": world.lesson.pk}, "claims:study-picture-drop": {"pk": world.lesson.pk, "picture": world.picture.pk},
        "planning": {"pk": world.plan.pk, "name": "add_item", "month": "2026-03", "year": "2026"}, "planning:summary": {"pk": world.summary.pk},
        "inspections": {"pk": world.inspection.pk, "name": "appoint", "day": "2026-03-02", "month": "2026-02"},
        "inspections:sheet": {"pk": world.sheet.pk}, "inspections:sheet-do": {"pk": world.sheet.pk, "name": "object_to"},
        "inspections:problem": {"pk": world.rectification.pk}, "inspections:problem-do": {"pk": world.rectification.pk, "name": "finish_rectifying"},
        "inspections:finding": {"pk": world.finding.pk}, "inspections:finding-do": {"pk": world.finding.pk, "name": "contest"},
        "inspections:person": {"pk": house.people["oa"].pk}, "inspections:remark-drop": {"pk": world.remark.pk},
        "administration:request": {"pk": world.office["dept-requests"].pk}, "administration:request-do": {"pk": world.office["dept-requests"].pk, "name": "reply"},
        "administration:bulletin": {"pk": world.office["bulletins"].pk}, "administration:bulletin-do": {"pk": world.office["bulletins"].pk, "name": "read"},
        "administration:file": {"pk": world.office["company-files"].pk}, "administration:file-do": {"pk": world.office["company-files"].pk, "name": "close_file"},
        "administration:contact": {"pk": world.office["outside"].pk, "name": "close_contact"}, "administration:statutory": {"pk": pool["statutory"][0], "name": "close_statutory"}, "administration:filing-new": {"pk": pool["statutory"][0]},
        "tasks": {"pk": world.task.pk, "name": "report"}, "tasks:problem": {"pk": world.problem.pk}, "tasks:problem-do": {"pk": world.problem.pk, "name": "solve"},
        "imports": {"pk": world.batch.pk, "n": 2, "name": "apply"},
        **{f"care:{noun}": {"pk": key} for noun, key in world.care.items()}, "care:month-do": {"pk": world.care["month"], "name": "issue"},
        "care:plan-do": {"pk": world.care["plan"], "name": "drop"}, "care:plan-visit": {"pk": world.care["plan"]},
        "care:visit-do": {"pk": world.care["visit"], "name": "arrive"}, "care:bundle-do": {"pk": world.care["bundle"], "name": "pass_on"},
        "care:thread-do": {"pk": world.care["thread"], "name": "hold_meeting"}, "care:gift-stock": {"pk": world.care["gift"]},
        "care:promise-do": {"pk": world.care["promise"], "name": "keep"}, "care:recheck-do": {"pk": world.care["recheck"], "name": "confirm_true"},
        "care:account-do": {"pk": world.care["account"], "name": "add_decider"}, "care:feedback-new": {"pk": world.care["account"]},
        "care:feedback-do": {"pk": world.care["feedback"], "name": "answer_feedback"}, "care:alliance-do": {"pk": world.care["alliance"], "name": "add_step"},
        "care:account-report": {"month": "2026-02"},
        "claims": {"pk": world.assessed.pk, "name": "propose", "talk": pool["talks"][0], "day": pool["bundles"][0]},
        "claims:total": {"day": pool["totals"][0]}, "claims:settlement": {"pk": world.settlement.pk}, "claims:f11": {"pk": world.settled.pk},
        "claims:settlement-do": {"pk": world.settlement.pk, "name": "agree"},
        "records": {"pk": world.settled.pk, "role": "handler", "page": 1}, "records:copy": {"pk": pool["copies"][0]},
        "records:file_view": {"pk": pool["attachments"][0]}, "records:file_thumb": {"pk": pool["attachments"][0]},
        "records:file_original": {"pk": pool["attachments"][0]}, "records:file_remove": {"pk": pool["attachments"][0]},
        "organisation:seat-new": {"pk": house.units["east"].pk}, "organisation:unit": {"pk": house.units["east"].pk}, "organisation:seat": {"pk": house.seats["oa"].pk},
        "organisation:hold": {"pk": house.seats["oa"].pk}, "organisation:charge": {"pk": house.units["home"].pk},
        "organisation:holding": {"pk": house.people["oa"].holdings.get().pk}, "organisation:person": {"pk": house.people["oa"].pk},
        "organisation:absence": {"pk": world.absence.pk}, "organisation:user": {"pk": world.users["oa"].pk},
        "organisation:day": {"pk": world.day_off.pk}, "organisation:access": {"pk": 0},
    }  # fmt: skip


def filled(name: str, route: str, known: dict[str, dict[str, Any]]) -> str:
    """The address with examples in it. A new kind of address needs one: add it to `examples`."""
    values = {**known.get(name.partition(":")[0], {}), **known.get(name.partition("-")[0], {}), **known.get(name, {})}

    def value(match: re.Match[str]) -> str:
        assert match[1] in values, f"{name} ({route}) needs an example of <{match[1]}>"
        return str(values[match[1]])

    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", value, route).replace("^", "").replace("$", "")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", value, plain) + QUERIES.get(name, "")


def test_who_may_open_which_page(db):
    with clock.at(MONDAY), unwatched():
        world = World()
        browsers, known = clients(world), examples(world)
        outcomes = {}
        for name, route in addresses(get_resolver()):
            address = filled(name, route, known)
            outcomes[f"{name}: {route}"] = {person: ask(browsers[person], address) for person in EVERYBODY}
    guarded = {name: row for name, row in outcomes.items() if not name.startswith(PUBLIC)}
    assert not who(guarded, "sign-in", [ANONYMOUS])
    assert not [name for name, row in outcomes.items() if "500" in row.values()]
    compare(TABLE, render(outcomes))


def test_who_may_send_what_readers_are_shown(db):
    with clock.at(MONDAY), unwatched():
        world = World()
        browsers, known = clients(world), examples(world)
        routes = dict(addresses(get_resolver()))
        outcomes = {
            f"{name}: {routes[name]}": {
                person: sent(browsers[person], filled(name, routes[name], known), body) for person in EVERYBODY
            }
            for name, body in SENT.items()
        }
    assert not who(outcomes, "sign-in", [ANONYMOUS])
    compare(SENT_TABLE, render(outcomes))


def test_every_form_asks_for_more_than_a_reader_or_is_in_the_table():
    open_forms = {
        name
        for name, _route, view in views(get_resolver())
        if hasattr(view, "post") and view.permission.__name__ in READING
    }
    assert open_forms - set(OWN) == set(SENT)


def sent(browser: Any, address: str, body: dict[str, Any]) -> str:
    """What a filled form comes to: done, or refused in words."""
    answer = undone(lambda: browser.post(address, body))
    return "refused" if answer.status_code == 422 else outcome(answer)


def ask(browser: Any, address: str) -> str:
    """Opening the page; where there is nothing to open, sending an empty form."""
    answer = undone(lambda: browser.get(address))
    if answer.status_code == 403:
        assert UNSAID not in answer.content.decode(), f"{address} says no without a reason"
    return outcome(answer if answer.status_code != 405 else undone(lambda: browser.post(address)))
