"""Care through the programming interface: the pages' lists, forms and transitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ninja import Router

from zhangfa.care import actions, permissions
from zhangfa.care.api import month_table, shapes
from zhangfa.care.models import Visit
from zhangfa.care.web import accounts, alliances, bundles, gifts, plans, promises, visits
from zhangfa.care.web.forms import more
from zhangfa.care.web.forms import plans as plan_forms
from zhangfa.core.text import _
from zhangfa.ui.api import Call
from zhangfa.ui.api.operations import Input, Number, creates, reads, writes
from zhangfa.ui.api.things import by_number, by_paper, doing, finder, making, things

router = Router()
NUMBERED, PAPER = {"id": Number}, dict[str, Any]()
# Noun, address, words for one and for all, list page, record page, steps, shape, joined tables, kind of key.
THINGS: tuple[tuple[Any, ...], ...] = (
    ("month", "care-months", _("一个月的关怀计划"), _("各月关怀计划"), plans.Months, plans.MonthPage, plans.MonthDo, shapes.month, shapes.MonthOut, ("record",), PAPER),
    ("plan", "care-plans", _("一份关怀计划"), _("关怀时间表"), plans.Plans, plans.PlanPage, plans.PlanDo, shapes.plan, shapes.CarePlanOut, ("customer", "order", "month", "manager"), NUMBERED),
    ("visit", "visits", _("一次访问"), _("客户访问"), visits.Visits, visits.VisitPage, visits.VisitDo, shapes.visit, shapes.VisitOut, ("record", "customer", "visitor"), PAPER),
    ("bundle", "visit-bundles", _("一周访问汇总"), _("访问汇总"), bundles.Bundles, bundles.BundlePage, bundles.BundleDo, shapes.bundle, shapes.BundleOut, ("record",), PAPER),
    ("thread", "visit-threads", _("一个访问问题"), _("访问问题处理"), bundles.Threads, bundles.ThreadPage, bundles.ThreadDo, shapes.thread, shapes.VisitThreadOut, ("record", "visit"), PAPER),
    ("gift", "gifts", _("一种礼品"), _("优惠券和礼品"), gifts.Gifts, gifts.GiftPage, None, shapes.gift, shapes.GiftOut, (), NUMBERED),
    ("promise", "promises", _("一项承诺"), _("对客户的承诺"), promises.Promises, promises.PromisePage, promises.PromiseDo, shapes.promise, shapes.PromiseOut, ("customer",), NUMBERED),
    ("recheck", "rechecks", _("一次真实性回访"), _("真实性回访"), promises.Rechecks, promises.RecheckPage, promises.RecheckDo, shapes.recheck, shapes.RecheckOut, ("record",), PAPER),
    ("account", "key-accounts", _("一个大客户"), _("大客户"), accounts.Accounts, accounts.AccountPage, accounts.AccountDo, shapes.account, shapes.AccountOut, ("record", "customer"), PAPER),
    ("feedback", "account-feedback", _("一份反映表"), _("大客户意见建议反映表"), accounts.FeedbackList, accounts.FeedbackPage, accounts.FeedbackDo, shapes.feedback, shapes.FeedbackOut, ("record", "account"), PAPER),
    ("alliance", "alliances", _("一份联盟或二八计划"), _("联盟和二八计划"), alliances.Alliances, alliances.AlliancePage, alliances.AllianceDo, shapes.alliance, shapes.AllianceOut, ("record",), PAPER),
)  # fmt: skip
FIND: dict[str, Callable[[Call], Any]] = {}
for noun, many, one, all_of_them, page, record, steps, show, out, joined, ids in THINGS:
    FIND[noun] = finder(record.model, record.permission, *joined, which=by_number() if ids is NUMBERED else by_paper)
    things(
        router, f"/care/{many}", noun=f"care_{noun}", list_id=f"list_{many.replace('-', '_')}", one=one, many=all_of_them, page=page, find=FIND[noun],
        show=show, out=out, model=record.model if steps else None, forms_of=steps.forms if steps else None, ids=ids,
    )  # fmt: skip


def _prepare(given: Input) -> Visit:
    return actions.prepare(
        given.target.customer, plan=given.target, **given.params, by=given.call.actor, at=given.call.at
    )


creates(
    router, "/care/care-months", id="draw_care_month", summary=_("编制关怀计划"), form=plan_forms.DrawForm, act=making(actions.draw),
    show=shapes.month, out=shapes.MonthOut, permission=permissions.draw_months,
)  # fmt: skip
creates(
    router, "/care/care-plans/{id}/visit", id="leave_for_visit", summary=_("出发前检查"), form=plan_forms.ChecklistForm, find=FIND["plan"],
    act=_prepare, show=shapes.visit, out=shapes.VisitOut, ids=NUMBERED,
)  # fmt: skip
creates(
    router, "/care/visits", id="record_visit", summary=_("登记访问"), form=plan_forms.VisitForm, act=making(actions.record_visit),
    show=shapes.visit, out=shapes.VisitOut, permission=permissions.visit_customers,
)  # fmt: skip
reads(
    router, "/care/visits/{id}/gifts", id="visit_gifts", summary=_("这次访问的礼品"), give=lambda call: shapes.givings(call, FIND["visit"](call)),
    out=shapes.GivingsOut, about="CS-W3.2",
)  # fmt: skip
creates(
    router, "/care/visit-bundles", id="send_visit_bundle", summary=_("送出访问登记表"), form=more.BundleForm, act=making(actions.send_bundle),
    show=shapes.bundle, out=shapes.BundleOut, permission=permissions.send_bundles,
)  # fmt: skip
creates(
    router, "/care/gifts", id="add_gift", summary=_("新增礼品"), form=more.GiftForm, act=making(actions.add_item), show=shapes.gift,
    out=shapes.GiftOut, permission=permissions.keep_gifts,
)  # fmt: skip
writes(
    router, "/care/gifts/{id}/stock", id="stock_gift", summary=_("登记出入库"), form=more.StockForm, find=FIND["gift"], act=doing(actions.stock),
    show=shapes.gift, out=shapes.GiftOut, permission=permissions.keep_gifts, ids=NUMBERED,
)  # fmt: skip
creates(
    router, "/care/promises", id="make_promise", summary=_("登记承诺"), form=more.PromiseForm, act=making(actions.promise), show=shapes.promise,
    out=shapes.PromiseOut, permission=permissions.make_promises,
)  # fmt: skip
creates(
    router, "/care/key-accounts/{id}/feedback", id="give_account_feedback", summary=_("大客户意见建议反映表"), form=more.FeedbackForm,
    find=FIND["account"], act=doing(actions.give_feedback), show=shapes.feedback, out=shapes.FeedbackOut,
)  # fmt: skip
creates(
    router, "/care/alliances", id="plan_alliance", summary=_("制定计划"), form=more.AllianceForm, act=making(actions.plan_alliance),
    show=shapes.alliance, out=shapes.AllianceOut, permission=permissions.keep_alliances,
)  # fmt: skip
month_table.register(router)
