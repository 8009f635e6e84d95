"""Orders of earlier years: one row is one service for a customer whom the archive knows (HS-W3)."""

from __future__ import annotations

from zhangfa.core.text import _
from zhangfa.imports.order_rows import LABEL, judge, prepare, remove, write
from zhangfa.imports.target import Field, Target
from zhangfa.orders.permissions import book_orders

METHODS = {
    "wechat": ("微信", "微信支付", "微信转账"), "alipay": ("支付宝", "支付宝转账"), "transfer": ("转账", "银行转账", "对公", "刷卡", "银行卡", "bank"),
    "cash": ("现金", "现", "cash"), "card": ("预付卡", "套餐卡", "会员卡", "储值卡"),
}  # fmt: skip
STATES = {
    "finished": ("已完成", "完成", "已服务", "正常", "已结束", "已结算", "done", "finished", "completed"),
    "cancelled": ("已取消", "取消", "退单", "作废", "未服务", "cancelled", "canceled"),
}  # fmt: skip
FIELDS = (
    Field("ref", _("原订单号"), words=("订单号", "单号", "订单编号", "工单号", "流水号", "服务单号", "order", "orderno", "ordernumber", "orderid", "invoice", "invoiceno"), limit=40),
    Field("customer_ref", _("客户编号"), words=("客户号", "会员号", "原客户编号", "客户id", "customerid", "customerno", "custid"), limit=40),
    Field("phone", _("客户电话"), "phone", words=("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "phone", "mobile", "tel")),
    Field("customer", _("客户姓名"), words=("客户", "姓名", "户主", "客户名称", "名称", "customer", "customername"), limit=60),
    Field("served_on", _("服务日期"), "date", required=True, words=("日期", "服务时间", "上门日期", "上门时间", "下单日期", "下单时间", "完成时间", "预约日期", "预约时间", "时间", "date", "orderdate", "invoicedate", "servicedate")),
    Field("served_time", _("开始时间"), "time", words=("几点", "时段", "服务时段", "上门时段", "time", "starttime")),
    Field("hours", _("时长（小时）"), "number", words=("时长", "工时", "服务时长", "小时", "小时数", "hours", "duration")),
    Field("product", _("服务产品"), "product", required=True, words=("服务项目", "项目", "服务内容", "产品", "服务类型", "品名", "服务", "product", "service", "item"), limit=60),
    Field("quantity", _("数量"), "number", words=("面积", "平米", "平方", "次数", "件数", "quantity", "qty", "units")),
    Field("amount", _("服务金额"), "money", required=True, words=("金额", "总金额", "应收", "应收金额", "合计金额", "订单金额", "价格", "费用", "amount", "total", "price", "sales")),
    Field("paid", _("实收"), "money", words=("实收金额", "已收", "收款", "收款金额", "已付", "paid", "received")),
    Field("method", _("收款方式"), "choice", words=("支付方式", "付款方式", "结算方式", "payment", "paymentmethod"), choices=METHODS),
    Field("worker", _("服务员"), "person", required=True, words=("阿姨", "保洁员", "服务人员", "师傅", "家政员", "服务员姓名", "工号", "worker", "staff", "employee"), limit=40),
    Field("outlet", _("网点"), "outlet", words=("门店", "店", "所属门店", "服务网点", "outlet", "branch", "shop", "store"), limit=40),
    Field("state", _("状态"), "choice", words=("订单状态", "服务状态", "status"), choices=STATES),
    Field("satisfaction", _("满意度"), "number", words=("评分", "评价", "打分", "满意度评分", "rating", "score")),
    Field("note", _("服务要求"), words=("备注", "说明", "要求", "note", "remark", "description"), limit=500, is_multiline=True),
)  # fmt: skip

ORDERS = Target(
    "orders", _("历史订单"), _("已经完成或取消的订单：客户、服务、日期、金额、服务员。客户要先在档案里。"), ("cs", "ops"), FIELDS, judge, write, remove,
    choices=("skip", "new"), prepare=prepare, may=book_orders, labels=(LABEL,),
)  # fmt: skip
