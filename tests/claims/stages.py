"""A case and a settlement in each status, each brought there by the actions themselves."""

import datetime as dt
from decimal import Decimal as D
from typing import Any

from tests.houses import MONDAY, House, actions_exclusions
from zhangfa.claims import actions
from zhangfa.claims.models import Case, Settlement, Survey
from zhangfa.finance.models import Payment
from zhangfa.records.actions import sign

HOUR = dt.timedelta(hours=1)
ON_THE_WAY = ("accepted", "arrived", "surveyed", "registered", "assessed")


def accident(house: House, status: str) -> Case:
    """A specialist's accident of 1,800 yuan; from the settlement on of 600, which the specialist decides alone."""
    if status == "alerted":
        return house.report()
    if status in ON_THE_WAY:
        return house.to_assessed(house.report(), until=status)
    if status == "void":
        return actions.void_case(house.report(), by=house.actor("cs"), at=MONDAY, reason="重复登记的案件")
    if status == "settling":
        return Case.objects.get(pk=settlement(house, "approved").case_id)
    case = Case.objects.get(pk=settlement(house, "accepted" if status == "settled" else "paid").case_id)
    if status == "closed":
        case = actions.rate(case, by=house.actor("op"), at=MONDAY, score=5)
        case = actions.close(case, by=house.actor(house.handler_of(case)), at=MONDAY, nature="isolated")
    return case


def outlet_accident(house: House, status: str) -> Case:
    """An accident of 300 yuan in the hands of the outlet."""
    return house.to_assessed(house.report("300"), price="300", until=status)


def complaint(house: House, status: str) -> Case:
    case = house.report("0", kind="complaint", channel="phone", category="quality")
    if status == "alerted":
        return case
    by = house.actor(house.handler_of(case))
    case = actions.take_up(case, by=by, at=MONDAY)
    if status == "answering":
        return case
    if status == "assessed":
        return actions.compensate(case, by=by, at=MONDAY, amount=D(200), ground="服务没有达到约定")
    actions.first_answer(case, by=by, at=MONDAY, content="已向客户说明", archive_note="无")
    case = actions.resolve(Case.objects.get(pk=case.pk), by=by, at=MONDAY, **resolution())
    if status == "closed":
        case = actions.rate(case, by=house.actor("op"), at=MONDAY, score=5)
        case = actions.close(case, by=by, at=MONDAY, nature="systemic")
    return case


def resolution() -> dict[str, Any]:
    return {
        "investigation": "服务员承认没有自检", "cause": "operation", "root_cause": "完工后没有自检", "avoidable": "完工须逐项自检", "resolutions": ["redo"], "resolution": "次日重做", "is_accepted": True,
        "archive_note": "无",
    }  # fmt: skip


def settlement(house: House, status: str) -> Settlement:
    """A settlement that the deputy GM rules on while it is proposed, and one of the specialist's own after that."""
    if status in ("proposed", "returned", "withdrawn"):
        case = house.to_assessed(house.report())
        case = actions.confirm_survey(case, by=house.actor("oa"), at=MONDAY)
        made = house.propose(case, "1800")
        if status == "returned":
            actions.send_back(made, by=house.actor("dgm"), at=MONDAY, opinion="请再核实市价")
        if status == "withdrawn":
            actions.withdraw(made, by=house.actor(house.handler_of(case)), at=MONDAY)
        return Settlement.objects.get(pk=made.pk)
    return _own(house, house.to_assessed(house.report("600"), price="600"), "600", status)


def outlet_settlement(house: House, status: str) -> Settlement:
    """A settlement of 300 yuan that the outlet decides by itself."""
    return _own(house, outlet_accident(house, "assessed"), "300", status)


def _own(house: House, case: Case, amount: str, status: str) -> Settlement:
    by = house.actor(house.handler_of(case))
    made = house.propose(case, amount)
    house.photo(case, "agreement")
    if status == "approved":
        return made
    made = actions.accept(
        made, by=by, at=MONDAY, amount=D(amount), content="客户同意", payee="林知夏", archive_note="无"
    )
    if status == "accepted":
        return made
    made = signed(house, actions.fill_form(made, by=by, at=MONDAY, **form()))
    if status == "paid":
        made = actions.pay(made, by=house.actor("fin"), at=MONDAY, **payment(amount))
    return made


def signed(house: House, made: Settlement) -> Settlement:
    """The filled form with its four signatures."""
    for row in made.record.signatures.order_by("order"):
        name = next(name for name, person in house.people.items() if person.pk == row.signer_id)
        sign(made.record, role=row.role, by=house.actor(name), at=MONDAY, is_verified=True)
    return Settlement.objects.get(pk=made.pk)


def told(made: Settlement) -> Settlement:
    """The insurer was told, under a number: what a claim to it has to match (CC-D7)."""
    Survey.objects.filter(case_id=made.case_id).update(is_insurer_told=True, insurer_told_at=MONDAY, insurer_no="B1")
    return Settlement.objects.get(pk=made.pk)


def form() -> dict[str, str]:
    return {"root_cause": "操作不当", "customer_opinion": "同意", "handling": "现金赔付", "prevention": "加强培训"}


def payment(amount: str) -> dict[str, Any]:
    return {"amount": D(amount), "method": "wechat", "voucher_no": f"P{Payment.objects.count() + 1}"}


def answers(house: House, name: str, obj: Any) -> dict[str, Any]:
    """What a careful person fills into the form of a transition."""
    case = getattr(obj, "case", obj)
    item = case.items.order_by("pk").values_list("pk", flat=True).first() if case.is_accident else None
    told = "服务员擦洗吊柜时工具滑落，砸在台面边缘，造成一处明显开裂，无法修补，需要整块更换。"
    object_ = {
        "name": "花瓶",
        "brand_model": "无",
        "count": 1,
        "damaged_part": "瓶口",
        "level": "total",
        "location": "客厅",
        "rough_value": D(600),
    }
    statements = {"worker_statement": "手滑", "customer_statement": "要求更换"}
    shares = {"company_pct": D(100), "worker_pct": D(0), "customer_pct": D(0), "third_party_pct": D(0)}
    given: dict[str, dict[str, Any]] = {
        "log_call": {"content": "约好下午到"},
        "arrive": {"place": "门口", "no_photo_reason": "手机没电"},
        "save_survey": {"narrative": told},
        "finish_survey": {"narrative": told, "cause": "operation", "promised_days": 3, "judgement": "服务造成，无法修复", "remedies": ["replace"], "archive_note": "无", **statements},
        "tell_insurer": {"told_at": MONDAY, "insurer_no": "B1"},
        "register": {"insurer_note": "未投保该险种"},
        "add_item": object_,
        "drop_item": {"item": item},
        "add_price": {"item": item, "source": "shop", "seller": "建材城丙店", "model": "同款", "price": D(1800)},
        "value_item": {"item": item, "market_price": D(600), "depreciation_pct": D(0)},
        "assess": {**shares, "liability_basis": "服务员操作不当", "exclusions": [{"code": c, "answer": "no"} for c in actions_exclusions()]},
        "propose": {"methods": ["cash"], "cash_amount": D(200), "in_kind_amount": D(0), "claimant": "third_party"},
        "identify": {"worker": house.people["sw2"], "reason": "订单后来换了服务员"},
        "log_talk": {"kind": "contact", "content": "客户在家"},
        "rate": {"score": 5},
        "close": {"nature": "isolated"},
        "reassign": {"person": house.people["cs"], "reason": "原经办人休假"},
        "take_over": {"person": house.people["cs"]},
        "void_case": {"reason": "重复登记的案件"},
        "move_day": {"agreed_on": MONDAY.date() + dt.timedelta(days=9), "agreed_consent": "客户来电同意延后两天", "archive_note": "无"},
        "first_answer": {"content": "已向客户说明"},
        "investigate": {"investigation": "已询问服务员"},
        "compensate": {"amount": D(200), "ground": "服务没有达到约定"},
        "resolve": resolution(),
        "send_back": {"opinion": "请再核实市价"},
        "accept": {"amount": getattr(obj, "approved_total", None) or D(0), "content": "客户同意", "payee": "林知夏", "archive_note": "无"},
        "fill_form": form(),
        "pay": payment(str(getattr(obj, "approved_total", None) or 0)),
        "log_insurer": {"claimed": D(100)},
    }  # fmt: skip
    return given.get(name, {})
