"""《事故分析报告》 U31 on paper: why it happened, how often, what will be done; nobody is named (CC-W2.1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.claims import learning
from zhangfa.claims.models import Case, LearningTask, Study
from zhangfa.claims.prints import common
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, when
from zhangfa.regulations import queries as regulations
from zhangfa.ui.words import text


def analysis(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The report as it was handed in, with the rules and the lesson that came of it so far."""
    task = LearningTask.objects.select_related("case__record", "case__unit").get(record=record)
    case = task.case
    head = Grid(
        [
            Field(_("案件类型"), text(case.get_kind_display())), Field(_("发生时间"), when(case.occurred_at)),
            Field(_("结案时间"), when(case.closed_at)), Field(_("损失区间（元）"), learning.loss_level(case)),
            Field(_("原因"), common.ticks(Case.Cause.choices, learning.cause_of(case)), is_wide=True),
            Field(_("原因性质"), common.ticks(Case.Nature.choices, task.nature)),
            Field(_("一年内同类起数"), "" if task.similar is None else str(task.similar)),
        ]
    )  # fmt: skip
    rules = [
        [row.record.number or "", row.title, text(row.get_status_display()), row.effective_on.isoformat() if row.effective_on else ""]
        for row in regulations.of_source(learning.SOURCE, case.pk)
    ]  # fmt: skip
    sections: list[Any] = [
        head, Prose(_("直接原因"), task.analysis, height=30), Prose(_("间接原因"), task.indirect), Prose(_("管理原因"), task.management),
        Prose(_("预防措施与制度草案要点"), task.measures, height=30),
        Rows([_("编号"), _("制度"), _("状态"), _("生效日期")], rules, title=_("制度草案"), widths=[2, 5, 2, 2], empty=_waived(task)),
        _training(case),
    ]  # fmt: skip
    return common.frame(record, case, actor, at, sections=sections, late=_("逾期") if record.is_late(at) else "")


def _waived(task: LearningTask) -> str:
    return _("不出台制度：%(reason)s") % {"reason": task.waiver_reason} if task.waived_at else _("还没有起草")


def _training(case: Case) -> Rows:
    """The lesson and the days on which it is taught."""
    study = Study.objects.filter(case=case).select_related("record").first()
    lines = []
    if study is not None:
        days = study.sessions.order_by("training__held_on").values_list("training__held_on", flat=True)
        held = "、".join(day.isoformat() for day in days)
        lines = [[study.record.number or "", study.title, held, study.train_by.isoformat() if study.train_by else ""]]
    heads = [_("编号"), _("培训资料"), _("培训日期"), _("在哪天以前学完")]
    return Rows(heads, lines, title=_("培训安排"), widths=[2, 5, 2, 2], empty=_("还没有编写"))
