"""A lasting mark on what was filled in rather than made, for the words that told it are emptied after some weeks."""

from typing import Any

from django.db import migrations, models
from django.db.models import Exists, OuterRef

from zhangfa.core.fields import EncryptedTextField

# What a row that was to fill may have filled; the units and seats beside it were made.
FILLED = ("customers.customer", "organisation.person")


def mark(apps: Any, _editor: Any) -> None:
    """By what was filled in; where that is emptied already, by what the row was to do."""
    results, rows = apps.get_model("imports", "Result").objects, apps.get_model("imports", "Row").objects
    results.exclude(after="").update(is_filled=True)
    meant = rows.filter(batch_id=OuterRef("batch_id"), n=OuterRef("n"), choice="fill")
    emptied = results.filter(batch__is_purged=True, label__in=FILLED, is_filled=None)
    emptied.filter(Exists(meant)).update(is_filled=True)


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_whole_indexes")]

    operations = [
        migrations.AlterField(
            model_name="result",
            name="before",
            field=EncryptedTextField(blank=True, default="", help_text="JSON: what stood in the filled fields"),
        ),
        migrations.AddField(
            model_name="result",
            name="is_filled",
            field=models.BooleanField(null=True, help_text="it was there and was filled in; NULL: it was made"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
