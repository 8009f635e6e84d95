"""Key accounts: found, given to an owner, filed, visited, heard and answered (CS-W4, CS-D4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from zhangfa.care import account_rules as rules
from zhangfa.care import permissions, totals
from zhangfa.care.account_rules import CLAUSE
from zhangfa.care.models import Decider, GroupBuy, GroupMember, KeyAccount
from zhangfa.claims.queries import person_in
from zhangfa.core import clock
from zhangfa.core.decisions import Refusal, demand
from zhangfa.core.text import _
from zhangfa.core.transitions import announce, transition
from zhangfa.core.work import work
from zhangfa.customers.models import Customer
from zhangfa.duties.models import Occurrence
from zhangfa.duties.rules import Period, periods
from zhangfa.notices.actions import notify
from zhangfa.orders.models import Product
from zhangfa.organisation.actor import Actor, system_actor
from zhangfa.organisation.models import Holding, Person, Unit
from zhangfa.organisation.queries import holder_of, manager_seat_of
from zhangfa.policy.queries import value
from zhangfa.records.actions import ask_signatures, concern, open_record, void_signatures

S = KeyAccount.Status
FORM = "F22"
MINIMUM, RHYTHM = "key_account.min_yearly_amount", "key_account.visit"
DUTY = "D-CM-03."


def count_accounts(*, by: Actor, at: dt.datetime) -> int:
    """Count every company anew: who qualifies becomes an account, who stays below for two quarters drops. Returns how many are new."""
    demand(permissions.find_accounts(by=by, at=at))
    minimum: Decimal = value(MINIMUM, at)
    amounts = totals.amounts(at)
    heads = dict(GroupMember.objects.values_list("customer_id", "account__customer_id"))
    grouped: dict[int, totals.Amount] = {}
    for customer, amount in amounts.items():
        head = heads.get(customer, customer)
        grouped[head] = grouped.get(head, totals.NOTHING) + amount
    known = {row.customer_id: row for row in KeyAccount.objects.all()}
    for row in known.values():
        _recount(row, grouped.get(row.customer_id, totals.NOTHING), minimum, by=by, at=at)
    fresh = [pk for pk, amount in grouped.items() if pk not in known and amount.total >= minimum]
    kinds = dict(Customer.objects.filter(pk__in=fresh, status=Customer.Status.ACTIVE).values_list("pk", "kind"))
    made = 0
    for pk in sorted(fresh):
        if rules.qualifies(kind=kinds.get(pk, ""), amount=grouped[pk].total, minimum=minimum):
            made += _found(pk, grouped[pk], by=by, at=at)
    return made


def _found(customer_id: int, amount: totals.Amount, *, by: Actor, at: dt.datetime) -> int:
    with work():
        customer = Customer.objects.lock(customer_id)
        if KeyAccount.objects.filter(customer=customer).exists():
            return 0
        record = open_record(
            FORM, unit=customer.outlet, by=by, at=at, title=customer.no, url=lambda pk: f"/care/accounts/{pk}/", retention="R3", is_handed_in=True,
        )  # fmt: skip
        row = KeyAccount(
            record=record, customer=customer, outlet_id=customer.outlet_id, department_id=customer.department_id, found_at=at,
            quarter_on=rules.quarter_of(clock.local_date(at)),
        )  # fmt: skip
        _put(row, amount, at)
        row.save(force_insert=True)
        announce(
            "care.keyaccount.found", row, by=by, at=at, label=_("达到大客户标准"), record_id=record.pk, clause=CLAUSE, is_new=True,
            codes={"customer": customer.pk, "amount": amount.total},
        )  # fmt: skip
        _tell_found(row, at)
    return 1


def _tell_found(row: KeyAccount, at: dt.datetime) -> None:
    """Somebody has to say who looks after it."""
    people = [head_of(row.customer.outlet, at), person_in("cs", at)]
    notify([one.pk for one in people if one], "care.account_found", {"number": row.customer.no}, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=CLAUSE)  # fmt: skip


def head_of(unit: Unit, at: dt.datetime) -> Person | None:
    seat = manager_seat_of(unit)
    return holder_of(seat, at) if seat else None


def _put(row: KeyAccount, amount: totals.Amount, at: dt.datetime) -> None:
    row.amount, row.paid, row.contracted, row.counted_on = (
        amount.total,
        amount.paid,
        amount.contracted,
        clock.local_date(at),
    )


def _recount(row: KeyAccount, amount: totals.Amount, minimum: Decimal, *, by: Actor, at: dt.datetime) -> None:
    """The sums of today; when a quarter has begun, whether the one before ended below."""
    quarter = rules.quarter_of(clock.local_date(at))
    with work():
        locked = KeyAccount.objects.lock(row.pk)
        _put(locked, amount, at)
        if locked.status == S.DROPPED and amount.total >= minimum:
            locked.status, locked.quarters_below, locked.dropped_at, locked.found_at = S.FOUND, 0, None, at
            announce(
                "care.keyaccount.found", locked, by=by, at=at, label=_("达到大客户标准"), record_id=locked.pk, clause=CLAUSE,
                codes={"customer": locked.customer_id, "amount": amount.total},
            )  # fmt: skip
            _tell_found(locked, at)
        if locked.quarter_on is None or locked.quarter_on < quarter:
            locked.quarters_below = rules.quarters_below(before=locked.quarters_below, is_below=amount.total < minimum)
            locked.quarter_on = quarter
            if locked.status != S.DROPPED and rules.drops(locked.quarters_below):
                locked.status, locked.dropped_at = S.DROPPED, at
                announce(
                    "care.keyaccount.dropped", locked, by=by, at=at, label=_("退出大客户"), record_id=locked.pk, clause=CLAUSE,
                    codes={"amount": amount.total, "quarters": locked.quarters_below},
                )  # fmt: skip
                notify([locked.owner_id], "care.account_dropped", {"number": locked.customer.no}, at=at, record_id=locked.pk, url=locked.get_absolute_url(), clause=CLAUSE)  # fmt: skip
        locked.save()


def posts_of(person: Person, at: dt.datetime) -> list[str]:
    held = Holding.objects.filter(Holding.valid_q(clock.local_date(at)), person=person, seat__is_active=True)
    return list(held.values_list("seat__post_id", flat=True))


def _guard_owner(
    row: KeyAccount, *, by: Actor, at: dt.datetime, owner: Person, procedure: str = ""
) -> Iterator[Refusal]:
    yield from rules.refuse_owner(posts=posts_of(owner, at))


@transition(
    KeyAccount, sources=[S.FOUND, S.ACTIVE], target=S.ACTIVE, label=_("指定负责人"), event="assigned", permit=permissions.assign_accounts,
    guard=_guard_owner, clause=CLAUSE,
)  # fmt: skip
def assign_owner(row: KeyAccount, *, by: Actor, at: dt.datetime, owner: Person, procedure: str = "") -> dict[str, Any]:
    """The manager says who looks after the account, and by which standard procedure."""
    row.owner, row.owned_from = owner, at
    row.procedure = procedure or row.procedure
    concern(row.record, owner.pk, "owner")
    notify([owner.pk], "care.account_assigned", {"number": row.customer.no}, at=at, record_id=row.pk, url=row.get_absolute_url(), clause=CLAUSE)  # fmt: skip
    announce(
        "care.account.month_moved", row, by=by, at=at, label=_("改由新的负责人走访"), record_id=row.pk, clause=CLAUSE,
        codes={"subject": subject_of(row, period_of(clock.local_date(at), at))},
    )  # fmt: skip
    owe_month(row, is_new=True, by=by, at=at)
    return {"codes": {"owner": owner.pk}}


def period_of(day: dt.date, at: dt.datetime) -> Period:
    """The turn of the visits' rhythm that the day belongs to."""
    start = clock.day_start(day)
    return list(periods(value(RHYTHM, at), start - dt.timedelta(days=400), start))[-1]


def subject_of(row: KeyAccount, period: Period) -> str:
    """One turn of one account, as the duty names it."""
    return f"account:{row.pk}:{period.name}"


def owe_month(row: KeyAccount, *, is_new: bool = False, by: Actor, at: dt.datetime) -> None:
    """The month's visit to leader, buyer and handler is owed to the end of the month (D-CM-03)."""
    period = period_of(clock.local_date(at), at)
    known = Occurrence.objects.filter(duty__key__startswith=DUTY, subject_key=subject_of(row, period))
    if not is_new and known.exclude(state=Occurrence.State.VOID).exists():
        return
    announce(
        "care.account.month_due", row, by=by, at=at, label=_("本月走访大客户"), record_id=row.pk, clause=CLAUSE,
        codes={"subject": subject_of(row, period), "handler": row.owner_id, "due_at": period.due_at},
    )  # fmt: skip


def owe_visits(at: dt.datetime) -> int:
    """Each month for every account in care; told twice it is owed once. Returns how many."""
    by = system_actor("care", at)
    rows = list(KeyAccount.objects.filter(status=S.ACTIVE, owner__isnull=False).order_by("pk"))
    for row in rows:
        with work():
            owe_month(row, by=by, at=at)
    return len(rows)


def _guard_file(row: KeyAccount, *, by: Actor, at: dt.datetime, **file: Any) -> Iterator[Refusal]:
    roles = set(row.deciders.values_list("role", flat=True))
    yield from rules.refuse_file(
        roles=roles, drivers=file.get("drivers", ""), potential=file.get("potential", ""), risks=file.get("risks", ""),
        competitors=file.get("competitors", ""), purchase_months=file.get("purchase_months", ""), target=file.get("target"),
        is_gift_rule_read=bool(file.get("is_gift_rule_read")), renews_on=file.get("renews_on"), purchase_mode=file.get("purchase_mode", ""),
        has_contract=row.contracted > 0,
    )  # fmt: skip


@transition(
    KeyAccount, sources=[S.ACTIVE], target=None, label=_("填写大客户档案"), event="filed", permit=permissions.own_account, guard=_guard_file, clause=CLAUSE,
)  # fmt: skip
def save_file(row: KeyAccount, *, by: Actor, at: dt.datetime, **file: Any) -> dict[str, Any]:
    """《大客户档案模板》 with nothing left out: motives, needs, risks, renewal."""
    for name, given in file.items():
        setattr(row, name, given)
    row.is_filed, row.reviewed_at = True, at
    void_signatures(row.record, by=by, at=at)
    head = head_of(row.outlet, at)
    roles = (
        [("owner", row.owner_id), ("manager", head.pk)]
        if head and head.pk != row.owner_id
        else [("owner", row.owner_id)]
    )
    ask_signatures(row.record, roles, by=by, at=at)
    return {"codes": {"renews_on": row.renews_on}}


@transition(
    KeyAccount, sources=[S.FOUND, S.ACTIVE], target=None, label=_("登记决策人"), event="decider_added", permit=permissions.own_account, clause=CLAUSE,
)  # fmt: skip
def add_decider(row: KeyAccount, *, by: Actor, at: dt.datetime, name: str, title: str, role: str, phone: str = "", preference: str = "", relation: int = 3) -> dict[str, Any]:  # fmt: skip
    """Somebody in the chain of decision; no birthdays, families or hobbies."""
    one = Decider.objects.create(
        account=row, name=name, title=title, role=role, phone=phone, preference=preference, relation=relation
    )
    return {"codes": {"decider": one.pk, "role": role}}


@transition(
    KeyAccount, sources=[S.FOUND, S.ACTIVE], target=None, label=_("删除决策人"), event="decider_dropped", permit=permissions.own_account,
    applies=lambda row: row.deciders.exists(), clause=CLAUSE,
)  # fmt: skip
def drop_decider(row: KeyAccount, *, by: Actor, at: dt.datetime, decider: Decider) -> dict[str, Any]:
    """Who left is no longer kept."""
    code = decider.pk
    Decider.objects.filter(account=row, pk=code).delete()
    return {"codes": {"decider": code}}


def _guard_member(row: KeyAccount, *, by: Actor, at: dt.datetime, customer: Customer) -> Iterator[Refusal]:
    if customer.pk == row.customer_id or GroupMember.objects.filter(customer=customer).exists():
        yield Refusal("account.member", _("这家单位已经在这个或别的集团里。"), {}, CLAUSE, "customer")
    elif customer.kind not in rules.KINDS:
        yield Refusal("account.kind", _("集团成员要是企业或机构客户。"), {}, CLAUSE, "customer")
    elif KeyAccount.objects.filter(customer=customer).exclude(status=S.DROPPED).exists():
        yield Refusal("account.is_account", _("这家单位自己就是大客户，不能并入集团。"), {}, CLAUSE, "customer")


@transition(
    KeyAccount, sources=[S.FOUND, S.ACTIVE], target=None, label=_("关联集团成员"), event="member_linked", permit=permissions.own_account,
    guard=_guard_member, clause=CLAUSE,
)  # fmt: skip
def link_member(row: KeyAccount, *, by: Actor, at: dt.datetime, customer: Customer) -> dict[str, Any]:
    """A company of the same group: what it buys counts with the account."""
    GroupMember.objects.create(account=row, customer=customer, linked_at=at, linked_by_id=by.person_id)
    _put(row, totals.of_group(row, at), at)
    return {"codes": {"customer": customer.pk, "amount": row.amount}}


@transition(
    KeyAccount, sources=[S.FOUND, S.ACTIVE], target=None, label=_("登记团购"), event="group_bought", permit=permissions.own_account, clause="CS-D4",
)  # fmt: skip
def add_group_buy(row: KeyAccount, *, by: Actor, at: dt.datetime, bought_on: dt.date, product: Product, quantity: int, amount: Decimal, motive: str) -> dict[str, Any]:  # fmt: skip
    """A purchase for a whole staff, and why they made it."""
    GroupBuy.objects.create(
        account=row,
        bought_on=bought_on,
        product=product,
        quantity=quantity,
        amount=amount,
        motive=motive,
        by_id=by.person_id,
    )
    return {"codes": {"product": product.pk, "amount": amount}}
