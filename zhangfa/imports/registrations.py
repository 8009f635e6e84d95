"""What the imports lend to the house: menu, statuses, the origin of a row, what their files keep, figures read."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhangfa.core.text import _ as mark
from zhangfa.core.transitions import sink
from zhangfa.customers import registry as archive
from zhangfa.imports import jobs, permissions, queries
from zhangfa.imports import registry as imports
from zhangfa.imports.actions import forget_person
from zhangfa.imports.actions.purging import KEEP_DAYS
from zhangfa.imports.models import Import, Row
from zhangfa.policy import registry as policy
from zhangfa.records import registry as records
from zhangfa.ui import menu, registry
from zhangfa.ui.registry import Part, Status

S, R = Import.Status, Row.State
STATUSES = {
    S.READING: "blue", S.MAPPING: "amber", S.CHECKING: "blue", S.CHECKED: "amber", S.APPLYING: "blue", S.APPLIED: "green",
    S.PLANNING: "blue", S.PLANNED: "amber", S.UNDOING: "blue", S.UNDONE: "grey", S.CANCELLED: "grey", S.FAILED: "red",
}  # fmt: skip
STATES = {
    R.READY: "blue", R.WRONG: "red", R.DOUBLED: "amber", R.SKIPPED: "grey", R.APPLIED: "green", R.UNDONE: "grey", R.KEPT: "amber",
}  # fmt: skip


def register() -> None:
    """Fill every registry; called once at start-up."""
    menu.register(
        "imports",
        _("导入"),
        "imports:list",
        icon="upload",
        permission=permissions.read_imports,
        order=80,
        group="customers",
    )
    registry.statuses.add("imports.import.status", {s.value: Status(s.label, tone) for s, tone in STATUSES.items()})
    registry.statuses.add("imports.row.state", {s.value: Status(s.label, tone) for s, tone in STATES.items()})
    for label in ("customers.customer", "orders.order"):
        registry.panels.add(label, Part("origin", _("来历"), queries.origin))
    archive.brought.set(queries.brought)
    imports.trailing |= {
        "notices.notice": Q(), "regulations.receipt": Q(at=None), "administration.reader": Q(read_at=None),
        "duties.occurrence": Q(state="open", record=None, evidence=None, excuses=None),
    }  # fmt: skip
    records.keepers_of_files["imports"] = queries.kept_files
    sink(60, "imports", forget_person)
    sink(65, "imports.work", jobs.go_on)
    policy.reads(KEEP_DAYS)
    policy.serves("CS-W2.1", policy.PARTIAL, [("imports:list", mark("导入"))])
