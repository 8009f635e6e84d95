"""A company with papers in many states and everybody's token: what invented requests and permission tables run against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.houses import MONDAY, SEATS, START, House
from zhangfa.claims import actions, totals
from zhangfa.claims.complaint_rules import week_of
from zhangfa.claims.models import Case, Settlement
from zhangfa.organisation.models import Absence, Holding, Person, User
from zhangfa.records.models import Attachment, Copy, Record
from zhangfa.runtime import tokens

TECHNICAL = "technical"
# People without a post today: one had it until yesterday, the others stand in for somebody, each in their own days.
FORMER, FOR_OUTLET, FOR_OUTLET_LATER, FOR_HANDLER, FOR_HANDLER_BEFORE = (
    "former_oa", "for_oa", "for_oa_later", "for_cc", "for_cc_before",
)  # fmt: skip
BYSTANDERS = (FORMER, FOR_OUTLET, FOR_OUTLET_LATER, FOR_HANDLER, FOR_HANDLER_BEFORE)
DAY = dt.date(2026, 3, 2)


class World:
    """`pool` holds ids that exist by noun; `tokens` everybody's by name."""

    def __init__(self) -> None:
        self.house = house = House()
        # One specialist has all the cases, the other is away: the handler of everything is cc.
        Absence.objects.create(
            person=house.people["cc2"], from_at=MONDAY - dt.timedelta(days=1), to_at=MONDAY + dt.timedelta(days=90)
        )
        self.new = house.report("1800")
        self.outlet = house.report("300")
        self.assessed = house.to_assessed(self._report("900"), price="900")
        self.settled = self._settled()
        self.proposed = house.to_assessed(self._report("1900"), price="1900")
        actions.confirm_survey(self.proposed, by=house.actor("oa"), at=MONDAY)
        self.settlement = house.propose(self.proposed, "1900")
        self.complaint = house.report(
            "0", kind="complaint", channel="phone", category="quality", occurred_at=MONDAY - dt.timedelta(hours=1)
        )
        self._around()
        self._bystanders()
        self.users: dict[str, User] = {name: house.user(name) for name in (*SEATS, *BYSTANDERS)}
        self.users[TECHNICAL] = User.objects.create_user(TECHNICAL, password="x", is_technical=True)
        self.tokens = {name: tokens.issue(user, at=MONDAY) for name, user in self.users.items()}
        self.pool = self._pool()

    def _report(self, estimate: str) -> Case:
        """A case of another household each time, so that the sums of one don't decide over the next."""
        customer = self.house.make_customer(f"客户{estimate}")
        return self.house.report(estimate, customer=customer, order=self.house.make_order(customer))

    def _settled(self) -> Settlement:
        """A settlement that the customer accepted, with its form waiting for four names."""
        case = self.house.to_assessed(self._report("600"), price="600")
        settlement = self.house.propose(case, "600")
        self.house.photo(case, "agreement")
        by = self.house.actor(self.house.handler_of(case))
        actions.accept(settlement, by=by, at=MONDAY, amount=Decimal(600), content="客户同意", payee="林知夏")
        settlement = Settlement.objects.get(pk=settlement.pk)
        actions.fill_form(
            settlement,
            by=by,
            at=MONDAY,
            root_cause="操作不当",
            customer_opinion="同意",
            handling="现金赔付",
            prevention="加强培训",
        )
        return Settlement.objects.get(pk=settlement.pk)

    def _around(self) -> None:
        from zhangfa.administration.actions import propose
        from zhangfa.duties.actions import load_catalogue
        from zhangfa.organisation.calendar import DayOff
        from zhangfa.records.actions import send_copies

        house = self.house
        handler = house.actor(house.handler_of(self.assessed))
        actions.log_talk(
            Case.objects.get(pk=self.assessed.pk), by=handler, at=MONDAY, kind="contact", content="客户在家"
        )
        send_copies(self.assessed.record, [house.people["cs"].pk], by=handler, at=MONDAY)
        load_catalogue()
        self.change = propose(
            key="claims.manager_max",
            value="1600",
            effective_from=dt.date(2026, 4, 1),
            reason="物价上涨需要调整",
            by=house.actor("cs"),
            at=MONDAY,
        )
        self.absence = Absence.objects.create(
            person=house.people["cm"], from_at=MONDAY, to_at=MONDAY + dt.timedelta(days=1), delegate=house.people["cs"]
        )
        self.day_off = DayOff.objects.create(day=dt.date(2026, 3, 9), kind="holiday", name="店庆")

    def _bystanders(self) -> None:
        house, day = self.house, dt.timedelta(days=1)
        for number, name in enumerate(BYSTANDERS):
            house.people[name] = person = Person(no=f"B{number:03}", name=f"旁{name}", kind="staff")
            person.prepare()
            person.save()
        yesterday = (MONDAY - day).date()
        Holding.objects.create(person=house.people[FORMER], seat=house.seats["oa"], from_on=START, to_on=yesterday)
        for away, delegate, begins in (
            ("oa", FOR_OUTLET, MONDAY - day), ("oa", FOR_OUTLET_LATER, MONDAY + 7 * day),
            ("cc", FOR_HANDLER, MONDAY - day), ("cc", FOR_HANDLER_BEFORE, MONDAY - 7 * day),
        ):  # fmt: skip
            Absence.objects.create(
                person=house.people[away], delegate=house.people[delegate], from_at=begins, to_at=begins + 2 * day
            )

    def _pool(self) -> dict[str, list[str]]:
        from zhangfa.approvals.models import Step
        from zhangfa.duties.models import Occurrence
        from zhangfa.notices.models import Notice

        def ids(rows: Any) -> list[str]:
            return [str(pk) for pk in rows.objects.order_by("pk").values_list("pk", flat=True)]

        return {
            "cases": ids(Case), "settlements": ids(Settlement), "records": ids(Record), "steps": ids(Step), "notices": ids(Notice),
            "copies": ids(Copy), "attachments": ids(Attachment), "customers": [str(self.house.customer.pk)],
            "orders": [str(self.house.order.pk)], "units": [str(u.pk) for u in self.house.units.values()],
            "seats": [str(s.pk) for s in self.house.seats.values()], "people": ids(Person), "clauses": ["CC-W1.1"],
            "values": ["claims.manager_max"], "changes": [str(self.change.pk)], "occurrences": ids(Occurrence),
            "talks": [str(talk.pk) for talk in self.assessed.talks.all()],
            "totals": [totals.period_at(DAY, MONDAY)[0].isoformat()], "bundles": [week_of(DAY).isoformat()],
        }  # fmt: skip

    def address(self, path: str, turn: int = 0, known: Mapping[str, str] | None = None) -> dict[str, str]:
        """What stands in the places of an address: something that exists, another one each turn."""
        nouns, found = path.split("/"), {}
        for place in [noun for noun in nouns if noun.startswith("{")]:
            before = nouns[nouns.index(place) - 1]
            choices = [known[before]] if known and before in known else self.pool.get(before, [])
            if place == "{role}":
                choices = ["handler"]
            if choices:
                found[place.strip("{}")] = choices[turn % len(choices)]
        return found
