"""The catalogue made one's own: a duty with its versions, changing it, adding another, switching it off and on."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.approvals.queries import steps_shown, waiting_for, who_has
from zhangfa.core import clock
from zhangfa.duties import actions, change_rules, company, registry, wording
from zhangfa.duties.catalogue import DutyRow, catalogue
from zhangfa.duties.models import DutyChange
from zhangfa.duties.permissions import change_duties, read_duties
from zhangfa.duties.web import papers
from zhangfa.organisation.posts import POSTS
from zhangfa.policy import queries as policy
from zhangfa.policy.wording import language, post_name
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.access import everyone, is_open
from zhangfa.ui.forms import DateField, Form, LookupField, TextField, WholeField
from zhangfa.ui.pages import CreatePage, ListPage, Page, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Explanation, Link
from zhangfa.ui.words import join, post_names

S, K = DutyChange.Status, DutyChange.Kind
CHANGES = {
    S.PROPOSED.value: Status(S.PROPOSED.label, "blue"), S.ENACTED.value: Status(S.ENACTED.label, "green"),
    S.REFUSED.value: Status(S.REFUSED.label, "red"), S.WITHDRAWN.value: Status(S.WITHDRAWN.label, "grey"),
}  # fmt: skip


def _duty_of(change: DutyChange) -> str:
    """In the reader's language; a duty that isn't in the catalogue yet, as it was written."""
    versions = catalogue().by_stem.get(change.stem, ())
    return wording.name_of(versions[-1].key) if versions else str(change.record.title)


def rhythms() -> list[tuple[str, str]]:
    known = [(rhythm, wording.rhythm_said(rhythm)) for rhythm in change_rules.RHYTHMS]
    return [*known, (change_rules.EVERY_DAYS, gettext("每几天一次（另填天数）"))]


def posts() -> list[tuple[str, str]]:
    return [(code, post_name(code)) for code in POSTS]


class PaperForm(Form):
    """From when, and why."""

    effective_from = DateField(
        label=_("从哪天起生效"), help_text=_("当日零时起生效，最早是明天；进行中的期间按原来的规定办完。")
    )
    reason = TextField(label=_("理由"), max_length=400, multiline=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.at is not None:
            self.fields["effective_from"].initial = clock.local_date(self.at) + dt.timedelta(days=1)


class NewForm(PaperForm):
    """A duty of the company's own, with the paper that shows that it was done."""

    name = TextField(label=_("职责内容"), max_length=80)
    post = forms.ChoiceField(label=_("责任岗位"), choices=posts)
    is_by_seat = forms.ChoiceField(
        label=_("由谁办"), choices=[("no", _("全公司办一次，由该岗位第一个席位负责")), ("yes", _("该岗位每个席位各办一次"))],
        widget=forms.RadioSelect, initial="no",
    )  # fmt: skip
    rhythm = forms.ChoiceField(label=_("多久办一次"), choices=rhythms)
    days = WholeField(
        label=_("每几天一次"), min_value=1, max_value=31, required=False, help_text=_("只在上面选“每几天一次”时填写。")
    )
    needed = WholeField(label=_("每期要几份凭据"), min_value=1, max_value=1000, initial=1)
    evidence = LookupField(
        "duty_evidence", label=_("完成的凭据"), placeholder=_("输入单据或栏目的名称，例如 会议 主题"),
        help_text=_("系统看到这样的单据，就记为已办。"),
    )  # fmt: skip
    value = TextField(label=_("栏目须等于"), max_length=60, required=False, help_text=_("留空表示只要填了就算。"))
    copies = forms.MultipleChoiceField(
        label=_("抄送岗位"), choices=posts, required=False, widget=forms.CheckboxSelectMultiple
    )
    clause = TextField(
        label=_("依据的条款"), max_length=16, required=False, help_text=_("例如 HS-W1.2；公司自定的可以留空。")
    )

    field_order: ClassVar = [
        "name", "post", "is_by_seat", "rhythm", "days", "needed", "evidence", "value", "copies", "clause", "effective_from", "reason",
    ]  # fmt: skip

    def clean_clause(self) -> str:
        clause = str(self.cleaned_data["clause"]).strip().upper()
        if clause and clause not in policy.handbook().clauses:
            raise forms.ValidationError(gettext("手册里没有这一条。"), code="clause")
        return clause

    def params(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        known = registry.papers()
        made = actions.own_duty(
            name=data["name"], post=data["post"], rhythm=data["rhythm"], days=data["days"], needed=data["needed"],
            is_by_seat=data["is_by_seat"] == "yes", evidence=data["evidence"], value=data["value"], copies=list(data["copies"]),
            clause=data["clause"], papers={paper.form: paper.fields for paper in known}, labels={data["evidence"]: papers.said(data["evidence"], data["value"])},
        )  # fmt: skip
        return {"kind": K.NEW.value, "made": made, "effective_from": data["effective_from"], "reason": data["reason"]}


def change_form(row: DutyRow) -> type[PaperForm]:
    """What may be changed of this duty; its figures in the company's rules are changed there."""
    fields: dict[str, Any] = {}
    if row.rhythm in ("rhythm", "days") and "key" not in row.due:
        standing = change_rules.EVERY_DAYS if row.rhythm == "days" else row.due["rhythm"]
        fields["rhythm"] = forms.ChoiceField(label=_("多久办一次"), choices=rhythms, initial=standing)
        fields["days"] = WholeField(
            label=_("每几天一次"), min_value=1, max_value=31, required=False, initial=row.due.get("count"),
            help_text=_("只在上面选“每几天一次”时填写。"),
        )  # fmt: skip
    if row.is_eventful and "count" in row.due:
        unit = {"days": _("几天内"), "hours": _("几小时内"), "minutes": _("几分钟内")}.get(row.due["unit"], _("期限"))
        fields["count"] = WholeField(label=unit, min_value=1, max_value=366, initial=row.due["count"])
    if not row.is_eventful and "key" not in row.need and "of" not in row.need:
        fields["needed"] = WholeField(
            label=_("每期要几份凭据"), min_value=1, max_value=1000, initial=row.need.get("count", 1)
        )
    fields["copies"] = forms.MultipleChoiceField(
        label=_("抄送岗位"),
        choices=posts,
        required=False,
        initial=list(row.copies),
        widget=forms.CheckboxSelectMultiple,
    )

    def params(self: PaperForm) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "kind": K.CHANGE.value, "stem": row.stem, "made": differences(row, data), "effective_from": data["effective_from"],
            "reason": data["reason"],
        }  # fmt: skip

    order = ["rhythm", "days", "count", "needed", "copies", "effective_from", "reason"]
    return type("DutyForm", (PaperForm,), {**fields, "field_order": order, "params": params})


def differences(row: DutyRow, data: dict[str, Any]) -> dict[str, Any]:
    """What of the duty is to be another from then on."""
    made: dict[str, Any] = {}
    if "rhythm" in data:
        change = actions.checked_rhythm(data["rhythm"], data["days"])
        if (change["rhythm"], change["due"]) != (row.rhythm, dict(row.due)):
            made |= change
    if "count" in data and data["count"] != row.due["count"]:
        made["due"] = {**row.due, "count": data["count"]}
    if "needed" in data and data["needed"] != row.need.get("count", 1):
        made["need"] = {"count": data["needed"]} if data["needed"] > 1 else {}
    if sorted(data["copies"]) != sorted(row.copies):
        made["copies"] = list(data["copies"])
    return made


class _OfDuty:
    """A page about one duty of the catalogue, by its code and stage."""

    kwargs: dict[str, Any]
    at: Any

    @property
    def stem(self) -> str:
        return f"{self.kwargs['code']}.{self.kwargs['stage']}."

    def newest(self) -> DutyRow:
        found = actions.newest_of(self.stem)
        if found is None:
            raise Http404
        return found

    @property
    def back_url(self) -> str:
        return reverse("duties:duty", kwargs={"code": self.kwargs["code"], "stage": self.kwargs["stage"]})

    def explain(self, form: Any) -> Explanation:
        lines = [
            gettext("职责的修改由总经理批准，本人提出的不能由本人批准。"),
            gettext("已经开始的期间按原来的规定办完，记录不会丢失。"),
        ]
        return Explanation(gettext("总经理"), "X-1", tuple(lines))


class DutyPage(_OfDuty, Page):
    """One duty: what it asks for, each version with its days, and how to change it."""

    permission, nav, template_name = everyone, "catalogue", "duties/duty.html"

    def page_title(self) -> Any:
        return wording.name_of(self.newest().key)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        newest = self.newest()
        versions = [version_line(row, self.at) for row in reversed(catalogue().by_stem[self.stem])]
        changes = (
            DutyChange.objects.visible_to(self.actor).filter(stem=self.stem).select_related("record").order_by("-pk")
        )
        figures = [
            (key, policy.in_words(policy.figure(key, self.at), language()), wording.figure_title(key))
            for key in newest.figures
        ]
        return super().get_context_data(
            row=newest, evidence=newest.evidence_en if language() == "en" and newest.evidence_en else newest.evidence_zh, versions=versions,
            changes=list(changes[:10]), figures=figures, is_off=newest.off == company.SWITCHED_OFF,
            is_unwatched=bool(newest.off) and newest.off != company.SWITCHED_OFF, why=wording.reason_of(newest),
            may_change=is_open(change_duties, by=self.actor, at=self.at), refusals=list(change_duties(by=self.actor, at=self.at)),
            posts=join(post_names(newest.posts)), copies=join(post_names(newest.copies)), **kwargs,
        )  # fmt: skip


def version_line(row: DutyRow, at: dt.datetime) -> dict[str, Any]:
    return {
        "version": row.version, "from_on": clock.local_date(row.from_at) if row.from_at else None, "due": wording.due_in_words(row, at),
        "until_on": clock.local_date(row.until_at - dt.timedelta(days=1)) if row.until_at else None, "off": wording.reason_of(row),
        "need": wording.need_in_words(row, at), "is_now": row.covers(at),
    }  # fmt: skip


class DutyNew(CreatePage):
    """A duty of the company's own."""

    permission, nav, form_class = change_duties, "catalogue", NewForm
    title, submit_label, back_url = _("新增公司职责"), _("提交总经理批准"), "/duties/catalogue/"

    def act(self, form: Any) -> Any:
        return actions.propose_duty_change(by=self.actor, at=self.at, **form.params())

    def explain(self, form: Any) -> Explanation:
        lines = [
            gettext("凭据由系统自动认定：看到这样的单据就记为已办，不能手工打勾。"),
            gettext("新增职责由总经理批准，本人提出的不能由本人批准。"),
        ]
        return Explanation(gettext("总经理"), "X-1", tuple(lines))


class DutyEdit(_OfDuty, CreatePage):
    """Change what one duty asks for."""

    permission, nav = change_duties, "catalogue"
    submit_label = _("提交总经理批准")

    def page_title(self) -> Any:
        return gettext("修改职责：%(name)s") % {"name": wording.name_of(self.newest().key)}

    def get_form_class(self) -> Any:
        return change_form(self.newest())

    def act(self, form: Any) -> Any:
        return actions.propose_duty_change(by=self.actor, at=self.at, **form.params())


class DutySwitch(_OfDuty, CreatePage):
    """Switch a duty off, or on again, with a reason."""

    permission, nav, form_class = change_duties, "catalogue", PaperForm
    submit_label = _("提交总经理批准")

    @property
    def is_off(self) -> bool:
        return self.newest().off == company.SWITCHED_OFF

    def page_title(self) -> Any:
        title = gettext("恢复职责：%(name)s") if self.is_off else gettext("停用职责：%(name)s")
        return title % {"name": wording.name_of(self.newest().key)}

    def act(self, form: Any) -> Any:
        kind = K.ON if self.is_off else K.OFF
        return actions.propose_duty_change(kind=kind.value, stem=self.stem, by=self.actor, at=self.at, **form.params())


class ChangeList(ListPage):
    """The papers that changed the catalogue, and those that wait."""

    model, permission, nav = DutyChange, read_duties, "catalogue"
    title = _("职责修改单")
    columns = (
        Column("record.number", _("编号"), link=True),
        Column("title", _("职责"), value=lambda row, page: _duty_of(row), phone="title", wide=True),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("kind", _("修改内容"), value=lambda row, page: row.get_kind_display()),
        Column("effective_from", _("生效日期"), kind="date"),
        Column("proposed_by", _("提交人"), value=lambda row, page: row.proposed_by and row.proposed_by.shown_name),
    )
    sorts: ClassVar = {"new": (_("最新"), "-pk")}
    select_related = ("record", "proposed_by")
    links = (Link("duties:duty-new", _("新增公司职责"), icon="plus", permission=change_duties),)
    empty = Empty(_("还没有修改过职责"), _("在“职责目录”里打开一项职责，点“修改”。"))
    is_searchable = False


class ChangeRecord(RecordPage):
    """One paper: what changes, from when, why, and who decides."""

    model, permission, nav = DutyChange, read_duties, "catalogue"
    do_url, template_name = "duties:change-do", "duties/change.html"
    parts = records_parts("comments", "trail")
    select_related = ("record__unit", "proposed_by", "duty")
    facts = (
        Column("kind", _("修改内容"), value=lambda row, page: row.get_kind_display()),
        Column("title", _("职责"), value=lambda row, page: _duty_of(row), wide=True),
        Column("made", _("改成"), value=lambda row, page: join(wording.made_lines(row.made)), wide=True),
        Column("effective_from", _("生效日期"), kind="date"),
        Column("proposed_by", _("提交人"), value=lambda row, page: row.proposed_by and row.proposed_by.shown_name),
        Column("proposed_at", _("提交时间"), kind="when"),
        Column("reason", _("理由"), wide=True),
    )

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return gettext("职责修改单")

    def next_step(self) -> Any:
        return _("总经理批准") if self.object.status == S.PROPOSED else ""

    def holder(self) -> Any:
        return join(
            person.shown_name for step in waiting_for(self.object.record_id) for person in who_has(step, self.at)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        code, _sep, rest = self.object.stem.partition(".")
        duty_url = reverse("duties:duty", kwargs={"code": code, "stage": rest.strip(".")}) if self.object.stem else ""
        return super().get_context_data(**steps_shown(self.object.record_id, self.actor), duty_url=duty_url, **kwargs)


class ChangeDo(TransitionPage):
    """Take the paper back."""

    record_page, nav = ChangeRecord, "catalogue"

    def subject(self) -> Any:
        found = super().subject()
        if self.kwargs["name"] != "withdraw_change":
            raise Http404
        return found
