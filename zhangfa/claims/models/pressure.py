"""What the person responsible says about pressure put on them (CC-D3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.claims.models.case import Case
from zhangfa.core.fields import EncryptedTextField
from zhangfa.organisation.models import Person


class Pressure(models.Model):
    """One report with its answer; beside the case and not in its trail, for the handler never reads it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pressures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    text = EncryptedTextField(_("受到什么压力"))
    reported_at = models.DateTimeField(_("反映时间"))
    answer = EncryptedTextField(_("答复"), default="", blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
