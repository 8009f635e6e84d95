"""Status × transition × post, generated from the registry: each either works or is refused with its reason, nothing breaks."""

import json

import pytest
from django.db import transaction

from tests.claims import stages
from tests.houses import MONDAY, House
from zhangfa.audit.models import Event
from zhangfa.claims.models import Case, Settlement
from zhangfa.core import transitions
from zhangfa.core.decisions import Refused
from zhangfa.duties import actions as duties
from zhangfa.organisation.actor import Actor
from zhangfa.organisation.models import Person, Seat
from zhangfa.organisation.posts import POSTS

STAGES = [
    *((stages.accident, status) for status in Case.Status.values if status != "answering"),
    *((stages.outlet_accident, status) for status in ("accepted", "assessed")),
    *((stages.complaint, status) for status in ("alerted", "answering", "assessed", "signed", "closed")),
    *((stages.settlement, status) for status in Settlement.Status.values),
    *((stages.outlet_settlement, status) for status in ("approved", "accepted")),
]
HANDLER = "the handler"
# Where each arrow certainly works, and for whom; a new transition finds its place here.
WORKS = {
    "acknowledge": (stages.accident, "alerted", HANDLER),
    "log_call": (stages.accident, "accepted", "op"),
    "arrive": (stages.accident, "accepted", HANDLER),
    "save_survey": (stages.accident, "arrived", HANDLER),
    "confirm_no_photo": (stages.accident, "arrived", "oa"),
    "finish_survey": (stages.accident, "arrived", HANDLER),
    "confirm_survey": (stages.accident, "surveyed", "oa"),
    "tell_insurer": (stages.accident, "surveyed", HANDLER),
    "register": (stages.accident, "surveyed", HANDLER),
    "add_item": (stages.accident, "registered", HANDLER),
    "drop_item": (stages.accident, "surveyed", HANDLER),
    "add_price": (stages.accident, "registered", HANDLER),
    "value_item": (stages.accident, "assessed", HANDLER),
    "assess": (stages.accident, "assessed", HANDLER),
    "propose": (stages.complaint, "assessed", HANDLER),
    "hand_over": (stages.outlet_accident, "assessed", "oa"),
    "identify": (stages.accident, "surveyed", HANDLER),
    "log_talk": (stages.accident, "settling", HANDLER),
    "rate": (stages.accident, "settled", "op"),
    "close": (stages.accident, "signed", HANDLER),
    "reassign": (stages.accident, "assessed", "cs"),
    "take_over": (stages.accident, "assessed", "cs"),
    "void_case": (stages.accident, "alerted", "cs"),
    "take_up": (stages.complaint, "alerted", HANDLER),
    "move_day": (stages.complaint, "answering", HANDLER),
    "first_answer": (stages.complaint, "answering", HANDLER),
    "investigate": (stages.complaint, "answering", HANDLER),
    "compensate": (stages.complaint, "answering", HANDLER),
    "resolve": (stages.complaint, "answering", HANDLER),
    "agree": (stages.settlement, "proposed", "dgm"),
    "send_back": (stages.settlement, "proposed", "dgm"),
    "withdraw": (stages.settlement, "proposed", HANDLER),
    "accept": (stages.settlement, "approved", HANDLER),
    "acknowledge_report": (stages.settlement, "accepted", "cs"),
    "review": (stages.outlet_settlement, "approved", "cc"),
    "fill_form": (stages.settlement, "accepted", HANDLER),
    "pay": (stages.settlement, "signed", "fin"),
    "log_insurer": (stages.settlement, "paid", HANDLER),
}
# Carried out by the last of the four signatures.
BY_ITSELF = {"sign_off"}


def arrows(obj) -> list[transitions.Transition]:
    return transitions.registry(type(obj))


def attempt(house: House, obj, arrow: transitions.Transition, actor: Actor) -> list[str]:
    """The codes that stop this person, [] where it worked; afterwards all is as before."""
    codes: list[str] = []
    with transaction.atomic():
        try:
            arrow(obj, by=actor, at=MONDAY, **stages.answers(house, arrow.name, obj))
        except Refused as refused:
            codes = [refusal.code for refusal in refused.refusals]
        transaction.set_rollback(True)
    return codes


@pytest.mark.parametrize(("stage", "status"), STAGES, ids=lambda part: getattr(part, "__name__", part))
def test_every_pair_works_or_says_why(house, stage, status):
    obj = stage(house, status)
    assert obj.status == status
    actors = {seat: house.actor(seat) for seat in POSTS}
    broken = []
    for arrow in arrows(obj):
        is_place = status in arrow.sources and arrow.applies(obj)
        for seat, actor in actors.items():
            shown = [refusal.code for refusal in arrow.refuse_now(obj, by=actor, at=MONDAY)]
            if not is_place and shown != ["status"]:
                broken.append((arrow.name, seat, shown))
            # Out of its place an arrow asks nobody: one attempt shows it.
            if is_place or seat == "gm":
                done = attempt(house, obj, arrow, actor)
                # The button says the same as the deed; only what was typed may still stop what the button offers.
                if shown and done != shown:
                    broken.append((arrow.name, seat, shown, done))
    assert not broken


@pytest.mark.parametrize(
    "arrow", [*transitions.registry(Case), *transitions.registry(Settlement)], ids=lambda arrow: arrow.name
)
def test_every_arrow_works_for_whom_it_is_meant(house, arrow):
    if arrow.name in BY_ITSELF:
        assert stages.settlement(house, "signed").status == arrow.target
        return
    stage, status, seat = WORKS[arrow.name]
    obj = prepared(house, arrow.name, stage(house, status))
    seat = house.handler_of(getattr(obj, "case", obj)) if seat == HANDLER else seat
    done = arrow(obj, by=house.actor(seat), at=MONDAY, **stages.answers(house, arrow.name, obj))
    assert done.status == (arrow.target or status)
    event = Event.objects.filter(name=arrow.event).latest("pk")
    assert json.loads(event.text)["codes"]["status"] == done.status


def prepared(house: House, name: str, obj):
    """What must have happened before, beyond the status."""
    from zhangfa.claims import actions

    if name == "confirm_no_photo":
        by = house.actor(house.handler_of(obj))
        return actions.save_survey(obj, by=by, at=MONDAY, no_photo_reason="手机没电，无法拍照")
    if name == "take_over":
        handler = Person.objects.get(pk=obj.handler_id)
        seat = Seat.objects.get(post="cc", holdings__person=handler)
        handover = duties.draw_up(seat=seat, leaver=handler, last_on=MONDAY.date(), by=house.actor("hr"), at=MONDAY)
        type(handover).objects.update(status="signing")
    if name == "log_insurer":
        return stages.told(obj)
    if name == "close":
        return actions.rate(obj, by=house.actor("op"), at=MONDAY, score=5)
    if name == "resolve":
        by = house.actor(house.handler_of(obj))
        return actions.first_answer(obj, by=by, at=MONDAY, content="已向客户说明", archive_note="无")
    return obj
