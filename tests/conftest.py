"""One test suite, two databases, a browser where there is one; nothing is left out silently."""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres

CHROMIUM = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]
# These kinds of test run again on PostgreSQL; pages, forms and pure rules don't differ there.
ON_BOTH = ("test_models", "test_actions", "test_queries", "test_concurrency", "test_kill")
# Files that take minutes each begin first: else one process ends with one of them while the other has nothing left to do.
LONG = (
    "permissions/", "config/test_migrations.py", "input/test_addresses.py", "duties/test_counting.py", "hardship/test_kill_web.py",
    "e2e/test_axe.py",
)  # fmt: skip
# The same examples on every run, and no clock: how busy the machine is says nothing about a rule.
settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")
SERVER = pytest.StashKey[postgres.Server]()
HOME = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=["sqlite", "postgres"], default=os.environ.get("ZHANGFA_TEST_DB", "sqlite"))
    parser.addoption("--no-browser", action="store_true", help="leave out what drives a browser")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the database before Django reads its settings."""
    config.stash[HOME] = home = Path(tempfile.mkdtemp(prefix="zhangfa-test-", dir=_fast_folder()))
    os.environ["ZHANGFA_HOME"] = str(home)
    (home / "static").mkdir()
    os.environ["DATABASE_URL"] = _database_url(config, home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    # The browser's own driver runs an event loop in the thread of the test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # Chromium takes the language of its own controls from here and from nowhere else.
    os.environ["LANGUAGE"] = "zh_CN"
    import django

    django.setup()
    if not hasattr(config, "workerinput") and config.getoption("numprocesses", None):
        # Processes that find this set read the settings before they have a folder of their own, and would share this one.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(SERVER, None):
        server.stop()
    if home := config.stash.get(HOME, None):
        shutil.rmtree(home, ignore_errors=True)


def _fast_folder() -> str | None:
    memory = Path("/dev/shm")
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 1 << 30 else None


def _database_url(config: pytest.Config, home: Path) -> str:
    if config.getoption("--db") == "sqlite":
        return f"sqlite:///{home / 'zhangfa.sqlite3'}"
    if given := os.environ.get("ZHANGFA_TEST_POSTGRES"):
        return given
    folder = postgres.binaries()
    if folder is None:
        pytest.exit("No PostgreSQL binaries (initdb) were found: install PostgreSQL 15 or newer.", returncode=4)
    config.stash[SERVER] = server = postgres.Server(folder).start()
    # Parallel processes are started from here and share the server.
    os.environ["ZHANGFA_TEST_POSTGRES"] = server.url
    return server.url


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--db')}; chromium: {CHROMIUM or 'none'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by place and name, leave out what this run isn't for, and put first what takes long."""
    kept, left = [], []
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker("e2e")
        if item.path.stem.startswith(ON_BOTH):
            item.add_marker("postgres")
        browser = item.get_closest_marker("e2e") is not None
        if browser and CHROMIUM is None:
            reason = "no chromium is installed: browser tests did not run"
            item.add_marker(pytest.mark.skip(reason=reason) if not os.environ.get("CI") else pytest.mark.no_chromium)
        wanted = not (browser and config.getoption("--no-browser"))
        if config.getoption("--db") == "postgres":
            wanted = wanted and item.get_closest_marker("postgres") is not None
        (kept if wanted else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
    kept.sort(key=lambda item: not any(part in item.path.as_posix() for part in LONG))
    items[:] = kept


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector needn't walk through it again and again, a tenth of the whole time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("no_chromium"):
        pytest.fail("CI must have chromium", pytrace=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The tables come from the models; programs that the tests start look whether all migrations stand in the book."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder
    from django.test import override_settings

    with django_db_blocker.unblock(), override_settings(MIGRATION_MODULES={}):
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        known = set(recorder.applied_migrations())
        rows = [
            recorder.Migration(app=app, name=name)
            for app, name in MigrationLoader(None).disk_migrations
            if (app, name) not in known
        ]
        recorder.migration_qs.bulk_create(rows)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS + sandbox}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture(autouse=True)
def _fresh_processes_know_nothing() -> Iterator[None]:
    """Forget what a process remembers between requests: the next test has other rows."""
    from django.utils import translation

    from zhangfa.audit.seals import seal_file
    from zhangfa.organisation.shell import forget_company
    from zhangfa.policy import queries

    translation.activate("zh-hans")
    # A request that a test broke off has not said goodbye.
    queries._end_request()
    forget_company()
    yield
    seal_file().unlink(missing_ok=True)


def address_of_database() -> str:
    """The database that the running test writes to, as another process names it."""
    from django.db import connection

    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"postgres://{facts['USER']}@/{facts['NAME']}?host={facts['HOST']}"


@pytest.fixture
def process_environment(transactional_db: None) -> dict[str, str]:
    """Give a real process of the product the database of this test."""
    from django.conf import settings

    return {
        **os.environ,
        "DATABASE_URL": address_of_database(),
        "ZHANGFA_HOME": str(settings.ZHANGFA_HOME),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    }


@pytest.fixture
def start_zhangfa(process_environment: dict[str, str]) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `zhangfa …` as a process that a test may kill; what still runs is ended afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "zhangfa.config.cli", *arguments],
            env={**process_environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def house(db: None) -> Any:
    """A small company (tests/houses.py); imported late, for Django must be set up first."""
    from tests.houses import House

    return House()
