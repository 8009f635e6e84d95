"""Pages of activities: the list, one with its budget and costs, proposing, and the steps."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.administration import actions, activity
from zhangfa.administration.activity_rules import CLAUSE, allowed
from zhangfa.administration.models import Activity, ActivityLine
from zhangfa.administration.permissions import propose_activity, read_activities
from zhangfa.administration.web.activity_forms import ACTIVITY_FORMS, ActivityForm
from zhangfa.approvals.queries import steps_shown, waiting_for, who_has
from zhangfa.core.money import ZERO
from zhangfa.policy import queries as policy
from zhangfa.policy import wording
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.display import money
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Explanation, Link
from zhangfa.ui.words import join

S = Activity.Status
STATUSES = {
    S.PROPOSED.value: Status(S.PROPOSED.label, "blue"), S.RETURNED.value: Status(S.RETURNED.label, "amber"),
    S.APPROVED.value: Status(S.APPROVED.label, "green"), S.OVERSPENT.value: Status(S.OVERSPENT.label, "amber"),
    S.SETTLED.value: Status(S.SETTLED.label, "blue"), S.PAID.value: Status(S.PAID.label, "green"), S.REFUSED.value: Status(S.REFUSED.label, "red"),
    S.WITHDRAWN.value: Status(S.WITHDRAWN.label, "grey"), S.CANCELLED.value: Status(S.CANCELLED.label, "grey"),
}  # fmt: skip


class Activities(ListPage):
    """What the company does together, and what it costs."""

    model, permission, title, nav = Activity, read_activities, _("公司活动"), "activities"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("title", _("活动名称"), phone="title", wide=True),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("begins_on", _("开始日期"), kind="date"),
        Column("amount", _("预算"), kind="money"),
        Column("total", _("同一活动合计"), kind="money"),
        Column("approved_amount", _("批准金额"), kind="money", optional=True),
        Column("actual_amount", _("实际金额"), kind="money"),
        Column("proposed_by.shown_name", _("提交人"), optional=True),
    ]
    sorts = {"new": (_("最新"), "-pk"), "begins": (_("最晚开始"), "-begins_on", "-pk")}
    select_related = ["record", "proposed_by"]
    links = [Link("administration:activity-new", _("提交活动方案"), icon="plus", permission=propose_activity)]
    empty = Empty(_("没有活动"), _("从“提交活动方案”开始，填写时就看得到由谁批准。"), "confetti")


def costs_part(page: Any, row: Activity) -> tuple[str, dict[str, Any]]:
    lines = list(row.lines.order_by("pk"))
    budget = [line for line in lines if line.kind == ActivityLine.Kind.BUDGET]
    costs = [line for line in lines if line.kind == ActivityLine.Kind.COST]
    return "administration/parts/costs.html", {
        "budget": budget, "costs": costs, "spent": sum((line.amount for line in costs), ZERO), "activity": row,
        "allowed": allowed(row.approved_amount, activity.share_of(row), activity.ceiling_of(row)) if row.approved_amount is not None else None,
    }  # fmt: skip


def guests_part(page: Any, row: Activity) -> tuple[str, dict[str, Any]]:
    return "administration/parts/guests.html", {"guests": row.guests.select_related("person").order_by("person__no")}


def _payment(row: Activity, page: Any) -> str:
    """What was paid, by whom, against which voucher."""
    payment = getattr(row.record, "payment", None)
    if payment is None:
        return ""
    facts = {
        "amount": money(payment.amount),
        "payee": payment.payee,
        "voucher": payment.voucher_no,
        "by": payment.paid_by.shown_name,
    }
    return gettext("%(amount)s，付给%(payee)s，凭证 %(voucher)s，%(by)s付款") % facts


class ActivityPage(RecordPage):
    """One activity: what for, who decides, budget against cost, who came."""

    model, permission, nav = Activity, read_activities, "activities"
    do_url, template_name = "administration:activity-do", "administration/activity.html"
    select_related = ["record__unit", "record__payment__paid_by", "proposed_by", "settled_by", "unit"]
    facts = [
        Column("theme", _("所属活动（主题）")),
        Column("begins_on", _("开始日期"), kind="date"),
        Column("ends_on", _("结束日期"), kind="date"),
        Column("place", _("地点")),
        Column("people", _("参加人数"), kind="number"),
        Column("amount", _("预算"), kind="money"),
        Column("total", _("同一活动合计"), kind="money"),
        Column("approved_amount", _("批准金额"), kind="money"),
        Column("actual_amount", _("实际金额"), kind="money"),
        Column("proposed_by.shown_name", _("提交人")),
        Column("proposed_at", _("提交时间"), kind="when"),
        Column("settled_by.shown_name", _("结算人")),
        Column("payment", _("付款"), value=_payment),
        Column("purpose", _("目的"), wide=True),
        Column("overspend_reason", _("超支原因"), wide=True),
        Column("summary", _("活动总结"), wide=True),
    ]
    parts = [
        Part("costs", _("预算和支出"), costs_part, open=True),
        Part("guests", _("到场的人"), guests_part),
        *records_parts("files", "comments", "trail"),
    ]

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.title

    def next_step(self) -> Any:
        return {
            S.PROPOSED: _("等待批准"), S.RETURNED: _("按意见修改后重新提交"), S.APPROVED: _("按批准的金额办，结束后登记到场的人并结算"),
            S.OVERSPENT: _("等待超支审批"), S.SETTLED: _("财务部付款") if self.object.actual_amount else "",
        }.get(self.object.status, "")  # fmt: skip

    def holder(self) -> Any:
        if self.object.status in (S.RETURNED, S.APPROVED):
            return self.object.proposed_by.shown_name if self.object.proposed_by else ""
        if self.object.status == S.SETTLED:
            return gettext("财务部") if self.object.actual_amount else ""
        return join(p.shown_name for step in waiting_for(self.object.record_id) for p in who_has(step, self.at))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**steps_shown(self.object.record_id, self.actor), **kwargs)


def typed_value(form: Any, name: str) -> Any:
    """What is typed in one field so far, None where it can't be read."""
    field = form.fields[name]
    if not form.is_bound:
        return None
    try:
        return field.clean(field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)))
    except ValidationError:
        return None


def explain_activity(form: Any, at: Any, but: Activity | None = None) -> Explanation:
    """Who will approve it as typed so far: the same rule as `zhangfa explain activity` (AM-W4.2)."""
    lines, theme = typed_value(form, "lines"), typed_value(form, "theme")
    if not lines:
        return Explanation(gettext("填写预算后，这里显示由谁批准"), CLAUSE)
    own = sum((amount for _label, amount in lines), ZERO)
    parts = activity.parts_for(theme or "", at, but=but)
    answer = activity.authority_of(own, own + parts.total, at)
    facts = {"why": {"zh": answer.why.zh, "en": answer.why.en}, "parts": list(parts.numbers)}
    language = "en" if (get_language() or "").startswith("en") else "zh"
    values = []
    for key in (*answer.policy, activity.AGGREGATE):
        figure = policy.figure(key, at)
        since = gettext("第 %(version)s 版，%(day)s 起") % {
            "version": figure.version,
            "day": figure.effective_from.isoformat(),
        }
        values.append((wording.title(policy.definition_of(key)), policy.in_words(figure, language), since))
    lines_said = (gettext("预算合计 %(sum)s。") % {"sum": money(own)}, *activity.why_of(facts))
    return Explanation(wording.post_name(answer.authority), answer.clause, lines_said, tuple(values))


class ActivityNew(CreatePage):
    permission, title, form_class, nav = propose_activity, _("提交活动方案"), ActivityForm, "activities"

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("administration:activities")

    def act(self, form: Any) -> Activity:
        return actions.propose_one(**form.params(), by=self.actor, at=self.at)

    def explain(self, form: Any) -> Explanation:
        return explain_activity(form, self.at)


class ActivityDo(TransitionPage):
    """Withdraw, mend, commit, note who came, settle, ask anew."""

    record_page, nav, forms = ActivityPage, "activities", ACTIVITY_FORMS

    def get_initial(self) -> dict[str, Any]:
        row = self.subject()
        if self.transition.name == "settle_activity":
            return {"actual_amount": activity.spent_on(row) or row.approved_amount}
        if self.transition.name == "pay_activity":
            return {"amount": row.actual_amount, "payee": row.proposed_by.shown_name if row.proposed_by else ""}
        if self.transition.name != "propose_activity_again":
            return {}
        names = ("title", "theme", "purpose", "begins_on", "ends_on", "place", "people")
        budget = row.lines.filter(kind=ActivityLine.Kind.BUDGET).order_by("pk")
        return {
            **{name: getattr(row, name) for name in names},
            "lines": "\n".join(f"{line.label} {line.amount}" for line in budget),
        }

    def explain(self, form: Any) -> Explanation | None:
        return (
            explain_activity(form, self.at, self.subject())
            if self.transition.name == "propose_activity_again"
            else None
        )
