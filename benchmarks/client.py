"""One keep-alive client and its times; four of them for throughput."""

import http.client
import re
import statistics
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')


@dataclass
class Times:
    """Seconds of one page; what it answered."""

    name: str
    seconds: list[float] = field(default_factory=list)
    status: int = 0
    size: int = 0
    per_second: float = 0.0

    @property
    def p50(self) -> float:
        return statistics.median(self.seconds) * 1000

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95) - 1] * 1000


class Client:
    """A signed-in browser without a screen."""

    def __init__(self, port: int, session: str = "", cookie: str = "sessionid"):
        self.port, self.cookies = port, {cookie: session} if session else {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        if body:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body or None, sent)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, text

    def time(self, name: str, path: str, count: int, *, warm: int = 10, **headers: str) -> Times:
        """The same page again and again."""
        times = Times(name)
        for n in range(warm + count):
            began = time.perf_counter()
            times.status, text = self.send("GET", path, **headers)
            if n >= warm:
                times.seconds.append(time.perf_counter() - began)
            times.size = len(text.encode())
        return times

    def time_forms(self, name: str, paths: list[str], fields: dict[str, str], **headers: str) -> Times:
        """Each form is opened (not timed), then sent (timed)."""
        times = Times(name)
        for path in paths:
            _status, page = self.send("GET", path)
            found, once = TOKEN.search(page), ONCE.search(page)
            body = {**fields, "csrfmiddlewaretoken": found[1] if found else ""} | ({"once": once[1]} if once else {})
            origin = f"http://127.0.0.1:{self.port}"
            began = time.perf_counter()
            times.status, text = self.send(
                "POST", path, urlencode(body), Referer=origin + path, Origin=origin, **headers
            )
            times.seconds.append(time.perf_counter() - began)
            times.size = len(text.encode())
        return times


def throughput(port: int, session: str, cookie: str, path: str, seconds: float = 4.0) -> float:
    """Answers a second with four clients."""
    done: list[int] = []
    until = time.monotonic() + seconds

    def work() -> None:
        client, count = Client(port, session, cookie), 0
        while time.monotonic() < until:
            client.send("GET", path)
            count += 1
        done.append(count)

    threads = [threading.Thread(target=work) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / seconds
