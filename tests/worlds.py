"""A company with papers in many states and everybody's token: what invented requests and permission tables run against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.administration.office import office, plans, revise
from tests.houses import MONDAY, SEATS, START, House
from zhangfa.calls import actions as calls
from zhangfa.claims import actions, totals
from zhangfa.claims.models import Case, Settlement
from zhangfa.core.periods import week_of
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
# How the interface names what others have a word for, too.
CARE_NOUNS = {
    "month": "care-months", "plan": "care-plans", "bundle": "visit-bundles", "thread": "visit-threads", "account": "key-accounts", "feedback": "account-feedback",
}  # fmt: skip


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
        self.archive = self._archive()
        self._orders()
        self.call = calls.take(phone=house.customer.phone, by=house.actor("op"), at=MONDAY)
        self._tasks()
        self.batch = self._import()
        self.care = self._care()
        self._inspections()
        self._rules()
        self._merit()
        self._lesson()
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
        from zhangfa.administration.actions import decide_at_once, propose, propose_one, send_list
        from zhangfa.duties.actions import draw_up, load_catalogue, propose_duty_change, propose_excuse
        from zhangfa.duties.models import Occurrence
        from zhangfa.organisation.calendar import DayOff
        from zhangfa.people.actions import arrange as arrange_training
        from zhangfa.people.actions import ask as ask_leave
        from zhangfa.records.actions import send_copies
        from zhangfa.reports.actions import ask_trial

        house = self.house
        handler = house.actor(house.handler_of(self.assessed))
        actions.log_talk(
            Case.objects.get(pk=self.assessed.pk), by=handler, at=MONDAY, kind="contact", content="客户在家"
        )
        send_copies(self.assessed.record, [house.people["cs"].pk], by=handler, at=MONDAY)
        self.pressure = actions.report_pressure(
            Case.objects.get(pk=self.assessed.pk), by=house.actor("sw"), at=MONDAY, text="让我自己先垫钱"
        )
        asked = {"months": 6, "key_amount": 100_000, "loyal_orders": 2, "satisfaction": 3, "years": 1, "plan_months": 3}
        self.trial = ask_trial(202602, {"share": Decimal(40), **asked}, by=house.actor("cs"), at=MONDAY)
        load_catalogue()
        owed = Occurrence.objects.open().filter(person_id=handler.person_id).order_by("pk").first()
        self.owed, self.excuse = owed, propose_excuse(owed, by=handler, at=MONDAY, reason="当天没有网络，无法登记")
        self.handover = draw_up(
            seat=house.seats["ops"],
            leaver=house.people["ops"],
            last_on=dt.date(2026, 3, 9),
            by=house.actor("hr"),
            at=MONDAY,
        )
        self.duty_change = propose_duty_change(
            kind="off",
            stem="D-CC-05.bundle.",
            effective_from=dt.date(2026, 4, 1),
            reason="改为面谈汇报",
            by=house.actor("cs"),
            at=MONDAY,
        )
        revise(self)
        self.change = propose(
            key="claims.manager_max",
            value="1600",
            effective_from=dt.date(2026, 4, 1),
            reason="物价上涨需要调整",
            by=house.actor("cs"),
            at=MONDAY,
        )
        self.leave = ask_leave(
            kind="personal", from_on=dt.date(2026, 4, 6), to_on=dt.date(2026, 4, 6), reason="家里有事", by=house.actor("oa"), at=MONDAY
        )  # fmt: skip
        self.training = arrange_training(
            topic="上门服务安全", subject="safety", held_on=DAY, hours=Decimal(2), trainer=house.people["hs"], by=house.actor("hs"), at=MONDAY
        )  # fmt: skip
        self.activity = propose_one(
            title="团建", theme="团建", purpose="让各部门互相认识", begins_on=dt.date(2026, 4, 11), ends_on=dt.date(2026, 4, 11), people=9,
            lines=[("场地", Decimal(2000))], by=house.actor("cs"), at=MONDAY,
        )  # fmt: skip
        self.decision = decide_at_once(
            matter="labour", facts="考勤记录有争议", decision="以打卡记录为准", effect="本月工资按此计算", ground="《考勤制度》第三条",
            people=house.people["oa"].no, by=house.actor("am"), at=MONDAY,
        )  # fmt: skip
        self.decision_list = send_list(week_on=DAY, by=house.actor("am"), at=MONDAY)
        self.absence = Absence.objects.create(
            person=house.people["cm"], from_at=MONDAY, to_at=MONDAY + dt.timedelta(days=1), delegate=house.people["cs"]
        )
        self.day_off = DayOff.objects.create(day=dt.date(2026, 3, 9), kind="holiday", name="店庆")

    def _archive(self) -> dict[str, Any]:
        """What a customer's page holds besides: an address (`row`), a contact, a file merged into it."""
        from zhangfa.customers import actions as archive

        house, facts = self.house, {"by": self.house.actor("op"), "at": MONDAY}
        customer = house.customer
        archive.add_place(customer, label="父母家", compound="枫屿里", door="5 幢 101", **facts)
        archive.add_contact(customer, name="林母", title="母亲", role="family", phone="15400002222", **facts)
        archive.add_wish(customer, worker=house.people["sw"], kind="preferred", **facts)
        archive.merge(customer, merged=house.make_customer("林知下"), reason="同一住址", **facts)
        entry = archive.write_entry(
            customer, served_on=DAY, observation="下周起改到下午", by=house.actor("oa"), at=MONDAY
        )
        adverse = archive.note_conduct(
            customer,
            kind="abusive",
            occurred_on=DAY,
            facts="服务结束后在门口对服务员大声辱骂约十分钟",
            by=house.actor("oa"),
            at=MONDAY,
        )
        request = archive.take_request(customer, kind="correction", identity="回拨核对", **facts)
        return {
            "request": request.pk,
            "adverse": adverse.pk,
            "entry": entry.pk,
            "hand_in": archive.hand_in(by=house.actor("hs"), at=MONDAY).pk,
            "row": customer.places.get().pk,
            "contact": customer.contacts.get().pk,
            "wish": customer.worker_wishes.get().pk,
            "merge": customer.merges.get().pk,
        }

    def _orders(self) -> None:
        """One order of each kind that a page is about: planned, sent out, paid with a refund asked for, followed by a call."""
        from tests.orders import stages
        from zhangfa.orders import actions as orders
        from zhangfa.orders.models import Revisit

        house = self.house
        stages.with_papers(house, "sw")
        self.certificate = house.people["sw"].certificates.first()
        self.planned = stages.booked(house)
        self.sent = stages.assigned(house)
        paid = stages.finished(house, served_from=stages.NEXT + 5 * stages.HOUR)
        oa, at = house.actor("oa"), paid.finished_at
        paid = orders.collect(paid, by=oa, at=at, amount=paid.amount, method="cash")
        self.refunding = orders.ask_refund(paid, by=oa, at=at, amount=Decimal(100), reason="客户不满意")
        facts = {"outlet_id": paid.outlet_id, "department_id": paid.department_id, "due_at": at}
        self.series = orders.agree_series(
            customer=house.customer, product=house.product, kind="contract", quantity=Decimal(50), weekdays=[1], starts=dt.time(8, 30),
            from_on=DAY + dt.timedelta(days=30), to_on=DAY + dt.timedelta(days=330), fee=Decimal(6480), scope="每周保洁", by=house.actor("op"), at=MONDAY,
        )  # fmt: skip
        self.card = orders.sell_card(
            outlet=house.units["east"],
            customer=house.customer,
            amount=Decimal(500),
            method="cash",
            by=house.actor("oa"),
            at=MONDAY,
        )
        self.revisit = Revisit.objects.get_or_create(order=paid, defaults=facts)[0]

    def _tasks(self) -> None:
        from tests.tasks.works import give
        from zhangfa.tasks.actions import raise_problem

        self.task = give(self.house)
        self.plan, self.summary = plans(self.house)
        self.office = office(self.house)
        self.problem = raise_problem(
            outlet=self.house.units["east"], kind="tools", text="洗衣机坏了三天", by=self.house.actor("oa"), at=MONDAY
        )

    def _import(self) -> Any:
        """A list of customers that was checked: one row may be written, one needs a hand."""
        from tests.imports import workbooks

        rows = [[1, "江一舟", "15400003333", "", "east单位", "", ""], [2, "江二舟", "没有", "", "east单位", "", ""]]
        return workbooks.checked(self.house, workbooks.brought(self.house, workbooks.messy_customers(rows)))

    def _care(self) -> dict[str, Any]:
        """One of each thing that care keeps."""
        from tests.care import stages
        from zhangfa.care import actions as care
        from zhangfa.care.models import CarePlan, Promise, Recheck, Thread

        house, cs = self.house, {"by": self.house.actor("cs"), "at": MONDAY}
        visit = stages.division_visit(
            house, promise_text="下周再来看一次", promise_due=MONDAY + dt.timedelta(days=7), **stages.TROUBLE
        )
        care.draw_sample(by=house.actor("hs"), at=MONDAY)
        account = stages.account(house)
        month = stages.drawn(house)
        week = DAY - dt.timedelta(days=7)
        alliance = care.plan_alliance(
            kind="alliance", partner="社区超市", aim="互相介绍客户", offer="会员九折", owner=house.people["mk"], from_on=DAY, to_on=DAY + dt.timedelta(days=90), **cs
        )  # fmt: skip
        text = dict.fromkeys(("alliances", "top", "base", "next_steps"), "按计划进行，一切正常")
        return {
            "month": month.pk, "plan": CarePlan.objects.get(customer=house.customer).pk, "visit": visit.pk, "bundle": care.send_bundle(week, **cs).pk,
            "thread": Thread.objects.get().pk, "gift": stages.gift(house).pk, "promise": Promise.objects.get().pk, "recheck": Recheck.objects.earliest("pk").pk,
            "account": account.pk, "feedback": stages.feedback(house, account).pk, "alliance": alliance.pk, "review": care.review(**text, **cs).pk,
        }  # fmt: skip

    def _inspections(self) -> None:
        """An inspection under way with a sheet that was handed in, an order, a remark and a count over forms."""
        from tests.inspections import stages
        from zhangfa.inspections import actions as inspections
        from zhangfa.inspections.models import Finding

        house, am = self.house, self.house.actor("am")
        self.sheet = stages.handed(house)
        self.inspection = self.sheet.inspection
        self.rectification = stages.ordered(house, self.inspection)
        self.remark = inspections.remark(
            DAY, kind="praise", unit=house.units["home"], reason="进步明显", by=am, at=MONDAY
        )
        self.finding = Finding.objects.create(
            kind="copied", source="entries", person=house.people["oa"], unit=house.units["east"], department=house.units["home"],
            week_on=DAY - dt.timedelta(days=7), count=3, evidence=[{"number": "1", "url": "/", "why": "copied"}], found_at=MONDAY,
        )  # fmt: skip

    def _merit(self) -> None:
        """A penalty that waits for the person's own word."""
        from zhangfa.inspections import actions as inspections
        from zhangfa.regulations.models import Receipt

        house = self.house
        Receipt.objects.filter(regulation=self.rule, person=house.people["oa"]).update(at=MONDAY)
        if not Receipt.objects.filter(regulation=self.rule, person=house.people["oa"]).exists():
            Receipt.objects.create(
                regulation=self.rule, person=house.people["oa"], unit=house.units["east"], asked_at=MONDAY, at=MONDAY
            )
        self.merit = inspections.propose_merit(
            kind="penalty", measure="talk", person=house.people["oa"], fact="三份档案内容相同，没有到访", ground=self.rule, clause="第一条",
            by=house.actor("hs"), at=MONDAY,
        )  # fmt: skip

    def _lesson(self) -> None:
        """A lesson that waits for its release, as it is written of a closed case."""
        from zhangfa.claims.models import Study
        from zhangfa.core.work import work
        from zhangfa.records.actions import assign_number, open_record

        house = self.house
        with work():
            record = open_record(
                "F14",
                unit=house.units["east"],
                by=house.actor("cc"),
                at=MONDAY,
                title="工具滑落砸坏台面",
                retention="R5",
            )
            self.lesson = Study.objects.create(
                record=record, case=self.outlet, title="工具滑落砸坏台面", cause="operation", posts=["sw"], narrative="工具滑落", analysis="没有系绳",
                correct_practice="系在手腕", checkpoints=["系绳"], quiz=[], written_at=MONDAY, written_by=house.people["cc"],
            )  # fmt: skip
            assign_number(record, at=MONDAY)
        self.picture = self.lesson.pictures.create(
            attachment=house.photo(self.lesson),
            caption="砸裂的台面",
            confirmed_by=house.people["cc"],
            confirmed_at=MONDAY,
        )

    def _rules(self) -> None:
        """A rule in force with what it asks of people and departments, a draft, a meeting in session, a lesson to release."""
        from tests.meetings.stages import held
        from tests.regulations.stages import drafted, in_force

        house = self.house
        self.rule = in_force(house, title="登高作业防坠落规定")
        self.execution = self.rule.executions.get()
        self.draft_rule = drafted(house, title="雨雪天上门服务规定")
        self.meeting = held(house)

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
        from zhangfa.administration.models import StatutoryDate
        from zhangfa.approvals.models import Step
        from zhangfa.duties.models import Occurrence
        from zhangfa.notices.models import Notice

        def ids(rows: Any) -> list[str]:
            return [str(pk) for pk in rows.objects.order_by("pk").values_list("pk", flat=True)]

        return {
            "cases": ids(Case), "settlements": ids(Settlement), "records": ids(Record), "steps": ids(Step), "notices": ids(Notice),
            "copies": ids(Copy), "attachments": ids(Attachment), "customers": [str(self.house.customer.pk)],
            "orders": [str(self.house.order.pk), str(self.planned.pk), str(self.sent.pk), str(self.refunding.pk)],
            "regulations": [str(self.rule.pk), str(self.draft_rule.pk)], "executions": [str(self.execution.pk)], "meetings": [str(self.meeting.pk)],
            "threads": ["meetings.meeting"], "{kind}": [str(self.meeting.pk)],
            "revisits": [str(self.revisit.pk)], "calls": [str(self.call.pk)], "imports": [str(self.batch.pk)], "trials": [str(self.trial.pk)], "list-files": ["none-yet"], "series": [self.series.number], "cards": [self.card.number], "units": [str(u.pk) for u in self.house.units.values()],
            "seats": [str(s.pk) for s in self.house.seats.values()], "people": ids(Person), "clauses": ["CC-W1.1"],
            "values": ["claims.manager_max"], "changes": [str(self.change.pk)], "revisions": [str(self.revision.pk)], "duty-changes": [str(self.duty_change.pk)], "handovers": [str(self.handover.pk)], "occurrences": ids(Occurrence),
            "activities": [str(self.activity.pk)], "decisions": [str(self.decision.pk)], "decision-lists": [str(self.decision_list.pk)],
            "entries": [str(self.archive["entry"])], "handins": [str(self.archive["hand_in"])], "adverse": [str(self.archive["adverse"])], "places": [str(self.archive["row"])], "contacts": [str(self.archive["contact"])], "wishes": [str(self.archive["wish"])], "merges": [str(self.archive["merge"])], "reveal": ["phone"], "requests": [str(self.archive["request"])],
            "inspections": [str(self.inspection.pk)], "sheets": [str(self.sheet.pk)], "answers": [str(self.sheet.answers.first().pk)],
            "rectifications": [str(self.rectification.pk)], "findings": [str(self.finding.pk)],
            "leave": [str(self.leave.pk)], "leave-balances": [str(self.house.people["oa"].pk)],
            "training": [str(self.training.pk)], "studies": [str(self.lesson.pk)], "pictures": [str(self.picture.pk)], "pressure": [str(self.pressure.pk)], "merits": [str(self.merit.pk)],
            **{noun: [str(row.pk)] for noun, row in self.office.items()},
            "statutory": ids(StatutoryDate), "statutory-matters": ids(StatutoryDate), "post-descriptions": ["oa"], "outlets": ["2026-02-23"], "{day}": [str(self.house.units["home"].pk)],
            "plans": [str(self.plan.pk)], "tasks": [str(self.task.pk)], "outlet-problems": [str(self.problem.pk)],
            "talks": [str(talk.pk) for talk in self.assessed.talks.all()],
            **{CARE_NOUNS.get(noun, f"{noun}s"): [str(key)] for noun, key in self.care.items()},
            "months": ["2026-02"], "totals": [totals.period_at(DAY, MONDAY)[0].isoformat()], "bundles": [week_of(DAY).isoformat()],
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
