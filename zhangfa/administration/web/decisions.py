"""Pages of instant decisions and of their weekly lists."""

from __future__ import annotations

from typing import Any

import django_filters as df
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.administration import actions
from zhangfa.administration.models import DecisionList, InstantDecision
from zhangfa.administration.permissions import decide_instantly, read_decisions, read_lists
from zhangfa.administration.web.activity_forms import InstantForm, ListForm, NoteForm, RevokeForm
from zhangfa.records.models import Concern
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Explanation, Link
from zhangfa.ui.words import join

STATUSES = {"in_force": Status(_("已生效"), "green"), "revoked": Status(_("已撤销"), "grey")}
LIST_STATUSES = {"sent": Status(_("已报总经理"), "blue"), "noted": Status(_("总经理已阅"), "green")}


class InstantFilter(FilterSet):
    matter = df.ChoiceFilter(label=_("事项"), choices=InstantDecision.Matter.choices, empty_label=_("全部"))


class Decisions(ListPage):
    """What was decided at once in the company's name."""

    model, permission, title, nav = InstantDecision, read_decisions, _("即时决定"), "decisions"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("decision", _("决定"), phone="title", wide=True),
        Column("get_matter_display", _("事项")),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("decided_at", _("生效时间"), kind="when"),
        Column("responsible.shown_name", _("负责的领导")),
        Column("ground", _("依据"), optional=True),
        Column("amount", _("费用"), kind="money", optional=True),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    filterset_class = InstantFilter
    select_related = ["record", "responsible"]
    links = [
        Link("administration:decision-new", _("作出即时决定"), icon="gavel", permission=decide_instantly),
        Link("administration:decision-lists", _("周清单"), icon="list", permission=read_lists, is_primary=False),
    ]
    empty = Empty(
        _("没有即时决定"), _("抽调、纠纷、办公采购等须立即处理的事，从“即时决定”开始。"), "gavel", decide_instantly, _("与您有关的即时决定会出现在这里。")
    )  # fmt: skip


class DecisionPage(RecordPage):
    """One decision: ground, effect, who is responsible, whom it concerns."""

    model, permission, nav = InstantDecision, read_decisions, "decisions"
    do_url, template_name = "administration:decision-do", "administration/decision.html"
    select_related = ["record__unit", "responsible", "decided_by", "unit", "other_unit", "on_list__record"]
    facts = [
        Column("get_matter_display", _("事项")),
        Column("decided_at", _("生效时间"), kind="when"),
        Column("decided_by.shown_name", _("决定人")),
        Column("responsible.shown_name", _("负责的领导")),
        Column("unit.shown_name", _("部门")),
        Column("other_unit.shown_name", _("另一部门")),
        Column("amount", _("费用"), kind="money"),
        Column("due_on", _("办理时限"), kind="date"),
        Column("ground", _("依据"), wide=True),
        Column("facts", _("事由"), wide=True),
        Column("decision", _("决定"), wide=True),
        Column("effect", _("效果"), wide=True),
        Column("people", _("告知哪些人"), wide=True, value=lambda row, page: concerned_in(row)),
        Column("revoked_from", _("从哪天起撤销"), kind="date"),
        Column("revoke_reason", _("撤销理由"), wide=True),
    ]
    parts = [*records_parts("files", "comments", "trail")]

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return self.object.get_matter_display()


def concerned_in(row: InstantDecision) -> str:
    people = Concern.objects.filter(record_id=row.pk, role="concerned").select_related("person").order_by("person__no")
    return join(one.person.shown_name for one in people[:200])


class DecisionNew(CreatePage):
    permission, title, form_class, nav = decide_instantly, _("作出即时决定"), InstantForm, "decisions"
    help = _("决定一提交就以公司名义生效，有关的人和总经理立即得到通知。")
    submit_label = _("决定并生效")

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("administration:decisions")

    def act(self, form: Any) -> Any:
        return actions.decide_at_once(**form.params(), by=self.actor, at=self.at)


class DecisionDo(TransitionPage):
    record_page, nav = DecisionPage, "decisions"
    forms = {"revoke": RevokeForm}

    def explain(self, form: Any) -> Explanation | None:
        return None


def rows_part(page: Any, row: DecisionList) -> tuple[str, dict[str, Any]]:
    rows = row.decisions.select_related("record", "responsible").order_by("pk")
    return "administration/parts/decided.html", {"rows": rows}


class DecisionLists(ListPage):
    """The weekly lists."""

    model, permission, title, nav = DecisionList, read_lists, _("即时决定周清单"), "decisions"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("week_on", _("一周起始日"), kind="date", phone="title"),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("sent_at", _("报送时间"), kind="when"),
        Column("noted_at", _("阅知时间"), kind="when"),
    ]
    sorts = {"new": (_("最新"), "-pk")}
    select_related = ["record"]
    is_searchable = False
    links = [Link("administration:decision-list-new", _("报总经理"), icon="send", permission=decide_instantly)]
    empty = Empty(_("还没有周清单"), _("每周从“报总经理”报送，没有决定的也报。"), "list")


class DecisionListPage(RecordPage):
    model, permission, nav = DecisionList, read_lists, "decisions"
    do_url, template_name = "administration:decision-list-do", "administration/decision.html"
    select_related = ["record__unit", "sent_by"]
    facts = [
        Column("week_on", _("一周起始日"), kind="date"),
        Column("until", _("周日"), kind="date"),
        Column("sent_by.shown_name", _("报送人")),
        Column("sent_at", _("报送时间"), kind="when"),
        Column("noted_at", _("阅知时间"), kind="when"),
        Column("opinion", _("意见"), wide=True),
    ]
    parts = [Part("rows", _("本周的即时决定"), rows_part, open=True), *records_parts("comments", "trail")]

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return _("即时决定周清单")


class DecisionListNew(CreatePage):
    permission, title, form_class, nav = decide_instantly, _("报送即时决定周清单"), ListForm, "decisions"

    @property
    def back_url(self) -> str:  # type: ignore[override]
        return reverse("administration:decision-lists")

    def act(self, form: Any) -> Any:
        return actions.send_list(**form.params(), by=self.actor, at=self.at)


class DecisionListDo(TransitionPage):
    record_page, nav = DecisionListPage, "decisions"
    forms = {"note_list": NoteForm}
