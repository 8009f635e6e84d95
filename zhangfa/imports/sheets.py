"""Very long xlsx sheets, row by row from their XML: memory stays flat however many rows there are."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from array import array
from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.etree.ElementTree import XMLPullParser

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
LETTERS = re.compile(r"[A-Z]+")
DATES = {14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56}
LIKE_DATE = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 a workbook knows no zones
PART = 2**16
Line = tuple[int, list[str]]


class Strings:
    """The workbook's shared texts as one block of bytes with offsets: a tenth of what as many objects take."""

    def __init__(self) -> None:
        self.text, self.ends = bytearray(), array("Q", [0])

    def add(self, text: str) -> None:
        self.text += text.encode("utf-8", "surrogatepass")
        self.ends.append(len(self.text))

    def get(self, n: int) -> str:
        return self.text[self.ends[n] : self.ends[n + 1]].decode("utf-8", "surrogatepass")


def open_book(
    handle: IO[bytes], plain: Callable[[object], str]
) -> tuple[list[str], Callable[[str], Iterator[Line]], Callable[[str], int]]:
    """The names of the sheets, and for each its lines and its height as far as the file says."""
    archive = zipfile.ZipFile(handle)
    parts = _sheets(archive)
    strings, formats = _strings(archive), _formats(archive)

    def give(name: str) -> Iterator[Line]:
        return _lines(archive, parts[name], strings, formats, plain)

    return list(parts), give, lambda name: _height(archive, parts[name])


def _elements(archive: zipfile.ZipFile, name: str, *wanted: str) -> Iterator[Any]:
    """Finished elements of the wanted kinds, each forgotten afterwards. Documents with declarations of their own are refused."""
    with archive.open(name) as stream:
        parser, is_first = XMLPullParser(("start", "end")), True
        above: list[Any] = []
        while piece := stream.read(PART):
            if is_first and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
                raise ValueError("declarations")
            is_first = False
            parser.feed(piece)
            for event, element in parser.read_events():
                if event == "start":
                    above.append(element)
                    continue
                above.pop()
                if element.tag in wanted:
                    yield element
                    if above:
                        above[-1].remove(element)


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    targets = {}
    for element in _elements(archive, "xl/_rels/workbook.xml.rels", f"{PACKAGE}Relationship"):
        targets[element.get("Id")] = element.get("Target")
    found = {}
    for element in _elements(archive, "xl/workbook.xml", f"{MAIN}sheet"):
        target = targets[element.get(f"{REL}id")]
        found[element.get("name")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _strings(archive: zipfile.ZipFile) -> Strings:
    strings = Strings()
    if "xl/sharedStrings.xml" in archive.namelist():
        for element in _elements(archive, "xl/sharedStrings.xml", f"{MAIN}si"):
            strings.add("".join(part.text or "" for part in element.iter(f"{MAIN}t")))
    return strings


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """For each style of cells whether its numbers are days, hours or neither."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    own: dict[int, str] = {}
    found: list[str] = []
    with archive.open("xl/styles.xml") as stream:
        parser = XMLPullParser(("end",))
        parser.feed(stream.read())
        for _event, element in parser.read_events():
            if element.tag == f"{MAIN}numFmt":
                own[int(element.get("numFmtId", 0))] = re.sub(
                    r'"[^"]*"|\[[^\]]*\]|\\.', "", element.get("formatCode", "")
                )
            elif element.tag == f"{MAIN}cellXfs":
                found = [_kind(int(one.get("numFmtId", 0)), own) for one in element]
    return found


def _kind(number: int, own: dict[int, str]) -> str:
    if number in DATES or number in TIMES:
        return "date" if number in DATES else "time"
    return "date" if LIKE_DATE.search(own.get(number, "").replace("General", "")) else ""


def _height(archive: zipfile.ZipFile, part: str) -> int:
    with archive.open(part) as stream:
        found = re.search(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"', stream.read(4096))
    return int(found[1]) if found else 0


def _lines(
    archive: zipfile.ZipFile, part: str, strings: Strings, formats: list[str], plain: Callable[[object], str]
) -> Iterator[Line]:
    last = 0
    for row in _elements(archive, part, f"{MAIN}row"):
        number = int(row.get("r") or last + 1)
        for blank in range(last + 1, number):
            yield blank, []
        last = number
        cells: list[str] = []
        for cell in row:
            place = _column(cell.get("r") or "") if cell.get("r") else len(cells)
            cells.extend([""] * (place - len(cells)))
            cells.append(_cell(cell, strings, formats, plain))
        yield number, cells


def _column(ref: str) -> int:
    found = LETTERS.match(ref)
    place = 0
    for letter in found[0] if found else "A":
        place = place * 26 + ord(letter) - 64
    return min(place - 1, 16_383)


def _cell(cell: Any, strings: Strings, formats: list[str], plain: Callable[[object], str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
    value = cell.find(f"{MAIN}v")
    text = "" if value is None else value.text or ""
    if not text or kind in ("str", "e", "d"):
        return "" if kind == "e" else text
    if kind == "s":
        return strings.get(int(text))
    if kind == "b":
        return plain(text == "1")
    style = int(cell.get("s", 0))
    if style < len(formats) and formats[style] and 0 < float(text) < 2_958_466:
        found = ZERO + dt.timedelta(days=float(text))
        found = (found + dt.timedelta(milliseconds=500)).replace(microsecond=0)
        return plain(found) if formats[style] == "date" and float(text) >= 1 else f"{found:%H:%M}"
    return plain(float(text))
