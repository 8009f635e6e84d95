"""Write the documents that the program knows better than anybody; `--check` only compares."""

import os
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATES = Path("docs/states")
# A case also moves when one of its settlements does, and back when the customer is not satisfied.
PUSHED = {
    "claims.case": (
        ("settling", "settled", "claims.settlement.accept"),
        ("settled", "signed", "claims.settlement.sign_off"),
        ("settling", "assessed", "claims.settlement.send_back"),
        ("settling", "assessed", "claims.settlement.withdraw"),
        ("settled", "assessed", "claims.case.rate"),
        ("signed", "assessed", "claims.case.rate"),
        ("signed", "answering", "claims.case.rate"),
    ),
}


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
    names = {value: str(text) for value, text in arrows[0].model._meta.get_field("status").flatchoices}
    # In the order of the work: by the first status that an arrow leaves.
    order = list(names)
    arrows = sorted(arrows, key=lambda arrow: min(order.index(source) for source in arrow.sources))
    moving = [arrow for arrow in arrows if arrow.target]
    lines = [f"# {label}", ""]
    lines += ["Generated from the transitions; `make docs` writes it again.", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {value}: {text}" for value, text in names.items()]
    drawn: dict[tuple[str, str], list[str]] = {}
    for arrow in moving:
        for source in arrow.sources:
            if source != arrow.target:
                drawn.setdefault((source, arrow.target), []).append(str(arrow.label))
    for source, target, by in _pushed(label):
        drawn.setdefault((source, target), []).append(by)
    lines += [f"    {source} --> {target}: {' / '.join(labels)}" for (source, target), labels in drawn.items()]
    lines += ["```", "", "| transition | 动作 | from | to | clause |", "|---|---|---|---|---|"]
    lines += [_row(arrow, names) for arrow in moving]
    if staying := [arrow for arrow in arrows if not arrow.target]:
        lines += ["", "These write without moving the status:", ""]
        lines += ["| transition | 动作 | in | clause |", "|---|---|---|---|"]
        lines += [_row(arrow, names) for arrow in staying]
    return "\n".join(lines) + "\n"


def _pushed(label: str) -> Iterator[tuple[str, str, str]]:
    """The moves that another thing's transition, or the facts, cause; the transition must exist."""
    from zhangfa.core.transitions import registry

    known = {arrow.key: arrow for arrow in registry()}
    for source, target, key in PUSHED.get(label, ()):
        yield source, target, f"{known[key].label} ({key.split('.')[1]})"


def _row(arrow, names: dict[str, str]) -> str:  # type: ignore[no-untyped-def]
    sources = "、".join(names[source] for source in arrow.sources)
    cells = [f"`{arrow.name}`", str(arrow.label), sources]
    cells += [names[arrow.target]] if arrow.target else []
    return "| " + " | ".join([*cells, arrow.clause or "–"]) + " |"


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
