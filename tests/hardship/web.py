"""A real web process on loopback, and people and programs who send to it until they get an answer."""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import random
import re
import socket
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.houses import House
from zhangfa.core import clock
from zhangfa.runtime import tokens

SECRET = "h4rdshiph4rdshiph4rdshiph4rdship"  # a form token that the browser made up: cookie and field agree


def wait_until(holds: Callable[[], Any], seconds: float = 60, what: str = "it") -> Any:
    """Ask again until it holds; the time is only for giving up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := holds():
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen in {seconds} s")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Web:
    """`zhangfa serve` without its worker; `send` gives the answer, or None where the connection ended without one."""

    def __init__(self, start: Callable[..., Any], workers: int = 2, **environment: str) -> None:
        self.port = _free_port()
        words = ("serve", "--sources", "--no-worker", "--workers", str(workers), "--port", str(self.port))
        self.process = start(*words, **environment)
        # Read all the time: a full pipe would stop whoever writes to it.
        self.said: list[str] = []
        threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True).start()
        wait_until(lambda: self.process.poll() is not None or self.send("GET", "/accounts/login/"), what="the start")
        assert self.process.poll() is None, "".join(self.said)

    def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            connection.request(method, path, body, headers or {})
            found = connection.getresponse()
            return Answer(found.status, found.headers, found.read().decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The processes that answer: grandchildren of the command."""
        return [pid for master in _children(self.process.pid) for pid in _children(master)]


def _free_port() -> int:
    """A port that nobody is given by chance between now and the start: below those of outgoing connections."""
    dice = random.SystemRandom()
    while True:
        port = dice.randrange(20_000, 30_000)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            facts = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(facts[1]) == parent and facts[0] != "Z":
            found.append(int(entry.parent.name))
    return found


class Somebody:
    """A person with a browser and a program with their token; every sending carries its key."""

    def __init__(self, house: House, name: str) -> None:
        self.house, user = house, house.user(name)
        self.token = tokens.issue(user, at=clock.now())
        browser = Client()
        browser.force_login(user)
        self.cookies = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={SECRET}"

    def api(self, web: Web, path: str, body: dict[str, Any], key: str, **headers: str) -> Answer | None:
        sent = {"Content-Type": "application/json", "Idempotency-Key": key, **self.signed(), **headers}
        return web.send("POST", f"/api/v1{path}", json.dumps(body).encode(), sent)

    def upload(self, web: Web, path: str, data: bytes, key: str) -> Answer | None:
        edge = uuid.uuid5(uuid.NAMESPACE_OID, key).hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nscene\r\n--{edge}\r\n'
        head += 'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return web.send("POST", f"/api/v1{path}", body, {**kind, "Idempotency-Key": key, **self.signed()})

    def page(self, web: Web, path: str, fields: dict[str, Any], key: str, language: str = "") -> Answer | None:
        body = urlencode({**fields, "once": key, "csrfmiddlewaretoken": SECRET}).encode()
        cookies = self.cookies + (f"; language={language}" if language else "")
        return web.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies})

    def look(self, web: Web, path: str, language: str = "") -> Answer | None:
        return web.send("GET", path, headers={"Cookie": self.cookies + (f"; language={language}" if language else "")})

    def signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


# Sent again, a report says what it said: the minute may have changed meanwhile.
BEGUN = clock.now()


def report_fields(house: House, summary: str, at: dt.datetime | None = None) -> dict[str, Any]:
    """A report as the page sends it."""
    happened = (at or BEGUN) - dt.timedelta(hours=1)
    return {
        "unit": str(house.units["east"].pk), "reporter": "林女士", "source": "operator", "place": "厨房", "guarantee": "property",
        "occurred_at": happened.astimezone(clock.TZ).strftime("%Y-%m-%dT%H:%M"), "summary": summary, "estimate": "1800",
        "severity": "minor",
    }  # fmt: skip


def report_body(house: House, summary: str, at: dt.datetime | None = None) -> dict[str, Any]:
    """The same as a program sends it."""
    fields = report_fields(house, summary, at)
    return {**fields, "occurred_at": f"{fields['occurred_at']}:00+08:00", "estimate": "1800.00"}


def number_in(answer: Answer) -> str:
    """The id of the case to which a page sends on."""
    found = re.search(r"/cases/([0-9a-f-]{36})/", answer.headers["Location"])
    assert found
    return found[1]


def kills(usual: int) -> int:
    """How often something is killed: few here, `ZHANGFA_KILLS` for more."""
    return int(os.environ.get("ZHANGFA_KILLS") or usual)
