"""`make check`: everything that can be judged without running the product; all of it, even after a failure."""

import os
import subprocess
import sys
import tempfile
import time
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
    """Run the named checks, or all of them, and say which failed."""
    failed = []
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "ZHANGFA_HOME": home,
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "zhangfa.config.settings",
        }
        for name, command in CHECKS.items():
            if names and name.split()[-1] not in names:
                continue
            began = time.monotonic()
            done = subprocess.run(
                [str(word) for word in command],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            print(f"{'ok ' if done.returncode == 0 else 'NO '} {name} ({time.monotonic() - began:.0f} s)", flush=True)
            if done.returncode:
                print(done.stdout, flush=True)
                failed.append(name)
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
