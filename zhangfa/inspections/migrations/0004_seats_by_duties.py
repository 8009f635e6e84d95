"""What is still to be put right or looked at again gets the seat in which its duty stands."""

from django.db import migrations

PREFIX = "inspections.problem:"
COLUMNS = {"D-X-12.do.": "seat_id", "D-X-12.check.": "orderer_seat_id", "D-HS-03.do.": "orderer_seat_id"}


def by_duties(apps, schema_editor):
    running = {
        row.pk: row for row in apps.get_model("inspections", "Problem").objects.exclude(status="closed").order_by()
    }
    owed = apps.get_model("duties", "Occurrence").objects.filter(subject_key__startswith=PREFIX).order_by("opened_at")
    for key, subject, seat in owed.values_list("duty_id", "subject_key", "seat_id").iterator():
        row = running.get(int(subject.removeprefix(PREFIX)))
        column = next((column for stem, column in COLUMNS.items() if key.startswith(stem)), None)
        if row is not None and column is not None:
            # The last one stands.
            setattr(row, column, seat)
    apps.get_model("inspections", "Problem").objects.bulk_update(
        running.values(), ["seat", "orderer_seat"], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0003_seats_of_orders"), ("duties", "0006_each_head")]
    operations = [migrations.RunPython(by_duties, migrations.RunPython.noop)]
