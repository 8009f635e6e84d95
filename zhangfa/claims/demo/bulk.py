"""Many cases at once, for medium and large demos and the benchmarks: the same invariants as the real actions, written in bulk."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

from zhangfa.audit.actions import link
from zhangfa.audit.models import Event, EventDetail, Head
from zhangfa.audit.seals import seal
from zhangfa.claims.demo import stories
from zhangfa.claims.models import Case, DamagedItem, PriceCheck, Settlement, Survey, Talk
from zhangfa.claims.queries import DECIDING_KEYS, decided_by, limits_at, stamped
from zhangfa.claims.rules import Sums, authority_for, payer_for, route_for
from zhangfa.core import clock
from zhangfa.core.ids import uuid7
from zhangfa.core.money import ZERO
from zhangfa.core.transitions import Happened
from zhangfa.customers.models import Customer
from zhangfa.finance.models import Payment
from zhangfa.organisation.models import Holding, Unit
from zhangfa.records.models import Concern, NumberSeries, Record, Signature

BATCH = 2_000
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


ORDER = (
    Record,
    Case,
    Survey,
    Settlement,
    DamagedItem,
    PriceCheck,
    Talk,
    Concern,
    Signature,
    Payment,
    Head,
    Event,
    EventDetail,
)


class Rows:
    """What is written together, with keys given in advance: one prepared statement a table."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], list[Any]] = {}
        self.keys: dict[type[models.Model], int] = {}

    def add(self, row: Any) -> Any:
        model = type(row)
        if isinstance(model._meta.pk, models.AutoField | models.BigAutoField):
            if model not in self.keys:
                self.keys[model] = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
            self.keys[model] += 1
            row.pk = self.keys[model]
        self.rows.setdefault(model, []).append(row)
        return row

    def write(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for model in ORDER:
                if rows := self.rows.pop(model, []):
                    _insert(cursor, model, rows)

    def finish(self) -> None:
        """Let the database number the next rows itself."""
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.keys)):
                cursor.execute(statement)


def _insert(cursor: Any, model: type[models.Model], rows: list[Any]) -> None:
    fields = model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    prepare = [(field.attname, field.get_db_prep_save) for field in fields]
    values = [[prep(getattr(row, name), connection) for name, prep in prepare] for row in rows]
    cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", values)  # noqa: S608


class Writer:
    """Holds the people, the figures and the counters while the year is written."""

    def __init__(self, seed: int, at: dt.datetime):
        self.rng, self.at, self.rows = random.Random(f"{seed}:bulk"), at, Rows()
        self.limits = limits_at(at)
        self.policy, self.route_policy = stamped(DECIDING_KEYS, at), stamped(("claims.outlet_max_estimate",), at)
        self.numbers: Counter[tuple[str, dt.date]] = Counter()
        self.vouchers = 0
        held = (
            Holding.objects.filter(Holding.valid_q(clock.local_date(at)))
            .select_related("seat", "person")
            .order_by("pk")
        )
        self.by_post: dict[str, list[int]] = {}
        self.in_unit: dict[tuple[str, int], list[int]] = {}
        for row in held:
            self.by_post.setdefault(row.seat.post_id, []).append(row.person_id)
            self.in_unit.setdefault((row.seat.post_id, row.seat.unit_id), []).append(row.person_id)
        self.units = {unit.pk: unit for unit in Unit.objects.filter(kind="outlet")}

    def uuid(self, at: dt.datetime) -> uuid.UUID:
        return uuid7(at, self.rng.randbytes(10))

    def number(self, code: str, at: dt.datetime) -> str:
        day = clock.local_date(at)
        self.numbers[code, day] += 1
        return f"{code}-{day:%Y%m%d}-{self.numbers[code, day]:03d}"

    def paper(self, code: str, unit: Unit, at: dt.datetime, by: int, **more: Any) -> Record:
        return self.rows.add(
            Record(
                id=self.uuid(at), form_code=code, unit=unit, department_id=unit.department_id, region_id=unit.region_id, created_at=at,
                created_by_id=by, **more,
            )
        )  # fmt: skip


def write(seed: int, count: int, at: dt.datetime) -> int:
    """Write `count` accidents over the year before `at`, sealed; returns how many."""
    writer = Writer(seed, at)
    customers = list(
        Customer.objects.filter(outlet__kind="outlet").order_by("pk").values_list("pk", "outlet_id", "compound")
    )
    span = dt.timedelta(days=360).total_seconds()
    for n in range(count):
        # Round the customers in turn: no two of one customer's cases fall within thirty days.
        customer = customers[n % len(customers)]
        _case(writer, n, customer, at - dt.timedelta(seconds=span * (count - n) / count) - 20 * HOUR)
        if (n + 1) % BATCH == 0:
            writer.rows.write()
    writer.rows.write()
    writer.rows.finish()
    NumberSeries.objects.bulk_create(
        [NumberSeries(form_code=code, day=day, last=last) for (code, day), last in writer.numbers.items()],
        batch_size=2_000,
    )
    while seal(at):
        pass
    return count


def _case(writer: Writer, n: int, customer: tuple[int, int, str], reported: dt.datetime) -> None:
    rng, limits = writer.rng, writer.limits
    story = stories.accident(rng, n)
    unit = writer.units[customer[1]]
    route = route_for(story.amount, limits)
    outlet = rng.choice(writer.in_unit[("oa", unit.pk)])
    handler = outlet if route.post == "oa" else rng.choice(writer.by_post["cc"])
    worker = rng.choice(writer.in_unit[("sw", unit.pk)])
    operator = rng.choice(writer.by_post["op"])
    record = writer.paper(
        "SG", unit, reported, operator, title=story.narrative[:60], status="submitted", submitted_at=reported
    )
    record.number, record.url = writer.number("SG", reported), f"/cases/{record.pk}/"
    is_open = n % 25 == 24
    arrived = reported + rng.randint(40, 220) * MINUTE
    case = Case(
        record=record, event_id=record.pk, kind=Case.Kind.ACCIDENT, status=Case.Status.ACCEPTED if is_open else Case.Status.CLOSED,
        unit=unit, department_id=unit.department_id, region_id=unit.region_id, customer_id=customer[0], worker_id=worker,
        source=Case.Source.OPERATOR, reporter="", reported_at=reported, occurred_at=reported - 30 * MINUTE,
        place=customer[2] or "客户家", guarantee=story.guarantee, summary=story.narrative[:60], estimate=story.amount,
        handled_by="outlet" if route.post == "oa" else "specialist", handler_id=handler, arrive_due_at=reported + 4 * HOUR,
        route={
            "post": route.post, "comparison": route.comparison, "basis": str(route.basis), "limit": str(route.limit),
            "clause": route.clause, "policy": writer.route_policy,
        },
    )  # fmt: skip
    writer.rows.add(case)
    for person, role in {(operator, "reporter"), (handler, "handler"), (worker, "worker")}:
        writer.rows.add(Concern(record=record, person_id=person, role=role))
    story_events = [("claims.case.reported", reported, operator, "op", "CC-W1.1")]
    if not is_open:
        story_events += _handled(writer, case, story, arrived, (handler, worker, outlet))
    _chain(writer, record, story_events)


def _handled(
    writer: Writer, case: Case, story: stories.Story, arrived: dt.datetime, people: tuple[int, int, int]
) -> Iterator[tuple[str, dt.datetime, int, str, str]]:
    handler = people[0]
    rng, post = writer.rng, "oa" if case.is_outlet_handled else "cc"
    surveyed, registered = arrived + 25 * MINUTE, arrived + 90 * MINUTE
    assessed = registered + rng.randint(30, 400) * MINUTE
    case.arrived_at, case.arrived_place = arrived, case.place
    case.promised_days, case.promised_on = 3, clock.local_date(arrived) + dt.timedelta(days=3)
    hundred = Decimal(100)
    case.company_pct, case.worker_pct, case.customer_pct, case.third_party_pct = hundred, ZERO, ZERO, ZERO
    case.liability_basis, case.assessed_loss, case.payable, case.assessed_at = (
        "现场勘察",
        story.amount,
        story.amount,
        assessed,
    )
    paper = writer.paper(
        "F10",
        case.unit,
        arrived,
        handler,
        parent=case.record,
        status="signed",
        submitted_at=registered,
        url=case.record.url,
    )
    paper.number = writer.number("F10", registered)
    confirmer = next(p for p in writer.by_post["cs"] if p != handler)
    writer.rows.add(
        Survey(
            record=paper, case=case, surveyor_id=handler, narrative=story.narrative, worker_statement="愿意配合公司处理。",
            customer_statement="希望公司尽快处理。", cause=story.cause, remedies=["cash"], claimed_amount=story.amount, is_insurer_told=False,
            insurer_note="在免赔额以内", surveyed_at=surveyed, returned_at=surveyed, registered_at=registered, confirmed_by_id=confirmer,
            confirmed_at=registered,
        )
    )  # fmt: skip
    _signature(writer, paper, "handler", handler, registered)
    if story.item:
        item = writer.rows.add(
            DamagedItem(
                case=case, name=story.item, brand_model="普通", count=1, damaged_part=story.part, level="total", location="客厅",
                market_price=story.amount, depreciation_pct=ZERO, loss=story.amount,
            )
        )  # fmt: skip
        for seller in ("城南建材市场 12 号", "东门家居广场 3 楼")[: 2 if story.amount > 1000 else 1]:
            writer.rows.add(
                PriceCheck(
                    item=item,
                    source="shop",
                    seller=seller,
                    model=story.item,
                    price=story.amount,
                    checked_by_id=handler,
                    checked_at=assessed,
                )
            )
    yield "claims.case.arrived", arrived, handler, post, "CC-W1.1"
    yield "claims.case.surveyed", surveyed, handler, post, "CC-W1.3"
    yield "claims.case.registered", registered, handler, post, "CC-W1.3"
    yield "claims.case.assessed", assessed, handler, post, "CC-W1.4"
    yield from _settled(writer, case, story.amount, assessed + 40 * MINUTE, people)


def _settled(
    writer: Writer, case: Case, amount: Decimal, proposed: dt.datetime, people: tuple[int, int, int]
) -> Iterator[tuple[str, dt.datetime, int, str, str]]:
    handler, worker, outlet = people
    rng, post = writer.rng, "oa" if case.is_outlet_handled else "cc"
    sums = Sums(amount, amount, amount)
    authority = authority_for(sums, handled_by=case.handled_by, limits=writer.limits)
    is_own = authority.post in ("oa", "cc")
    decider = handler if is_own else writer.by_post[authority.post][0]
    decided = proposed if is_own else proposed + 50 * MINUTE
    accepted = decided + rng.randint(20, 300) * MINUTE
    due = clock.day_end(accepted)
    signed = accepted + (30 * MINUTE if rng.random() > 0.08 else 20 * HOUR)
    paid, rated = signed + rng.randint(2, 30) * HOUR, signed + 31 * HOUR
    closed = rated + HOUR
    paper = writer.paper(
        "F11", case.unit, proposed, handler, parent=case.record, status="signed", submitted_at=accepted, due_at=due
    )
    paper.number, paper.url = writer.number("F11", accepted), f"/settlements/{paper.pk}/"
    settlement = writer.rows.add(
        Settlement(
            record=paper, case=case, seq=1, event_id=case.event_id, customer_id_copy=case.customer_id, status=Settlement.Status.PAID, methods=["cash"],
            cash_amount=amount, in_kind_amount=ZERO, total=amount, approved_total=amount, authority=authority.post,
            facts={
                **decided_by(authority), "own": str(amount), "event": str(amount), "customer": str(amount),
                "reason": "own", "handled_by": case.handled_by, "has_tie": False,
                "payer": payer_for(case.guarantee, case.contract_model), "policy": writer.policy,
            },
            proposed_at=proposed, proposed_by_id=handler, decided_at=decided, decided_by_id=decider, accepted_at=accepted, form_due_at=due,
            is_late=signed > due, root_cause="操作没有防护", customer_opinion="同意", handling="现金赔付", prevention="班前提醒", signed_at=signed,
            paid_at=paid,
        )
    )  # fmt: skip
    writer.rows.add(
        Talk(
            case=case,
            settlement=settlement,
            kind=Talk.Kind.ACCEPTANCE,
            mode="visit",
            amount=amount,
            content="客户接受",
            at=accepted,
            by_id=handler,
        )
    )
    manager = writer.in_unit.get(("hs", case.department_id or 0), writer.by_post["hs"])[0]
    fourth = outlet if outlet != handler else writer.by_post["sup"][0]
    for role, signer in (("handler", handler), ("worker", worker), ("manager", manager), ("outlet", fourth)):
        _signature(writer, paper, role, signer, signed)
    writer.vouchers += 1
    payer = next(p for p in writer.by_post["fin"] if p != decider)
    writer.rows.add(
        Payment(
            record=paper,
            payee="客户",
            amount=amount,
            method="wechat",
            voucher_no=f"B{writer.vouchers:08d}",
            paid_by_id=payer,
            paid_at=paid,
        )
    )
    case.status, case.closed_at, case.attempts, case.nature = Case.Status.CLOSED, closed, 1, Case.Nature.ISOLATED
    case.satisfaction, case.satisfaction_at, case.satisfaction_channel = rng.choice((5, 5, 5, 4, 4)), rated, "call"
    case.satisfaction_by_id = writer.by_post["op"][0]
    yield "claims.case.proposed", proposed, handler, post, "CC-W1.5"
    yield "claims.case.rated", rated, writer.by_post["op"][0], "op", "CC-W1.6", {"score": case.satisfaction}
    yield "claims.case.closed", closed, handler, post, "CC-W1.6"
    _chain(
        writer, paper,
        [("claims.settlement.accepted", accepted, handler, post, "CC-W1.6"), ("claims.settlement.signed", signed, manager, "hs", "CC-W1.7"),
         ("claims.settlement.paid", paid, payer, "fin", "CC-W1.6")],
    )  # fmt: skip


def _signature(writer: Writer, paper: Record, role: str, signer: int, at: dt.datetime) -> None:
    writer.rows.add(
        Signature(record=paper, role=role, order=1, signer_id=signer, acted_by_id=signer, state="signed", method="password", result="agree", at=at, digest="demo", asked_at=at)
    )  # fmt: skip


def _chain(writer: Writer, record: Record, events: Any) -> None:
    """The paper's events as a chain, with its head waiting for the seal."""
    n, digest = 0, ""
    for n, (name, at, person, post, clause, *codes) in enumerate(events, start=1):
        actor = _Someone(person, post)
        event, detail = link(
            Happened(
                name,
                "",
                record,
                actor,
                at,
                record.pk,
                f"record:{record.pk}",
                {"demo": n, **(codes[0] if codes else {})},
                {},
                clause,
            ),
            n=n,
            previous=digest,
        )
        detail.event_id = writer.rows.add(event).pk
        writer.rows.add(detail)
        digest = event.digest
    writer.rows.add(Head(chain=f"record:{record.pk}", n=n, digest=digest))


@dataclass(frozen=True)
class _Someone:
    """As much of an actor as an event needs."""

    person_id: int
    post: str
    principal_id: int | None = None
