"""Pages of leave: the list, one request with its way, asking, the steps, and the decision with balance and team beside it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as df
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.approvals.queries import steps_shown, waiting_for, who_has
from zhangfa.approvals.web.views import StepPage
from zhangfa.organisation.models import Person
from zhangfa.people import actions, leave_kinds, leave_rules, leave_words
from zhangfa.people import leave as facts_of
from zhangfa.people.leave_rules import CLAUSE
from zhangfa.people.models import Leave, MedicalNote
from zhangfa.people.permissions import ask_for_leave, read_balance, read_leaves, sees_balance
from zhangfa.people.web.leave_forms import LEAVE_FORMS, LeaveAskForm, NoteForm, kind_choices
from zhangfa.policy import queries as policy
from zhangfa.policy import wording
from zhangfa.records.sensitive import shown
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.access import is_open
from zhangfa.ui.filters import FilterSet
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Explanation, Link
from zhangfa.ui.words import join

S = Leave.Status
STATUSES = {
    S.PROPOSED.value: Status(S.PROPOSED.label, "blue"), S.RETURNED.value: Status(S.RETURNED.label, "amber"),
    S.APPROVED.value: Status(S.APPROVED.label, "green"), S.ENDED.value: Status(S.ENDED.label, "grey"),
    S.REFUSED.value: Status(S.REFUSED.label, "red"), S.WITHDRAWN.value: Status(S.WITHDRAWN.label, "grey"),
    S.CANCELLED.value: Status(S.CANCELLED.label, "grey"),
}  # fmt: skip


class LeaveFilter(FilterSet):
    status = df.ChoiceFilter(label=_("状态"), choices=S.choices, empty_label=_("全部"))
    kind = df.ChoiceFilter(label=_("假别"), choices=kind_choices, empty_label=_("全部"))


class Leaves(ListPage):
    """One's own, those to decide, and those of one's people."""

    model, permission, title, nav = Leave, read_leaves, _("请假"), "leaves"
    columns = [
        Column("record.number", _("编号"), kind="no", link=True),
        Column("person.shown_name", _("请假人"), phone="title"),
        Column("kind_name", _("假别")),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("span", _("时间"), value=lambda row, page: leave_words.span_of(row)),
        Column("days", _("天数"), kind="number"),
        Column("unit.shown_name", _("单位"), optional=True),
        Column("note", _("医院证明"), value=lambda row, page: leave_words.note_state(row), optional=True),
        Column("proposed_at", _("提交时间"), kind="when", optional=True),
    ]
    sorts = {"new": (_("最近提交"), "-pk"), "first": (_("最晚开始"), "-first_slot", "-pk")}
    filterset_class = LeaveFilter
    select_related = ["record", "person", "unit"]
    links = [
        Link("people:leave-new", _("我要请假"), icon="plus", permission=ask_for_leave),
        Link("people:leave-calendar", _("请假日历"), icon="calendar-event", permission=read_leaves, is_primary=False),
        Link("people:balance", _("我的假期余额"), icon="wallet", permission=ask_for_leave, is_primary=False),
    ]
    empty = Empty(_("没有请假单"), _("请假从“我要请假”开始，填写时就看得到由谁批准。"), "beach")


def team_part(page: Any, leave: Leave) -> tuple[str, dict[str, Any]]:
    team = [
        (person, [(leave_words.span_of(row), row.get_status_display()) for row in rows])
        for person, rows in facts_of.team_of(leave, page.at)
    ]
    return "people/parts/team.html", {
        "team": team,
        "headcount": facts_of.headcount(leave.unit_id, page.at),
        "leave": leave,
    }


def balance_part(page: Any, leave: Leave) -> tuple[str, dict[str, Any]]:
    rows = facts_of.balances(leave.person, leave.from_on.year, page.at)
    return "people/parts/balance.html", {
        "balances": balance_lines(rows),
        "year": leave.from_on.year,
        "person": leave.person,
    }


def balance_lines(rows: list[facts_of.Balance]) -> list[dict[str, Any]]:
    """Balances in words."""
    return [
        {
            "name": one.kind.name, "is_kept": one.kind.is_kept, "law": one.kind.law, "left": one.words("left"), "accrued": one.accrued,
            **{name: one.words(name) for name in ("given", "corrected", "used", "asked")},
        }
        for one in rows
    ]  # fmt: skip


def notes_part(page: Any, leave: Leave) -> tuple[str, dict[str, Any]]:
    seen = MedicalNote.objects.visible_to(page.actor).filter(leave=leave).select_related("record").order_by("pk")
    notes = [(note, list(note.record.attachments.filter(removed_at=None))) for note in seen]
    return "people/parts/notes.html", {"notes": notes, "leave": leave, "state": leave_words.note_state(leave)}


class LeavePage(RecordPage):
    """One request: days, who decides, the balance, who else is away."""

    model, permission, nav, do_url, template_name = Leave, read_leaves, "leaves", "people:leave-do", "people/leave.html"
    select_related = ["record__unit", "person", "filed_by", "delegate", "unit", "absence"]
    facts = [
        Column("person.shown_name", _("请假人")),
        Column("unit.shown_name", _("单位")),
        Column("kind_name", _("假别")),
        Column("span", _("时间"), value=lambda row, page: leave_words.span_of(row)),
        Column("days", _("天数"), value=lambda row, page: leave_words.days(row.halves)),
        Column("total", _("合并天数"), value=lambda row, page: leave_words.days(row.total_halves) if row.total_halves > row.halves else ""),
        Column("used", _("本年累计（含本单）"), value=lambda row, page: leave_words.used_words(row, page.actor, page.at)),
        Column("delegate.shown_name", _("代理人")),
        Column("filed_by", _("代填人"), value=lambda row, page: row.filed_by.shown_name if row.filed_by_id != row.person_id and row.filed_by else ""),
        Column("note", _("医院证明"), value=lambda row, page: leave_words.note_state(row)),
        Column("proposed_at", _("提交时间"), kind="when"),
        Column("returned_on", _("返岗"), value=lambda row, page: f"{row.returned_on} {row.get_returned_half_display()}" if row.returned_on else ""),
        Column("options", _("情形"), value=lambda row, page: join(o.name for o in row.kind_facts.options if o.code in row.options)),
        Column("reason", _("事由"), wide=True, value=lambda row, page: shown(page.actor, row, "reason")),
    ]  # fmt: skip
    parts = [
        Part("balance", _("假期余额"), balance_part, permission=sees_balance),
        Part("team", _("同单位请假情况"), team_part),
        Part("notes", _("医院证明"), notes_part),
        *records_parts("comments", "trail"),
    ]

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        facts = {"name": self.object.person.shown_name, "kind": self.object.kind_name}
        return gettext("%(name)s：%(kind)s") % facts

    def open_parts(self) -> list[Part]:
        return [part for part in super().open_parts() if part.key != "notes" or self.object.kind_facts.needs_note]

    def next_step(self) -> Any:
        if self.object.status == S.APPROVED:
            return _("回来上班后销假") if self.at >= self.object.begins_at else _("按时休假；有变化请取消")
        return {S.PROPOSED: _("等待批准"), S.RETURNED: _("按意见修改后重新提交")}.get(self.object.status, "")

    def holder(self) -> Any:
        if self.object.status in (S.RETURNED, S.APPROVED):
            return self.object.person.shown_name
        return join(p.shown_name for step in waiting_for(self.object.record_id) for p in who_has(step, self.at))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**steps_shown(self.object.record_id, self.actor), **kwargs)


def typed_value(form: Any, name: str) -> Any:
    """What is typed in one field so far, None where it can't be read."""
    if name not in form.fields:
        return None
    field = form.fields[name]
    if not form.is_bound:
        return form.get_initial_for_field(field, name)
    try:
        return field.clean(field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name)))
    except ValidationError:
        return None


def explain_leave(form: Any, *, person_id: int | None, at: dt.datetime, but: Leave | None = None) -> Explanation:
    """Who will decide the leave as typed so far: the same rule as `zhangfa explain leave` (AM-W4.1)."""
    names = ("kind", "from_on", "starts", "to_on", "ends")
    asked = {name: typed_value(form, name) for name in names}
    person = typed_value(form, "person")
    if person_id is None or not all(asked.values()):
        return Explanation(gettext("填写假别和起止时间后，这里显示由谁批准"), CLAUSE)
    who = person.pk if isinstance(person, Person) else person_id
    kind = leave_kinds.kind_of(asked.pop("kind"), asked["from_on"])
    plan = facts_of.plan(person_id=who, kind=kind, at=at, others=facts_of.others_of(who, but=but), **asked)
    if plan is None:
        return Explanation(gettext("这个人现在没有任职，不能请假"), CLAUSE)
    return explained(plan, at)


def explained(plan: facts_of.Plan, at: dt.datetime) -> Explanation:
    why = plan.answer.why
    lines = [gettext("按本人的工作日计 %(days)s。") % {"days": leave_words.days(plan.halves)} if plan.kind.counts == leave_kinds.WORKING else gettext("按日历天计 %(days)s。") % {"days": leave_words.days(plan.halves)}]  # fmt: skip
    facts = {
        "why": {"zh": why.zh, "en": why.en}, "together": [one.number for one in plan.together], "days": leave_rules.in_days(plan.halves),
        "total": leave_rules.in_days(plan.total),
    }  # fmt: skip
    lines += leave_words.why_of(facts)
    _authority, seat = facts_of.deciding_seat(plan, at)
    if seat is not None:
        lines.append(gettext("这张请假单先到：%(seat)s。") % {"seat": str(seat)})
    language = "en" if leave_words.in_english() else "zh"
    values = []
    for key in facts_of.policy_of(plan.answer):
        figure = policy.figure(key, at)
        since = gettext("第 %(version)s 版，%(day)s 起") % {
            "version": figure.version,
            "day": figure.effective_from.isoformat(),
        }
        values.append((wording.title(policy.definition_of(key)), policy.in_words(figure, language), since))
    name = wording.post_name(plan.answer.authority)
    return Explanation(name, plan.answer.clause, tuple(lines), tuple(values))


class LeaveNew(CreatePage):
    permission, title, form_class, nav = ask_for_leave, _("我要请假"), LeaveAskForm, "leaves"
    submit_label, back_url, template_name = _("提交"), "/leave/", "people/leave_new.html"

    def act(self, form: Any) -> Leave:
        return actions.ask(**form.params(), by=self.actor, at=self.at)

    def explain(self, form: Any) -> Explanation:
        return explain_leave(form, person_id=self.actor.person_id, at=self.at)


class LeaveDo(TransitionPage):
    """Withdraw, mend, cancel, come back, hand in the note."""

    record_page, nav = LeavePage, "leaves"
    forms = {**LEAVE_FORMS, "hand_note": NoteForm}

    def get_initial(self) -> dict[str, Any]:
        leave = self.subject()
        if self.transition.name == "hand_note":
            return {"unfit_from": leave.from_on, "unfit_to": leave.to_on}
        if self.transition.name != "ask_again":
            return {}
        names = ("kind", "options", "from_on", "starts", "to_on", "ends", "reason")
        return {**{name: getattr(leave, name) for name in names}, "delegate": leave.delegate_id}

    def get_form(self, form_class: Any = None) -> Any:
        # One form for the whole request: an uploaded file is read once.
        if not hasattr(self, "_form"):
            self._form = super().get_form(form_class)
        return self._form

    def explain(self, form: Any) -> Explanation | None:
        leave = self.subject()
        return (
            explain_leave(form, person_id=leave.person_id, at=self.at, but=leave)
            if self.transition.name == "ask_again"
            else None
        )


class LeaveDecide(StepPage):
    """The decision, with the balance and the team's calendar beside it."""

    template_name = "people/leave_decide.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        leave = Leave.objects.select_related("person", "unit", "record", "delegate").get(pk=self.step.record_id)
        context |= {
            "reason": shown(self.actor, leave, "reason"),
            "note_state": leave_words.note_state(leave),
        } | team_part(self, leave)[1]
        if context["is_mine"] or is_open(read_balance, by=self.actor, at=self.at, obj=leave.person):
            context |= balance_part(self, leave)[1]
        return context
