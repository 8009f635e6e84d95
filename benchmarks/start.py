"""What a newcomer and a small server feel: the demo company, the cold start, the first view, the memory after load."""

import http.client
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.client import TOKEN, Client

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("/", "/cases/", "/settlements/", "/duties/", "/handbook/")
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+|/menu-[^"#]+)')
SETTLEMENT = re.compile(r'href="(/settlements/[0-9a-f-]{36}/)"')
# Enough that both web processes have printed, and more than once.
PRINTS = 12


def measure(environment: dict[str, str], port: int) -> dict[str, float]:
    """Seconds, kilobytes and megabytes by name; the demo is built in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        own = {**environment, "ZHANGFA_HOME": home, "DATABASE_URL": ""}
        _call(own, "migrate")
        began, worked = time.monotonic(), _worked()
        _call(own, "demo", "--scale", "small")
        found = {"demo company, small, s": time.monotonic() - began, "… of them the processor's, s": _worked() - worked}
        # The first start also builds the static files, as `make run` does before it answers.
        for name in ("first start, s", "cold start, s"):
            began = time.monotonic()
            server = subprocess.Popen(
                [_program(), "serve", "--port", str(port)], cwd=ROOT, env=own, stdout=subprocess.DEVNULL
            )
            try:
                _answered(port)
                found[name] = time.monotonic() - began
                if name.startswith("cold"):
                    found["… of them the processor's, all processes, s"] = _worked_by(server.pid)
                    found |= _view(port) | _memory(server.pid)
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(30)
    return found


def _worked() -> float:
    """Processor seconds of the commands that have ended: what a machine that does other things besides can't lengthen."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _worked_by(pid: int) -> float:
    """Processor seconds of a running process with those that it started, ended or not."""
    facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, facts[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(_worked_by, _children(pid)))


def _program() -> str:
    return str(Path(sys.executable).with_name("zhangfa"))


def _call(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([_program(), *arguments], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _answered(port: int) -> None:
    for _try in range(2000):
        try:
            client = Client(port)
            client.send("GET", "/accounts/login/")
            return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the server did not start")


def _view(port: int) -> dict[str, float]:
    """Sign in as the outlet manager; the workbench with everything it loads, as it travels; then some load."""
    client = Client(port)
    _status, page = client.send("GET", "/accounts/login/")
    found = TOKEN.search(page)
    body = f"login=oa&password=zhangfa-demo&csrfmiddlewaretoken={found[1] if found else ''}"
    origin = f"http://127.0.0.1:{port}"
    client.send("POST", "/accounts/login/", body, Referer=f"{origin}/accounts/login/", Origin=origin)
    _status, page = client.send("GET", "/")
    total = sum(_weight(port, path, client.cookies) for path in {"/", *ASSET.findall(page)})
    for _round in range(60):
        for path in PAGES:
            client.send("GET", path)
    papers = SETTLEMENT.findall(client.send("GET", "/settlements/")[1])
    for number in range(PRINTS):
        status, _pdf = client.send("GET", f"{papers[number % len(papers)]}f11.pdf")
        if status != 200:
            raise SystemExit(f"the form was not printed: {status}")
    return {"first view, KB compressed": total / 1024}


def _weight(port: int, path: str, cookies: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Accept-Encoding": "br, gzip", "Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
    connection.request("GET", path, headers=headers)
    return len(connection.getresponse().read())


def _memory(pid: int) -> dict[str, float]:
    """Resident MB of the largest process that answers pages, of the one that does the jobs, and of the largest
    typesetter beside them; both have printed."""
    web, jobs = _children(pid)
    answering = _children(web)
    setting = [child for process in (jobs, *answering) for child in _children(process)]
    return {
        "web process after load, MB": max(map(_resident, answering)),
        "job process after load, MB": _resident(jobs),
        "typesetter while in use, MB": max(map(_resident, setting)),
    }


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


LIMITS: dict[str, Any] = {
    "demo company, small, s": 60, "cold start, s": 3, "first view, KB compressed": 120, "web process after load, MB": 120,
    "job process after load, MB": 120,
}  # fmt: skip
