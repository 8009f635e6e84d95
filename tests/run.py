"""`make test`: the whole suite in three sittings; every sitting ends with pytest's own line."""

import os
import subprocess
import sys
import time

from tests import postgres

# File by file in the order that conftest gives.
TWO = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
SITTINGS = {
    "SQLite": [*TWO, "--no-browser"],
    "SQLite, browser": ["-m", "e2e", "-n", "2", "--maxschedchunk", "1"],
    "PostgreSQL": [*TWO, "--db", "postgres", "--no-browser"],
    "PostgreSQL, browser": ["-m", "e2e", "--db", "postgres", "-n", "2", "--maxschedchunk", "1"],
}
NOTHING_COLLECTED = 5


def main() -> int:
    """Run all sittings even after a failure, so that one run tells everything."""
    failed = []
    for name, arguments in SITTINGS.items():
        print(f"\n== {name}", flush=True)
        if "postgres" in arguments and postgres.binaries() is None:
            if os.environ.get("CI"):
                print("CI must have PostgreSQL binaries.")
                failed.append(name)
            else:
                print("SKIPPED: no PostgreSQL binaries (initdb) are installed; nothing was tested on PostgreSQL.")
            continue
        began, before = time.monotonic(), os.times()
        command = [sys.executable, "-m", "pytest", "-q", "--durations=20", *arguments, *sys.argv[1:]]
        code = subprocess.run(command, check=False).returncode
        used = os.times()
        work = used.children_user + used.children_system - before.children_user - before.children_system
        print(f"== {name}: {time.monotonic() - began:.0f} s, {work:.0f} s of processor", flush=True)
        if code not in (0, NOTHING_COLLECTED):
            failed.append(name)
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'All sittings passed.'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
