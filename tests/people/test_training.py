"""Hours are booked when a session is closed, feed the quota duties, and stand in the ledger with what is expected."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.core.decisions import Refused
from zhangfa.duties.actions import load_catalogue
from zhangfa.duties.models import Occurrence
from zhangfa.organisation.models import Person
from zhangfa.people import actions
from zhangfa.people import training as ledger
from zhangfa.people import training_rules as rules
from zhangfa.people.models import Training
from zhangfa.runtime import tokens

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.clause("AM-D3")]
DAY = MONDAY.date()


@pytest.fixture
def house():
    with clock.at(MONDAY):
        yield House()


def arrange(house, by="am", **more):
    facts = {
        "topic": "职业道德第一课",
        "subject": "ethics",
        "held_on": DAY,
        "hours": Decimal("2.5"),
        "trainer": house.people[by],
    }
    return actions.arrange(**(facts | more), by=house.actor(by), at=MONDAY)


def held(house, people, by="am", **more):
    row = arrange(house, by, **more)
    facts = {"by": house.actor(by), "at": MONDAY}
    row = actions.note_learners(row, people="\n".join(house.people[name].no for name in people), **facts)
    return actions.close_training(row, **facts)


def line(house, name, key, at=MONDAY):
    return next(one for one in ledger.ledger([house.people[name]], at.astimezone(clock.TZ).year, at, only=key))


def bearer(house, name):
    return {"Authorization": f"Bearer {tokens.issue(house.user(name), at=MONDAY)}"}


def codes(call, *args, **params):
    with pytest.raises(Refused) as caught:
        call(*args, **params)
    return {refusal.code for refusal in caught.value.refusals}


ETHICS, PREVENTION, SAFETY = (
    "training.ethics_hours_per_year", "training.claims_prevention_hours_per_year", "training.worker_safety_hours_per_year",
)  # fmt: skip


def test_hours_stand_in_the_ledger_with_what_is_expected_and_forecast(house):
    held(house, ["oa", "sw"])
    one = line(house, "oa", ETHICS)
    # 2 March is day 61 of 365.
    assert (one.owed, one.done, one.expected, one.forecast) == (
        Decimal(72),
        Decimal("2.5"),
        Decimal("12.0"),
        Decimal("15.0"),
    )
    assert one.tone == "red"
    assert line(house, "oa", PREVENTION).owed == Decimal(100) and line(house, "sw", SAFETY).done == 0


@pytest.mark.clause("X-1")
def test_the_duties_count_the_hours_of_each_person(house):
    from zhangfa.duties import turning
    from zhangfa.duties.catalogue import catalogue

    load_catalogue()
    turning.turn(MONDAY, [row for row in catalogue().rhythmic if row.code in ("D-AM-09", "D-CS-09", "D-CC-06")])
    held(house, ["oa", "sw"])
    held(house, ["oa"], "cc", subject="prevention")
    held(house, ["oa2"], "cs", subject="communication", hours=Decimal(3))
    mine = {
        row.duty.code: row.counted
        for row in Occurrence.objects.filter(subject_key=f"person:{house.people['oa'].pk}").select_related("duty")
        if row.duty.code in ("D-AM-09", "D-CC-06")
    }
    given = [row.counted for row in Occurrence.objects.filter(duty__code="D-CS-09")]
    assert mine == {"D-AM-09": Decimal("2.5"), "D-CC-06": Decimal("2.5")} and given == [Decimal(3)]
    assert ledger.delivered("cs", 2026) == Decimal(3)


def test_elearning_covers_half_of_the_quota_at_most(house):
    for hours, days in ((12, 0), (12, 1), (12, 2), (2, 3)):
        held(
            house,
            ["oa"],
            manner="elearning",
            hours=Decimal(hours),
            held_on=DAY - dt.timedelta(days=days),
            topic=f"网课 {days}",
        )
    assert line(house, "oa", ETHICS).elearned == Decimal(36)
    held(house, ["oa"], hours=Decimal(2))
    assert line(house, "oa", ETHICS).done == Decimal(38)


def test_joiners_and_leavers_owe_their_part_rounded_up_to_the_half_hour(house):
    Person.objects.filter(pk=house.people["oa"].pk).update(joined_on=dt.date(2026, 2, 15))
    house.people["oa"].refresh_from_db()
    assert line(house, "oa", ETHICS).owed == Decimal(66)
    owed = rules.owed_hours
    year = {"year": 2026}
    assert owed(Decimal(100), joined_on=dt.date(2026, 12, 31), left_on=None, **year) == Decimal("8.5")
    assert owed(Decimal(100), joined_on=None, left_on=dt.date(2026, 7, 1), **year) == Decimal("58.5")
    assert owed(Decimal(100), joined_on=dt.date(2027, 1, 1), left_on=None, **year) == 0


def test_what_a_session_must_say(house):
    assert codes(arrange, house, hours=Decimal("2.3")) == {"training.hours"}
    assert codes(arrange, house, trainer=None) == {"training.trainer"}
    assert codes(arrange, house, "op") == {"training.post"}
    row = arrange(house, has_test=True)
    facts = {"by": house.actor("am"), "at": MONDAY}
    assert codes(actions.close_training, row, **facts) == {"training.nobody"}
    assert codes(actions.note_learners, row, people=house.people["am"].no, **facts) == {"training.own"}
    oa, sup = house.people["oa"].no, house.people["sup"].no
    row = actions.note_learners(row, people=f"{oa} 85\n{sup}", **facts)
    assert codes(actions.close_training, row, **facts) == {"training.unscored"}
    row = actions.note_learners(row, people=f"{sup}，60", **facts)
    assert sorted(row.learners.values_list("score", flat=True)) == [60, 85]
    assert actions.close_training(row, **facts).status == "closed"
    assert codes(actions.note_learners, row, people=oa, **facts) == {"status"}


def shown(response, status=200):
    assert response.status_code == status, response.content.decode()[:1500]
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_arranging_to_the_ledger_in_the_browser(client, house, language):
    client.cookies["language"] = language
    client.force_login(house.user("hr"))
    shown(client.get("/training/new/"))
    body = {
        "topic": "上门服务安全", "subject": "safety", "manner": "class", "held_on": "2026-03-02", "hours": "2", "outside_trainer": "消防支队",
    }  # fmt: skip
    shown(client.post("/training/new/", {**body, "hours": "0.7"}), 422)
    assert client.post("/training/new/", body).status_code == 303
    row = Training.objects.get()
    address = f"{row.get_absolute_url()}do/"
    assert "没有的人" in shown(client.post(f"{address}note_learners/", {"people": "没有的人"}), 422)
    assert client.post(f"{address}note_learners/", {"people": house.people["sw"].no}).status_code == 303
    assert client.post(f"{address}close_training/", {}).status_code == 303
    assert house.people["sw"].name in shown(client.get(f"{row.get_absolute_url()}?part=learners"))
    assert b"".join(client.get(f"/records/{row.pk}/print.pdf")).startswith(b"%PDF")
    assert house.people["sw"].name in shown(client.get(f"/training/ledger/?quota={SAFETY}"))
    shown(client.get("/training/"))
    client.force_login(house.user("sw"))
    page = shown(client.get("/training/ledger/"))
    assert house.people["sw"].name in page and house.people["sw2"].name not in page
    assert client.get(row.get_absolute_url()).status_code == 200
    hours = client.get("/api/v1/training-hours", headers=bearer(house, "sw")).json()
    assert {item["key"]: item["done"] for item in hours["items"]}[SAFETY] == "2"
    client.force_login(house.user("sw2"))
    assert client.get(row.get_absolute_url()).status_code == 404


def test_a_month_of_hours_is_frozen_sent_and_revised(client, house):
    from zhangfa.people import hours
    from zhangfa.records.models import Copy, Publication

    held(house, ["oa", "sw"])
    month, later = dt.date(2026, 3, 1), MONDAY + dt.timedelta(days=31)
    hr = {"by": house.actor("hr", later), "at": later}
    assert codes(actions.publish_hours, month, by=house.actor("hr"), at=MONDAY) == {"hours.early"}
    assert codes(actions.publish_hours, month, by=house.actor("am", later), at=later) == {"hours.publish"}
    drawn = hours.draw(month)
    line = next(row for row in drawn["rows"] if row["person"] == house.people["oa"].pk and row["quota"] == ETHICS)
    # 90 days of 365: a quarter of 72 hours is expected by then.
    assert (line["owed"], line["done"], line["expected"], line["tone"]) == ("72.0", "2.5", "17.8", "red")
    paper = actions.publish_hours(month, **hr)
    assert (paper.kind, paper.period, paper.revision) == ("RPT-05", "2026-03", 0) and ETHICS in paper.policy
    assert actions.publish_hours(month, **hr).pk == paper.pk
    readers = set(Copy.objects.filter(record=paper.record).values_list("person_id", flat=True))
    assert {house.people[name].pk for name in ("am", "cs", "hs")} <= readers and house.people["oa"].pk not in readers
    # Hours of April change nothing; hours of March that are entered late make a revision.
    with clock.at(later):
        client.force_login(house.user("hr"))
        address = "/training/reports/2026-03/"
        assert paper.digest in client.get(address).content.decode()
        held_late = {"topic": "职业道德第二课"}
        row = actions.arrange(
            topic="四月的课", subject="ethics", held_on=later.date(), hours=Decimal(3), trainer=house.people["am"], by=house.actor("am", later), at=later
        )  # fmt: skip
        row = actions.note_learners(row, people=house.people["oa"].no, by=house.actor("am", later), at=later)
        actions.close_training(row, by=house.actor("am", later), at=later)
        assert hours.draw(month) == drawn
        held(house, ["oa"], **held_late)
        assert client.post(address).status_code == 303
        assert [row.revision for row in Publication.objects.filter(kind="RPT-05").order_by("revision")] == [0, 1]
        assert client.get(f"{address}?export=xlsx").status_code == 200
        assert client.get("/training/reports/").content.decode().count(paper.record.number[:2]) >= 1
        client.force_login(house.user("hs"))
        page = client.get(address).content.decode()
        assert "home单位" in page and "service单位" not in page
        client.force_login(house.user("oa"))
        assert client.get(address).status_code == 403
        assert client.get("/training/reports/2026-13/").status_code == 403
    from zhangfa.records.prints import print_of

    assert print_of(paper.record, actor=house.actor("hs", later), at=later).startswith(b"%PDF")


@pytest.mark.clause("AM-D3")
def test_a_month_of_hours_by_the_interface_follows_the_rules_of_its_page(client, house):
    held(house, ["oa", "sw"])
    later = MONDAY + dt.timedelta(days=31)
    address = "/api/v1/training-hours/months"

    def ask(name: str, path: str = "/2026-03"):
        return client.get(f"{address}{path}", headers=bearer(house, name))

    with clock.at(later):
        months = ask("am", "").json()["items"]
        # Back to the month in which training was first held here.
        assert [(row["month"], row["is_published"]) for row in months] == [("2026-03", False)]
        assert {ask("oa").status_code, ask("sw", "").status_code} == {403}
        assert [ask("hr", f"/{month}").status_code for month in ("2026-13", "2026-05", "x")] == [404] * 3
        live = ask("am").json()
        line = next(r for r in live["rows"] if r["person"] == house.people["oa"].pk and r["quota"] == ETHICS)
        assert (line["owed"], line["done"], line["tone"]) == ("72.0", "2.5", "red") and not live["is_published"]
        # A department manager has the department's people and nobody else's.
        assert {row["department_name"] for row in ask("hs").json()["rows"]} == {house.units["home"].name}
        for name, expected in (("am", 409), ("hr", 201)):
            answer = client.post(
                f"{address}/2026-03", data="{}", content_type="application/json", headers=bearer(house, name)
            )
            assert answer.status_code == expected, answer.content
        early = client.post(
            f"{address}/2026-04", data="{}", content_type="application/json", headers=bearer(house, "hr")
        )
        assert (early.status_code, early.json()["refusals"][0]["code"]) == (409, "hours.early")
        paper = ask("hr").json()
        assert paper["is_published"] and paper["number"] and paper["rows"] == live["rows"] and ETHICS in paper["policy"]
        assert ask("am", "").json()["items"][0]["copies"] > 0


def test_the_demo_company_keeps_up_with_its_training_but_for_a_few(house):
    from zhangfa.people import hours, training_demo

    at = MONDAY + dt.timedelta(days=120)
    assert training_demo.build(1, "small", at) > 10
    tones = [row["tone"] for row in hours.draw(at.date())["rows"]]
    assert 0 < tones.count("red") < len(tones) / 3


@pytest.mark.clause("AM-D3")
def test_the_ledger_finds_a_person_and_goes_page_by_page(client, house, monkeypatch):
    from zhangfa.people.web import training as pages

    monkeypatch.setattr(pages, "MOST", 5)
    client.force_login(house.user("hr"))

    def names(address: str) -> set[str]:
        text = shown(client.get(address))
        return {name for name, person in house.people.items() if f"{person.no}</small>" in text}

    first, seen = names("/training/ledger/"), set()
    assert len(first) == 5 and 'rel="prev"' not in shown(client.get("/training/ledger/"))
    for start in range(0, 60, 5):
        seen |= names(f"/training/ledger/?from={start}")
    assert {"cc", "oa", "sw", "gm"} <= seen
    assert names(f"/training/ledger/?q={house.people['oa'].no}") == {"oa"}
    assert "找不到这个人" in shown(client.get("/training/ledger/?q=无此人"))
    client.force_login(house.user("oa"))
    assert names(f"/training/ledger/?q={house.people['cc'].no}") == set()
