"""What activities and instant decisions lend to the house: decisions, forms, notices, menu, statuses."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as lazy

from zhangfa.administration import activity, permissions
from zhangfa.administration.actions import activities as acts
from zhangfa.administration.actions import decisions
from zhangfa.administration.models import Activity, DecisionList, InstantDecision
from zhangfa.administration.web import activities as pages
from zhangfa.administration.web import decisions as decision_pages
from zhangfa.approvals.registry import kind
from zhangfa.core.text import _
from zhangfa.duties import registry as duties
from zhangfa.notices.registry import text
from zhangfa.organisation.actor import Actor
from zhangfa.policy import registry as policy
from zhangfa.records.models import Record
from zhangfa.records.registry import Form, forms
from zhangfa.ui import menu, registry


def register() -> None:
    """Fill every registry; called once at start-up."""
    policy.reads(*activity.READS)
    policy.serves("AM-W4.2", policy.WORKS, [("administration:activities", _("公司活动"))])
    policy.serves("AM-D7", policy.WORKS, [("administration:activities", _("公司活动"))])
    policy.serves(
        "AM-W4.3",
        policy.WORKS,
        [("administration:decisions", _("即时决定")), ("administration:decision-lists", _("周清单"))],
    )
    about = {"lock": acts.lock_activity, "summary": activity.step_summary, "why": activity.step_why}
    kind(acts.KIND, _("公司活动"), decided=acts.follow_activity, **about)
    kind(acts.AGAIN, _("活动超支"), decided=acts.follow_overspend, **about)
    forms.add(
        Form(
            acts.FORM,
            _("活动请示单"),
            visible=_sees(Activity),
            content=_content,
            build=_print("activity_form"),
            may_write=_may_write,
        )
    )
    duties.offer_models({acts.FORM: Activity, decisions.FORM: InstantDecision, decisions.LIST: DecisionList})
    forms.add(Form(decisions.FORM, _("即时处理决定"), visible=_sees(InstantDecision), build=_print("decision_form")))
    forms.add(
        Form(decisions.LIST, _("即时决定周清单"), visible=_sees(DecisionList), build=_print("decision_list_form"))
    )
    text("administration.instant_decided", _("即时决定 %(number)s 已生效，与您有关，请查看。"))
    text("administration.instant_revoked", _("即时决定 %(number)s 从 %(day)s 起由总经理撤销。"))
    text("administration.decisions_sent", _("即时决定周清单 %(number)s 共 %(count)s 项，请阅。"))
    registry.statuses.add("administration.activity.status", pages.STATUSES)
    registry.statuses.add("administration.instantdecision.status", decision_pages.STATUSES)
    registry.statuses.add("administration.decisionlist.status", decision_pages.LIST_STATUSES)
    registry.todo.add(
        "activities",
        activity.to_pay,
        label=lazy("活动付款"),
        order=24,
        url="/activities/?status=settled",
        below="plans",
    )
    text("administration.activity_to_pay", _("活动请示单 %(number)s 已结算，请付款。"))
    text("administration.activity_paid", _("活动请示单 %(number)s 已由财务部付款。"))
    registry.search.add("activities", activity.search, label=lazy("公司活动"), order=75)
    menu.register(
        "activities", lazy("公司活动"), "administration:activities", icon="confetti", permission=permissions.read_activities, order=40,
        group="governance",
    )  # fmt: skip
    menu.register(
        "decisions", lazy("即时决定"), "administration:decisions", icon="gavel", permission=permissions.read_decisions, order=42, group="governance",
    )  # fmt: skip


def _sees(model: Any) -> Any:
    """Whoever sees the domain row sees its paper."""

    def visible(actor: Actor, record: Record) -> bool:
        return bool(model.objects.visible_to(actor).filter(pk=record.pk).exists())

    return visible


def _may_write(actor: Actor, record: Record) -> bool:
    row = Activity.objects.filter(pk=record.pk).first()
    return row is not None and (actor.is_any_of([row.proposed_by_id]) or actor.holds("am"))


def _content(record: Record) -> dict[str, Any]:
    """The declared fields of the paper, as a signature would cover them."""
    row = Activity.objects.get(pk=record.pk)
    names = ("title", "theme", "purpose", "begins_on", "ends_on", "people", "amount")
    return {name: getattr(row, name) for name in names}


def _print(name: str) -> Any:
    """The print's builder, found when a print is asked for."""

    def build(record: Any, **kwargs: Any) -> Any:
        from zhangfa.administration import affair_prints

        return getattr(affair_prints, name)(record, **kwargs)

    return build
