"""`zhangfa explain` and `zhangfa handbook`: the stable shapes for scripts, and words for what can't be read."""

import json

import pytest

from tests.houses import House
from zhangfa.organisation.models import Company
from zhangfa.policy import handbook, registry
from zhangfa.policy.explain import explain_command
from zhangfa.policy.handbook import handbook_command
from zhangfa.policy.handbook_map import handbook_map

pytestmark = pytest.mark.django_db


def answer(capsys, line):
    assert explain_command([*line.split(), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.clause("AM-W4.1")
def test_leave_by_level(capsys):
    found = answer(capsys, "leave level=staff kind=sick days=3.5")
    assert set(found) == {"authority", "clause", "policy", "why"}
    assert (found["authority"], found["clause"]) == ("dgm", "AM-W4.1")
    assert found["policy"][0] == {
        "key": "leave.sick.staff_days",
        "value": "3",
        "version": 1,
        "effective_from": "2020-01-01",
    }
    assert "超过 3 天，不满 5 天" in found["why"]["zh"] and "more than 3 days" in found["why"]["en"]


@pytest.mark.clause("AM-W4.1")
def test_leave_by_post(capsys):
    assert answer(capsys, "leave applicant=op kind=personal days=2.5")["authority"] == "dgm"
    assert answer(capsys, "leave applicant=sup kind=personal days=1")["authority"] == "head"
    assert answer(capsys, "leave applicant=cs kind=personal days=1")["authority"] == "dgm"


@pytest.mark.clause("X-5")
def test_the_second_decider_is_called_by_name(capsys):
    line = "leave applicant=gm kind=personal days=1"
    assert "没有指定" in answer(capsys, line)["why"]["zh"]
    house = House()
    Company.objects.update(second_decider=house.people["dgm"])
    assert house.people["dgm"].name in answer(capsys, line)["why"]["zh"]


@pytest.mark.clause("AM-W4.2")
def test_activities(capsys):
    assert answer(capsys, "activity amount=3000")["authority"] == "dgm"
    assert answer(capsys, "activity amount=2000 event_total=5000")["authority"] == "gm"


@pytest.mark.clause("X-2")
@pytest.mark.parametrize(
    "line",
    [
        "", "leave", "nonsense a=1", "leave level=staff kind=sick", "leave level=staff kind=sick days=2.3", "leave level=staff kind=sick days=0",
        "leave level=staff kind=sick days=-1", "leave level=staff kind=sick days=NaN", "leave level=staff kind=sick days=1e1",
        "leave level=staff kind=sick days=２", "leave level=staff kind=sick days=9999", "leave level=boss kind=sick days=2", "leave kind=sick days=2",
        "leave level=staff applicant=op kind=sick days=2", "leave applicant=nobody kind=sick days=2", "leave level=staff kind=sick days=2 colour=red",
        "leave level=staff kind=sick days=2 days=3", "leave level=staff kind=sick days", "activity amount=-0.01", "activity amount=Infinity",
        "activity amount=1.005", "activity amount=", "activity amount=99999999999", "--json", "activity --amount=1",
    ],
)  # fmt: skip
def test_what_cannot_be_read_ends_with_2_and_words(capsys, line):
    assert explain_command(line.split()) == 2
    caught = capsys.readouterr()
    assert caught.err.strip() and not caught.out


@pytest.mark.clause("X-2")
def test_words_without_json(capsys):
    assert explain_command(["activity", "amount=3000"]) == 0
    assert "分管副总经理" in capsys.readouterr().out


@pytest.mark.clause("X-2")
def test_the_handbook_as_json(capsys):
    assert handbook_command(["--json"]) == 0
    clauses = {clause["id"]: clause for clause in json.loads(capsys.readouterr().out)}
    assert len(clauses) == 105 and next(iter(clauses)) == "AM-D1" and list(clauses)[-1] == "X-7"
    one = clauses["CC-W1.5"]
    assert one["post"] == "cc" and "claims.specialist_max" in one["policies"] and set(one["text"]) == {"zh", "en"}
    assert "1,000 元" in one["text"]["zh"] and "1,000 yuan" in one["text"]["en"] and "{" not in one["text"]["zh"]
    assert {clause["status"] for clause in clauses.values()} <= set(registry.STATUSES)
    assert "meeting.pass_ratio" in clauses["AM-W1"]["unread"] and "leave.gm_days" not in clauses["AM-W4.1"]["unread"]


def test_unknown_switches_of_the_handbook(capsys):
    assert handbook_command(["--yaml"]) == 2 and handbook_command(["--check"]) == 2


@pytest.mark.clause("X-2")
def test_the_map_is_the_same_every_time_and_finds_rules_and_tests():
    root = handbook.Path(__file__).resolve().parents[2]
    text = handbook_map(root)
    assert text == handbook_map(root)
    line = next(line for line in text.splitlines() if line.startswith("| AM-W4.1 |"))
    assert "`zhangfa/policy/rules.py`" in line and "`tests/policy/test_rules.py`" in line


def test_the_furthest_status_counts():
    registry.serves("X-7", registry.PARTIAL)
    registry.serves("X-7", registry.PLANNED)
    assert registry.status_of("X-7") == registry.PARTIAL
    registry._status.pop("X-7")
    with pytest.raises(ValueError):
        registry.serves("X-7", "perhaps")
