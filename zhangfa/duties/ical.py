"""What somebody owes as an iCalendar file (RFC 5545): names and due instants, nothing personal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

STAMP = "%Y%m%dT%H%M%SZ"
FOLD = 73  # octets of a line, its mark of continuation included


@dataclass(frozen=True)
class Entry:
    """One due instant."""

    uid: str
    title: str
    due_at: dt.datetime
    url: str


def file(entries: Iterable[Entry], *, name: str, at: dt.datetime) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zhangfa//duties//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for entry in entries:
        lines += _event(entry, at)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in folded(line))


def _event(entry: Entry, at: dt.datetime) -> list[str]:
    ends = entry.due_at.astimezone(dt.UTC)
    begins = ends - dt.timedelta(minutes=30)
    return [
        "BEGIN:VEVENT", f"UID:{entry.uid}@zhangfa", f"DTSTAMP:{at.astimezone(dt.UTC).strftime(STAMP)}",
        f"DTSTART:{begins.strftime(STAMP)}", f"DTEND:{ends.strftime(STAMP)}", f"SUMMARY:{escaped(entry.title)}", f"URL:{entry.url}",
        "END:VEVENT",
    ]  # fmt: skip


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """No line longer than 75 octets, and no character cut in two."""
    part, size = "", 0
    for char in line:
        width = len(char.encode())
        if size + width > FOLD:
            yield part
            part, size = " ", 1
        part, size = part + char, size + width
    yield part
