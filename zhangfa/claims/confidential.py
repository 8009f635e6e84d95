"""What of a case is not for everybody who sees it: declared once for page, interface, print, export and trail (CC-D3, domain.md 2.4)."""

from __future__ import annotations

import re
from typing import Any

from zhangfa.claims.models import Case, Settlement
from zhangfa.claims.permissions import case_of, people_behind
from zhangfa.claims.queries import may_know_worker
from zhangfa.core.text import mask_phone
from zhangfa.organisation.actor import Actor
from zhangfa.records.sensitive import HIDDEN, declare

DECIDING = ("cs", "dgm", "gm")


def is_handler(obj: Any, actor: Actor) -> bool:
    """The handler of the case, or who stands in for them."""
    return case_of(obj).handler_id in people_behind(actor)


def knows_expected(obj: Any, actor: Actor) -> bool:
    """What the customer has in mind, what hurts whom: for the handler and for those who decide."""
    return is_handler(obj, actor) or actor.holds(*DECIDING)


def knows_account(settlement: Settlement, actor: Actor) -> bool:
    """The payee's account stands in clear for who asks for it and who pays, and only until the money is paid (domain.md 2.4)."""
    return settlement.status != Settlement.Status.PAID and (actor.holds("fin") or is_handler(settlement, actor))


def knows_tie(settlement: Settlement, actor: Actor) -> bool:
    """The handler's tie to the customer is for those who decide, pay or answer for the outlet; not for the worker or the caller."""
    case = settlement.case
    return (
        knows_expected(settlement, actor)
        or actor.holds("fin")
        or actor.holds("oa", "sl", unit_id=case.unit_id)
        or (case.department_id is not None and actor.holds("hs", "ls", department_id=case.department_id))
    )


def knows_caller(case: Case, actor: Actor) -> bool:
    """The caller's number: for the handler, those who decide, and who took the call."""
    return knows_expected(case, actor) or case.record.created_by_id in people_behind(actor)


def concealed_people(actor: Actor, case: Case | None) -> frozenset[int]:
    """The responsible worker, for those who may not know them."""
    if case is None or case.worker_id is None or may_know_worker(case, actor):
        return frozenset()
    return frozenset({case.worker_id})


def mask_account(account: str) -> str:
    """The last four characters; nothing where nothing is hidden."""
    return f"**** {account[-4:]}" if len(account) > 4 else HIDDEN if account else ""


def shown_account(account: str, settlement: Settlement, actor: Actor) -> str:
    """As a person compares it with the bank's form: in groups of four; else its last four figures."""
    if not knows_account(settlement, actor):
        return mask_account(account)
    return " ".join(re.findall(".{1,4}", account)) if account.isdigit() else account


def declare_fields() -> None:
    """Fill the one list of sensitive fields; called once at start-up."""
    declare("claims.case", "worker", may_see=lambda actor, case: may_know_worker(case, actor))
    declare("claims.case", "reporter_phone", may_see=lambda actor, case: knows_caller(case, actor), mask=mask_phone)
    for name in ("expected_amount", "third_party_name", "third_party_phone", "injury", "witnesses"):
        declare("claims.survey", name, may_see=lambda actor, survey: knows_expected(survey, actor))
    declare(
        "claims.settlement", "payee_account", may_see=lambda actor, row: knows_account(row, actor), mask=mask_account
    )
    declare("claims.settlement", "tie_note", may_see=lambda actor, row: knows_tie(row, actor))
