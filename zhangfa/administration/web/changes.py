"""Pages of 章程修改单: the list, one paper, proposing, and the block on a figure's page."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.administration import actions, queries
from zhangfa.administration.models import PolicyChange
from zhangfa.administration.permissions import CLAUSE, propose_change, read_changes
from zhangfa.administration.web.forms import change_form
from zhangfa.approvals.queries import steps_shown, waiting_for, who_has
from zhangfa.duties.web.finding import asked_in
from zhangfa.policy import queries as policy
from zhangfa.policy.web.values import law_words
from zhangfa.records.web.parts import records_parts
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Part, Status
from zhangfa.ui.tables import Column, Empty, Explanation
from zhangfa.ui.words import join

S = PolicyChange.Status
STATUSES = {
    S.PROPOSED.value: Status(S.PROPOSED.label, "blue"),
    S.RETURNED.value: Status(S.RETURNED.label, "amber"),
    S.ENACTED.value: Status(S.ENACTED.label, "green"),
    S.REFUSED.value: Status(S.REFUSED.label, "red"),
    S.WITHDRAWN.value: Status(S.WITHDRAWN.label, "grey"),
}
BY_HAND = ("withdraw", "propose_again")


def value_panel(page: Any, obj: Any) -> tuple[str, dict[str, Any]]:
    """On a figure's page: the papers that changed it or would, and the way to propose one."""
    refusals = list(propose_change(by=page.actor, at=page.at))
    found = list(queries.changes_of(obj.key, page.actor)[:10])
    rows = [
        (change, queries.change_words(obj.key, change.old_value, change.value, change.effective_from.isoformat()))
        for change in found
    ]
    return "administration/panel.html", {
        "changes": rows,
        "propose": reverse("administration:propose", args=[obj.key]),
        "refusals": refusals,
    }


panel = Part("changes", _("修改"), value_panel, open=True)


class ChangeList(ListPage):
    """The papers that changed the company's figures, and those that wait."""

    model = PolicyChange
    permission = read_changes
    title, nav = _("章程修改"), "changes"
    columns = (
        Column("record.number", _("编号"), link=True),
        Column("key", _("修改哪个值"), value=lambda row, page: queries.title_of(row.key), phone="title", wide=True),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("old_value", _("原值"), value=lambda row, page: queries.in_words(row.key, row.old_value)),
        Column("value", _("新值"), value=lambda row, page: queries.in_words(row.key, row.value)),
        Column("effective_from", _("生效日期"), kind="date"),
        Column("proposed_by", _("提交人"), value=lambda row, page: row.proposed_by and row.proposed_by.shown_name),
        Column("proposed_at", _("提交时间"), kind="when", optional=True),
    )
    sorts = {"new": (_("最新"), "-pk")}
    select_related = ("record", "proposed_by")
    empty = Empty(_("还没有修改过章程"), _("在“章程”里打开要改的值，点“提出修改”。"))


class ChangeRecord(RecordPage):
    """One change: old and new, from when, why, and who decides."""

    model = PolicyChange
    permission = read_changes
    nav = "changes"
    do_url = "administration:do"
    template_name = "administration/change.html"
    parts = records_parts("comments", "trail")
    select_related = ("record__unit", "proposed_by")
    facts = (
        Column("key", _("修改哪个值"), value=lambda row, page: queries.title_of(row.key), wide=True),
        Column("old_value", _("原值"), value=lambda row, page: queries.in_words(row.key, row.old_value)),
        Column("value", _("新值"), value=lambda row, page: queries.in_words(row.key, row.value)),
        Column("effective_from", _("生效日期"), kind="date"),
        Column("law", _("法律限制"), value=lambda row, page: law_words(policy.definition_of(row.key))),
        Column("proposed_by", _("提交人"), value=lambda row, page: row.proposed_by and row.proposed_by.shown_name),
        Column("proposed_at", _("提交时间"), kind="when"),
        Column("reason", _("修改理由"), wide=True),
    )

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return gettext("修改章程：%(title)s") % {"title": queries.title_of(self.object.key)}

    def next_step(self) -> Any:
        return {S.PROPOSED: _("总经理批准"), S.RETURNED: _("按意见修改后重新提交")}.get(self.object.status, "")

    def holder(self) -> Any:
        if self.object.status == S.RETURNED:
            return self.object.proposed_by.shown_name
        return join(
            person.shown_name for step in waiting_for(self.object.record_id) for person in who_has(step, self.at)
        )

    def buttons(self) -> list[Any]:
        """What people press; what follows from the decision has no button."""
        return [button for button in super().buttons() if button[0].name in BY_HAND]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **steps_shown(self.object.record_id, self.actor), value_url=reverse("policy:value", args=[self.object.key]),
            **kwargs,
        )  # fmt: skip


class _AboutFigure:
    """What the form of a change shows beside its fields."""

    key: str
    at: Any

    def beside(self) -> Explanation:
        definition = policy.definition_of(self.key)
        now = policy.figure(self.key, self.at)
        since = gettext("第 %(version)s 版，%(day)s 起") % {
            "version": now.version,
            "day": now.effective_from.isoformat(),
        }
        lines = [gettext("修改章程由总经理批准，本人提出的不能由本人批准。")]
        if law := law_words(definition):
            lines.append(gettext("法律限制：%(law)s") % {"law": law})
        return Explanation(
            gettext("总经理"),
            CLAUSE,
            tuple(lines),
            ((queries.title_of(self.key), queries.in_words(self.key, now.text), since),),
        )


class ChangeCreate(_AboutFigure, CreatePage):
    """Propose a change of one figure."""

    permission = propose_change
    nav = "policy"

    def subject(self) -> Any:
        self.key = self.kwargs["key"]
        if self.key not in policy.definitions():
            raise Http404
        return None

    def page_title(self) -> Any:
        return gettext("提出修改：%(title)s") % {"title": queries.title_of(self.key)}

    @property
    def submit_label(self) -> Any:
        return _("提交总经理批准")

    @property
    def back_url(self) -> str:
        return reverse("policy:value", args=[self.key])

    def get_form_class(self) -> Any:
        return change_form(self.key)

    def get_initial(self) -> dict[str, Any]:
        """Where the way led here from a reckoning over the past: its figure, its day and its ground."""
        found = asked_in(self.request.GET, by=self.actor, at=self.at)
        if found and found.key == self.key:
            return {"value": found.value, "effective_from": found.effective_from, "reason": found.reason()}
        given = {name: self.request.GET.get(name, "")[:1000] for name in ("value", "reason")}
        return {name: text for name, text in given.items() if text and text.isprintable()}

    def act(self, form: Any) -> Any:
        return actions.propose(key=self.key, by=self.actor, at=self.at, **form.params())

    def explain(self, form: Any) -> Explanation:
        return self.beside()


class ChangeDo(_AboutFigure, TransitionPage):
    """Take back, or mend and hand in again."""

    record_page = ChangeRecord
    nav = "changes"

    @property
    def key(self) -> str:  # type: ignore[override]
        return str(self.subject().key)

    def get_form_class(self) -> Any:
        return change_form(self.key) if self.kwargs["name"] == "propose_again" else super().get_form_class()

    def get_initial(self) -> dict[str, Any]:
        change = self.subject()
        return {"value": change.value, "effective_from": change.effective_from, "reason": change.reason}

    def explain(self, form: Any) -> Explanation | None:
        return self.beside() if self.kwargs["name"] == "propose_again" else None
