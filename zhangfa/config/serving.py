"""`zhangfa serve`: the web server with its worker under one roof."""

import argparse
import ctypes
import ipaddress
import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

from .cli import start_django

GRACE = 20
RESTART_AFTER = 2
PR_SET_PDEATHSIG = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and how many processes answer."""
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--no-worker", action="store_true", help="leave jobs to a worker started elsewhere")
    parser.add_argument("--force", action="store_true", help="listen beyond loopback even with demo accounts")


def run(options: argparse.Namespace) -> int:
    """Check what must hold before anybody may connect, then serve until told to stop."""
    start_django()
    from django.db import connections

    from . import demonstration, upgrading

    if pending := upgrading.pending_migrations():
        print(f"The database is behind by {len(pending)} migrations: run `zhangfa migrate`.", file=sys.stderr)
        return 1
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
    connections.close_all()
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
        print(f"Demo accounts, all with the password {demonstration.PASSWORD}:")
        for start in range(0, len(names), 3):
            row = names[start : start + 3]
            print("  " + "".join(f"{code:<4} {title:<34}" for code, title in row).rstrip())
    print("Ctrl-C stops.", flush=True)


class Supervisor:
    """Keep the web server and the worker alive, and take both down together."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.web_command = [
            *(sys.executable, "-m", "gunicorn", "zhangfa.config.wsgi:application"),
            *("--workers", str(options.workers), "--bind", f"{options.host}:{options.port}"),
            *("--preload", "--no-control-socket", "--log-level", "warning"),
            *("--timeout", "60", "--graceful-timeout", "15", "--keep-alive", "5"),
            # A beat file on a disk that stalls would make a healthy process look dead.
            *(("--worker-tmp-dir", "/dev/shm") if os.path.isdir("/dev/shm") else ()),  # noqa: PTH112,S108
        ]
        self.worker_command = None if options.no_worker else [sys.executable, "-m", "zhangfa.config.cli", "worker"]
        self.stopping = threading.Event()

    def run(self) -> int:
        """Serve until a signal comes or the web server ends by itself."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        web = self._start(self.web_command)
        worker = self._start(self.worker_command) if self.worker_command else None
        while not self.stopping.is_set():
            if web.poll() is not None:
                break
            if worker is not None and worker.poll() is not None:
                print("The worker ended and is started again.", file=sys.stderr, flush=True)
                self.stopping.wait(RESTART_AFTER)
                if not self.stopping.is_set():
                    worker = self._start(self.worker_command or [])
            self.stopping.wait(0.5)
        code = 0 if self.stopping.is_set() else (web.poll() or 1)
        _end([child for child in (web, worker) if child is not None])
        return code

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        # In its own session: Ctrl-C reaches the supervisor alone, which ends both in order.
        return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()


def _die_with_parent() -> None:
    """Have Linux end the child when the supervisor is killed outright: no port stays taken."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask politely, wait, then insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
