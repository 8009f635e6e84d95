"""`zhangfa serve`: the web server with its worker under one roof."""

import argparse
import ctypes
import ipaddress
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from typing import Any

from django.urls import get_resolver
from gunicorn.app.base import BaseApplication

from .cli import start_django

GRACE = 20
RESTART_AFTER = 2
PR_SET_PDEATHSIG = 1
MEMORY = "/dev/shm"  # noqa: S108


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how many processes answer."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--no-worker", action="store_true", help="leave jobs to a worker started elsewhere")
    parser.add_argument("--sources", action="store_true", help="serve static files as they are, without building")
    parser.add_argument("--force", action="store_true", help="listen beyond loopback even with demo accounts")


def run(options: argparse.Namespace) -> int:
    """Check what must hold before anybody may connect, then serve until told to stop."""
    start_django()
    from . import demonstration, upgrading

    if pending := upgrading.pending_migrations():
        print(f"The database is behind by {len(pending)} migrations: run `zhangfa migrate`.", file=sys.stderr)
        return 1
    if not options.sources:
        upgrading.build_static()
    demo = demonstration.is_demo()
    if demo and not is_loopback(options.host):
        if not options.force:
            print(
                f"These are demo accounts with a public password: not listening on {options.host}. "
                "Use 127.0.0.1, or --force if everybody who can reach it may see everything.",
                file=sys.stderr,
            )
            return 1
        print(f"WARNING: demo accounts with a public password listen on {options.host}.", file=sys.stderr)
    announce(options, demo)
    return Supervisor(options).run()


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def announce(options: argparse.Namespace, demo: bool) -> None:
    """Print the address and, for the demo company, who can be tried."""
    from . import demonstration

    print(f"\nZhangfa: http://{options.host}:{options.port}/", flush=True)
    if demo:
        names = demonstration.accounts()
        print(f"Demo accounts, all with the password {demonstration.password()}:")
        for start in range(0, len(names), 3):
            row = names[start : start + 3]
            print("  " + "".join(f"{code:<4} {title:<34}" for code, title in row).rstrip())
        print(f"  Second people, and the technical administrator: {', '.join(demonstration.second_accounts())}")
    print("Ctrl-C stops.", flush=True)


def _leave_no_connection(server: Any = None, worker: Any = None) -> None:
    """A connection that is open while a process divides would be used by both halves, each reading the other's answers."""
    from django.db import connections

    connections.close_all()


class Web(BaseApplication):
    """Gunicorn over the application that is loaded already."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.choices = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "loglevel": "warning",
            "timeout": 60,
            "graceful_timeout": 15,
            "keepalive": 5,
            "preload_app": True,
            "pre_fork": _leave_no_connection,
            # It would be a file in the home folder, which a read-only image doesn't have.
            "control_socket_disable": True,
        }
        # A beat file on a disk that stalls would make a healthy process look dead.
        if Path(MEMORY).is_dir():
            self.choices["worker_tmp_dir"] = MEMORY
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.choices.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from .wsgi import application

        return application


class Supervisor:
    """Keep the web server and the worker alive, and take both down together."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.stopping = threading.Event()
        # Children start from what is loaded here: a second of imports and most of the memory are shared.
        self.start_method = multiprocessing.get_context("fork")

    def run(self) -> int:
        """Serve until a signal comes or the web server ends by itself."""
        get_resolver().url_patterns  # noqa: B018  loads every page before the first visitor
        web = self._start(self._serve)
        worker = None if self.options.no_worker else self._start(self._work)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping.is_set() and web.is_alive():
            if worker is not None and not worker.is_alive():
                print("The worker ended and is started again.", file=sys.stderr, flush=True)
                self.stopping.wait(RESTART_AFTER)
                if not self.stopping.is_set():
                    worker = self._start(self._work)
            self.stopping.wait(0.5)
        code = 0 if self.stopping.is_set() else (web.exitcode or 1)
        _end([child for child in (web, worker) if child is not None])
        return code

    def _start(self, target: Callable[[], None]) -> BaseProcess:
        _leave_no_connection()
        child = self.start_method.Process(target=_apart, args=(target,))
        child.start()
        return child

    def _serve(self) -> None:
        Web(self.options.host, self.options.port, self.options.workers).run()

    def _work(self) -> None:
        from zhangfa.runtime import worker

        worker.run()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()


def _apart(target: Callable[[], None]) -> None:
    """Run a child in its own session: Ctrl-C reaches the supervisor alone, which ends both in order."""
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        # A supervisor that is killed outright takes its children along: no port stays taken.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    target()


def _end(children: list[BaseProcess]) -> None:
    """Ask politely, wait, then insist."""
    for child in children:
        if child.is_alive():
            child.terminate()
    until = time.monotonic() + GRACE
    for child in children:
        child.join(max(0.1, until - time.monotonic()))
        if child.is_alive():
            child.kill()
            child.join()
