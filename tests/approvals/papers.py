"""A paper that needs a decision, for the tests of approvals."""

from decimal import Decimal

from tests.houses import MONDAY
from zhangfa.approvals import actions, registry
from zhangfa.records.actions import open_record

KIND = "test.paper"
decided = []


def note(step, *, by, at):
    decided.append((step.pk, step.state))


registry.kind(KIND, "试验表单", decided=note, why=lambda step: [f"{step.facts.get('total')} 元"])


def paper(house, by="cc", at=MONDAY):
    return open_record("F11", unit=house.units["service"], by=house.actor(by, at), at=at, title="试验")


def ask(house, authority="cs", by="cc", at=MONDAY, record=None, unit="service", **more):
    facts = {
        "kind": KIND, "authority": authority, "unit": house.units[unit], "applicant_person_id": house.people[by].pk,
        "facts": {"total": Decimal("1800.00")}, "clause": "CC-W1.5", "policy": ["claims.manager_max"], "amount": Decimal(1800),
    }  # fmt: skip
    return actions.request_step(record or paper(house, by, at), by=house.actor(by, at), at=at, **(facts | more))
