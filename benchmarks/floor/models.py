from django.db import models


class Row(models.Model):
    """One row of the floor's list."""

    number = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    status = models.CharField(max_length=12)
    amount = models.IntegerField()
    at = models.DateTimeField()
