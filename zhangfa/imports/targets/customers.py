"""Customers from the lists that a company has kept: one row is one household, company or institution (CS-W2.1)."""

from __future__ import annotations

from zhangfa.core.text import _
from zhangfa.customers.permissions import edit_customers
from zhangfa.imports import answers
from zhangfa.imports.customer_rows import LABEL, judge, prepare, remove, write
from zhangfa.imports.target import Field, Target

KINDS = {
    "household": ("家庭", "个人", "住户", "家庭客户", "散客", "个人客户"), "enterprise": ("企业", "公司", "单位", "企业客户", "商户"),
    "institution": ("机构", "事业单位", "学校", "医院", "机关", "政府"),
}  # fmt: skip
FIELDS = (
    Field("ref", _("原编号"), words=("编号", "客户编号", "会员号", "会员编号", "客户号", "客户id", "id", "customerid", "customerno", "卡号"), limit=40),
    Field("name", _("姓名或名称"), required=True, words=("姓名", "名称", "客户", "客户姓名", "客户名称", "户主", "联系人姓名", "单位名称", "name", "customer", "customername"), limit=60),
    Field("kind", _("客户类型"), "choice", words=("类型", "类别", "客户类别", "性质", "kind", "type"), choices=KINDS),
    Field("phone", _("电话"), "phone", required=True, words=("手机", "手机号", "手机号码", "联系电话", "电话号码", "联系方式", "电话1", "phone", "mobile", "tel", "telephone"), can_fill=True),
    Field("compound", _("小区或街道"), words=("小区", "小区名称", "楼盘", "街道", "compound", "estate"), can_fill=True),
    Field("address", _("地址"), words=("住址", "详细地址", "服务地址", "家庭住址", "楼栋门牌", "门牌", "address"), limit=200, can_fill=True),
    Field("outlet", _("所属网点"), "outlet", required=True, words=("网点", "门店", "店", "所属门店", "归属网点", "服务网点", "outlet", "branch", "shop"), limit=40),
    Field("contact", _("联系人"), words=("经办人", "对接人", "contact", "contactperson"), limit=40, can_fill=True),
    Field("note", _("内部备注"), words=("备注", "说明", "备注信息", "note", "notes", "remark", "remarks"), limit=500, is_multiline=True, can_fill=True),
    Field("joined_on", _("建档日期"), "date", words=("建档时间", "登记日期", "登记时间", "开户日期", "首次服务日期", "日期", "入会日期", "joined", "since", "created")),
    Field("care", _("同意回访"), "flag", words=("同意回访与关怀", "是否同意回访", "接受回访", "回访", "care")),
    Field("marketing", _("同意推荐"), "flag", words=("同意营销", "接受短信", "是否接收优惠", "接受推广", "marketing", "optin")),
    *answers.FIELDS,
)  # fmt: skip

CUSTOMERS = Target(
    "customers", _("客户"), _("家庭、企业和机构的档案：姓名、电话、地址、所属网点。"), ("cs", "ops", "net"), FIELDS, judge, write, remove,
    prepare=prepare, may=edit_customers, labels=(LABEL,), unique="phone",
)  # fmt: skip
