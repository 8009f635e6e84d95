"""Serving: demo accounts stay on loopback, and nothing is left behind when a process is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from zhangfa.config.serving import is_loopback
from zhangfa.organisation.models import Company


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_until(holds, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("192.0.2.7", False), ("zf", False)],
)
def test_loopback(host, loopback):
    assert is_loopback(host) is loopback


def test_demo_accounts_stay_on_loopback(transactional_db, start_zhangfa):
    Company.objects.create(name="示范家政", is_demo=True)
    process = start_zhangfa("serve", "--sources", "--host", "0.0.0.0", "--port", str(free_port()))
    shown, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "public password" in shown


def test_a_killed_server_leaves_no_port_taken(transactional_db, start_zhangfa):
    port = free_port()
    process = start_zhangfa("serve", "--sources", "--port", str(port))
    assert wait_until(lambda: answers(port) or process.poll() is not None, 30)
    assert process.poll() is None, process.communicate()[0]
    process.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not answers(port), 30)


def test_ending_the_server_ends_both_parts(transactional_db, start_zhangfa):
    port = free_port()
    process = start_zhangfa("serve", "--sources", "--port", str(port))
    assert wait_until(lambda: answers(port) or process.poll() is not None, 30)
    assert process.poll() is None, process.communicate()[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=40) == 0
    assert not answers(port)


def test_loading_every_page_asks_no_database():
    """What is loaded before the processes divide is shared by them: no figure of today, no connection."""
    program = "import django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns"
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@/nothing?host=/nowhere"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
