"""The words of a meeting: its type, how far it is, and how somebody voted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    COMPANY = "company", _("公司会议")
    WEEKLY = "weekly", _("行政例会")
    DEPARTMENT = "department", _("部门周例会")
    PROBLEM = "problem", _("问题会议")
    APPRAISAL = "appraisal", _("考评会议")
    DIAGNOSIS = "diagnosis", _("网点诊断会")


# Which can't be called without a draft solution, and decide by vote; which bring the week's figures and tasks (AM-W1).
DECIDING = (Kind.COMPANY, Kind.PROBLEM)
REPORTING = (Kind.WEEKLY, Kind.DEPARTMENT, Kind.DIAGNOSIS)


class Status(models.TextChoices):
    CALLED = "called", _("已通知")
    HELD = "held", _("开会中")
    RESOLVED = "resolved", _("已作决议")
    PUBLISHED = "published", _("已公布")
    CANCELLED = "cancelled", _("已取消")


class Vote(models.TextChoices):
    YES = "yes", _("赞成")
    NO = "no", _("反对")
    ABSTAIN = "abstain", _("弃权")
