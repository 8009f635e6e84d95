"""`make check`: everything that can be judged without running the product; all of it, even after a failure."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON = sys.executable
# Types are checked where the decisions are; the rest is checked by running it.
TYPED = ["zhangfa/core", *sorted(str(path) for path in Path("zhangfa").glob("*/rules*.py"))]

CHECKS = {
    "lint": [BIN / "ruff", "check", "--quiet", "."],
    "format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "mypy", *TYPED],
    "import contracts": [BIN / "lint-imports", "--no-logo"],
    "start-up checks": [PYTHON, "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": [PYTHON, "-m", "scripts.check_messages"],
    "generated docs": [PYTHON, "-m", "scripts.generate_docs", "--check"],
}


def main(names: list[str]) -> int:
    """Run the named checks, or all of them, two at a time, and say which failed."""
    wanted = [name for name in CHECKS if not names or name.split()[-1] in names]
    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(max_workers=2) as pool:
        told = list(pool.map(lambda name: run(name, Path(home) / name), wanted))
    failed = [name for name, is_well in zip(wanted, told, strict=True) if not is_well]
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def run(name: str, home: Path) -> bool:
    """Run one check with a folder of its own, and print what it says if it fails."""
    home.mkdir()
    settings = {
        "ZHANGFA_HOME": str(home),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "zhangfa.config.settings",
    }
    began = time.monotonic()
    done = subprocess.run(
        [str(word) for word in CHECKS[name]],
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    is_well = done.returncode == 0
    print(
        f"{'ok ' if is_well else 'NO '} {name} ({time.monotonic() - began:.0f} s)", *[] if is_well else [done.stdout],
        sep="\n", flush=True,
    )  # fmt: skip
    return is_well


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
