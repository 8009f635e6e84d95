"""Collect the sentences of sources and templates into the English catalogue (needs gettext)."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from django.core.management import call_command
from django.core.management.commands import makemessages

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = Path("zhangfa/locale/en/LC_MESSAGES/django.po")
LEFT_OUT = shutil.ignore_patterns("vendor", "__pycache__", "*.mo", "icons.zip")
# Names under which a file marks sentences beside Django's own.
MARKS = ("lazy", "mark")


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, *(f"--keyword={name}" for name in MARKS)]


def collect(into: Path) -> Path:
    """Collect from a copy of the sources, so that a check changes nothing; give the new catalogue."""
    shutil.copytree(ROOT / "zhangfa", into / "zhangfa", ignore=LEFT_OUT)
    path = into / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        merge_twins(path)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.collect_messages", "here"],
        cwd=into / "zhangfa",
        # Without settings: theirs would name the catalogues of this tree, not of the copy.
        env={key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return path


def merge_twins(path: Path) -> None:
    """Keep one of two entries for the same sentence: two people added it, gettext would refuse the file."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    seen: dict[tuple[str, str | None], polib.POEntry] = {}
    for entry in list(catalogue):
        twin = seen.setdefault((entry.msgid, entry.msgctxt), entry)
        if twin is not entry:
            twin.msgstr = twin.msgstr or entry.msgstr
            catalogue.remove(entry)
    catalogue.save(str(path))


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
    if sys.argv[1:] == ["here"]:
        call_command(Command(), locale=["en"], no_obsolete=True, no_wrap=True, add_location="never", verbosity=0)
        sys.exit()
    if shutil.which("xgettext") is None:
        sys.exit("gettext is not installed: apt-get install gettext")
    with tempfile.TemporaryDirectory() as folder:
        made = collect(Path(folder))
        tidy(made)
        (ROOT / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, ROOT / CATALOGUE)
    missing = polib.pofile(str(ROOT / CATALOGUE)).untranslated_entries()
    print(f"{CATALOGUE}: {len(missing)} sentences wait for English.")
