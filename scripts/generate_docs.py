"""Write the documents that the program knows better than anybody; `--check` only compares."""

import os
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATES = Path("docs/states")


def documents() -> dict[Path, str]:
    """Give every generated document with its text."""
    from zhangfa.policy.handbook_map import MAP_PATH, handbook_map

    return {Path(MAP_PATH): handbook_map(ROOT), **dict(state_diagrams())}


def state_diagrams() -> Iterator[tuple[Path, str]]:
    """Draw each model's transitions from their registry."""
    from django.utils import translation

    from zhangfa.core.transitions import registry

    arrows = sorted(registry(), key=lambda arrow: arrow.model._meta.label_lower)
    with translation.override("zh-hans"):
        for label, group in groupby(arrows, key=lambda arrow: arrow.model._meta.label_lower):
            yield STATES / f"{label.replace('.', '-')}.md", _diagram(label, list(group))


def _diagram(label: str, arrows: list) -> str:  # type: ignore[type-arg]
    names = dict(arrows[0].model._meta.get_field("status").flatchoices)
    lines = [f"# {label}", "", "Generated from the transitions; `make docs` writes it again.", "", "```mermaid"]
    lines += ["stateDiagram-v2", *(f"    {value}: {text}" for value, text in names.items())]
    for arrow in arrows:
        lines += [f"    {source} --> {arrow.target or source}: {arrow.label}" for source in arrow.sources]
    lines += ["```", "", "| transition | 动作 | from | to | clause |", "|---|---|---|---|---|"]
    for arrow in arrows:
        row = (arrow.name, arrow.label, ", ".join(arrow.sources), arrow.target or "–", arrow.clause or "–")
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write all documents, or with --check name those that are not current."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhangfa.config.settings")
    import django

    django.setup()
    wanted = documents()
    there = {path.relative_to(ROOT) for path in (ROOT / STATES).glob("*.md")}
    stale = [path for path, text in wanted.items() if not (ROOT / path).exists() or (ROOT / path).read_text() != text]
    stale += sorted(there - set(wanted))
    if "--check" in arguments:
        print("\n".join(f"{path} is not current: run `make docs`" for path in stale) or "generated docs: current")
        return 1 if stale else 0
    for path, text in wanted.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
    for path in there - set(wanted):
        (ROOT / path).unlink()
    print(f"{len(wanted)} documents, {len(stale)} changed.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
