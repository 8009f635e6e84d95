"""Copy the front-end files that pages use out of node_modules; neither side is in git."""

import re
import shutil
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "zhangfa" / "ui" / "static" / "vendor"
ICONS = ROOT / "zhangfa" / "ui" / "icons.zip"

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}
# A source map that isn't there makes the manifest storage fail.
SOURCE_MAP = re.compile(r"^\s*(//|/\*)[#@]\s*sourceMappingURL=.*$", re.MULTILINE)


def copy_files() -> None:
    """Copy each listed file, without its pointer to a source map; what an older version copied goes."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        text = (MODULES / source).read_text(encoding="utf-8")
        (VENDOR / name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8")


def pack_icons() -> None:
    """Pack the icons into one file, from which the template tag inlines the few it needs."""
    folder = MODULES / "@tabler" / "icons" / "icons"
    with zipfile.ZipFile(ICONS, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob("*/*.svg")):
            archive.write(path, path.relative_to(folder).as_posix())


if __name__ == "__main__":
    if not MODULES.is_dir():
        sys.exit("node_modules is missing: run `make setup`")
    copy_files()
    pack_icons()
