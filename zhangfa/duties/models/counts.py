"""How duties stand, counted beforehand: what pages and reports show without reading what was owed (RPT-03)."""

from __future__ import annotations

from typing import Any

from django.db import models

# A row of no department, of nobody.
NONE = 0


class Count(models.Model):
    """So many more, or fewer, of one kind. The rows of one kind add up; those that came since the last folding are loose."""

    department = models.BigIntegerField(default=NONE)
    post = models.CharField(max_length=8)
    state = models.CharField(max_length=8)
    n = models.IntegerField()
    is_loose = models.BooleanField()

    class Meta:
        abstract = True

    # The day or month, and the columns that make a kind of it.
    SPAN: Any = ""
    KIND: Any = ()


class DayCount(Count):
    """What is due on a day, by department, post and duty."""

    due_on = models.DateField()
    duty = models.CharField(max_length=40)

    SPAN, KIND = "due_on", ("department", "post", "duty", "state")

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "department", "post", "duty", "state", "n"], name="duties_daycount_day"),
            models.Index(fields=["id"], condition=models.Q(is_loose=True), name="duties_daycount_loose"),
        ]


class PersonCount(Count):
    """What is due in a month, by department, post and person."""

    month = models.DateField(help_text="its first day")
    person = models.BigIntegerField(default=NONE)

    SPAN, KIND = "month", ("department", "post", "person", "state")

    class Meta:
        indexes = [
            models.Index(
                fields=["month", "department", "post", "person", "state", "n"], name="duties_personcount_month"
            ),
            models.Index(fields=["month", "person"], name="duties_personcount_person"),
            models.Index(fields=["id"], condition=models.Q(is_loose=True), name="duties_personcount_loose"),
        ]
