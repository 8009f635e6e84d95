"""《部门（网店）服务员事故登记表》 F10 (CC-W1.3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.claims.choices import REMEDIES
from zhangfa.claims.confidential import knows_expected
from zhangfa.claims.models import Case, DamagedItem, Survey
from zhangfa.claims.prints import common
from zhangfa.claims.prints.common import sum_of, ticks, yes_no
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, when
from zhangfa.ui.display import money


def registration(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The form as it stands, for one reader or for the archive."""
    rows = Survey.objects.select_related(
        "case__record", "case__customer__outlet", "case__order__product", "case__worker", "case__unit", "case__handler", "surveyor",
        "confirmed_by",
    )  # fmt: skip
    survey = rows.get(pk=record.pk)
    case = survey.case
    sections = [
        common.parties(case, actor), _intake(case), _survey(case, survey, actor), _items(case), _special(case, survey, actor),
        Prose(_("事故经过"), survey.narrative, height=24), Prose(_("服务员陈述"), survey.worker_statement),
        Prose(_("客户陈述"), survey.customer_statement), _facts(case, survey, actor), _insurance(survey),
        common.photos(case, ("object", "scene", "evidence")),
    ]  # fmt: skip
    late = _("逾期提交") if record.is_late(at) else ""
    return common.frame(record, case, actor, at, sections=sections, late=late)


def _intake(case: Case) -> Grid:
    return Grid(
        [
            Field(_("信息来源"), ticks(Case.Source.choices, case.source), is_wide=True),
            Field(_("报告人"), case.reporter), Field(_("报告时间"), when(case.reported_at)),
            Field(_("发生时间"), when(case.occurred_at)), Field(_("发生地点"), case.place),
            Field(_("承诺类别"), ticks(Case.Guarantee.choices, case.guarantee), is_wide=True),
            Field(_("初估损失"), sum_of(case.estimate)),
            Field(_("处理方"), f"{case.get_handled_by_display()} {case.handler.shown_name if case.handler else ''}".strip()),
            Field(_("通报专员"), when(case.alerted_at)), Field(_("严重程度"), ticks(Case.Severity.choices, case.severity)),
            Field(_("情况简述"), case.summary, is_wide=True),
        ],
        title=_("受理"),
    )  # fmt: skip


def _survey(case: Case, survey: Survey, actor: Any) -> Grid:
    is_known = actor is not None and knows_expected(case, actor)
    confirmed = f"{survey.confirmed_by.shown_name} {when(survey.confirmed_at)}" if survey.confirmed_by else ""
    fields = [
        Field(_("到场时间"), when(case.arrived_at)), Field(_("到场位置"), case.arrived_place),
        Field(_("勘察人"), survey.surveyor.shown_name), Field(_("勘察时间"), when(survey.surveyed_at)),
        Field(_("返回时间"), when(survey.returned_at)), Field(_("勘察复核人"), confirmed),
    ]  # fmt: skip
    if survey.no_photo_reason:
        fields.append(Field(_("无法拍照的原因"), survey.no_photo_reason, is_wide=True))
    seen = survey.witnesses if is_known else (common.HIDDEN if survey.witnesses else "")
    fields.append(Field(_("证人"), seen or _("无"), is_wide=True))
    return Grid(fields, title=_("勘察"))


def _items(case: Case) -> Rows:
    rows = [
        [
            f"{item.name} × {item.count}", item.brand_model, item.damaged_part, item.get_level_display(),
            _("是") if item.is_repairable else _("否"), item.location,
            f"{item.bought_on or ''} {money(item.bought_price) if item.bought_price is not None else ''}".strip(),
            sum_of(item.rough_value),
        ]
        for item in DamagedItem.objects.filter(case=case).order_by("pk")
    ]  # fmt: skip
    heads = [_("名称"), _("品牌型号"), _("损坏部位"), _("损坏程度"), _("可修复"), _("位置"), _("购买"), _("大致价值")]
    return Rows(heads, rows, title=_("被损物"), widths=[1.5, 1.3, 1.2, 1, 0.8, 1, 1.3, 1.1], numeric=[7])


def _special(case: Case, survey: Survey, actor: Any) -> Grid | None:
    """Third party or injured person, where there is one; the injury only on the handler's copy."""
    clear = common.is_handler(case, actor)
    if case.guarantee == Case.Guarantee.THIRD_PARTY:
        return Grid(
            [
                Field(_("第三者姓名"), survey.third_party_name if clear else common.HIDDEN),
                Field(_("第三者电话"), survey.third_party_phone if clear else common.HIDDEN),
                Field(_("第三者损害"), survey.third_party_damage, is_wide=True), Field(_("楼层"), survey.floor),
                Field(_("报警号"), survey.police_no),
            ],
            title=_("第三者"),
        )  # fmt: skip
    if case.guarantee == Case.Guarantee.WORKER_INJURY:
        return Grid(
            [
                Field(_("伤情"), survey.injury if clear else common.HIDDEN, is_wide=True), Field(_("就诊医院"), survey.hospital if clear else common.HIDDEN),
                Field(_("垫付金额"), sum_of(survey.advance_amount)),
            ],
            title=_("伤者"),
        )  # fmt: skip
    return None


def _facts(case: Case, survey: Survey, actor: Any) -> Grid:
    promised = _("%(n)s 个工作日") % {"n": case.promised_days} if case.promised_days else ""
    fields = [
        Field(_("背景原因"), ticks(Case.Cause.choices, survey.cause), is_wide=True),
        Field(_("现场判断"), survey.judgement, is_wide=True),
        Field(_("客户要求"), ticks(REMEDIES, list(survey.remedies)), is_wide=True),
        Field(_("客户索赔额"), sum_of(survey.claimed_amount)),
        Field(_("客户心理价位"), sum_of(survey.expected_amount) if actor is not None and knows_expected(case, actor) else common.HIDDEN),
        Field(_("告知处理工作日"), promised), Field(_("承诺日期"), f"{case.promised_on or ''}"),
    ]  # fmt: skip
    return Grid(fields, title=_("事实与诉求"))


def _insurance(survey: Survey) -> Grid:
    return Grid(
        [
            Field(_("是否报保险"), yes_no(survey.is_insurer_told)), Field(_("报案时间"), when(survey.insurer_told_at)),
            Field(_("报案号"), survey.insurer_no), Field(_("未报保险的原因"), survey.insurer_note),
        ],
        title=_("保险"),
    )  # fmt: skip
