from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse

from zhangfa.core.fields import MoneyField
from zhangfa.core.text import search_key


class PaperQuerySet(models.QuerySet):
    def visible_to(self, actor: Any) -> PaperQuerySet:
        return self.exclude(title="秘密")

    def search(self, q: str) -> PaperQuerySet:
        return self.filter(models.Q(number__contains=q) | models.Q(search_key__contains=f" {q} "))

    def lock(self, pk: Any) -> Paper:
        return self.select_for_update().get(pk=pk)


class Paper(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "已提交"
        CLOSED = "closed", "已结案"

    number = models.CharField(max_length=30)
    title = models.CharField(max_length=60)
    person = models.CharField(max_length=60, default="")
    amount = MoneyField(null=True)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    version = models.IntegerField(default=1)
    search_key = models.CharField(max_length=200, default="")

    objects = PaperQuerySet.as_manager()

    class Meta:
        app_label = "sample"

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = search_key(self.person)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("sample:paper", kwargs={"pk": self.pk})
