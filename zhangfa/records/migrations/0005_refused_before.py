"""Papers that were refused or given up before their status could say so: where the last that the trail tells of them is just that."""

from django.db import migrations
from django.db.models import Exists, OuterRef

REFUSED, VOID = "refused", "void"
LAST = {
    "administration.activity.refused": REFUSED, "administration.policychange.refused": REFUSED, "administration.revision.refused": REFUSED,
    "duties.dutychange.refused": REFUSED, "duties.excuse.refused": REFUSED, "inspections.merit.refused": REFUSED,
    "inspections.merit.lifted": REFUSED, "people.leave.refused": REFUSED, "regulations.regulation.refused": REFUSED,
    "people.leave.cancelled": VOID, "customers.adverserecord.dismissed": VOID,
}  # fmt: skip
STOOD_AS = ("submitted", "returned", "approved")


def by_the_trail(apps, schema_editor):
    events = apps.get_model("audit", "Event").objects
    records = apps.get_model("records", "Record").objects
    for name, status in LAST.items():
        # Proposed again, mended, or anything else that befell the thing: then its status was written by that.
        later = events.filter(
            record_id=OuterRef("record_id"), pk__gt=OuterRef("pk"), name__startswith=f"{name.rpartition('.')[0]}."
        )
        said = events.filter(name=name, record_id__isnull=False).filter(~Exists(later)).order_by()
        records.filter(pk__in=said.values("record_id"), status__in=STOOD_AS).update(status=status)


class Migration(migrations.Migration):
    dependencies = [("records", "0004_what_is_left"), ("audit", "0001_initial")]
    operations = [migrations.RunPython(by_the_trail, migrations.RunPython.noop)]
