"""The checklist U05, 《岗位人员执行公司制度情况汇总表》 F08, 《下属各岗位抽查情况表》 F24, and the tables of week and month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.inspections.models import Answer, Inspection, Problem, Sheet
from zhangfa.organisation.models import Person
from zhangfa.organisation.shell import company_name
from zhangfa.policy.wording import post_name
from zhangfa.records import vault
from zhangfa.records.models import Attachment, Publication, Record
from zhangfa.records.prints import (
    Field,
    FormPrint,
    Grid,
    Photo,
    Photos,
    Prose,
    Rows,
    Sign,
    Tick,
    published_by,
    signs_of,
    when,
)
from zhangfa.records.queries import digest_now
from zhangfa.records.registry import forms
from zhangfa.ui.words import join, text

MOST_PICTURES = 12


def checklist(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """What is asked, of whom, announced or not, and who goes."""
    row = Inspection.objects.select_related("unit").get(pk=record.pk)
    people = join(
        f"{i.person.shown_name}{_('（抽取）') if i.is_drawn else ''}"
        for i in row.inspectors.select_related("person").order_by("pk")
    )
    lines = [
        [str(i.no), f"{i.source} {i.clause}", i.question, i.expected, _("是") if i.is_announced else _("否")]
        for i in row.items.order_by("no")
    ]
    sections: list[Any] = [
        Grid([Field(_("检查对象"), row.unit.shown_name), Field(_("检查日期"), row.planned_on.isoformat()), Field(_("类别"), row.get_kind_display()),
              Field(_("检查人"), people), Field(_("检查提纲"), row.outline, is_wide=True)]),
        Rows([_("序号"), _("制度、条款"), _("提问"), _("应答要点"), _("事先通知")], lines, title=_("检查科目"), widths=[0.6, 2, 4, 4, 1]),
    ]  # fmt: skip
    if row.comment:
        sections.append(Prose(_("总体评价"), row.comment))
    return _frame(record, actor, at, sections, signatures=[])


def sheet(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """One person's answers word for word with marks; a spot check's samples, figures and problems besides."""
    row = Sheet.objects.select_related("inspection__unit", "person", "post", "unit").get(pk=record.pk)
    is_spot = row.inspection.is_spot
    announced = any(item.is_announced for item in row.inspection.items.all())
    head = Grid(
        [
            Field(_("受检人"), f"{row.person.shown_name}  {row.person.no}"), Field(_("岗位"), row.post.shown_name if row.post else ""),
            Field(_("地点、网点"), row.unit.shown_name), Field(_("检查日期"), row.checked_on.isoformat()),
            Field(_("到访"), when(row.inspection.started_at)), Field(_("离开"), when(row.left_at)),
            Field(_("检查单编号"), row.inspection.record.number or ""), Field(_("是否预告"), [Tick(_("是"), announced), Tick(_("否"), not announced)]),
        ]
    )  # fmt: skip
    marks = dict(Answer.Verdict.choices)
    lines = [
        [
            str(a.no),
            f"{a.source} {a.clause}",
            a.question,
            a.answer,
            str(marks.get(a.verdict, "")),
            str(a.deduction),
            a.observation,
        ]
        for a in row.answers.order_by("no")
    ]
    sections: list[Any] = []
    if is_spot:
        sections.append(Prose(_("抽查提纲"), row.inspection.outline))
    sections.append(
        Rows([_("序号"), _("制度、条款"), _("提问"), _("回答原话"), _("判定"), _("扣分"), _("现场事实")], lines, title=_("问答"),
             widths=[0.6, 2.1, 2.3, 2.8, 0.9, 0.7, 1.5], numeric=[5])
    )  # fmt: skip
    if is_spot:
        sections += [
            Grid([Field(_("服务去向核对"), [Tick(str(label), value == row.schedule_match) for value, label in Sheet.Match.choices], is_wide=True),
                  Field(_("档案真实性抽样"), row.profile_samples, is_wide=True), Field(_("回访真实性抽样"), row.follow_up_samples, is_wide=True)]),
            Grid([Field(text(label), value) for label, value in row.measures], title=_("近三十天的数据")) if row.measures else None,
            _problems(row.inspection),
        ]  # fmt: skip
    result = [
        Field(_("得分"), "" if row.score is None else str(row.score)),
        Field(_("复查日期"), row.recheck_on.isoformat() if row.recheck_on else ""),
    ]
    counted = row.status in (Sheet.Status.HANDED, Sheet.Status.RULED)
    result.append(Field(_("是否纳入考核"), [Tick(_("是"), counted), Tick(_("否"), not counted)]))
    sections += [Grid(result), Prose(_("总体评价"), row.comment)]
    if found := _pictures(record):
        sections.append(found)
    if row.objection:
        sections.append(Prose(_("异议"), row.objection))
        sections.append(Prose(_("处理意见"), row.ruling))
    return _frame(record, actor, at, [head, *[s for s in sections if s is not None]], signatures=signs_of(record))


def _pictures(record: Record) -> Photos | None:
    """What was seen on the spot, each picture with its question, time and digest."""
    rows = Attachment.objects.filter(record=record, removed_at=None).exclude(view_sha256="").order_by("place", "pk")
    found = [
        Photo(
            vault.get(row.thumb_sha256), f"{row.place} {when(row.taken_at or row.created_at)} {row.sha256[:8]}".strip()
        )
        for row in rows[:MOST_PICTURES]
    ]
    return Photos(found, title=_("现场照片")) if found else None


def _problems(inspection: Inspection) -> Rows:
    rows = Problem.objects.filter(inspection=inspection).select_related("owner").order_by("pk")
    lines = [
        [
            p.issue,
            p.measure,
            p.owner.shown_name,
            p.due_on.isoformat(),
            p.recheck_on.isoformat() if p.recheck_on else "",
            p.recheck_note,
        ]
        for p in rows
    ]
    heads = [_("存在问题"), _("解决办法"), _("责任人"), _("期限"), _("复查日期"), _("复查结果")]
    return Rows(heads, lines, title=_("问题与解决"), widths=[3, 3, 1.2, 1.3, 1.3, 2])


def _rate(value: int | None) -> str:
    return "—" if value is None else f"{value // 10}.{value % 10}%"


def week(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The departments of a week: results, praise, criticism, orders, as they were published."""
    paper = Publication.objects.select_related("record__unit", "record__created_by").get(pk=record.pk)
    figures = paper.figures
    rows = [
        [r["name"], str(r["people"]), _rate(r["rate"]), _rate(r["last_rate"]), join(r["gaps"])] for r in figures["rows"]
    ]
    urgency, states = dict(Problem.Urgency.choices), dict(Problem.Status.choices)
    orders = [
        [
            o["unit"],
            o["issue"],
            o["measure"],
            str(urgency[o["urgency"]]),
            o["owner"],
            o["due_on"],
            str(states[o["status"]]),
        ]
        for o in figures["orders"]
    ]

    def remarks(kind: str, title: str) -> Rows:
        lines = [[r["unit"], r["person"], r["reason"], r["ground"]] for r in figures["remarks"] if r["kind"] == kind]
        return Rows([_("部门"), _("点名人员"), _("理由"), _("公布依据")], lines, title=title, widths=[1.5, 1.2, 4, 2])

    sections = [
        Rows([_("部门"), _("受检人数"), _("答对率"), _("上周"), _("主要差距")], rows, title=_("部门结果"), widths=[2, 1, 1, 1, 4], numeric=[1, 2, 3]),
        remarks("praise", _("表扬部门")), remarks("criticism", _("批评部门")),
        Rows([_("部门"), _("问题"), _("整改办法"), _("要求"), _("责任人"), _("期限"), _("状态")], orders, title=_("整改事项"), widths=[1.3, 2.5, 2.5, 1, 1, 1.2, 1]),
        Grid([Field(_("上周整改完成率"), _rate(figures["closing_rate"])), Field(_("周"), figures["week_on"]), Field(_("公布例会"), (figures.get("meeting") or {}).get("number", ""))]), Prose(_("提交公司的意见"), figures.get("proposal", "")),
    ]  # fmt: skip
    return _frame(record, actor, at, sections, signatures=[published_by(paper, post_name("am"))], digest=paper.digest)


def month(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """Everybody's month as it was frozen."""
    paper = Publication.objects.get(pk=record.pk)
    rows = [
        [
            r["name"],
            r["unit"],
            *(str(r[key]) for key in ("asked", "correct", "partly", "wrong", "opened", "closed")),
            _rate(r["score"]).rstrip("%"),
        ]
        for r in paper.figures["rows"]
    ]
    heads = [
        _("姓名"),
        _("单位"),
        _("提问"),
        _("答对"),
        _("部分答对"),
        _("答错"),
        _("未关闭整改"),
        _("已关闭整改"),
        _("考核得分"),
    ]
    table = Rows(heads, rows, widths=[1.5, 2, 0.8, 0.8, 1, 0.8, 1.2, 1.2, 1.1], numeric=list(range(2, 9)))
    return _frame(record, actor, at, [table], signatures=[], digest=paper.digest)


def _frame(
    record: Record,
    actor: Any,
    at: dt.datetime,
    sections: Sequence[Any],
    *,
    signatures: Sequence[Sign],
    digest: str = "",
) -> FormPrint:
    form = forms.get(record.form_code)
    writer: Person | None = record.created_by
    return FormPrint(
        company=company_name(), title=text(form.title), number=record.number or "", code=record.form_code, version=record.version,
        status=record.get_status_display(), at=at, late=_("逾期") if record.is_late(at) else "", watermark="" if record.number else _("草稿"),
        is_void=record.status == Record.Status.VOID,
        head=[Field(_("所属单位"), record.unit.shown_name), Field(_("填表人"), writer.shown_name if writer else ""), Field(_("填表时间"), when(record.created_at)),
              Field(_("提交时间"), when(record.submitted_at))],
        sections=sections, signatures=signatures, digest=digest or (digest_now(record) if record.number else ""),
    )  # fmt: skip
