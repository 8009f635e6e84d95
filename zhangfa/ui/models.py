"""What a person keeps about the pages themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A list as somebody wants to find it again: its filters, columns and order, under a name of their own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=80)
    name = models.CharField(max_length=20)
    query = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="view_once")]

    @property
    def address(self) -> str:
        return f"{self.page}?{self.query}" if self.query else self.page
