"""Every operation of the interface × everybody, on papers of which they are handler, superior, signer or stranger."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.houses import MONDAY
from tests.permissions.tables import ANONYMOUS, EVERYBODY, compare, outcome, render, undone, unwatched, who
from tests.worlds import FOR_HANDLER_BEFORE, FOR_OUTLET_LATER, FORMER, TECHNICAL, World
from zhangfa.administration.models import (
    Activity,
    Bulletin,
    CompanyFile,
    DecisionList,
    DeptRequest,
    InstantDecision,
    PolicyChange,
    Revision,
)
from zhangfa.calls.models import Call
from zhangfa.claims.models import Case, Settlement
from zhangfa.config.api import api
from zhangfa.core import clock, transitions
from zhangfa.customers.models import AdverseRecord, ArchiveEntry, HandIn, PersonalRequest
from zhangfa.imports.models import Import
from zhangfa.inspections.models import Finding, Inspection, Sheet
from zhangfa.inspections.models import Problem as Rectification
from zhangfa.meetings.models import Meeting
from zhangfa.orders.models import Card, Order, Series
from zhangfa.people.models import Leave, Training
from zhangfa.planning.models import Plan
from zhangfa.regulations.models import Regulation
from zhangfa.tasks.models import Problem, Task
from zhangfa.ui.api.house import schema

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("api.txt")
NOUNS = {
    "case": Case,
    "settlement": Settlement,
    "policy_change": PolicyChange,
    "revision": Revision,
    "regulation": Regulation,
    "meeting": Meeting,
    "order": Order,
    "series": Series,
    "card": Card,
    "call": Call,
    "task": Task,
    "dept_request": DeptRequest,
    "bulletin": Bulletin,
    "company_file": CompanyFile,
    "plan": Plan,
    "problem": Problem,
    "inspection": Inspection,
    "sheet": Sheet,
    "rectification": Rectification,
    "finding": Finding,
    "leave": Leave,
    "training": Training,
    "import": Import,
    "activity": Activity,
    "decision": InstantDecision,
    "decision_list": DecisionList,
    "archive_entry": ArchiveEntry,
    "handin": HandIn,
    "adverse": AdverseRecord,
    "personal_request": PersonalRequest,
}
# Who has nothing to do with the case that the table is about.
STRANGERS = ("cm", "net", "mk", "oa2", "ls", "sl", TECHNICAL, FORMER, FOR_OUTLET_LATER, FOR_HANDLER_BEFORE)


class Table:
    def __init__(self, world: World, client: Any):
        self.world, self.client = world, client
        self.targets = {
            "case": [world.proposed, world.assessed, world.outlet, world.complaint], "settlement": [world.settlement, world.settled],
            "policy_change": [world.change], "revision": [world.revision, world.description], "order": [world.sent, world.refunding, world.planned], "series": [world.series], "card": [world.card],
            "call": [world.call],
            "regulation": [world.draft_rule, world.rule],
            "meeting": [world.meeting],
            "task": [world.task],
            "dept_request": [world.office["dept-requests"]],
            "bulletin": [world.office["bulletins"]],
            "company_file": [world.office["company-files"]],
            "plan": [world.plan],
            "problem": [world.problem],
            "inspection": [world.inspection], "sheet": [world.sheet], "rectification": [world.rectification], "finding": [world.finding],
            "leave": [world.leave],
            "training": [world.training],
            "import": [world.batch],
            "activity": [world.activity], "decision": [world.decision], "decision_list": [world.decision_list],
            "archive_entry": [ArchiveEntry.objects.get(pk=world.archive["entry"])], "handin": [HandIn.objects.get(pk=world.archive["hand_in"])],
            "adverse": [AdverseRecord.objects.get(pk=world.archive["adverse"])],
            "personal_request": [PersonalRequest.objects.get(pk=world.archive["request"])],
        }  # fmt: skip

    def rows(self) -> dict[str, dict[str, str]]:
        found = {}
        for path, methods in schema(api)["paths"].items():
            for method, operation in methods.items():
                name = operation["operationId"]
                with transaction.atomic():
                    address = self.address(name, path)
                    found[f"{name}: {method.upper()} {path}"] = {
                        person: self.ask(method, address, person) for person in EVERYBODY
                    }
                    transaction.set_rollback(True)
        return found

    def ask(self, method: str, address: str, person: str) -> str:
        headers = {} if person == ANONYMOUS else {"Authorization": f"Bearer {self.world.tokens[person]}"}
        body = {"data": json.dumps({}), "content_type": "application/json"} if method == "post" else {}
        return outcome(undone(lambda: self.client.generic(method.upper(), address, headers=headers, **body)))

    def address(self, name: str, path: str) -> str:
        """Something that exists, in a state from which the step can be taken."""
        noun = next((noun for noun in sorted(NOUNS, key=len, reverse=True) if name.startswith(f"{noun}_")), "")
        step = transitions.find(NOUNS[noun], name.removeprefix(f"{noun}_")) if noun else None
        if step is not None:
            target = self.prepared(noun, step)
            return path.replace("{key}", str(target.number if noun in ("series", "card") else target.pk))
        known = {
            "cases": str(self.world.assessed.pk), "settlements": str(self.world.settlement.pk), "records": str(self.world.settled.pk),
            **dict.fromkeys(("list", "mix", "best", "data", "satisfaction", "account-reports"), "2026-02"), "{month}": "all",
            "dispatch": str(self.world.house.units["east"].pk), "{outlet}": "2026-03-02",
        }  # fmt: skip
        return path.format(**self.world.address(path, known=known))

    def prepared(self, noun: str, step: Any) -> Any:
        """The first paper that knows this step, put into a state where it begins."""
        now = [NOUNS[noun].objects.get(pk=target.pk) for target in self.targets[noun]]
        known = [target for target in now if step.applies(target)]
        target = (known or self.targets[noun])[0]
        NOUNS[noun].objects.filter(pk=target.pk).update(status=step.sources[0])
        return target


@pytest.fixture
def outcomes(db, client, settings):
    settings.API_CALLS_PER_MINUTE = 10**9
    with clock.at(MONDAY), unwatched():
        return Table(World(), client).rows()


def test_who_may_do_what_through_the_interface(outcomes):
    assert not who(outcomes, "401", [ANONYMOUS])
    papers = {
        name: row
        for name, row in outcomes.items()
        if "{key}" in name and any(f"/{n}/" in name for n in ("cases", "settlements", "records"))
    }
    assert len(papers) > 40
    # Hidden is 404 for those whom the paper does not concern, whatever they ask.
    assert not who(papers, "404", STRANGERS)
    compare(TABLE, render(outcomes))
