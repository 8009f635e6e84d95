"""The words that a regulation chooses from: its kind, its class, its level, and what makes staff's consent necessary."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.posts import POSTS

ALL = "all"
POST_CODES = (ALL, *POSTS)


class Kind(models.TextChoices):
    """What the paper is: rules of the company, a document, the employee handbook, or a department's own rules (HS-W1.9)."""

    REGULATION = "regulation", _("制度")
    DOCUMENT = "document", _("文件")
    HANDBOOK = "handbook", _("员工手册")
    DESCRIPTION = "description", _("岗位说明")
    PROCEDURE = "procedure", _("工作程序")
    REWARD = "reward", _("奖惩规定")


class Topic(models.TextChoices):
    """The class by which inspection questions are drawn (AM-W3)."""

    SERVICE = "service", _("服务质量")
    SAFETY = "safety", _("安全")
    CUSTOMER = "customer", _("客户")
    CONDUCT = "conduct", _("纪律与考勤")
    MONEY = "money", _("财务")
    STAFF = "staff", _("人事")
    FACILITY = "facility", _("后勤")
    GENERAL = "general", _("综合")


class Level(models.TextChoices):
    COMPANY = "company", _("公司")
    DEPARTMENT = "department", _("部门")


class Period(models.TextChoices):
    DAILY = "daily", _("日常执行")
    SPAN = "span", _("在一段时期内执行")


class Vital(models.TextChoices):
    """What the Labour Contract Law, article 4, has discussed with staff before it binds them."""

    PAY = "pay", _("劳动报酬")
    HOURS = "hours", _("工作时间和休息")
    LEAVE = "leave", _("休假")
    SAFETY = "safety", _("劳动安全卫生")
    INSURANCE = "insurance", _("保险福利")
    TRAINING = "training", _("职工培训")
    DISCIPLINE = "discipline", _("劳动纪律")
    QUOTA = "quota", _("劳动定额")


class Status(models.TextChoices):
    DRAFT = "draft", _("起草中")
    REVIEW = "review", _("审核中")
    DECIDING = "deciding", _("待批准")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("待颁布")
    IN_FORCE = "in_force", _("已颁布")
    REPLACED = "replaced", _("已被新版代替")
    REPEALED = "repealed", _("已废止")
    REFUSED = "refused", _("未获同意")
    WITHDRAWN = "withdrawn", _("已撤回")


PUBLIC = (Status.IN_FORCE, Status.REPLACED, Status.REPEALED)
OPEN = (Status.DRAFT, Status.REVIEW, Status.DECIDING, Status.RETURNED, Status.APPROVED)
