"""Events chained per record, their erasable detail, looks, and the seals over all chains."""

from __future__ import annotations

from django.db import models


class Head(models.Model):
    """The newest link of one chain: where the next event continues, and up to where it is sealed."""

    chain = models.CharField(primary_key=True, max_length=80)
    n = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")
    sealed_n = models.PositiveIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["chain"], condition=models.Q(is_open=True), name="audit_head_open")]


class Event(models.Model):
    """One business action: codes, ids and salted digests only; no personal data stands in the chain."""

    chain = models.CharField(max_length=80)
    n = models.PositiveIntegerField()
    record_id = models.UUIDField(null=True)
    name = models.CharField(max_length=80)
    label = models.CharField(max_length=120, default="")
    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    principal_id = models.BigIntegerField(null=True)
    post = models.CharField(max_length=8, default="")
    clause = models.CharField(max_length=16, default="")
    text = models.TextField(help_text="canonical text under the digest")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "n"], name="audit_event_chain")]
        indexes = [
            models.Index(fields=["record_id", "-id"], name="audit_event_record"),
            models.Index(fields=["name", "-id"], name="audit_event_name"),
            models.Index(fields=["person_id", "-id"], name="audit_event_person"),
        ]


class EventDetail(models.Model):
    """The values of an event, which a lawful erasure empties; its salt keeps the chain's digests meaningless without it."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="detail")
    salt = models.CharField(max_length=32)
    values = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True)


class Seal(models.Model):
    """One link of the company chain: the heads that were new at that minute, also written outside the database."""

    n = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    text = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)


class Look(models.Model):
    """Somebody saw a record or a sensitive field: one row per person, record and five minutes."""

    person_id = models.BigIntegerField()
    record_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=24)
    field = models.CharField(max_length=40, default="")
    slot = models.DateTimeField(help_text="start of the five minutes")
    reason = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            # Two of them, for SQLite holds every NULL to be another one.
            models.UniqueConstraint(fields=["person_id", "record_id", "kind", "field", "slot"], name="audit_look_once"),
            models.UniqueConstraint(
                fields=["person_id", "kind", "field", "slot"],
                condition=models.Q(record_id=None),
                name="audit_look_once_alone",
            ),
        ]
        indexes = [
            models.Index(fields=["record_id", "-id"], name="audit_look_record"),
            # Fields in clear are few among the papers that are opened.
            models.Index(fields=["kind", "-id"], name="audit_look_kind", condition=models.Q(record_id=None)),
        ]
