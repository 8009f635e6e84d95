"""The shape of the sources: small files, writes in actions, words marked, nothing borrowed."""

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for path in (ROOT / "zhangfa").rglob("*.py") if "migrations" not in path.parts)
LIMITS = {"rules.py": 300, "queries.py": 300, "api.py": 250}
LONGEST = 400
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Calls whose text is meant for the catalogue.
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "gettext_noop"}
# Who may read the wall clock: the interfaces, and the one function that owns it.
CLOCKLESS = ("actions", "rules", "queries", "models", "permissions")


def trees(paths: list[Path]) -> Iterator[tuple[Path, ast.Module]]:
    for path in paths:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def named(part: str) -> list[Path]:
    return [path for path in SOURCES if path.stem == part or path.parent.name == part]


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_files_stay_small_enough_to_like():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*SOURCES, *(ROOT / "tests").rglob("*.py")]
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LIMITS.get(path.name, LONGEST)
    }
    assert not long


def test_no_file_holds_two_versions_of_itself():
    suffixes = {".py", ".html", ".css", ".js", ".toml", ".po", ".md", ".typ"}
    files = [
        path for top in ("zhangfa", "tests", "docs") for path in (ROOT / top).rglob("*") if path.suffix in suffixes
    ]
    marks = ("<" * 7 + " ", ">" * 7 + " ")
    assert not [
        str(path.relative_to(ROOT))
        for path in files
        if any(line.startswith(marks) for line in path.read_text(encoding="utf-8").splitlines())
    ]


def test_every_module_says_what_it_is_for():
    plain = {"apps.py", "urls.py", "__init__.py"}
    assert not [
        place(path, tree)
        for path, tree in trees([path for path in SOURCES if path.name not in plain])
        if tree.body and not ast.get_docstring(tree)
    ]


def test_sentences_of_rules_and_actions_are_marked_for_translation():
    bare = []
    for path, tree in trees([*named("rules"), *named("actions"), *named("permissions")]):
        marked = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and called(node) in MARKS
            for inner in ast.walk(node)
        }
        quiet = {id(inner) for node in ast.walk(tree) for inner in (*docstring_of(node), *pair_of(node))}
        bare += [
            f"{place(path, node)} {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and CHINESE.search(node.value)
            and id(node) not in marked | quiet
        ]
    assert not bare


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the program starts: the body of modules and classes, not of functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from outside_functions(child)


def test_no_sentence_is_put_together_when_the_program_starts():
    """Filled in or joined there, it stays in one language for every reader."""
    fixed = [
        place(path, node)
        for path, tree in trees([path for path in SOURCES if "gettext_lazy" in path.read_text(encoding="utf-8")])
        for node in outside_functions(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Mod | ast.Add)
        and any(isinstance(side, ast.Call) and called(side) in MARKS for side in (node.left, node.right))
    ]
    assert not fixed


def docstring_of(node: ast.AST) -> Iterator[ast.AST]:
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        yield body[0].value


def pair_of(node: ast.AST) -> Iterator[ast.AST]:
    """The same words in both languages side by side need no catalogue."""
    parts = node.elts if isinstance(node, ast.Tuple) else node.args if isinstance(node, ast.Call) else []
    for one, next_one in itertools.pairwise(parts):
        if isinstance(next_one, ast.Constant | ast.JoinedStr | ast.IfExp) and not CHINESE.search(ast.unparse(next_one)):
            yield from ast.walk(one)
    if isinstance(node, ast.Assign) and any(ast.unparse(target).endswith("zh") for target in node.targets):
        yield from ast.walk(node.value)
    given = {keyword.arg: keyword.value for keyword in node.keywords} if isinstance(node, ast.Call) else {}
    if "name_en" in given:
        yield from ast.walk(given.get("name", node))


def test_time_arrives_as_an_argument():
    """Actions and rules never ask what time it is: the demo and the tests own the clock."""
    asked = []
    for part in CLOCKLESS:
        for path, tree in trees(named(part)):
            asked += [
                place(path, node)
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                and called(node) in {"now", "today", "utcnow"}
                and isinstance(node.func, ast.Attribute)
            ]
    assert not asked


def test_money_is_never_a_float():
    found = []
    for path, tree in trees([*named("rules"), *named("models")]):
        # A length of time may be given in parts of an hour.
        times = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) == "timedelta"]
        spared = {id(inner) for node in times for inner in ast.walk(node)}
        found += [place(path, node) for node in ast.walk(tree) if is_float(node) and id(node) not in spared]
    assert not found


def is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return called(node) in {"float", "FloatField"}
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def test_errors_are_caught_by_name():
    bare = [
        place(path, node)
        for path, tree in trees(SOURCES)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert not bare


def test_pages_write_through_actions():
    """A page or an operation reads and calls; rows are written below."""
    writes = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "delete"}
    found = []
    for path, tree in trees([path for path in SOURCES if path.parent.name in {"web", "api"} or path.stem == "api"]):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in writes and through_manager(node):
                found += [place(path, node)]
    assert not found


def through_manager(node: ast.Call) -> bool:
    """`X.objects…create(…)`: a manager stands somewhere in the chain before the call."""
    inner: ast.AST = node.func
    while isinstance(inner, ast.Attribute | ast.Call):
        if isinstance(inner, ast.Attribute) and inner.attr in {"objects", "_default_manager"}:
            return True
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return False


@pytest.mark.parametrize(
    "pattern", [r"\bon(click|load|change|submit)\s*=", r"<style[\s>]", r"\sstyle=", r"javascript:"]
)
def test_templates_keep_to_the_content_policy(pattern):
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "zhangfa").rglob("*.html")
        if re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_templates_hold_no_script_text_and_no_foreign_file():
    found = []
    for path in (ROOT / "zhangfa").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        scripts = re.findall(r"<script([^>]*)>([^<]*)", text)
        found += [str(path) for attributes, body in scripts if body.strip() and "application/json" not in attributes]
        found += [str(path) for address in re.findall(r'(?:src|href)="(https?:)?//', text) if address is not None]
    assert not found


def test_every_template_that_another_one_names_exists():
    """A part that was moved is missed only on the day when its page is first shown."""
    folders = [path for path in (ROOT / "zhangfa").rglob("templates") if path.is_dir()]
    named_in = {
        (path.name, name)
        for path in (ROOT / "zhangfa").rglob("*.html")
        for name in re.findall(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""", path.read_text(encoding="utf-8"))
    }
    known = {str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*.html")}
    assert {
        one
        for one in named_in
        if one[1] not in known and not one[1].startswith(("allauth/", "account/", "mfa/", "django/"))
    } == set()


def test_chinese_in_templates_is_marked_for_translation():
    """Text between tags must stand in a translation; comments and attributes of data are no text."""
    found = []
    for path in (ROOT / "zhangfa").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)
        text = re.sub(r"{% blocktrans(late)?\b.*?{% endblocktrans(late)? %}", "", text, flags=re.DOTALL)
        text = re.sub(r"{[%{].*?[%}]}", "", text, flags=re.DOTALL)
        # Each language offers itself in its own words.
        text = re.sub(r'<[^>]*lang="zh-CN"[^>]*>[^<]*', "", text)
        found += [f"{path.relative_to(ROOT)}: {line.strip()}" for line in text.splitlines() if CHINESE.search(line)]
    assert not [line for line in found if ">章<" not in line]
