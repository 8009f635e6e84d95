"""The chart and what is wrong with it."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation import chart, queries
from zhangfa.organisation.models import Unit
from zhangfa.organisation.permissions import edit_chart, edit_structure, read_chart
from zhangfa.organisation.web.common import Doings, doing
from zhangfa.ui.access import is_open
from zhangfa.ui.pages import Page
from zhangfa.ui.tables import Link

SHOWN_PROBLEMS = 100
# Ways from the chart into the apps above: its revisions, the descriptions of posts.
links: list[Link] = []
# What the problem is, and what to do about it.
WORDS = {
    "empty_seat": (_("席位空缺"), _("安排任职人，或停用席位。空缺期间由直接上级处理。")),
    "no_superior": (_("没有直接上级"), _("指定直接上级，否则无法升级和审批。")),
    "reporting_loop": (_("汇报关系绕圈"), _("改变其中一个席位的直接上级。")),
    "same_person_twice": (
        _("同一人在一条线上出现两次"),
        _("换一位任职人，或改变汇报关系；同一人不能审批自己的申请，会转给更上一级。"),
    ),
    "delegation_loop": (_("代理关系绕圈"), _("取消其中一次离岗登记，另选代理人。")),
    "no_delegate": (_("离岗但没有代理人"), _("请本人或人事补选代理人；目前由直接上级处理。")),
    "no_second_decider": (_("没有第二决定人"), _("在章程里提出修改来指定；否则总经理本人的申请无人可批。")),
}


class Chart(Page):
    """组织机构: who answers for what, readable on a phone."""

    permission = read_chart
    template_name = "organisation/chart.html"
    title, nav = _("组织机构"), "chart"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("unit", "")
        if asked.isdigit() and len(asked) < 19:
            root = get_object_or_404(Unit.objects.visible_to(self.actor), pk=asked, is_active=True)
        else:
            root = Unit.objects.visible_to(self.actor).filter(kind=Unit.Kind.COMPANY).first()
        is_editor = is_open(edit_chart, by=self.actor, at=self.at)
        return super().get_context_data(
            top=chart.tree(root, self.at) if root else None,
            problems=sum(1 for _p in queries.chain_problems(self.at)) if is_editor else 0,
            doings=Doings([doing(_("新设单位"), "organisation:unit-new", self, edit_structure)]),
            links=[link for link in links if link.is_open(self.actor, self.at)], parent=root.parent if root and root.parent_id else None, **kwargs,
        )  # fmt: skip


class Problems(Page):
    """What is wrong with the chart, and what to do about it."""

    permission = edit_chart
    template_name = "organisation/problems.html"
    title, nav = _("机构问题"), "problems"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(islice(queries.chain_problems(self.at), SHOWN_PROBLEMS + 1))
        lines = [(*WORDS[problem.code], problem.words, self._address(problem)) for problem in found[:SHOWN_PROBLEMS]]
        return super().get_context_data(lines=lines, is_more=len(found) > SHOWN_PROBLEMS, **kwargs)

    def _address(self, problem: queries.Problem) -> str:
        if problem.seat_id is not None:
            return reverse("organisation:seat", args=[problem.seat_id])
        if problem.person_id is not None:
            return reverse("organisation:person", args=[problem.person_id])
        return problem.url
