"""Staff are found by the numbers that people dial, with whichever prefix they were once written down."""

from typing import Any

from django.db import migrations

from zhangfa.core.numbers import rewrite_numbers


def rewrite(apps: Any, _editor: Any) -> None:
    rewrite_numbers(apps.get_model("organisation", "Person"))


class Migration(migrations.Migration):
    dependencies = [("organisation", "0003_passwords_that_were_given")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
