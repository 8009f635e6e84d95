"""理赔总额表 RPT-13: every fortnight live until it is published, then frozen with its revisions (CC-D5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.claims import actions, totals
from zhangfa.claims.complaint_rules import totals_due
from zhangfa.claims.totals_table import ACCIDENTS, COMPLAINTS, Line, Table, table
from zhangfa.claims.web import published
from zhangfa.claims.web.forms.base import CaseForm
from zhangfa.core import clock
from zhangfa.records.exports import Column, Sheet
from zhangfa.records.models import Publication
from zhangfa.records.web.published import figures_of as published_figures
from zhangfa.ui.addresses import day_in
from zhangfa.ui.display import NONE, money, pct
from zhangfa.ui.forms import TextField
from zhangfa.ui.pages import FormPage, Page
from zhangfa.ui.registry import Figure, Status
from zhangfa.ui.tables import Empty

KIND = "RPT-13"
DAY = dt.timedelta(days=1)
BARS = 30
RUNNING, OPEN = Status(lazy("本期未结束"), "grey"), Status(lazy("待发布"), "amber")
SENT, RECEIVED = Status(lazy("已发布"), "blue"), Status(lazy("全部签收"), "green")


@dataclass(frozen=True)
class Fortnight:
    """One period: whether its table was published, in time, and read."""

    begins: dt.date
    ends: dt.date
    due_at: dt.datetime
    status: Status
    is_late: bool
    publication: Publication | None = None
    received: str = ""

    @property
    def url(self) -> str:
        return reverse("claims:total", kwargs={"day": self.begins.isoformat()})

    @property
    def settled(self) -> Decimal | None:
        """What was settled as published, accidents and complaints."""
        if self.publication is None:
            return None
        total = self.publication.figures["total"]
        return Decimal(total["settled"]) + Decimal(total["settled_complaints"])


def period_name(begins: dt.date, ends: dt.date) -> str:
    return f"{begins.isoformat()}/{ends.isoformat()}"


def fortnights(periods: Sequence[tuple[dt.date, dt.date]], at: dt.datetime) -> list[Fortnight]:
    """The periods given, with two reads for all of them."""
    papers = published.latest(KIND, [period_name(*period) for period in periods])
    read = published.receipts(papers.values())
    today, found = clock.local_date(at), []
    for begins, ends in periods:
        paper = papers.get(period_name(begins, ends))
        sent, received = read.get(paper.pk, (0, 0)) if paper else (0, 0)
        status = RUNNING if today <= ends else OPEN
        if paper:
            status = RECEIVED if sent and sent == received else SENT
        due = totals_due(ends)
        is_late = paper.record.is_late(at) if paper else at > due
        found.append(Fortnight(begins, ends, due, status, is_late, paper, f"{received}/{sent}" if sent else ""))
    return found


class Totals(Page):
    """The fortnights, newest first."""

    permission = published.read_tables
    title, nav, template_name = lazy("理赔总额表"), "totals", "claims/totals.html"
    empty = Empty(lazy("还没有案件"), lazy("有案件以后，每两周在这里发布一次理赔总额表。"), "report-money")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("before", "")
        today, first = clock.local_date(self.at), published.first_day(self.at)
        begins, ends = totals.period_at(min(today, day_in(asked) - DAY) if asked else today, self.at)
        periods: list[tuple[dt.date, dt.date]] = []
        while ends >= first and len(periods) < published.PER_PAGE:
            periods.append((begins, ends))
            begins, ends = totals.period_at(begins - DAY, self.at)
        before = periods[-1][0] if periods and ends >= first else None
        return super().get_context_data(periods=fortnights(periods, self.at), before=before, **kwargs)


class PublishForm(CaseForm):
    """What the specialist says to the figures."""

    comment = TextField(label=lazy("情况说明"), max_length=1000, multiline=True)
    suggestion = TextField(label=lazy("建议"), max_length=1000, multiline=True)


class Total(FormPage):
    """One fortnight: the table as published, or as it stands now."""

    permission = published.read_tables
    nav, template_name, form_class, submit_label = "totals", "claims/total.html", PublishForm, lazy("发布并发送")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.export() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    @cached_property
    def period(self) -> Fortnight:
        day = day_in(self.kwargs["day"])
        period = totals.period_at(day, self.at)
        if day != period[0] or day > clock.local_date(self.at):
            raise Http404
        return fortnights([period], self.at)[0]

    @cached_property
    def revisions(self) -> list[Publication]:
        return published.revisions(KIND, period_name(self.period.begins, self.period.ends))

    @cached_property
    def shown(self) -> Publication | None:
        """The revision asked for, else the newest; none where the live figures are asked for."""
        if "live" in self.request.GET or self.request.method == "POST":
            return None
        asked = self.request.GET.get("revision")
        if asked is None:
            return self.revisions[-1] if self.revisions else None
        found = next((row for row in self.revisions if str(row.revision) == asked), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def live(self) -> Mapping[str, Any]:
        return totals.draw(self.period.begins, self.period.ends)

    @cached_property
    def table(self) -> Table:
        return table(self.shown.figures if self.shown else self.live)

    def page_title(self) -> Any:
        return _("理赔总额 %(from)s 至 %(to)s") % {"from": self.period.begins, "to": self.period.ends}

    def act(self, form: Any) -> Any:
        return actions.publish_totals(self.period.begins, self.period.ends, by=self.actor, at=self.at, **form.params())

    def done_message(self, outcome: Any) -> str:
        return _("理赔总额表已发布，已发送给部门经理、财务和行政。")

    def done_url(self, outcome: Any) -> str:
        return self.period.url

    def get_initial(self) -> dict[str, Any]:
        last = self.revisions[-1].figures if self.revisions else {}
        return {name: last.get(name, "") for name in ("comment", "suggestion")}

    def export(self) -> HttpResponse:
        sheets = [
            sheet(_("事故理赔"), ACCIDENTS, self.table),
            sheet(_("投诉补偿"), COMPLAINTS, self.table),
        ]
        if self.shown:
            sheets[0] = Sheet(sheets[0].title, sheets[0].columns, sheets[0].rows, sheets[0].total, notes(self.shown))
        return published.spreadsheet(self, sheets, subject="claims.totals", name=str(self.page_title()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        period = self.period
        is_over = clock.local_date(self.at) > period.ends
        may_publish = is_over and published.may_publish(self.actor) and self.shown is None
        is_last = self.shown is not None and self.shown == self.revisions[-1]
        return super().get_context_data(
            period=period, table=self.table, figures=cards(self.table), revisions=self.revisions, is_last=is_last,
            accidents=grid(ACCIDENTS, self.table), complaints=grid(COMPLAINTS, self.table), bars=bars(self.table),
            has_changed=is_last and published.may_publish(self.actor) and self._has_changed(), may_publish=may_publish,
            said=self.shown.figures if self.shown else {}, rules=figures_of(self.shown), is_over=is_over,
            previous=totals.period_at(period.begins - DAY, self.at)[0], following=period.ends + DAY if is_over else None,
            splits=[(_("按原因"), self.table.causes), (_("按承诺"), self.table.promises), (_("投诉按类型"), self.table.categories)],
            **published.papers(self, self.shown), **kwargs,
        )  # fmt: skip

    def _has_changed(self) -> bool:
        """Whether the ledger says something else by now than what was published."""
        return any(self.revisions[-1].figures.get(name) != value for name, value in self.live.items())


def cell(value: Any, kind: str) -> Any:
    """A figure as the table shows it; nothing is a dash, as in the books."""
    if value is None or value == 0:
        return NONE
    if kind == "money":
        return money(value)
    return f"{value:.1f}%" if kind == "pct" else f"{value:,}"


def grid(columns: Sequence[tuple[str, Any, str]], made: Table) -> dict[str, Any]:
    """Headings, lines and the total of one half of the table."""
    lines = []
    for line in made.lines:
        cells = [(label, cell(line.values.get(key), kind)) for key, label, kind in columns]
        lines.append((line, cells, all(shown is NONE for _label, shown in cells)))
    return {
        "heads": [label for _key, label, _kind in columns], "lines": lines,
        "total": (made.total, [(label, cell(made.total.values.get(key), kind)) for key, label, kind in columns]),
    }  # fmt: skip


def bars(made: Table) -> list[tuple[Line, Decimal, int]]:
    """Outlets by what was settled there, the longest bar 100 wide."""
    rows = [line for line in made.lines if line.kind == "outlet" and line.values["settled"]]
    rows.sort(key=lambda line: -line.values["settled"])
    most = rows[0].values["settled"] if rows else Decimal(1)
    return [(line, line.values["settled"], max(1, round(line.values["settled"] * 100 / most))) for line in rows[:BARS]]


def cards(made: Table) -> list[Figure]:
    total = made.total.values
    change = ""
    if made.change is not None:
        change = _("比上期 %(change)s") % {"change": f"{'+' if made.change > 0 else ''}{pct(made.change)}"}
    rate = total["per_thousand"]
    return [
        Figure(_("事故理赔"), total["settled"], kind="money", note=_("%(n)s 起事故") % {"n": total["accidents"]}),
        Figure(_("投诉补偿"), total["settled_complaints"], kind="money", note=_("%(n)s 起投诉") % {"n": total["complaints"]}),
        Figure(_("扣除保险后净额"), total["net"], kind="money", note=change),
        Figure(_("每千单事故"), "—" if rate is None else f"{rate:,}", kind="text", note=_("%(n)s 单服务") % {"n": f"{total['orders']:,}"}),
    ]  # fmt: skip


def sheet(title: str, columns: Sequence[tuple[str, Any, str]], made: Table) -> Sheet:
    """One half of the table as a worksheet: outlets with their department beside them."""
    heads = [
        Column(_("部门")),
        Column(_("网点")),
        *(Column(label, "money" if kind == "money" else "number", 13) for _key, label, kind in columns),
    ]
    rows, department = [], ""
    for line in made.lines:
        if line.kind == "department":
            department = line.name
        else:
            rows.append([department, line.name, *(line.values.get(key) for key, _label, _kind in columns)])
    return Sheet(title, heads, rows, [_("合计"), "", *(made.total.values.get(key) for key, _label, _kind in columns)])


def notes(publication: Publication) -> list[tuple[str, str]]:
    """What stands beside the published figures."""
    return [
        (_("编号"), publication.record.number or ""), (_("修订"), str(publication.revision)), (_("摘要"), publication.digest),
        (_("情况说明"), publication.figures.get("comment", "")), (_("建议"), publication.figures.get("suggestion", "")),
    ]  # fmt: skip


def figures_of(publication: Publication | None) -> list[tuple[str, Any, str]]:
    """The policy values that the period stood on, as they were frozen."""
    return published_figures(publication.policy) if publication else []
