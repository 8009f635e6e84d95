"""A list too long for one answer: written beside the page as it is shown, for its maker alone, for three days, noted (P20)."""

import csv
import datetime as dt
import io
import json
import tracemalloc
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.houses import MONDAY, House
from zhangfa.core import clock
from zhangfa.core.ids import uuid7
from zhangfa.notices.models import Notice
from zhangfa.organisation.models import Holding
from zhangfa.records import actions, exports, whole
from zhangfa.records.models import Export, ListFile
from zhangfa.runtime import queue, tokens
from zhangfa.ui.tables import Column

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X-3"), pytest.mark.postgres]
NEW = "/records/lists/new/"
FROM = "/customers/?q=%E9%95%BF%E5%88%97%E8%A1%A8"


@pytest.fixture
def house(monkeypatch: Any, tmp_path: Any, settings: Any) -> Any:
    settings.ZHANGFA_HOME = tmp_path
    monkeypatch.setattr(exports, "ROW_LIMIT", 3)
    with clock.at(MONDAY):
        house = House()
        for n in range(7):
            house.make_customer(f"长列表{n}")
        house.make_customer("别人")
        yield house


def asked(client: Any, house: House, who: str, kind: str = "xlsx") -> ListFile:
    client.force_login(house.user(who))
    answer = client.get(f"{FROM}&export=xlsx")
    assert answer.status_code == 302 and answer["Location"].startswith(NEW)
    page = client.get(answer["Location"]).content.decode()
    assert "长列表" in page
    sent = client.post(answer["Location"], {"kind": kind})
    assert sent.status_code == 303
    again = client.post(answer["Location"], {"kind": kind})
    assert again["Location"] == sent["Location"], "asked for twice it is one file"
    return ListFile.objects.latest("asked_at")


def test_the_whole_list_as_it_is_shown(house: House, client: Any) -> None:
    file = asked(client, house, "cs")
    place = file.get_absolute_url()
    assert "正在" in client.get(place).content.decode() or "等待生成" in client.get(place).content.decode()
    assert client.get(f"{place}take/").status_code == 404
    queue.drain(MONDAY)
    file.refresh_from_db()
    assert (file.state, file.rows) == ("done", 7)
    assert b"PK" not in whole.path_of(file.pk).read_bytes()[:64], "at rest it is encrypted"
    answer = client.get(f"{place}take/")
    data = b"".join(answer.streaming_content)
    assert len(data) == file.size == int(answer["Content-Length"]) and "attachment" in answer["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert "人cs" in rows[0][0] and len(rows) == 2 + 7
    shown = client.get(FROM).content.decode()
    assert all(str(row[0]) in shown or str(row[1]) in shown for row in rows[2:])
    assert not any(house.customer.phone in str(cell) for row in rows for cell in row), "masks hold in the file"
    logged = Export.objects.get()
    assert (logged.subject, logged.rows, logged.is_masked) == ("customers.customer", 7, True)
    assert Notice.objects.filter(code="records.list_ready", person=house.people["cs"]).count() == 1
    assert "可以下载" in client.get("/records/lists/").content.decode()

    client.force_login(house.user("gm"))
    assert client.get(place).status_code == client.get(f"{place}take/").status_code == 404, "its maker's alone"
    assert client.get("/records/lists/").content.decode().count("可以下载") == 0
    with clock.at(MONDAY + dt.timedelta(days=4)):
        client.force_login(house.user("cs"))
        assert client.get(f"{place}take/").status_code == 404
        assert actions.drop_lists(clock.now()) == 1
        assert not whole.path_of(file.pk).exists() and "已过保留期" in client.get(place).content.decode()


def test_as_text_nothing_is_a_formula(house: House, client: Any) -> None:
    house.make_customer("=长列表+1")
    file = asked(client, house, "cs", "csv")
    queue.drain(MONDAY)
    text = b"".join(client.get(f"{file.get_absolute_url()}take/").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 1 + 8 + 1 and "人cs" in rows[-1][0]
    assert any(cell.startswith("'=长列表") for row in rows for cell in row)


def test_rights_are_those_of_the_hour_it_is_written(house: House, client: Any) -> None:
    file = asked(client, house, "cs")
    Holding.objects.filter(person=house.people["cs"]).update(to_on=(MONDAY - dt.timedelta(days=1)).date())
    queue.drain(MONDAY)
    file.refresh_from_db()
    assert file.state == "broken" and not whole.path_of(file.pk).exists() and not Export.objects.exists()


def test_what_is_no_list_is_nowhere(house: House, client: Any) -> None:
    client.force_login(house.user("cs"))
    for address in ("", "/", "/no/such/", "https://example.com/", "/archive/exports/", "/customers/new/"):
        assert client.get(NEW, {"from": address}).status_code == 404, address
    client.force_login(house.user("sw"))
    assert client.get(NEW, {"from": "/customers/"}).status_code == 404


def test_memory_stays_flat(tmp_path: Any, settings: Any) -> None:
    settings.ZHANGFA_HOME = tmp_path
    columns = [Column("a", "甲"), Column("b", "乙", kind="number")]
    peaks = []
    for count in (2_000, 40_000):
        tracemalloc.start()
        rows = ([f"第{n}行", n] for n in range(count))
        written, size = whole.write(
            uuid7(), "xlsx", "表", columns, rows, stamp="某人", about=[], at=MONDAY, told=lambda n: None
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert written == count and size
    assert peaks[1] < peaks[0] + 3_000_000, peaks


def test_another_program_asks_follows_and_takes(house: House, client: Any) -> None:
    """The same rules at /api/v1: the maker's alone, once it is written, the same answer for the same key."""

    def call(who: str, method: str, path: str, body: dict[str, Any] | None = None, **more: str) -> Any:
        headers = {"Authorization": f"Bearer {tokens.issue(house.user(who), at=MONDAY)}", **more}
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return client.generic(method, f"/api/v1{path}", headers=headers, **data)

    body = {"address": FROM, "kind": "csv"}
    made = call("cs", "POST", "/list-files", body, **{"Idempotency-Key": "one"})
    assert made.status_code == 201 and made.json()["state"] == "waiting"
    assert call("cs", "POST", "/list-files", body, **{"Idempotency-Key": "one"}).json() == made.json()
    one = f"/list-files/{made.json()['id']}"
    assert call("cs", "GET", f"{one}/file").status_code == 404
    queue.drain(MONDAY)
    told = call("cs", "GET", one).json()
    assert (told["state"], told["rows"]) == ("done", 7)
    assert [row["id"] for row in call("cs", "GET", "/list-files").json()["items"]] == [told["id"]]
    taken = call("cs", "GET", f"{one}/file")
    assert len(b"".join(taken.streaming_content)) == told["size"] and Export.objects.count() == 1
    for path in (one, f"{one}/file", "/list-files/x"):
        assert call("gm", "GET", path).status_code == 404, path
    assert call("gm", "GET", "/list-files").json()["items"] == []
    for who, address in (("cs", "/customers/new/"), ("sw", FROM), ("cs", "https://example.com/")):
        refused = call(who, "POST", "/list-files", {"address": address, "kind": "csv"})
        assert refused.status_code == 422 and "address" in refused.json()["fields"], (who, address)
    assert call("cs", "POST", "/list-files", {**body, "kind": "exe"}).status_code == 422
