"""The small demo: each case is carried by the real actions, by the people concerned, over simulated days."""

from __future__ import annotations

import datetime as dt
import io
import random
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from PIL import Image, ImageDraw

from zhangfa.claims import actions
from zhangfa.claims.actions.assess import EXCLUSIONS
from zhangfa.claims.demo import stories
from zhangfa.claims.demo.reports import publish_year
from zhangfa.claims.models import Case, Settlement, Talk
from zhangfa.claims.queries import person_in
from zhangfa.claims.web.page_forms import CLAIMANT
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.money import ZERO, yuan
from zhangfa.notices.models import Notice
from zhangfa.orders.models import Order
from zhangfa.organisation.actor import Actor, actor_for_person
from zhangfa.organisation.models import Person
from zhangfa.records.actions import attach, prepare, receive_copy, sign
from zhangfa.records.models import Attachment, Copy

ACCIDENTS, COMPLAINTS = 64, 44
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
# Where the newest cases stop, so that every post finds something to do.
STOPS = ("alerted", "accepted", "arrived", "surveyed", "registered", "assessed", "proposed", "approved", "accepted_offer", "filled", "signed", "paid")  # fmt: skip


class Later(Exception):
    """The story goes on after the moment at which the demo's year ends."""


class Player:
    """Plays people: finds who acts, moves the clock, and stops where the story stops."""

    def __init__(self, seed: int, at: dt.datetime):
        self.rng, self.end = random.Random(f"{seed}:claims"), at
        self.actors: dict[int, Actor] = {}
        self.by_post: dict[str, Person | None] = {}
        self.photos = [prepare(_picture(n, self.rng), name=f"photo-{n}.jpg") for n in range(6)]
        self.voucher = 0

    def actor(self, person: Person | int, at: dt.datetime) -> Actor:
        if at > self.end:
            raise Later
        pk = person if isinstance(person, int) else person.pk
        if pk not in self.actors:
            self.actors[pk] = actor_for_person(Person.objects.get(pk=pk), at)
        return replace(self.actors[pk], at=at)

    def post(self, code: str, at: dt.datetime) -> Actor:
        if code not in self.by_post:
            self.by_post[code] = person_in(code, self.end - 200 * DAY)
        person = self.by_post[code]
        assert person is not None
        return self.actor(person, at)

    def photo(self, case: Case, kind: str, by: Actor, at: dt.datetime) -> Attachment:
        return attach(
            case.record, prepared=self.rng.choice(self.photos), kind=kind, by=by, at=at, taken_at=at, place=case.place
        )

    def handler(self, case: Case, at: dt.datetime) -> Actor:
        assert case.handler_id is not None
        return self.actor(case.handler_id, at)


def play(seed: int, at: dt.datetime) -> int:
    """A year of accidents and complaints up to `at`, oldest first; then the bundles and totals of the last weeks."""
    player = Player(seed, at)
    days = (
        sorted(player.rng.sample(range(3, 362), min(350, ACCIDENTS + COMPLAINTS - 24)), reverse=True)
        + [2] * 8
        + [1] * 8
        + [0] * 8
    )
    finished = Order.objects.filter(status=Order.Status.FINISHED, outlet__kind="outlet")
    served: list[int] = []
    by_day: dict[dt.date, list[int]] = {}
    for pk, served_to in finished.order_by("-served_from").values_list("pk", "served_to"):
        served.append(pk)
        by_day.setdefault(clock.local_date(served_to), []).append(pk)
    made = 0
    for number, ago in enumerate(days):
        day = clock.local_date(at) - ago * DAY
        orders = by_day.get(day) or by_day.get(day - DAY) or served[:50]
        order = finished.select_related("customer", "outlet", "worker").get(pk=player.rng.choice(orders))
        happened = min(order.served_to, at - 3 * HOUR)
        stop = STOPS[number % len(STOPS)] if ago <= 2 else ""
        tell = _accident if number % 18 < 11 else _complaint
        # One commit a case: the demo owes no durability between the steps of a story.
        with transaction.atomic(), suppress(Later):
            tell(player, order, happened, number, stop)
        made += 1
    publish_year(player)
    _old_post_is_read(at - 2 * DAY)
    return made


def _old_post_is_read(before: dt.datetime) -> None:
    """Notices and copies of the year were opened long ago; those of the last days still wait."""
    Notice.objects.filter(created_at__lt=before, read_at=None).update(read_at=before)
    for copy in Copy.objects.filter(sent_at__lt=before, received_at=None).select_related("record", "person"):
        receive_copy(copy, by=actor_for_person(copy.person, before), at=before)


def _accident(player: Player, order: Order, happened: dt.datetime, number: int, stop: str) -> None:
    rng = player.rng
    story = stories.accident(rng, number)
    at = min(happened + rng.randint(5, 90) * MINUTE, player.end - 20 * MINUTE)
    if stop in ("proposed", "approved") and story.amount < 1100:
        story = replace(story, amount=yuan(rng.choice((1280, 1800, 2600))))
    by = player.post("op", at)
    case = actions.report(
        by=by, at=at, unit=order.outlet, source=rng.choice(("operator", "customer", "outlet")), reporter=order.customer.name,
        reporter_phone=order.customer.phone, occurred_at=happened, place=order.customer.compound or "客户家", guarantee=story.guarantee,
        summary=story.narrative[:60], estimate=story.amount, order=order,
        severity="serious" if story.amount >= 1000 or story.guarantee != "property" else "minor",
    )  # fmt: skip
    if stop == "alerted":
        return
    case, at = _survey(player, case, story, at, stop)
    if stop in ("alerted", "accepted", "arrived", "surveyed", "registered", "assessed"):
        return
    _settle(player, case, story.amount, at, stop)


def _survey(player: Player, case: Case, story: stories.Story, at: dt.datetime, stop: str) -> tuple[Case, dt.datetime]:
    rng = player.rng
    step = (lambda low, high: rng.randint(low, high) * MINUTE) if not stop else (lambda low, high: MINUTE)
    if case.status == Case.Status.ALERTED:
        at += step(2, 18)
        case = actions.acknowledge(case, by=player.handler(case, at), at=at)
    if stop == "accepted":
        return case, at
    at += step(40, 260)
    by = player.handler(case, at)
    player.photo(case, "scene", by, at)
    case = actions.arrive(case, by=by, at=at, place=case.place)
    if stop == "arrived":
        return case, at
    if story.item:
        player.photo(case, "object", by, at)
        case = actions.add_item(
            case, by=by, at=at, name=story.item, brand_model="普通", count=1, damaged_part=story.part, location="客厅",
            level="total" if rng.random() < 0.4 else "part", is_repairable=rng.random() < 0.5, rough_value=story.amount,
        )  # fmt: skip
    at += step(15, 50)
    extra: dict[str, Any] = {}
    if story.guarantee == "worker_injury":
        extra = {"injury": story.narrative[:30], "hospital": "区第二医院"}
    elif story.guarantee == "third_party":
        extra = {
            "third_party_name": "楼下住户",
            "third_party_phone": "15400000001",
            "third_party_damage": story.narrative[:30],
            "floor": "4 层",
        }
    case = actions.finish_survey(
        case, by=by, at=at, promised_days=rng.choices((3, 5, 7), (50, 30, 20))[0], narrative=story.narrative, cause=story.cause,
        worker_statement="我当时没有注意到，愿意配合公司处理。", customer_statement="东西是这次服务时弄坏的，希望公司尽快处理。",
        judgement="现场痕迹与双方陈述一致。", remedies=["cash"], claimed_amount=yuan(story.amount * Decimal("1.2")), archive_note="无", **extra,
    )  # fmt: skip
    if stop == "surveyed":
        return case, at
    at += step(30, 110)
    case = actions.register(case, by=player.handler(case, at), at=at, insurer_note="在免赔额以内")
    if stop != "registered":
        sign(case.survey.record, role="handler", by=player.handler(case, at), at=at, is_verified=True)
    if stop == "registered":
        return case, at
    at += step(20, 600)
    by = player.handler(case, at)
    other = ZERO if story.item else story.amount
    for item in case.items.all():
        quotes = 2 if story.amount > 1000 else 1
        for seller in ("城南建材市场 12 号", "东门家居广场 3 楼")[:quotes]:
            case = actions.add_price(
                case, by=by, at=at, item=item.pk, source="shop", seller=seller, model=item.name, price=story.amount
            )
        case = actions.value_item(case, by=by, at=at, item=item.pk, market_price=story.amount, depreciation_pct=ZERO)
    customer = Decimal(20) if story.guarantee == "property" and rng.random() < 0.12 else ZERO
    case = actions.assess(
        case, by=by, at=at, company_pct=100 - customer, worker_pct=ZERO, customer_pct=customer, third_party_pct=ZERO,
        liability_basis="现场勘察与双方陈述", exclusions=[{"code": code, "answer": "no"} for code in EXCLUSIONS], other_loss=other,
    )  # fmt: skip
    return case, at


def _settle(player: Player, case: Case, amount: Decimal, at: dt.datetime, stop: str) -> None:
    rng = player.rng
    due = amount if case.attempts else (case.payable or amount)
    at = min(at + rng.randint(30, 300) * MINUTE, player.end - 10 * MINUTE) if not stop else at + MINUTE
    if case.is_accident and case.survey.confirmed_by_id is None:
        case = actions.confirm_survey(case, by=player.post("cs", at), at=at)
    by = player.handler(case, at)
    claimant = CLAIMANT.get(case.guarantee, "customer")
    facts: dict[str, Any] = {"claimant": claimant, "methods": ["cash"], "cash_amount": due, "in_kind_amount": ZERO}
    if case.attempts:
        facts["over_ground"] = "再次上门给客户造成不便"
    try:
        case = actions.propose(case, by=by, at=at, **facts)
    except Refused:
        # The outlet's limit is reached by the sums: the specialist takes over and hands the plan in.
        case = actions.hand_over(case, by=by, at=at)
        by = player.handler(case, at)
        case = actions.propose(case, by=by, at=at, **facts)
    settlement = case.settlements.order_by("-seq").first()
    assert settlement is not None
    if stop == "proposed":
        return
    if settlement.status == Settlement.Status.PROPOSED:
        at += 40 * MINUTE if not stop else MINUTE
        step = settlement.record.steps.get(state="waiting")
        seat = step.seat
        assert seat is not None
        holder = seat.holdings.order_by("from_on").first()
        assert holder is not None
        settlement = actions.agree(settlement, by=player.actor(holder.person_id, at), at=at, opinion="同意按方案办理")
    if stop == "approved":
        return
    at += rng.randint(20, 200) * MINUTE if not stop else MINUTE
    actions.log_talk(
        case, by=player.handler(case, at), at=at, kind=Talk.Kind.OFFER, content="向客户说明赔偿方案和依据", mode="phone", amount=due,
        opinion=rng.choice(stories.OPINIONS), archive_note="无",
    )  # fmt: skip
    if due > 450:
        player.photo(case, "agreement", player.handler(case, at), at)
    hurt = case.worker if settlement.claimant == "worker" else case.customer
    payee = hurt.name if hurt else "客户"
    settlement = actions.accept(settlement, by=player.handler(case, at), at=at, amount=due, content="客户接受", payee=payee, customer_opinion=rng.choice(stories.OPINIONS), archive_note="无")  # fmt: skip
    if stop == "accepted_offer":
        return
    _finish(player, Case.objects.get(pk=case.pk), settlement, at, stop)


def _finish(player: Player, case: Case, settlement: Settlement, at: dt.datetime, stop: str) -> None:
    rng = player.rng
    at += rng.randint(10, 40) * MINUTE if not stop else MINUTE
    by = player.handler(case, at)
    settlement = actions.fill_form(
        settlement, by=by, at=at, root_cause="作业时没有按操作要求防护", customer_opinion=rng.choice(stories.OPINIONS), handling="按认定损失现金赔付",
        prevention=rng.choice(stories.PREVENTION), late_reason="等客户比较修复报价，双方商定延后",
    )  # fmt: skip
    if stop == "filled":
        return
    # Most forms are signed the same day; a few the next morning, which stays marked.
    at += 9 * HOUR if not stop and rng.random() < 0.08 else MINUTE
    for row in settlement.record.signatures.filter(state="waiting").order_by("order"):
        assert row.signer_id is not None
        sign(settlement.record, role=row.role, by=player.actor(row.signer_id, at), at=at, is_verified=True)
    settlement.refresh_from_db()
    if settlement.reported_at:
        actions.acknowledge_report(settlement, by=player.post("cs", at + MINUTE), at=at + MINUTE)
    if settlement.authority == "oa" and settlement.total >= 200:
        actions.review(settlement, by=player.post("cc", at + MINUTE), at=at + MINUTE)
    if stop == "signed":
        return
    at += rng.randint(2, 30) * HOUR if not stop else MINUTE
    if settlement.approved_total:
        player.voucher += 1
        actions.pay(
            settlement, by=player.post("fin", at), at=at, amount=settlement.approved_total, method="wechat",
            voucher_no=f"P{player.voucher:06d}",
        )  # fmt: skip
    if stop:
        return
    _close(player, Case.objects.get(pk=case.pk), at)


def _close(player: Player, case: Case, at: dt.datetime) -> None:
    rng = player.rng
    at += rng.randint(1, 20) * HOUR
    score = rng.choices(stories.RATINGS, stories.RATING_SHARES)[0]
    case = actions.rate(case, by=player.post("op", at), at=at, score=score, words=rng.choice(stories.OPINIONS))
    if score < 4:
        _again(player, case, at)
        return
    at += rng.randint(1, 20) * HOUR
    case = actions.close(
        case, by=player.handler(case, at), at=at, nature="systemic" if rng.random() < 0.3 else "isolated"
    )
    if rng.random() < 0.9:
        at += DAY
        actions.submit_learning(
            case,
            by=player.handler(case, at),
            at=at,
            analysis="没有先在不显眼处试，操作时也没有防护。",
            indirect="班前没有提到这一类材质，工具箱里没有垫布。",
            management="操作要求只在入职时讲过，没有再检查。",
            measures="列入班前提醒清单，并在周会讲解。",
        )


def _again(player: Player, case: Case, at: dt.datetime) -> None:
    """A dissatisfied customer reopened the case: a second attempt, and now and then a case that stays open."""
    if case.attempts > 1 or player.rng.random() < 0.15:
        return
    if case.status == Case.Status.ASSESSED:
        _settle(player, case, yuan(50), at + HOUR, "")
    elif case.status == Case.Status.ANSWERING:
        at += 20 * HOUR
        case = actions.resolve(
            case, by=player.handler(case, at), at=at, root_cause="第一次答复没有说清楚", avoidable="答复前与客户逐条核对诉求",
            resolutions=["apology"], resolution="主管上门说明并致歉", is_accepted=True, mode="visit", archive_note="无",
        )  # fmt: skip
        sign(case.complaint_form.record, role="handler", by=player.handler(case, at), at=at, is_verified=True)
        _close(player, case, at)


def _complaint(player: Player, order: Order, happened: dt.datetime, number: int, stop: str) -> None:
    rng = player.rng
    category, words, cause, root, avoid, _weight = rng.choices(stories.COMPLAINTS, [c[5] for c in stories.COMPLAINTS])[
        0
    ]
    at = min(happened + rng.randint(1, 20) * HOUR, player.end - 30 * MINUTE)
    case = actions.report(
        by=player.post("op", at), at=at, unit=order.outlet, source="customer", reporter=order.customer.name, occurred_at=happened,
        place=order.customer.compound or "客户家", guarantee="property", summary=words, estimate=ZERO, kind="complaint", order=order,
        reporter_phone=order.customer.phone, category=category, channel="phone", remedies=["redo"],
    )  # fmt: skip
    if stop == "alerted":
        return
    at += rng.randint(3, 60) * MINUTE if not stop else MINUTE
    case = actions.take_up(case, by=player.handler(case, at), at=at)
    if stop in ("accepted", "arrived"):
        return
    at += rng.randint(20, 500) * MINUTE if not stop else MINUTE
    by = player.handler(case, at)
    case = actions.first_answer(case, by=by, at=at, content="已致歉并说明将在核定日前答复处理结果", archive_note="无")
    case = actions.investigate(
        case, by=by, at=at, investigation="已向服务员和客户分别核实", cause=cause, root_cause=root, avoidable=avoid
    )
    if stop in ("surveyed", "registered", "assessed"):
        return
    if rng.random() < 0.2 and not stop:
        at += 2 * HOUR
        amount = yuan(rng.choice((50, 80, 120, 300)))
        case = actions.compensate(
            case, by=player.handler(case, at), at=at, amount=amount, ground="服务未达标准，部分退款"
        )
        _settle(player, case, amount, at, stop)
        return
    at += rng.randint(3, 120) * HOUR if not stop else MINUTE
    case = actions.resolve(
        case, by=player.handler(case, at), at=at, root_cause=root, avoidable=avoid, resolutions=["redo", "apology"],
        resolution="已安排返工并由主管致歉", is_accepted=True, archive_note="无",
    )  # fmt: skip
    sign(case.complaint_form.record, role="handler", by=player.handler(case, at), at=at, is_verified=True)
    if not stop:
        _close(player, case, at)


def _picture(number: int, rng: random.Random) -> bytes:
    """A drawn stand-in for a photo: no picture of a real home is in the demo."""
    image = Image.new("RGB", (960, 720), (225 - 9 * number, 222, 214))
    draw = ImageDraw.Draw(image)
    draw.rectangle((80, 380, 880, 640), fill=(150 + 8 * number, 132, 112))
    draw.rectangle((80, 350, 880, 392), fill=(206, 198, 186))
    points = [(300 + 40 * number, 352)]
    for step in range(1, 9):
        points.append((points[0][0] + step * 18 + rng.randint(-14, 14), 352 + step * 34))
    draw.line(points, fill=(52, 44, 40), width=5)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()
