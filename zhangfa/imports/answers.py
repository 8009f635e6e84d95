"""Columns that answer the customer's file (F15): area, pets, second number, … as companies have them in their lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zhangfa.core.text import _
from zhangfa.customers.profile_rules import BY_NAME, asks_for, refuse_answers
from zhangfa.customers.wording import code
from zhangfa.imports.drafts import blame
from zhangfa.imports.target import Draft, Field

FIELDS = (
    Field("alt_phone", _("备用电话"), "phone", words=("电话2", "手机2", "第二电话", "备用手机", "家庭电话", "座机", "固话", "altphone", "phone2")),
    Field("wechat", _("微信"), words=("微信号", "微信名", "wechat", "wechatid"), limit=60),
    Field("source", _("来源"), "choice", is_common=False, words=("客户来源", "来源渠道", "渠道", "source"), choices={
        "referral": ("客户介绍", "转介绍", "介绍", "朋友介绍", "老客户介绍"), "walk_in": ("网点来访", "上门", "到店", "来访"), "phone": ("电话", "来电"),
        "online": ("网上", "网络", "线上", "小程序", "平台", "美团", "抖音"), "event": ("社区活动", "活动", "地推"), "contract": ("投标或洽谈", "投标", "洽谈", "合同"),
    }),
    Field("sex", _("性别"), "choice", is_common=False, words=("男女", "sex", "gender"), choices={"female": ("女", "女士", "f", "female"), "male": ("男", "先生", "m", "male")}),
    Field("id_no", _("身份证号"), words=("身份证", "身份证号码", "证件号", "证件号码", "idno", "idcard"), limit=18),
    Field("birthday", _("生日（月-日）"), words=("生日", "出生日期", "出生年月日", "birthday"), limit=20),
    Field("household_count", _("家庭人口"), words=("人口", "家庭人数", "几口人", "常住人口"), limit=10),
    Field("pets", _("宠物"), words=("有无宠物", "养宠", "宠物情况", "pets"), limit=100),
    Field("area_m2", _("面积（平方米）"), words=("面积", "面积m2", "平方", "平米", "房屋面积", "建筑面积", "服务面积", "平方数", "area"), limit=12),
    Field("layout", _("户型"), words=("房型", "户型结构", "几室几厅", "layout"), limit=40),
    Field("floor", _("楼层"), words=("层数", "所在楼层", "floor"), limit=10),
    Field("has_lift", _("电梯"), "choice", is_common=False, words=("有无电梯", "是否有电梯", "电梯情况", "lift"), choices={"yes": ("有", "有电梯", "是", "y", "yes"), "no": ("没有电梯", "无", "无电梯", "没有", "否", "n", "no")}),
    Field("access_note", _("门禁和钥匙"), words=("门禁", "门禁密码", "钥匙", "密码", "门锁密码"), limit=300),
    Field("fragile_notes", _("易损和贵重物品"), words=("易损物品", "贵重物品", "注意物品"), limit=300),
    Field("preferences", _("偏好和忌讳"), words=("偏好", "忌讳", "禁忌", "特殊要求", "客户要求", "服务要求", "习惯"), limit=300, is_multiline=True),
    Field("time_slots", _("可服务的时段"), words=("服务时段", "可服务时间", "方便时间", "服务时间", "预约时间"), limit=100),
    Field("pay_mode", _("支付方式"), "choice", is_common=False, words=("付款方式", "收款方式", "结账方式"), choices={
        "cash": ("现金",), "mobile": ("手机支付", "微信", "支付宝", "微信支付", "扫码"), "card": ("储值卡", "卡", "会员卡", "年卡"), "transfer": ("对公转账", "转账", "对公", "银行转账"),
    }),
    Field("invoice_title", _("开票抬头"), words=("发票抬头", "抬头", "开票名称", "invoice"), limit=100),
    Field("legal_name", _("单位全称"), words=("公司全称", "全称", "企业全称"), limit=100),
    Field("uscc", _("统一社会信用代码"), words=("信用代码", "税号", "纳税人识别号", "社会信用代码"), limit=18),
    Field("industry", _("行业"), words=("所属行业", "行业类型", "industry"), limit=60),
    Field("staff_count", _("单位人数"), words=("员工人数", "公司人数", "企业人数"), limit=10),
)  # fmt: skip
NAMES = tuple(field.name for field in FIELDS)
# What people write behind a figure.
UNIT = re.compile(r"\s*(平方米|平方|平米|m2|m²|㎡|平|左右|口人|口|人|楼|层|f)+\s*$", re.IGNORECASE)
DAY = re.compile(r"^(?:(?:19|20)\d\d[-./年])?(\d{1,2})[-./月](\d{1,2})日?$")
COMPACT = re.compile(r"^(?:19|20)\d\d(\d\d)(\d\d)$")


def judge(draft: Draft, kind: str) -> None:
    """The answers that a file of this kind of customer has, in the archive's shapes; what is wrong is said at its column."""
    wanted = {ask.name for ask in asks_for(kind)}
    found = {name: tidy(name, value) for name in NAMES if name in wanted and (value := draft.values.get(name))}
    blame(draft, refuse_answers(found, kind))
    draft.values["__answers"] = found


def tidy(name: str, value: Any) -> str:
    """As the archive keeps it: 约 89 平 is 89, 1980年5月2日 is 05-02, 无 is the code that says so."""
    text, shape = str(value).strip(), BY_NAME[name].shape
    if shape == "number":
        return UNIT.sub("", text.removeprefix("约").strip())
    if shape == "month_day" and (day := DAY.match(text) or COMPACT.match(text)):
        return f"{int(day[1]):02d}-{int(day[2]):02d}"
    if shape in ("id_no", "uscc"):
        return text.upper()
    return text if shape in ("choice", "phone") else code(text)


def of(values: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = values.get("__answers") or {}
    return found
