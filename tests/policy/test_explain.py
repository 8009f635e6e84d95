"""`zhangfa explain` and `zhangfa handbook`: the stable shapes for scripts, and words for what can't be read."""

import json

import pytest

from tests.houses import House
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


PERSONAL, SICK, HEADS, HEADS_SICK, GM = (
    "leave.personal.staff_days", "leave.sick.staff_days", "leave.personal.supervisor_days", "leave.sick.supervisor_days", "leave.gm_days",
)  # fmt: skip
DGM_FROM, GM_FROM = "activity.dgm_amount", "activity.gm_amount"
TABLE = [
    *((f"leave level=staff kind=personal days={days}", who, keys) for days, who, keys in (
        ("0.5", "sup", [PERSONAL]), ("1.5", "sup", [PERSONAL]), ("2", "sup", [PERSONAL]), ("2.5", "dgm", [PERSONAL, GM]),
        ("4.5", "dgm", [PERSONAL, GM]), ("5", "gm", [GM]), ("5.5", "gm", [GM]),
    )),
    *((f"leave level=staff kind=sick days={days}", who, keys) for days, who, keys in (
        ("2.5", "sup", [SICK]), ("3", "sup", [SICK]), ("3.5", "dgm", [SICK, GM]), ("4.5", "dgm", [SICK, GM]), ("5", "gm", [GM]),
    )),
    *((f"leave level=supervisor kind=personal days={days}", who, keys) for days, who, keys in (
        ("0.5", "head", [HEADS]), ("1", "head", [HEADS]), ("1.5", "dgm", [HEADS, GM]), ("4.5", "dgm", [HEADS, GM]), ("5", "gm", [GM]),
    )),
    *((f"leave level=supervisor kind=sick days={days}", who, keys) for days, who, keys in (
        ("1.5", "head", [HEADS_SICK]), ("2", "head", [HEADS_SICK]), ("2.5", "dgm", [HEADS_SICK, GM]), ("5", "gm", [GM]),
    )),
    *((f"leave level=manager kind={kind} days={days}", who, keys) for kind, days, who, keys in (
        ("personal", "1", "dgm", [HEADS]), ("personal", "1.5", "dgm", [HEADS, GM]), ("sick", "2", "dgm", [HEADS_SICK]),
        ("sick", "2.5", "dgm", [HEADS_SICK, GM]), ("sick", "4.5", "dgm", [HEADS_SICK, GM]), ("sick", "5", "gm", [GM]),
    )),
    ("leave applicant=dgm kind=personal days=0.5", "gm", [GM]), ("leave applicant=dgm kind=sick days=4.5", "gm", [GM]),
    ("leave applicant=dgm kind=sick days=5", "gm", [GM]),
    ("leave applicant=gm kind=sick days=0.5", "second_decider", ["authority.second_decider"]),
    ("leave applicant=gm kind=sick days=5", "second_decider", ["authority.second_decider"]),
    ("leave applicant=op kind=personal days=2", "sup", [PERSONAL]), ("leave applicant=sup kind=personal days=1", "head", [HEADS]),
    ("leave applicant=cs kind=personal days=1", "dgm", [HEADS]),
    *((f"activity {line}", who, keys) for line, who, keys in (
        ("amount=0", "am", [DGM_FROM]), ("amount=2999.99", "am", [DGM_FROM]), ("amount=3000", "dgm", [DGM_FROM, GM_FROM]),
        ("amount=3000.01", "dgm", [DGM_FROM, GM_FROM]), ("amount=4999.99", "dgm", [DGM_FROM, GM_FROM]), ("amount=5000", "gm", [GM_FROM]),
        ("amount=5000.01", "gm", [GM_FROM]), ("amount=2000 event_total=2999.99", "am", [DGM_FROM]),
        ("amount=2000 event_total=3000", "dgm", [DGM_FROM, GM_FROM]), ("amount=2000 event_total=5000", "gm", [GM_FROM]),
    )),
]  # fmt: skip


@pytest.mark.clause("AM-W4.1")
@pytest.mark.clause("AM-W4.2")
@pytest.mark.parametrize(("line", "authority", "keys"), TABLE, ids=[row[0] for row in TABLE])
def test_at_every_figure(capsys, line, authority, keys):
    found = answer(capsys, line)
    assert (found["authority"], [figure["key"] for figure in found["policy"]]) == (authority, keys)
    for figure in found["policy"]:
        shown = figure["value"].removesuffix(".00")
        assert all(shown in words.replace(",", "") for words in found["why"].values()), (figure, found["why"])


@pytest.mark.clause("X-5")
def test_the_second_decider_is_called_by_name(capsys):
    line = "leave applicant=gm kind=personal days=1"
    assert "没有指定" in answer(capsys, line)["why"]["zh"]
    house = House()
    house.name_second_decider("dgm")
    assert house.people["dgm"].name in answer(capsys, line)["why"]["zh"]


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
    assert "facility.problem_days" in clauses["LS-D3"]["unread"] and "leave.gm_days" not in clauses["AM-W4.1"]["unread"]


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
