"""Codes of an import in words: what is wrong with a cell, why something can't be taken back, how sure a guess is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhangfa.imports.models import Import
from zhangfa.imports.tables import TABLES
from zhangfa.imports.targets import TARGETS
from zhangfa.ui import words

ISSUES = {
    "required": lazy("没有填写。"), "nul": lazy("含有不能保存的字符。"), "surrogate": lazy("含有无法识别的字符。"),
    "control": lazy("含有看不见的控制字符。"), "too_long": lazy("内容太长。"), "longer": lazy("内容太长，最多 %(limit)s 个字。"), "date": lazy("看不出是哪一天，例如 2024-03-05。"),
    "date_year": lazy("只有月和日，没有年份。"), "date_range": lazy("年份应在 1900 到 2199 之间。"), "time": lazy("看不出是几点，例如 14:30。"),
    "number": lazy("应为数字。"), "money": lazy("看不出金额，例如 1280.50。"), "phone": lazy("不是电话号码，例如 13800001234。"),
    "flag": lazy("应为“是”或“否”。"), "choice": lazy("不在可选的内容里。"),
    "outlet": lazy("没有叫“%(value)s”的网点。"), "outlet_several": lazy("叫“%(value)s”的网点不止一个，请写代码。"),
    "product": lazy("价目表里没有“%(value)s”。"), "product_several": lazy("叫“%(value)s”的产品不止一个，请写代码。"),
    "worker": lazy("没有叫“%(value)s”的人员。"), "worker_several": lazy("叫“%(value)s”的人不止一个，请写工号。"),
    "post": lazy("没有“%(value)s”这个岗位。"), "post_several": lazy("叫“%(value)s”的岗位不止一个。"),
    "superior": lazy("没有叫“%(value)s”的人员。"), "superior_several": lazy("叫“%(value)s”的人不止一个，请写工号。"),
    "customer": lazy("档案里没有这位客户，请先导入客户。"), "customer_several": lazy("有几位客户相符，请写电话或客户编号。"),
    "range": lazy("应在 %(least)s 到 %(most)s 之间。"), "twin": lazy("与第 %(n)s 行重复，不能都新建。"), "ahead": lazy("日期还没到。"),
    "person_kind": lazy("工号 %(no)s 已有人，服务员和职员不能互换。"), "person_period": lazy("离职日期不能早于入职日期。"),
    "department_of_outlet": lazy("“%(value)s”是新网点，请写明属于哪个部门。"), "no_company": lazy("还没有建立公司。"),
}  # fmt: skip
WHY = {
    "header": lazy("列名相符"),
    "part": lazy("列名相近"),
    "sample": lazy("内容像"),
    "remembered": lazy("上次这样对应"),
}
CHOICES = {"skip": lazy("不导入这一行"), "fill": lazy("补充已有档案里空着的内容"), "new": lazy("另建一份")}
OTHER = lazy("其他记录")
STUCK = {"used": lazy("已被使用：%(name)s"), "changed": lazy("导入后又改过")}


def field_name(batch: Import, field: str) -> str:
    found = TARGETS[batch.target].by_name.get(field)
    return words.text(found.zh) if found else ""


def said(issue: Mapping[str, Any]) -> str:
    """What is wrong, in the reader's language; the house's own refusals bring their sentence along."""
    text = _(issue["text"]) if issue.get("text") else words.text(ISSUES.get(issue["code"], issue["code"]))
    try:
        return text % issue["params"] if issue["params"] else text
    except (KeyError, ValueError):
        return text


def line(batch: Import, issue: Mapping[str, Any]) -> str:
    """An issue with its field in front."""
    name = field_name(batch, issue["field"])
    return _("%(field)s：%(said)s") % {"field": name, "said": said(issue)} if name else said(issue)


def why_stuck(reason: Mapping[str, Any]) -> str:
    """Why a row stays, in words that people use."""
    if reason["code"] == "changed":
        return str(STUCK["changed"])
    # A table of an earlier version has no word any more.
    return str(STUCK["used"]) % {"name": TABLES.get(reason["by"], OTHER)}
