"""The staff list: one row is a person in a seat of a unit; units and seats that are missing are made (X-5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhangfa.core import clock
from zhangfa.core.text import _
from zhangfa.imports import lookups, staffing
from zhangfa.imports.drafts import key_of
from zhangfa.imports.target import Draft, Field, Made, Setting, Target
from zhangfa.organisation.models import Person, Post
from zhangfa.organisation.permissions import edit_chart
from zhangfa.organisation.rules import CHART_POSTS

UNIT, SEAT, PERSON, HOLDING = "organisation.unit", "organisation.seat", "organisation.person", "organisation.holding"
FIELDS = (
    Field("no", _("工号"), required=True, words=("员工编号", "编号", "员工号", "人员编号", "职工号", "no", "staffno", "employeeid", "id"), limit=20),
    Field("name", _("姓名"), required=True, words=("员工姓名", "名字", "人员", "name", "employee", "fullname"), limit=60),
    Field("name_en", _("英文名称"), words=("英文名", "拼音", "englishname", "nameen"), limit=80),
    Field("phone", _("手机"), "phone", words=("电话", "手机号", "手机号码", "联系电话", "联系方式", "phone", "mobile", "tel"), can_fill=True),
    Field("region", _("区域"), words=("大区", "分公司", "城市", "region", "city"), limit=60),
    Field("department", _("部门"), words=("所属部门", "中心", "department", "dept"), limit=60),
    Field("outlet", _("网点"), words=("门店", "店", "所属门店", "驻点", "服务站", "outlet", "shop", "branch", "store"), limit=60),
    Field("post", _("岗位"), "post", required=True, words=("职务", "职位", "岗位名称", "工种", "post", "position", "title", "job"), limit=40),
    Field("superior", _("直接上级"), words=("上级", "汇报对象", "主管", "上级工号", "上级姓名", "superior", "manager", "reportsto"), limit=60),
    Field("joined_on", _("入职日期"), "date", words=("入职时间", "入司日期", "到岗日期", "参加工作时间", "joined", "hiredate", "startdate")),
    Field("left_on", _("离职日期"), "date", words=("离职时间", "离司日期", "left", "enddate")),
)  # fmt: skip


def judge(drafts: Sequence[Draft], setting: Setting) -> None:
    """Which post and which person each row means; superiors come first."""
    posts = lookups.posts(setting)
    known = {row.no: row for row in Person.objects.filter(no__in={d.values["no"] for d in drafts if d.values["no"]})}
    above = lookups.people(drafts, "superior")
    for draft in drafts:
        v = draft.values
        v["post"] = lookups.find(draft, "post", posts, code="post")
        draft.key = key_of("person", v["no"]) if v["no"] else ""
        draft.known = known.get(v["no"])
        draft.known_label = v["no"] if draft.known else ""
        post: Post | None = v["post"]
        if post is None:
            continue
        draft.rank = 100 - post.grade
        staffing.judge_place(draft, setting)
        kind = Person.Kind.WORKER if post.pk == "sw" else Person.Kind.STAFF
        if draft.known and draft.known.kind != kind:
            draft.blame("post", "person_kind", no=v["no"])
        if v["joined_on"] and v["joined_on"] > clock.local_date(setting.at):
            draft.blame("joined_on", "ahead")
        if v["joined_on"] and v["left_on"] and v["left_on"] < v["joined_on"]:
            draft.blame("left_on", "person_period")
        if v["superior"]:
            staffing.judge_superior(draft, above, setting)
    staffing.judge_leaving(drafts, setting)


def write(drafts: Sequence[Draft], setting: Setting) -> list[Made]:
    """One after the other by the chart's own actions; the whole chunk is one transaction."""
    made: list[Made] = []
    for draft in sorted(drafts, key=lambda one: (one.rank, one.n)):
        made += staffing.seat_person(draft, setting)
    return made


def remove(results: Sequence[Any], setting: Setting) -> None:
    staffing.take_back(results, setting)


STAFF = Target(
    "staff", _("单位和人员"), _("员工花名册：工号、姓名、部门、网点、岗位。没有的部门、网点和席位会一并新设。"), CHART_POSTS, FIELDS, judge, write, remove,
    choices=("skip", "fill"), may=edit_chart, labels=(UNIT, SEAT, PERSON, HOLDING), chunk=20, asks_source=False,
)  # fmt: skip
