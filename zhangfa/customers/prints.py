"""Papers of the archive: the customer's file F15, the daily entry that adds to it, and what a department hands in (CS-W2.1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from zhangfa.customers import queries, registry, segments
from zhangfa.customers.models import AdverseRecord, ArchiveEntry, Customer, HandIn, Profile
from zhangfa.customers.permissions import read_adverse
from zhangfa.customers.profile_rules import FILE, asks_for
from zhangfa.customers.wording import label_of, learnt_label, learnt_value, masked, shown
from zhangfa.organisation.shell import company_name
from zhangfa.records.models import Record
from zhangfa.records.prints import Field, FormPrint, Grid, Prose, Rows, Tick, printed_by, when
from zhangfa.records.registry import forms
from zhangfa.ui.words import join, text

LONG = 24
WIDE = ("fragile_notes", "preferences", "access_note", "care_needs", "invoice_title")


def customer_file(customer: Customer, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The whole file with its masks; of adverse records no more than day and kind, and only for those who may read them."""
    profile = queries.profile_of(customer)
    given = queries.answers_of(profile)
    wanted = {ask.name for ask in asks_for(customer.kind)}
    basic = Grid(
        [
            Field(_("姓名或名称"), customer.name), Field(_("客户类型"), customer.get_kind_display()), Field(_("联系人"), customer.contact),
            Field(_("电话"), customer.masked_phone), Field(_("地址"), customer.masked_address, is_wide=True),
            Field(_("所属网点"), customer.outlet.shown_name),
            Field(_("客户经理"), customer.account_manager.shown_name if customer.account_manager else ""),
            Field(_("建档日期"), customer.joined_on.isoformat()), Field(_("客户类别"), _classes(customer)),
        ],
        title=_("基本资料"),
    )  # fmt: skip
    answers = Grid(
        [Field(text(label_of(Profile, ask.name)), masked(ask.name, given[ask.name]), is_wide=ask.name in WIDE) for ask in FILE if ask.name in wanted],
        title=_("客户档案表"),
    )  # fmt: skip
    lines = registry.consumed(customer, actor, at)
    consumption = Grid(
        [Field(text(label), value, is_wide=len(value) > LONG) for label, value in lines], title=_("消费情况")
    )
    return FormPrint(
        company=company_name(), title=_("客户档案表"), number=customer.no, code="F15", at=at, status=customer.get_status_display(),
        watermark="" if profile and profile.is_finished else _("草稿"),
        head=[Field(_("完整度"), f"{customer.completeness} %"), Field(_("状态"), customer.get_status_display())],
        sections=[basic, answers, *_people(customer), consumption, *_adverse(customer, actor, at), _consents(customer), _quality(customer)],
        printed=printed_by(actor.name, at),
    )  # fmt: skip


def _classes(customer: Customer) -> str:
    found = segments.classes_of([customer.pk]).get(customer.pk, [])
    return join(row.get_code_display() for row in found)


def _people(customer: Customer) -> list[Rows]:
    """Further addresses and the people to speak to, where there are any."""
    places = [
        [one.label, one.masked_door, one.area_m2, one.layout, one.floor, shown("has_lift", one.has_lift)]
        for one in customer.places.filter(is_current=True).order_by("pk")
    ]
    people = [
        [one.name, one.title, one.get_role_display(), one.masked_phone]
        for one in customer.contacts.filter(is_current=True).order_by("pk")
    ]
    found = []
    if places:
        heads = [_("用途"), _("地址"), _("面积（平方米）"), _("户型"), _("楼层"), _("电梯")]
        found.append(Rows(heads, places, title=_("其他地址"), widths=[2, 5, 2, 2, 1, 2]))
    if people:
        heads = [_("姓名"), _("职务或关系"), _("角色"), _("电话")]
        found.append(Rows(heads, people, title=_("联系人"), widths=[3, 3, 2, 3]))
    wishes = [
        [one.worker.shown_name, one.get_kind_display(), one.reason]
        for one in customer.worker_wishes.filter(is_current=True).select_related("worker").order_by("pk")
    ]
    if wishes:
        found.append(Rows([_("服务员"), _("意愿"), _("原因")], wishes, title=_("服务员意愿"), widths=[3, 2, 6]))
    return found


def _adverse(customer: Customer, actor: Any, at: dt.datetime) -> list[Rows]:
    """Adverse records that were checked and are not over, only for those who may read it; none says so (F15, A-34)."""
    if any(read_adverse(by=actor, at=at)):
        return []
    found = AdverseRecord.objects.filter(customer=customer, status=AdverseRecord.Status.CHECKED).select_related(
        "checked_by"
    )
    rows = [
        [one.occurred_on.isoformat(), one.get_kind_display(), _name(one.checked_by), one.expires_on.isoformat() if one.expires_on else ""]
        for one in found.order_by("-occurred_on", "-pk")
    ]  # fmt: skip
    heads = [_("发生日期"), _("类型"), _("核实人"), _("到期日")]
    return [Rows(heads, rows, title=_("不良消费记录"), widths=[2, 3, 2, 2], empty=_("无"))]


def _quality(customer: Customer) -> Grid:
    """Who entered and who verified what was learnt last."""
    rows = ArchiveEntry.objects.filter(customer=customer, verified_at__isnull=False)
    last = rows.select_related("entered_by", "verified_by", "hand_in__record").order_by("-verified_at").first()
    return Grid(
        [
            Field(_("录入人"), _name(last.entered_by) if last else ""), Field(_("核实人"), _name(last.verified_by) if last else ""),
            Field(_("核实时间"), when(last.verified_at) if last else ""), Field(_("上交单"), (last.hand_in.record.number or "") if last and last.hand_in else ""),
        ],
        title=_("录入和核实"),
    )  # fmt: skip


def _consents(customer: Customer) -> Rows:
    standing = sorted(queries.consents_of(customer).values(), key=lambda row: row.pk)
    rows = [
        [row.get_purpose_display(), row.get_channel_display(), _("同意") if row.is_granted else _("已撤回"), row.notice_version, when(row.at)]
        for row in standing
    ]  # fmt: skip
    heads = [_("用途"), _("渠道"), _("同意"), _("隐私告知版本"), _("时间")]
    return Rows(heads, rows, title=_("同意与撤回"), widths=[3, 2, 2, 3, 3], empty=_("没有登记过同意"))


def entry_sheet(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """What was learnt on one day about one customer, and how each answer stood the verification."""
    rows = ArchiveEntry.objects.select_related(
        "customer", "outlet", "written_by", "entered_by", "verified_by", "hand_in__record"
    )
    row = rows.get(pk=record.pk)
    learnt = list(row.learnt.order_by("pk"))
    head = Grid(
        [
            Field(_("客户"), f"{row.customer.name}  {row.customer.no}"), Field(_("网点"), row.outlet.shown_name),
            Field(_("服务日期"), row.served_on.isoformat()), Field(_("登记人"), _name(row.written_by)),
            Field(_("登记时间"), when(row.written_at)), Field(_("当天登记"), _yes_or_no(not row.is_late)),
            Field(_("上交单"), (row.hand_in.record.number or "") if row.hand_in else ""), Field(_("状态"), row.get_status_display()),
        ]
    )  # fmt: skip
    lines = [[text(learnt_label(one.field)), learnt_value(one.field, one.value), _result(one)] for one in learnt]
    checks = Grid(
        [
            Field(_("录入人"), _name(row.entered_by)), Field(_("录入时间"), when(row.entered_at)),
            Field(_("核实人"), _name(row.verified_by)), Field(_("核实时间"), when(row.verified_at)),
        ],
        title=_("录入和核实"),
    )  # fmt: skip
    table = Rows([_("项目"), _("内容"), _("核实")], lines, title=_("登记的内容"), widths=[3, 7, 3])
    return _frame(record, actor, at, [head, table, checks])


def _result(one: Any) -> str:
    if one.reason:
        return _("有差异：%(reason)s") % {"reason": one.reason}
    return _("一致") if one.is_verified else ""


def hand_in_sheet(record: Record, *, actor: Any, at: dt.datetime) -> FormPrint:
    """The batch of a department: each entry with its outlet and day, late ones marked."""
    batch = HandIn.objects.select_related("unit", "handed_by", "checked_by").get(pk=record.pk)
    entries = batch.entries.select_related("record", "customer", "outlet").order_by("pk")
    lines = [
        [one.record.number or "", one.customer.no, one.customer.name, one.outlet.shown_name, one.served_on.isoformat(), one.get_status_display()]
        for one in entries
    ]  # fmt: skip
    head = Grid(
        [
            Field(_("部门"), batch.unit.shown_name), Field(_("上交人"), _name(batch.handed_by)),
            Field(_("从"), batch.period_on.isoformat()), Field(_("到"), batch.until_on.isoformat()),
            Field(_("上交时间"), when(batch.handed_at)), Field(_("期限"), when(batch.due_at)),
            Field(_("档案数"), str(batch.entry_count)), Field(_("其中迟交"), str(batch.late_count)),
        ]
    )  # fmt: skip
    heads = [_("编号"), _("客户编号"), _("客户"), _("网点"), _("服务日期"), _("状态")]
    table = Rows(heads, lines, title=_("登记表"), widths=[4, 2.5, 3, 3, 2.5, 2], empty=_("没有登记表"))
    sections: list[Any] = [head, table, Prose(_("说明"), batch.note)]
    if batch.checked_at:
        sections += [
            Grid([Field(_("检查人"), _name(batch.checked_by)), Field(_("检查时间"), when(batch.checked_at))]),
            Prose(_("检查意见"), batch.opinion),
        ]
    return _frame(record, actor, at, sections)


def _name(person: Any) -> str:
    return person.shown_name if person else ""


def _yes_or_no(is_yes: bool) -> list[Tick]:
    return [Tick(_("是"), is_yes), Tick(_("否"), not is_yes)]


def _frame(record: Record, actor: Any, at: dt.datetime, sections: list[Any]) -> FormPrint:
    return FormPrint(
        company=company_name(), title=text(forms.get(record.form_code).title), number=record.number or "", code=record.form_code,
        version=record.version, status=record.get_status_display(), at=at, late=_("逾期") if record.is_late(at) else "",
        head=[
            Field(_("所属单位"), record.unit.shown_name), Field(_("填表人"), _name(record.created_by)), Field(_("填表时间"), when(record.created_at)),
            Field(_("提交时间"), when(record.submitted_at)),
        ],
        sections=sections,
    )  # fmt: skip
