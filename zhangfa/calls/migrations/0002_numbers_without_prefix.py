"""Earlier calls of the same telephone are found together, with whichever prefix the telephone system sent it."""

from typing import Any

from django.db import migrations

from zhangfa.core.numbers import rewrite_numbers


def rewrite(apps: Any, _editor: Any) -> None:
    rewrite_numbers(apps.get_model("calls", "Call"))


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial")]
    operations = [migrations.RunPython(rewrite, migrations.RunPython.noop)]
