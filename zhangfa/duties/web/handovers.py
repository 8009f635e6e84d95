"""工作交接单: the lists of what is handed over, one of them, and beginning one."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core.decisions import demand
from zhangfa.duties import actions, queries
from zhangfa.duties.handover_rules import refuse_seats
from zhangfa.duties.models import Handover
from zhangfa.duties.permissions import draw_up_handover, read_handovers
from zhangfa.organisation.models import Holding, Person, Seat
from zhangfa.records.web.parts import records_parts, signature_lines
from zhangfa.ui.forms import DateField, Form, LookupField, TextField
from zhangfa.ui.pages import CreatePage, ListPage, RecordPage, TransitionPage
from zhangfa.ui.registry import Status
from zhangfa.ui.tables import Column, Empty, Link

S = Handover.Status
STATUSES = {
    S.OPEN.value: Status(S.OPEN.label, "amber"), S.SIGNING.value: Status(S.SIGNING.label, "blue"),
    S.DONE.value: Status(S.DONE.label, "green"), S.VOID.value: Status(S.VOID.label, "grey"),
}  # fmt: skip
BY_HAND = ("collect_again", "name_successor", "send_for_signing", "cancel_handover")


def named(person: Person | None) -> str:
    return person.shown_name if person else ""


class HandoverList(ListPage):
    """Every list that the reader may see, newest first."""

    model, permission, nav, title = Handover, read_handovers, "handovers", _("工作交接")
    columns = (
        Column("record.number", _("编号"), link=True),
        Column("leaver", _("移交人"), phone="title", value=lambda row, page: named(row.leaver)),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("seat", _("岗位席位"), value=lambda row, page: str(row.seat)),
        Column("successor", _("接任人"), value=lambda row, page: named(row.successor)),
        Column("last_on", _("最后任职日"), kind="date"),
        Column("done_at", _("交接完成时间"), kind="when", optional=True),
    )
    sorts: ClassVar = {"new": (_("最新"), "-pk")}
    select_related = ("record", "leaver", "successor", "superior", "seat__post", "seat__unit")
    links = (Link("duties:handover-new", _("建立交接单"), icon="plus", permission=draw_up_handover),)
    empty = Empty(_("没有工作交接"), _("登记离任后，系统自动列出移交人名下没有办完的事。"))
    is_searchable = False


class HandoverRecord(RecordPage):
    """One list: who hands over what to whom, and who has signed."""

    model, permission, nav = Handover, read_handovers, "handovers"
    do_url, template_name = "duties:handover-do", "duties/handover.html"
    parts = records_parts("files", "signatures", "comments", "trail")
    select_related = ("record__unit", "leaver", "successor", "superior", "seat__post", "seat__unit")
    facts = (
        Column("seat", _("岗位席位"), value=lambda row, page: str(row.seat)),
        Column("leaver", _("移交人"), value=lambda row, page: named(row.leaver)),
        Column("successor", _("接任人"), value=lambda row, page: named(row.successor) or gettext("尚未确定")),
        Column("superior", _("监交人"), value=lambda row, page: named(row.superior)),
        Column("last_on", _("最后任职日"), kind="date"),
        Column("collected_at", _("汇总时间"), kind="when"),
        Column("done_at", _("交接完成时间"), kind="when"),
        Column("note", _("补充说明"), wide=True),
    )

    def number(self) -> Any:
        return self.object.record.number

    def page_title(self) -> Any:
        return gettext("工作交接单：%(name)s") % {"name": named(self.object.leaver)}

    def next_step(self) -> Any:
        if self.object.status == S.OPEN:
            return _("核对清单后送签") if self.object.successor_id else _("确定接任人")
        return _("移交人、接任人、监交人签字") if self.object.status == S.SIGNING else ""

    def holder(self) -> Any:
        if self.object.status == S.OPEN:
            return named(self.object.leaver if self.object.successor_id else self.object.superior)
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = signature_lines(self.object.record, self.actor, self.at) if self.object.status == S.SIGNING else []
        mine = next((line["sign_url"] for line in lines if line["row"].state == "waiting" and not line["refusals"]), "")
        return super().get_context_data(
            open_things=queries.handover_groups(self.object, self.actor.person_id), sign_url=mine, **kwargs
        )


class DrawForm(Form):
    leaver = LookupField("staff", label=_("移交人"))
    seat = LookupField("seats", label=_("岗位席位"), required=False, help_text=_("移交人只任一个岗位时不用填。"))
    last_on = DateField(label=_("最后任职日"))

    def params(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("leaver", "seat", "last_on")}


class HandoverNew(CreatePage):
    """Begin the list of somebody who leaves."""

    permission, nav, form_class = draw_up_handover, "handovers", DrawForm
    title, submit_label, back_url = _("建立工作交接单"), _("汇总未办完的事"), "/duties/handovers/"

    def act(self, form: Any) -> Any:
        given = form.params()
        leaver = Person.objects.get(pk=given["leaver"])
        seat = seat_of(leaver, given["last_on"], given["seat"])
        return actions.draw_up(seat=seat, leaver=leaver, last_on=given["last_on"], by=self.actor, at=self.at)


def seat_of(person: Person, day: dt.date, named: int | None) -> Seat:
    """The seat that is named, else the one the person holds on the day, or held last; who holds two says which. Raises `Refused`."""
    if named:
        return Seat.objects.select_related("unit", "post").get(pk=named)
    demand(
        refuse_seats(count=Holding.objects.filter(Holding.valid_q(day), person=person, seat__is_active=True).count())
    )
    # Not one that is entered already but only begins later.
    begun = Holding.objects.filter(person=person, from_on__lte=day).select_related("seat__unit", "seat__post")
    held = begun.filter(Holding.valid_q(day), seat__is_active=True).first() or begun.order_by("-from_on", "-pk").first()
    if held is None:
        raise Http404
    return held.seat


class SuccessorForm(Form):
    person = LookupField("staff", label=_("接任人"))

    def params(self) -> dict[str, Any]:
        return {"person": Person.objects.get(pk=self.cleaned_data["person"])}


class SendForm(Form):
    note = TextField(
        label=_("补充说明"),
        max_length=1000,
        multiline=True,
        required=False,
        help_text=_("清单以外要交代的事：口头承诺、钥匙、账号、正在谈的客户。"),
    )


class HandoverDo(TransitionPage):
    record_page, nav = HandoverRecord, "handovers"
    forms: ClassVar = {"name_successor": SuccessorForm, "send_for_signing": SendForm}

    def subject(self) -> Any:
        found = super().subject()
        if self.kwargs["name"] not in BY_HAND:
            raise Http404
        return found
