"""Customers and those beside them are found by the numbers that people dial, with whichever prefix they were once written down."""

from typing import Any

from django.db import migrations

from zhangfa.core.numbers import rewrite_numbers


def rewrite(apps: Any, _editor: Any) -> None:
    rewrite_numbers(apps.get_model("customers", "Customer"))
    rewrite_numbers(apps.get_model("customers", "Contact"))
    rewrite_numbers(apps.get_model("customers", "Profile"), number="alt_phone", key="alt_phone_hash")


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_counted_by_index")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
