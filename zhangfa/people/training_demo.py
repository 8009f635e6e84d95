"""Invented training of the demo's year: most people keep up with their quotas, some miss every second session (RPT-05)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.core.periods import month_after
from zhangfa.organisation.actor import actor_for_person
from zhangfa.organisation.calendar import is_working
from zhangfa.organisation.models import Holding, Person
from zhangfa.people import actions

DAY = dt.timedelta(days=1)
# Of a hundred people so many often miss; the demo of a large company trains the first of them.
OFTEN_MISS, MOST = 12, 450
# The last months are published, each on the fifth of the next.
PUBLISHED_ON, PUBLISHED_DAYS = 5, 100


@dataclass(frozen=True)
class Course:
    """A session that comes back every so many months for the holders of some posts; no post given is everybody."""

    by: str
    subject: str
    topic: str
    hours: str
    posts: tuple[str, ...] = ()
    months: int = 2
    outside: str = ""


COURSES = (
    Course("am", "ethics", "职业道德集中培训", "12", outside="市家政协会讲师"),
    Course("hs", "safety", "入户服务安全和用电用气", "12", ("sw",), months=3),
    Course("ls", "safety", "驻场安全和消防", "9", ("sl",), months=3),
    Course("ls", "standard", "驻场服务标准", "9", ("sl",), months=3),
    Course("cc", "prevention", "本月事故和怎样避免", "8.5", ("cs", "hs", "ls", "sup", "oa", "sl"), months=1),
    Course("cs", "communication", "听懂客户的来电", "6.5", ("op", "cm"), months=3),
    Course("cs", "communication", "网上接单怎样说明价格", "6.5", ("ops",), months=3),
    Course("cs", "communication", "网点接待和回访", "6.5", ("oa",), months=3),
    Course("cs", "communication", "驻场沟通", "6.5", ("sup", "sl"), months=3),
)


def build(seed: int, scale: str, at: dt.datetime) -> int:
    """Train the company from the first of January on, and publish the months that are over; returns how many sessions."""
    rng = random.Random(f"{seed}:training")
    held = _held(clock.local_date(at))
    lax = {person.pk for people in held.values() for person in people if rng.randrange(100) < OFTEN_MISS}
    made = 0
    for month in _months(at):
        for number, course in enumerate(COURSES):
            if (month.month - 1) % course.months == 0:
                turn = (month.month - 1) // course.months
                made += _session(course, month + number * DAY, held, lax if turn % 2 else set(), at)
        if (clock.local_date(at) - (month_after(month) - DAY)).days < PUBLISHED_DAYS:
            _publish(month, held, at)
    return made


def _held(today: dt.date) -> dict[str, list[Person]]:
    rows = Holding.objects.filter(Holding.valid_q(today), seat__is_active=True).select_related("person", "seat")
    found: dict[str, list[Person]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.seat.post_id, []).append(row.person)
    return found


def _months(at: dt.datetime) -> Iterator[dt.date]:
    today = clock.local_date(at)
    for number in range(1, today.month + 1):
        yield dt.date(today.year, number, 1)


def _session(course: Course, day: dt.date, held: dict[str, list[Person]], lax: set[int], at: dt.datetime) -> int:
    while not is_working(day):
        day += DAY
    moment = clock.day_start(day) + dt.timedelta(hours=17)
    giver = next(iter(held.get(course.by, [])), None)
    if giver is None or moment > at:
        return 0
    facts = {"by": actor_for_person(giver, moment), "at": moment}
    trainer = None if course.outside else giver
    people = _there(course.posts or tuple(held), held, day, lax | {trainer.pk if trainer else 0})
    try:
        row = actions.arrange(
            topic=course.topic, subject=course.subject, held_on=day, hours=Decimal(course.hours), trainer=trainer,
            outside_trainer=course.outside, **facts,
        )  # fmt: skip
        row = actions.note_learners(row, people="\n".join(person.no for person in people), **facts)
        actions.close_training(row, **facts)
    except Refused:
        return 0
    return 1


def _there(posts: Sequence[str], held: dict[str, list[Person]], day: dt.date, away: set[int]) -> list[Person]:
    found = {person.pk: person for post in posts for person in held.get(post, ())}
    joined = [one for one in found.values() if one.joined_on is None or one.joined_on <= day]
    return [person for person in joined if person.pk not in away][:MOST]


def _publish(month: dt.date, held: dict[str, list[Person]], at: dt.datetime) -> None:
    """Personnel publishes on the fifth of the next month; the newest one still waits."""
    day = clock.day_start(month_after(month) - DAY) + dt.timedelta(days=PUBLISHED_ON, hours=9)
    keeper = next(iter(held.get("hr", [])), None)
    if keeper is not None and day <= at:
        actions.publish_hours(month, by=actor_for_person(keeper, day), at=day)
