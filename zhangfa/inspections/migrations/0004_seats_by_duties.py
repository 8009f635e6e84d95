"""What is still to be put right or looked at again gets the seat in which its duty stands, else one that its owner holds."""

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
    unknown = [row for row in running.values() if row.seat_id is None]
    holding = apps.get_model("organisation", "Holding").objects
    held = holding.filter(person_id__in={row.owner_id for row in unknown}, to_on=None, seat__is_active=True).order_by("pk")
    seats = list(held.values_list("person_id", "seat_id", "seat__unit_id"))
    for row in unknown:
        # In the place itself, else the first.
        mine = [(unit != row.unit_id, n, seat) for n, (person, seat, unit) in enumerate(seats) if person == row.owner_id]
        row.seat_id = min(mine)[2] if mine else None
    apps.get_model("inspections", "Problem").objects.bulk_update(
        running.values(), ["seat", "orderer_seat"], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("inspections", "0003_seats_of_orders"), ("duties", "0006_each_head")]
    operations = [migrations.RunPython(by_duties, migrations.RunPython.noop)]
