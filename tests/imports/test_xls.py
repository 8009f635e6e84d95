"""Workbooks of before 2007: read like the others; what was made here byte by byte is what the old program wrote."""

from __future__ import annotations

import struct

import pytest

from tests.imports.workbooks import brought, checked, guessed, written
from zhangfa.customers.models import Customer
from zhangfa.imports import books

pytestmark = [pytest.mark.django_db, pytest.mark.clause("CS-W2.1")]
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, LEAST = 512, 4096
ROWS = [
    ["客户名单", "", "", ""],
    ["姓名", "电话", "网点", "建档日期"],
    ["王小明", 13800001111, "east单位", 45357],
    ["李静", "138-0000-2222", "east单位", "2024年3月7日"],
]


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _text(value: str) -> bytes:
    return struct.pack("<B", 1) + value.encode("utf-16-le")


def _cell(row: int, column: int, value: str | int) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int):
        return _record(0x0203, place + struct.pack("<d", value))
    return _record(0x0204, place + struct.pack("<H", len(value)) + _text(value))


def xls(rows: list[list[str | int]]) -> bytes:
    """One sheet as BIFF8 in a compound file."""
    name = "名单"
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 1996, 0, 6)
    globals_before = _record(0x0809, begin) + _record(0x0042, struct.pack("<H", 1200))
    bound = struct.pack("<BB", 0, 0) + struct.pack("<B", len(name)) + _text(name)
    place = len(globals_before) + 4 + 4 + len(bound) + 4
    stream = globals_before + _record(0x0085, struct.pack("<I", place) + bound) + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 1996, 0, 6))
    width = max(map(len, rows))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    sheet += b"".join(_cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row) if value != "")
    stream += sheet + _record(0x000A, b"")
    stream = stream.ljust(max(LEAST, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", books.OLE, 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, LEAST, END, 0, END, 0)
    head += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    chain = [FAT, END, *range(3, 2 + count), END]
    fat = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    return (
        head
        + fat
        + _entry("Root Entry", 5, 1, END, 0)
        + _entry("Workbook", 2, FREE, 2, len(stream))
        + bytes(256)
        + stream
    )


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16xI8x8xIQ", text, len(text), kind, 1, FREE, FREE, child, 0, start, size)


def test_an_old_workbook_is_read_like_a_new_one(house):
    batch = brought(house, xls(ROWS), name="名单.xls")
    assert batch.kind == "xls"
    assert guessed(batch) == {"0": "name", "1": "phone", "2": "outlet", "3": "joined_on"}
    batch = written(house, checked(house, batch))
    assert batch.counts == {"applied": 2}
    days = dict(Customer.objects.filter(name__in=("王小明", "李静")).values_list("name", "joined_on"))
    assert {name: day.isoformat() for name, day in days.items()} == {"王小明": "2024-03-06", "李静": "2024-03-07"}


def test_an_old_workbook_that_is_cut_off_says_so(house):
    batch = brought(house, xls(ROWS)[:1500], name="名单.xls")
    assert batch.status == "failed" and "打不开" in batch.trouble


def test_no_cut_breaks_the_reader(house):
    """Wherever the copying stopped: it is read, or it is said that it can't be."""
    whole = xls(ROWS)
    for length in range(520, len(whole), 97):
        batch = brought(house, whole[:length], name="名单.xls")
        assert batch.status in ("failed", "mapping")
