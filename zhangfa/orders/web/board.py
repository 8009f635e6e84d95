"""The schedule board of an outlet's day, a worker's week, and where everybody is (HS-W3, HS-W1.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhangfa.core import clock
from zhangfa.orders.board import FIRST, LAST, board_for, first_outlet, outlets_for, still_away, whereabouts
from zhangfa.orders.crews import with_members
from zhangfa.orders.models import CrewMember, Order
from zhangfa.orders.permissions import dispatch_orders, read_board
from zhangfa.orders.web.pages import JOINED, customer_name
from zhangfa.orders.weeks import outlet_of, week_for
from zhangfa.orders.wording import crew_words
from zhangfa.organisation.models import Person, Unit
from zhangfa.people.web.pages import CODES
from zhangfa.ui import resend
from zhangfa.ui.access import is_open
from zhangfa.ui.display import day_and_hour
from zhangfa.ui.forms import DateField, Form, LookupField, within_reach
from zhangfa.ui.page import Page
from zhangfa.ui.pages import ListPage
from zhangfa.ui.registry import Choice
from zhangfa.ui.tables import Column, Empty

FEW = 12
DAY = dt.timedelta(days=1)


class BoardForm(Form):
    """Which outlet, which day."""

    outlet = LookupField("outlets", label=_("网点"), required=False, placeholder=_("网点名称或代码"))
    day = DateField(label=_("日期"), required=False)


class Board(Page):
    permission, title, template_name, nav = read_board, _("派工"), "orders/board.html", "board"

    def day(self) -> dt.date:
        try:
            found = dt.date.fromisoformat(self.request.GET.get("day", "")[:10])
            within_reach(found)
        except Exception:  # noqa: BLE001 whatever is no day is today
            return clock.local_date(self.at)
        return found

    def outlet(self) -> Unit | None:
        asked = self.request.GET.get("outlet", "")
        if not asked:
            return first_outlet(self.actor)
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise Http404
        found = outlets_for(self.actor).filter(pk=asked).first()
        if found is None:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outlet, day = self.outlet(), self.day()
        shown = board_for(outlet, day, self.at) if outlet else None
        form = BoardForm(initial={"outlet": outlet.pk if outlet else "", "day": day}, actor=self.actor, at=self.at)
        if outlet:
            form.fields["outlet"].widget.known = Choice(str(outlet.pk), outlet.shown_name)
        return super().get_context_data(
            board=shown, day=day, before=day - DAY, after=day + DAY, is_today=day == clock.local_date(self.at), form=form,
            has_choice=not self.actor.holds("oa", "sl") or self.actor.holds("op", "ops", "cs"),
            lanes=[(lane, CODES[lane.code]) for lane in shown.lanes] if shown else [], hours=range(FIRST, LAST),
            may_dispatch=is_open(dispatch_orders, by=self.actor, at=self.at), once=resend.fresh(self.request),
            do_address=reverse("orders:do", kwargs={"pk": 0, "name": "assign"}), **kwargs,
        )  # fmt: skip


class WorkerWeek(Page):
    """A week of one worker: on a computer seven columns, on a phone day by day; a tap on what waits sends it to them."""

    permission, template_name, nav = read_board, "orders/worker_week.html", "board"

    @cached_property
    def monday(self) -> dt.date:
        try:
            day = dt.date.fromisoformat(self.request.GET.get("day", "")[:10])
            within_reach(day)
        except Exception:  # noqa: BLE001 whatever is no day is today
            day = clock.local_date(self.at)
        return day - dt.timedelta(days=day.weekday())

    @cached_property
    def worker(self) -> Person:
        found: Person = get_object_or_404(Person, pk=self.kwargs["pk"])
        return found

    def page_title(self) -> Any:
        return gettext("%(name)s的一周") % {"name": self.worker.shown_name}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outlet = outlet_of(self.worker, self.actor, self.at, self.monday)
        if outlet is None:
            raise Http404
        days = week_for(self.worker, outlet, self.monday, self.actor, self.at)
        return super().get_context_data(
            worker=self.worker, outlet=outlet, days=[(day, CODES[day.code]) for day in days], monday=self.monday, sunday=self.monday + 6 * DAY,
            before=self.monday - 7 * DAY, after=self.monday + 7 * DAY, today=clock.local_date(self.at), count=sum(len(day.orders) for day in days),
            hours=round(sum(day.hours for day in days), 1), may_dispatch=is_open(dispatch_orders, by=self.actor, at=self.at), **kwargs,
        )  # fmt: skip


def where(order: Order, page: Any) -> str:
    return order.customer.compound


def hour(name: str) -> Any:
    """The page is about today: only the clock is said."""
    return lambda order, page: day_and_hour(at)[1] if (at := getattr(order, name)) else None


class Whereabouts(ListPage):
    """Who is where today: every worker's orders with what really happened."""

    model, permission, title, nav = Order, read_board, _("今日去向"), "whereabouts"
    columns = [
        Column("worker.shown_name", _("服务员"), phone="title", value=lambda row, page: crew_words(row)),
        Column("status", _("状态"), kind="status", phone="badge"),
        Column("place", _("小区或街道"), value=where),
        Column("served_from", _("服务开始"), value=hour("served_from")),
        Column("served_to", _("服务结束"), value=hour("served_to")),
        Column("started_at", _("实际开始"), value=hour("started_at")),
        Column("finished_at", _("实际结束"), value=hour("finished_at")),
        Column("outlet.shown_name", _("网点")),
        Column("number", _("订单号"), kind="no", link=True),
        Column("customer", _("客户"), value=customer_name, optional=True),
    ]
    sorts = {"time": (_("服务时间"), "served_from", "id")}
    select_related = JOINED
    per_page = 50
    empty = Empty(_("今天没有派出服务员"), _("派工后，每个人去哪里、几点开始都在这里。"), "map-pin")

    template_name = "orders/whereabouts.html"

    def rows(self) -> Any:
        return whereabouts(Order.objects.all(), self.at)

    def complete(self, rows: Sequence[Order]) -> None:
        with_members(rows)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Who has been away for days stands above the list, on its first page.
        is_first = not (self.query[0] or self.request.GET.get("after") or self.request.GET.get("before"))
        found = still_away(self.at, self.actor) if is_first else []
        return super().get_context_data(away=[(order, crew_words(order)) for order in found], **kwargs)

    def search(self, rows: Any, q: str) -> Any:
        if not q:
            return rows
        people = Person.objects.search(q).order_by().values("pk")
        begins = clock.day_start(clock.local_date(self.at))
        days = {"served_from__gte": begins, "served_from__lt": begins + DAY}
        along = CrewMember.objects.filter(**days, worker_id__in=people).values("order_id")
        return rows.filter(Q(worker_id__in=people) | Q(pk__in=along) | Q(customer__compound__contains=q))
