"""Collect the sentences of sources and templates into the English catalogue (needs gettext)."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = Path("zhangfa/locale/en/LC_MESSAGES/django.po")
LEFT_OUT = shutil.ignore_patterns("vendor", "__pycache__", "*.mo", "icons.zip")


def collect(into: Path) -> Path:
    """Collect from a copy of the sources, so that a check changes nothing; give the new catalogue."""
    shutil.copytree(ROOT / "zhangfa", into / "zhangfa", ignore=LEFT_OUT)
    (into / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "django", "makemessages", "--locale", "en", "--no-obsolete"),
            *("--no-wrap", "--add-location", "never"),
        ],
        cwd=into / "zhangfa",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return into / CATALOGUE


def tidy(path: Path) -> None:
    """Sort and strip what changes from run to run: two people's additions merge."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.metadata = {
        "Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    catalogue.header = "English for every sentence of the product; collected by `make messages`."
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    for entry in catalogue:
        if entry.fuzzy:
            # A guess is worse than a gap: the gap fails the check.
            entry.flags.remove("fuzzy")
            entry.previous_msgid = None
            entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
        entry.comment = ""
    catalogue.save(str(path))


if __name__ == "__main__":
    if shutil.which("xgettext") is None:
        sys.exit("gettext is not installed: apt-get install gettext")
    with tempfile.TemporaryDirectory() as folder:
        made = collect(Path(folder))
        tidy(made)
        (ROOT / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, ROOT / CATALOGUE)
    missing = polib.pofile(str(ROOT / CATALOGUE)).untranslated_entries()
    print(f"{CATALOGUE}: {len(missing)} sentences wait for English.")
