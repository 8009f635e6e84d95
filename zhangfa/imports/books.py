"""Workbooks as files: what they are, kept encrypted piece by piece, read row by row as text."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from zhangfa.imports import sheets
from zhangfa.imports.cells import plain
from zhangfa.imports.rules import KINDS
from zhangfa.records import vault

PIECE = 4 * 2**20
PEEK = 2**20
# A workbook that unfolds to more than this was made to harm, or is better brought as csv.
MOST_UNFOLDED, MOST_TIMES = 4 * 2**30, 400
# Beyond this a sheet is read row by row from its XML instead of being held in memory.
HELD = 24 * 2**20
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
# A workbook with a password is a box of the old kind that holds this.
LOCKED = "EncryptedPackage".encode("utf-16-le")
DELIMITERS = (",", "\t", ";", "|")
Line = tuple[int, list[str]]


class Unreadable(Exception):
    """A file that begins like a workbook and can't be read: damaged, or, as `why` says, locked, blank or a heading alone."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Kept:
    """A file in the vault."""

    name: str
    kind: str
    size: int
    sha256: str
    pieces: tuple[str, ...]


def sniff(head: bytes) -> str:
    """xlsx, xls or csv by the first bytes, whatever the name says; what is none of them is `blank`, `web` or empty."""
    if head.startswith(ZIP):
        return "xlsx"
    if head.startswith(OLE):
        return "xls"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "csv"
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not text:
        return "blank"
    if text.startswith(b"<"):
        # What other programs call an xls is often a page of the web.
        return "web"
    if b"\x00" in head or text.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8")):
        return ""
    odd = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in head[:4096])
    return "csv" if odd == 0 else ""


def keep(upload: Any, name: str, *, most: int) -> Kept:
    """Put an upload into the vault in pieces, so that no size is held at once; `kind` is empty for what is no workbook."""
    whole, size, pieces, kind = hashlib.sha256(), 0, [], ""
    stream = io.BytesIO(upload) if isinstance(upload, bytes) else upload
    while (piece := stream.read(PIECE)) and size <= most:
        kind = sniff(piece[:PEEK]) if size == 0 else kind
        size += len(piece)
        if kind not in KINDS:
            break
        whole.update(piece)
        pieces.append(vault.put(piece))
    return Kept(name, kind, size, whole.hexdigest(), tuple(pieces))


@contextmanager
def opened(pieces: Iterable[str]) -> Iterator[IO[bytes]]:
    """The file in clear for as long as it is read; it has no name on the disk, so that a killed process leaves nothing."""
    with tempfile.TemporaryFile() as handle:
        for sha in pieces:
            handle.write(vault.get(sha))
        handle.seek(0)
        yield handle


class Book:
    """A workbook with its sheets."""

    def __init__(self, names: Sequence[str], give: Callable[[str], Iterator[Line]], size_of: Callable[[str], int]):
        self.names, self._give, self._size = tuple(names), give, size_of

    def rows(self, name: str) -> Iterator[Line]:
        """Every line of a sheet with its number as the reader of the file sees it, blank ones included."""
        return self._give(name)

    def height(self, name: str) -> int:
        """How many lines a sheet has, as far as that is known beforehand; 0 where it isn't."""
        return self._size(name)


def read(handle: IO[bytes], kind: str) -> Book:
    """Open a workbook. Raises Unreadable."""
    if kind == "csv":
        return _text(handle)
    if kind == "xlsx":
        unfolded = _unfolded(handle)
        if unfolded > HELD:
            try:
                return Book(*sheets.open_book(handle, plain))
            except Exception as error:
                raise Unreadable from error
    return _calamine(handle)


def _unfolded(handle: IO[bytes]) -> int:
    """How large the parts of an xlsx are when unpacked. Raises Unreadable for a bomb."""
    try:
        with zipfile.ZipFile(handle) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable from error
    size = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if size > MOST_UNFOLDED or (size > HELD and size // packed > MOST_TIMES):
        raise Unreadable
    handle.seek(0)
    return size


@contextmanager
def _readable() -> Iterator[None]:
    """The reader answers broken files with exceptions of its own, and panics with some that are none of Python's usual ones."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise Unreadable from error


def _calamine(handle: IO[bytes]) -> Book:
    from python_calamine import CalamineWorkbook

    handle.seek(0)
    is_locked = handle.read(len(OLE)) == OLE and _has(handle, LOCKED)
    handle.seek(0)
    if is_locked:
        raise Unreadable("locked")
    with _readable():
        book: Any = CalamineWorkbook.from_filelike(handle)
        names = list(book.sheet_names)
    held: dict[str, Any] = {}

    def sheet(name: str) -> Any:
        if name not in held:
            held.clear()
            with _readable():
                held[name] = book.get_sheet_by_name(name)
        return held[name]

    def give(name: str) -> Iterator[Line]:
        with _readable():
            rows = sheet(name).to_python(skip_empty_area=False)
        for number, row in enumerate(rows, start=1):
            yield number, [plain(cell) for cell in row]

    return Book(names, give, lambda name: int(sheet(name).total_height))


def _has(handle: IO[bytes], mark: bytes) -> bool:
    """Whether these bytes stand anywhere in the rest of the file."""
    rest = b""
    while piece := handle.read(PIECE):
        if mark in rest + piece:
            return True
        rest = piece[-len(mark) :]
    return False


def _text(handle: IO[bytes]) -> Book:
    encoding = encoding_of(handle)
    handle.seek(0)
    head = handle.read(PEEK)
    sample = codecs.getincrementaldecoder(encoding)("replace").decode(head).lstrip("\ufeff")
    delimiter = delimiter_of(sample)

    def give(_name: str) -> Iterator[Line]:
        handle.seek(0)
        text = io.TextIOWrapper(handle, encoding=encoding, errors="replace", newline="")
        try:
            if delimiter:
                reader = csv.reader(text, delimiter=delimiter)
                for row in reader:
                    yield reader.line_num, _without_mark(row, reader.line_num)
            else:
                for number, line in enumerate(text, start=1):
                    yield number, re.split(r"\s+", line.lstrip("\ufeff").strip()) if line.strip() else []
        except csv.Error as error:
            raise Unreadable from error
        finally:
            text.detach()

    lines = max(1, head.count(b"\n"))
    handle.seek(0, io.SEEK_END)
    guess = round(handle.tell() / max(1, len(head)) * lines)
    return Book(("",), give, lambda _name: guess)


def _without_mark(row: list[str], number: int) -> list[str]:
    if number == 1 and row:
        row[0] = row[0].lstrip("\ufeff").strip('"')
    return row


def encoding_of(handle: IO[bytes]) -> str:
    """UTF-8 where the whole file is; else what Chinese offices write."""
    handle.seek(0)
    head = handle.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    handle.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := handle.read(PEEK):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def delimiter_of(sample: str) -> str:
    """The sign between the cells; empty where blanks stand between them."""
    lines = [line for line in sample.splitlines()[:60] if line.strip()][:40]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in DELIMITERS}
    # What most lines have, and many of.
    best = max(DELIMITERS, key=lambda sign: (counts[sign][len(lines) // 2] if lines else 0, sum(counts[sign])))
    if lines and (counts[best][len(lines) // 2] or sum(counts[best])):
        return best
    spaced = [len(line.split()) for line in lines]
    return "" if spaced and min(spaced) == max(spaced) > 1 else ","
