"""The papers that the handbook names, marked so that each has its name in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from zhangfa.core.text import _
from zhangfa.ui.words import join

PAPERS = (
    _("下属各岗位抽查情况表"),
    _("事故或服务质量理赔总额表"),
    _("事故理赔处理表"),
    _("公司优秀客户服务产品比例表"),
    _("公司优秀客户汇总表"),
    _("公司后备干部综合素质评定表"),
    _("公司大客户意见建议反映表"),
    _("公司客户使用服务产品比例表"),
    _("劳动安全"),
    _("后勤业务客户档案登记表"),
    _("员工手册"),
    _("员工登记表"),
    _("员工职业道德"),
    _("复评"),
    _("大客户档案模板"),
    _("客户事故及服务质量投诉登记表"),
    _("客户反映问题解决方案"),
    _("客户建议改正意见及解决方案"),
    _("客户档案表"),
    _("岗位人员执行公司制度情况汇总总结表"),
    _("岗位人员执行公司制度情况汇总表"),
    _("岗位绩效考核表"),
    _("新员工考察报告"),
    _("月度员工反映情况汇总表"),
    _("绩效考核评审"),
    _("规范客户事故与服务质量投诉处理"),
    _("访问客户意见表"),
    _("访问客户登记表"),
    _("访问客户登记记录表"),
    _("部门（网店）服务员事故登记表"),
    _("预防事故发生培训资料"),
)


def named(titles: Iterable[str]) -> str:
    """《…》 titles of a clause in the reader's language, in its own quotation marks."""
    return join(gettext("《%(paper)s》") % {"paper": gettext(title.strip("《》"))} for title in titles)
