"""Notices to persons, and what of them goes out of the house."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhangfa.organisation.models import Person


class Notice(models.Model):
    """One thing told to one person: a code with ids and numbers; the words are made for the reader."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    record_id = models.UUIDField(null=True)
    url = models.CharField(max_length=200, default="")
    clause = models.CharField(max_length=16, default="")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "read_at", "-id"], name="notice_person"),
            models.Index(fields=["person", "-id"], name="notice_latest"),
        ]


class Outbox(models.Model):
    """A notice on its way to mail or chat; it stays until it is delivered or given up."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已发送")
        FAILED = "failed", _("发送失败")

    channel = models.CharField(max_length=20)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="outbox")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="outbox_once")]
        indexes = [models.Index(fields=["next_try_at"], condition=models.Q(state="waiting"), name="outbox_waiting")]
