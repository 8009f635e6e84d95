"""What stands behind a row that can't be taken back, in words that people use: one word for every table that may point to it.

Not on the models themselves: there each word would be a migration, and each migration has SQLite look through all references.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as lazy

ORGANISATION = {
    "organisation.absence": lazy("离岗与代理"), "organisation.charge": lazy("分管"), "organisation.holding": lazy("任职"),
    "organisation.person": lazy("人员"), "organisation.seat": lazy("席位"), "organisation.seatplacement": lazy("席位变动"),
    "organisation.unit": lazy("下级单位"), "organisation.user": lazy("登录账号"),
}  # fmt: skip
PAPERS = {
    "approvals.step": lazy("审批"), "duties.dutychange": lazy("职责修改单"), "duties.excuse": lazy("职责免责申请"),
    "duties.feed": lazy("日历订阅"), "duties.handover": lazy("工作交接"), "duties.occurrence": lazy("职责办理情况"),
    "policy.policyvalue": lazy("章程"), "records.attachment": lazy("附件"), "records.comment": lazy("单据的备注"),
    "records.concern": lazy("单据"), "records.copy": lazy("抄送"), "records.export": lazy("导出记录"), "records.record": lazy("单据"),
    "records.signature": lazy("签字"),
}  # fmt: skip
ADMINISTRATION = {
    "administration.activity": lazy("公司活动"), "administration.activityguest": lazy("活动参加人"),
    "administration.activityline": lazy("活动费用"), "administration.bulletin": lazy("公司通知"),
    "administration.companyfile": lazy("公司文件"), "administration.decisionlist": lazy("即时决定周清单"),
    "administration.deptrequest": lazy("部门协作"), "administration.filing": lazy("法定事项办理记录"),
    "administration.instantdecision": lazy("即时决定"), "administration.outsidecontact": lazy("对外联系人"),
    "administration.policychange": lazy("章程修改单"), "administration.reader": lazy("公司通知的阅知"),
    "administration.revision": lazy("机构与岗位修订"), "administration.revisionline": lazy("机构与岗位修订"),
    "administration.revisionreader": lazy("机构与岗位修订的阅知"), "inspections.answer": lazy("检查记录"),
    "inspections.finding": lazy("表单质量"), "inspections.inspection": lazy("检查与抽查"), "inspections.inspector": lazy("检查与抽查"),
    "inspections.merit": lazy("奖惩意见"), "inspections.patternnote": lazy("规律统计"), "inspections.problem": lazy("整改事项"),
    "inspections.remark": lazy("表扬和批评"), "inspections.sheet": lazy("受检表"), "inspections.tally": lazy("表单完整率"),
    "meetings.decision": lazy("会议决定"), "meetings.meeting": lazy("会议"), "meetings.participant": lazy("参会记录"),
    "planning.item": lazy("计划事项"), "planning.plan": lazy("工作计划"), "planning.progress": lazy("计划进展"),
    "planning.summary": lazy("年终总结"), "regulations.execution": lazy("制度执行汇总报告"), "regulations.receipt": lazy("制度签收"),
    "regulations.regulation": lazy("制度"), "tasks.problem": lazy("网点问题"), "tasks.task": lazy("交办任务"),
}  # fmt: skip
PEOPLE = {
    "people.certificate": lazy("服务员证件"), "people.learner": lazy("培训学时"), "people.leave": lazy("请假单"),
    "people.leaveentry": lazy("假期额度"), "people.medicalnote": lazy("医院证明"), "people.roster": lazy("排班"),
    "people.servicebasis": lazy("累计工龄"), "people.training": lazy("培训记录"),
}  # fmt: skip
CUSTOMERS = {
    "care.alliance": lazy("联盟和二八计划"), "care.bundle": lazy("访问汇总"), "care.careplan": lazy("关怀计划"),
    "care.feedback": lazy("大客户意见建议"), "care.giving": lazy("礼品和优惠券"), "care.groupbuy": lazy("团购"),
    "care.groupmember": lazy("大客户的集团成员"), "care.keyaccount": lazy("大客户档案"), "care.monthplan": lazy("月度关怀计划"),
    "care.planreview": lazy("季度检查"), "care.promise": lazy("对客户的承诺"), "care.recheck": lazy("真实性回访"),
    "care.stockmove": lazy("礼品出入库"), "care.thread": lazy("访问问题处理"), "care.visit": lazy("客户访问"),
    "customers.adverserecord": lazy("不良消费记录"), "customers.archiveentry": lazy("档案登记表"),
    "customers.classchange": lazy("类别变动"), "customers.consent": lazy("客户的同意"), "customers.contact": lazy("客户联系人"),
    "customers.customer": lazy("客户"), "customers.customerclass": lazy("客户类别"), "customers.handin": lazy("档案上交单"),
    "customers.merge": lazy("档案合并"), "customers.personalrequest": lazy("个人信息请求"), "customers.place": lazy("服务地址"),
    "customers.profile": lazy("客户档案表"), "customers.workerwish": lazy("指定或禁派的服务员"), "reports.listed": lazy("优秀客户汇总表"),
    "reports.mixdecision": lazy("产品结构决定"), "reports.trial": lazy("二八试算"),
}  # fmt: skip
# That somebody reported pressure is nobody's business but of those who read it: it is a matter of the case.
SERVICE = {
    "calls.call": lazy("通话"), "claims.case": lazy("案件"), "claims.complaintform": lazy("投诉登记表"),
    "claims.improvement": lazy("改正意见"), "claims.learningtask": lazy("案件学习任务"), "claims.pressure": lazy("案件"),
    "claims.pricecheck": lazy("市场价格核查"), "claims.reading": lazy("培训资料的学习"), "claims.settlement": lazy("理赔"),
    "claims.study": lazy("培训资料"), "claims.studypicture": lazy("培训资料的图片"), "claims.survey": lazy("勘察"),
    "claims.talk": lazy("理赔沟通"), "finance.payment": lazy("付款"), "finance.receipt": lazy("收款"), "finance.refund": lazy("退款"),
    "orders.card": lazy("预付卡"), "orders.cardentry": lazy("预付卡流水"), "orders.crewmember": lazy("服务小组"),
    "orders.order": lazy("订单"), "orders.price": lazy("价目表"), "orders.revisit": lazy("服务后回访"), "orders.series": lazy("长期服务"),
}  # fmt: skip
OWN = {"imports.import": lazy("导入"), "imports.remembered": lazy("导入时记住的列")}
TABLES = {**ORGANISATION, **PAPERS, **ADMINISTRATION, **PEOPLE, **CUSTOMERS, **SERVICE, **OWN}
