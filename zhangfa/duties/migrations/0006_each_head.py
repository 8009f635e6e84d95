"""What each head of a department owes was owed once by the company; from now on every seat owes its own."""

from functools import reduce
from operator import or_

from django.db import migrations
from django.db.models import Q

STEMS = (
    "D-HS-01.do.", "D-HS-02.do.", "D-HS-05.do.", "D-HS-13.year.", "D-HS-13.half.", "D-HS-13.quarter.", "D-HS-13.month.",
    "D-LS-13.year.", "D-LS-13.half.", "D-LS-13.quarter.", "D-LS-13.month.",
)  # fmt: skip


def by_seat(apps, schema_editor):
    """The first head's stay theirs, under the key by which a seat's are known."""
    which = reduce(or_, (Q(duty__key__startswith=stem) for stem in STEMS))
    apps.get_model("duties", "Occurrence").objects.filter(which, subject_key="company").update(subject_key="seat")


def by_company(apps, schema_editor):
    """Of each period the first head's is the company's again, so that the program before owes nothing of it anew."""
    which = reduce(or_, (Q(duty__key__startswith=stem) for stem in STEMS))
    rows = apps.get_model("duties", "Occurrence").objects.filter(which)
    company = set(rows.filter(subject_key="company").values_list("duty_id", "period"))
    first = {}
    for pk, *period in rows.filter(subject_key="seat").order_by("pk").values_list("pk", "duty_id", "period"):
        first.setdefault(tuple(period), pk)
    keys = [pk for period, pk in first.items() if period not in company]
    for start in range(0, len(keys), 500):
        rows.filter(pk__in=keys[start : start + 500]).update(subject_key="company")


class Migration(migrations.Migration):
    dependencies = [("duties", "0005_overdue_by_key")]
    operations = [migrations.RunPython(by_seat, by_company)]
