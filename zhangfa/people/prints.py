"""The paper 请假单 on A4: who, what, which days, what is left, and who decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.approvals.models import Step
from zhangfa.approvals.prints import decisions_of
from zhangfa.approvals.queries import steps_of
from zhangfa.organisation.shell import company_name
from zhangfa.people import hours, leave_words
from zhangfa.people.hours_words import TONES, department, quota_name
from zhangfa.people.leave_kinds import all_kinds
from zhangfa.people.models import Leave, Training
from zhangfa.people.permissions import HOURS_READERS, departments_of
from zhangfa.records.models import Record, Signature
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, Tick, when
from zhangfa.records.queries import signatures_of
from zhangfa.records.sensitive import HIDDEN, shown

# More than this is no paper: the whole list is a workbook then, and the paper says so.
MOST_LINES = 3000


def leave_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The request as it stands, in the reader's language (U07)."""
    leave = Leave.objects.select_related("record", "person", "unit", "delegate", "filed_by").get(pk=record.pk)
    kinds = {kind.code: kind.name for kind in all_kinds()}
    facts = [
        Field(_("请假人"), f"{leave.person.shown_name}  {leave.person.no}"), Field(_("单位"), leave.unit.shown_name),
        Field(_("假别"), [Tick(name, code == leave.kind) for code, name in kinds.items()], is_wide=True),
        Field(_("时间"), leave_words.span_of(leave)), Field(_("天数"), leave_words.days(leave.halves)),
        Field(_("合并天数"), leave_words.days(leave.total_halves)), Field(_("代理人"), leave.delegate.shown_name if leave.delegate else ""),
        Field(_("本年累计（含本单）"), leave_words.used_words(leave, actor, at) if actor is not None else ""), Field(_("医院证明"), leave_words.note_state(leave)),
        Field(_("提交时间"), when(leave.proposed_at)),
        Field(_("返岗"), f"{leave.returned_on} {leave.get_returned_half_display()}" if leave.returned_on else ""),
    ]  # fmt: skip
    reason = shown(actor, leave, "reason") if actor is not None else HIDDEN
    steps = [step for step in steps_of(record) if step.state != Step.State.VOID]
    why = "\n".join(line for step in steps for line in leave_words.why_of(step.facts))
    return FormPrint(
        company=company_name(), title=_("请假单"), number=record.number or "", version=record.version,
        status=str(leave.get_status_display()), code=record.form_code,
        sections=[Grid(facts), Prose(_("事由"), reason), Prose(_("由谁批准及依据"), why, height=10)], signatures=decisions_of(record),
        is_void=leave.status in (Leave.Status.WITHDRAWN, Leave.Status.CANCELLED), at=at,
    )  # fmt: skip


def training_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The legal record of a training: time, content, who took part, with what result (U21, E31)."""
    row = Training.objects.select_related("record", "trainer", "unit", "made_by").get(pk=record.pk)
    facts = [
        Field(_("培训内容"), row.topic, is_wide=True), Field(_("科目"), str(row.get_subject_display())), Field(_("方式"), str(row.get_manner_display())),
        Field(_("培训日期"), row.held_on.isoformat()), Field(_("学时"), str(row.hours)),
        Field(_("讲师"), row.trainer.shown_name if row.trainer else row.outside_trainer), Field(_("地点"), row.place),
        Field(_("单位"), row.unit.shown_name), Field(_("登记人"), row.made_by.shown_name if row.made_by else ""),
    ]  # fmt: skip
    signed = {
        s.signer_id: f"{s.get_state_display()} {when(s.at)}"
        for s in signatures_of(record)
        if s.state != Signature.State.WAITING
    }
    learners = [
        [
            str(n),
            one.person.no,
            one.person.shown_name,
            "" if one.score is None else str(one.score),
            str(one.hours) if row.closed_at else "",
            signed.get(one.person_id, ""),
        ]
        for n, one in enumerate(row.learners.select_related("person").order_by("person__no"), 1)
    ]
    heads = [_("序号"), _("工号"), _("姓名"), _("成绩"), _("计入学时"), _("签到")]
    return FormPrint(
        company=company_name(), title=_("培训记录"), number=record.number or "", version=record.version, code=record.form_code, at=at,
        status=str(row.get_status_display()), sections=[Grid(facts), Rows(heads, learners, title=_("参加的人"), widths=[1, 2, 3, 1, 2, 3])],
        is_void=row.status == Training.Status.CANCELLED,
    )  # fmt: skip


def hours_form(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """RPT-05 as it was frozen: by quota and department, then person by person; a department manager gets the department."""
    paper = record.publication
    is_all = actor is None or actor.is_system or actor.holds(*HOURS_READERS)
    rows = hours.within(paper.figures, None if is_all else departments_of(actor))
    heads = [_("部门"), _("定额"), _("人数"), _("落后人数"), _("全年应修"), _("到月底应有"), _("已修")]
    parts = [
        [*line, *(str(row[name]) for name in ("people", "behind", *hours.HOURS))]
        for *line, row in sorted(
            ([department(row), quota_name(row["quota"]), row] for row in hours.summed(rows, "department", "quota")),
            key=lambda line: line[:2],
        )
    ]
    people = [
        _("工号"),
        _("姓名"),
        _("部门"),
        _("定额"),
        _("全年应修"),
        _("到月底应有"),
        _("已修"),
        _("其中网上"),
        _("预计年底"),
        _("状态"),
    ]
    lines = [
        [
            row["no"], row["name"], department(row), quota_name(row["quota"]), row["owed"], row["expected"], row["done"], row["elearned"],
            row["forecast"] or "—", str(TONES[row["tone"]]),
        ]
        for row in rows[:MOST_LINES]
    ]  # fmt: skip
    sections: list[Any] = [
        Rows(heads, parts, title=_("按部门"), widths=[3, 6, 1, 2, 2, 2, 2], numeric=[2, 3, 4, 5, 6]),
        Rows(people, lines, title=_("逐人"), widths=[2, 2, 3, 6, 2, 2, 2, 2, 2, 2], numeric=[4, 5, 6, 7, 8]),
    ]  # fmt: skip
    if len(rows) > MOST_LINES:
        more = _("这里印前 %(shown)s 行；共 %(count)s 行，完整名单请在页面上导出。")
        sections.append(Prose(_("说明"), more % {"shown": MOST_LINES, "count": len(rows)}))
    return FormPrint(
        company=company_name(), title=_("培训学时月报"), number=record.number or "", code=record.form_code, version=paper.revision + 1,
        head=[Field(_("月份"), paper.period), Field(_("算到"), paper.figures["until"])], sections=sections, digest=paper.digest, at=at,
        is_landscape=True,
    )  # fmt: skip
