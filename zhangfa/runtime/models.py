"""The rows behind everything that must happen later, regularly, or only once."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Alarm(models.Model):
    """The one table of deadlines: what to look at next, and how far up the ladder it has gone."""

    subject = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    next_alarm_at = models.DateTimeField()
    rung = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0, help_text="failures since it last worked")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="alarm_once")]
        indexes = [models.Index(fields=["next_alarm_at"], name="alarm_next")]


class Beat(models.Model):
    """A worker's sign of life."""

    worker = models.CharField(primary_key=True, max_length=64)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class Tally(models.Model):
    """How often something was tried in a slot of time, counted by all processes together."""

    key = models.CharField(max_length=40)
    slot = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "slot"], name="tally_once")]
        indexes = [models.Index(fields=["slot"], name="tally_age")]


class Slot(models.Model):
    """One period of a regular job that has run: the unique row is what makes it run once among many workers."""

    name = models.CharField(max_length=60)
    slot = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="slot_once")]
        indexes = [models.Index(fields=["slot"], name="slot_age")]


class Once(models.Model):
    """The answer to a request that was carried out, kept so that the same request again changes nothing."""

    key = models.CharField(max_length=80)
    scope = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    location = models.CharField(max_length=300, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="once_key")]
        indexes = [models.Index(fields=["created_at"], name="once_age")]


class ApiToken(models.Model):
    """A key with which a program signs in as a person; only its digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=60, default="")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
