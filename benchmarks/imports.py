"""An import at size: rows checked and written a second, what memory it takes, how long somebody else's write waits meanwhile.

`python -m benchmarks.imports` makes its own databases under var/bench and writes its section of docs/benchmarks.md; ENGINES=sqlite,postgres
chooses the engines, LONG=1000000 adds a list of that length. With DATABASE_URL set, `… imports [rows] [target] [xlsx|csv]` works on that
one database, which holds nothing of these lists yet, and prints JSON. 10,000 rows may take 5 s, a write beside them 0.5 s.
"""

import datetime as dt
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"
COMPOUNDS = ("听松苑", "枫屿里", "江畔花园", "东城小区", "海风公寓", "青林湾", "明月府", "银杏苑")
FIRST_PHONE = 13_000_000_000
PAUSE = 0.02
BUDGET_SECONDS, BUDGET_WAIT = 5, 0.5
# Orders are of so many of the customers that were brought in before.
PEOPLE = 10_000


def main(rows: int, target: str, kind: str) -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.duties_year import company
    from zhangfa.organisation.models import Company

    call_command("migrate", verbosity=0)
    if not Company.objects.exists():
        company(8)
    by = importer()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list.{kind}"
        # Made by another process, so that its memory isn't counted here.
        subprocess.run([sys.executable, "-m", "benchmarks.imports", "list", str(path), str(rows), target], check=True)
        made = run(path, target, by, kind)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"engine": connection.vendor, "rows": rows, "target": target, "kind": kind, "peak_mb": memory, **made}


def importer() -> Any:
    """Who may bring in everything: the manager of customer service, who stands in for administration here."""
    from zhangfa.core import clock
    from zhangfa.organisation.actor import actor_for_person
    from zhangfa.organisation.models import Holding

    holding = Holding.objects.filter(seat__post_id="cs").select_related("person").first()
    assert holding is not None
    return actor_for_person(holding.person, clock.now())


def write_list(path: Path, rows: int, target: str) -> None:
    """A list as a company keeps it; the same for the same size."""
    head, line = (("编号", "客户姓名", "联系电话", "地址", "所属网点", "建档日期", "备注"), customer) if target == "customers" else (
        ("单号", "客户编号", "服务日期", "服务项目", "数量", "金额", "实收", "服务员"), order,
    )  # fmt: skip
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030") as text:
            text.write(",".join(head) + "\n")
            text.writelines(",".join(map(str, line(n))) + "\n" for n in range(rows))
        return
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, ["名单"])
    sheet.write_row(1, 0, head)
    for n in range(rows):
        sheet.write_row(n + 2, 0, line(n))
    book.close()


def customer(n: int) -> tuple[Any, ...]:
    name = SURNAMES[n % 20] + GIVEN[n // 20 % 26] + GIVEN[n // 520 % 26]
    place = f"{COMPOUNDS[n % 8]}{n // 8 % 60 + 1}幢{n // 480 % 30 + 1}0{n % 4 + 1}"
    day = dt.date(2021, 1, 1) + dt.timedelta(days=n % 1800)
    return (
        f"V{n:07d}",
        name,
        FIRST_PHONE + n,
        place,
        f"outlet{n % 8}",
        f"{day.year}年{day.month}月{day.day}日",
        "" if n % 3 else "月付",
    )


def order(n: int) -> tuple[Any, ...]:
    day = dt.date(2022, 1, 1) + dt.timedelta(days=n % 1200)
    return (
        f"A{n:08d}",
        f"V{n % PEOPLE:07d}",
        day.isoformat(),
        "DC01",
        100,
        f"{n % 900 + 100}.00",
        f"{n % 900 + 100}.00",
        "W1",
    )


def run(path: Path, target: str, by: Any, kind: str) -> dict[str, Any]:
    """The whole way with its times; somebody else writes all the while."""
    from zhangfa.core import clock
    from zhangfa.imports import actions
    from zhangfa.imports.actions.uploading import keep_file
    from zhangfa.imports.jobs import carry_on
    from zhangfa.imports.models import Import

    prepare(target)
    others = Others()
    began = time.perf_counter()
    with path.open("rb") as data:
        batch = actions.upload(keep_file(data, name=f"list.{kind}"), target=target, by=by, at=clock.now())
    if batch.status == "reading":
        carry_on.call(batch.pk)
        batch = Import.objects.get(pk=batch.pk)
    best = max(batch.shape["sheets"], key=lambda one: one["score"])
    columns = {n: guess[0] for n, guess in best["guesses"].items()}
    read, used = time.perf_counter(), time.thread_time()
    resident = [megabytes()]
    with others:
        batch = actions.check(
            batch,
            columns=columns,
            constants={},
            sheets=[best["name"]],
            on_known="skip",
            year=2024,
            source="纸质合同",
            by=by,
            at=clock.now(),
        )
        carry_on.call(batch.pk)
        checked, checked_used = time.perf_counter(), time.thread_time() - used
        resident.append(megabytes())
        batch = actions.apply(Import.objects.get(pk=batch.pk), by=by, at=clock.now())
        carry_on.call(batch.pk)
        written, written_used = time.perf_counter(), time.thread_time() - used - checked_used
    resident.append(megabytes())
    batch = Import.objects.get(pk=batch.pk)
    return {
        "read_s": round(read - began, 2), "check_s": round(checked - read, 2), "write_s": round(written - checked, 2),
        "check_cpu_s": round(checked_used, 2), "write_cpu_s": round(written_used, 2), "counts": batch.counts,
        "trouble": batch.trouble, "resident_mb": resident,
        "memory_mb": others.memory(), "others_longest_wait_s": round(max(others.waits, default=0), 3),
        "others_writes": len(others.waits),
    }  # fmt: skip


def prepare(target: str) -> None:
    """A product and a worker for orders."""
    from zhangfa.orders.models import Product
    from zhangfa.organisation.models import Person

    if target == "orders":
        Person.objects.get_or_create(no="W1", defaults={"name": "服务员", "kind": "worker"})
        Product.objects.get_or_create(code="DC01", defaults={"name": "深度保洁", "category": "cleaning", "unit": "m²"})


def megabytes() -> int:
    with open("/proc/self/status") as status:  # noqa: PTH123
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


class Others:
    """Somebody else, in a process of their own as in life, who writes a row again and again; and what this process holds meanwhile."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._seen: list[int] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        command = [sys.executable, "-m", "benchmarks.imports", "others"]
        self._writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._told()  # connected, and waiting for a sign

    def __enter__(self) -> None:
        self._tell("begin")
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()
        self._tell("end")
        self.waits = json.loads(self._told())
        self._writer.communicate()

    def _tell(self, word: str) -> None:
        assert self._writer.stdin is not None
        self._writer.stdin.write(f"{word}\n")
        self._writer.stdin.flush()

    def _told(self) -> str:
        assert self._writer.stdout is not None
        return self._writer.stdout.readline()

    def _watch(self) -> None:
        while not self._over.wait(PAUSE):
            self._seen.append(megabytes())

    def memory(self) -> list[int]:
        """What the process held after each tenth of the way."""
        return [self._seen[max(0, len(self._seen) * tenth // 10 - 1)] for tenth in range(1, 11)] if self._seen else []


def write_beside() -> None:
    """The other's process: from one word on its input to the next."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.config.settings")
    import django

    django.setup()
    from zhangfa.core import clock
    from zhangfa.runtime.models import Slot

    Slot.objects.exists()
    print("ready", flush=True)
    sys.stdin.readline()
    waits: list[float] = []
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), over.set()), daemon=True).start()
    while not over.is_set():
        began = time.perf_counter()
        Slot.objects.create(name="benchmark", slot=clock.now())
        waits.append(time.perf_counter() - began)
        time.sleep(PAUSE)
    print(json.dumps(waits), flush=True)


def every_engine() -> int:
    """Fresh databases, a list of customers and one of their orders on each; the long list where it was asked for."""
    from benchmarks import __main__ as bench
    from benchmarks import sections

    lists = [("10000", "customers", "xlsx"), ("10000", "orders", "xlsx")]
    if long := os.environ.get("LONG", ""):
        lists.append((long, "customers", "csv"))
    lines = [
        "## Imports", "", f"`python -m benchmarks.imports`. Machine: {bench.machine()}. Checked and written, while somebody else writes all the",
        f"time. Budgets: 10,000 rows {BUDGET_SECONDS} s, the other's longest wait {BUDGET_WAIT} s. ✗ marks what is over.", "",
        "| engine | list | read s | checked s | written s | processor s | other's longest wait s | memory MB, each tenth |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for engine in os.environ.get("ENGINES", "sqlite,postgres").split(","):
        for kept in bench.HOME.glob("imports.sqlite3*"):
            kept.unlink()
        shutil.rmtree(bench.HOME / "postgres-imports", ignore_errors=True)
        with bench.database(engine, "imports", "postgres-imports") as (_floor, url):
            for part in lists:
                found = json.loads(bench._run([sys.executable, "-m", "benchmarks.imports", *part], url))
                print(found, flush=True)
                lines.append(line_of(found))
    sections.put("imports", lines)
    return 0


def line_of(found: dict[str, Any]) -> str:
    took, rows = found["check_s"] + found["write_s"], found["rows"]
    slow = " ✗" if took > BUDGET_SECONDS * rows / 10_000 else ""
    held = " ✗" if found["others_longest_wait_s"] > BUDGET_WAIT else ""
    name = "SQLite" if found["engine"] == "sqlite" else "PostgreSQL"
    return (
        f"| {name} | {rows:,} {found['target']}, {found['kind']}{slow} | {found['read_s']} | {found['check_s']} | {found['write_s']} | "
        f"{found['check_cpu_s'] + found['write_cpu_s']:.1f} | {found['others_longest_wait_s']}{held} | {' '.join(map(str, found['memory_mb']))} |"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["list"]:
        write_list(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    elif sys.argv[1:2] == ["others"]:
        write_beside()
    elif "DATABASE_URL" not in os.environ:
        sys.exit(every_engine())
    else:
        given = [*sys.argv[1:], *("10000", "customers", "xlsx")[len(sys.argv) - 1 :]]
        print(json.dumps(main(int(given[0]), given[1], given[2]), ensure_ascii=False))
