"""Compile the catalogues without gettext, so that a bare machine shows both languages."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parents[1] / "zhangfa" / "locale"

if __name__ == "__main__":
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
