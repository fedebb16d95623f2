"""What the house forbids, read from its files."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/dap"
CODE = {".py", ".html", ".js", ".yaml", ".md", ""}
GENERATED = ("requirements/", "package-lock.json", "src/dap/locale/", "docs/rules/")
ROOMS = sorted(folder.name for folder in SOURCE.iterdir() if (folder / "__init__.py").exists())
LIBRARIES = {"core", "design", "config", "bench", "cli", "demo"}
"""These are no rooms with models, rules and acts: the anatomy does not tell what their files are called."""
ANATOMY = {
    "__init__", "apps", "enums", "rules", "models", "actions", "queries", "forms", "tasks", "views", "urls",
}  # fmt: skip
BESIDE = {
    "access": {
        "actor": "who acts, the value that all verbs take",
        "audit": "the audit log",
        "draft_views": "saving while typing",
        "housekeeping": "the audit log's partitions",
        "http": "the request as views see it",
        "login_views": "logging in and out",
        "middleware": "who is logged in",
        "problems": "pages that say no",
        "scope": "the one door to people",
        "sessions": "from a login to an actor",
    },
    "plan": {
        "activity_form_views": "making and changing an activity",
        "activity_types": "the five types, declared",
        "activity_views": "one activity",
        "board_views": "board and list",
        "filters": "filters and their chips",
        "goal_views": "the goal",
        "history": "history in plain words",
    },
    "dialogue": {"panel": "the dialogue on the plan's pages"},
    "people": {},
    "portfolio": {
        "check": "the command that recomputes",
        "compute": "the row in one statement",
        "invariants": "what always holds",
    },
    "record": {
        "case_checks": "a case file, judged",
        "case_file": "a case file, read",
        "case_import": "a case file, stored",
        "case_parts": "the parts of a case",
        "case_reader": "text to values",
        "case_rows": "a case to rows",
        "header": "the person header",
        "home": "the citizen's home",
        "published_cases": "the article's cases, mapped",
    },
}
"""Files beside the anatomy, each with why it is one of its own. A new one fails until it stands here."""
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
}


@cache
def tracked() -> tuple[str, ...]:
    """The files of the repository: those that git follows, and new ones that it does not ignore."""
    git = shutil.which("git")
    assert git, "git is needed to tell which files are ours"
    command = [git, "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(sorted(name for name in names.split("\0") if name and (ROOT / name).is_file()))


def texts() -> Iterator[tuple[str, str]]:
    """(name, text) of every text file."""
    for name in tracked():
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            assert name.endswith((".png", ".woff2", ".jpg", ".pdf")), f"{name} is no text"


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of ours as a syntax tree, migrations apart."""
    files = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
    return {str(path.relative_to(SOURCE)): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def dotted(node: ast.expr) -> tuple[str, ...]:
    return tuple(ast.unparse(node).split("."))


def test_no_file_is_longer_than_400_lines() -> None:
    too_long = {
        name: len(text.splitlines())
        for name, text in texts()
        if Path(name).suffix in CODE and not name.startswith(GENERATED) and len(text.splitlines()) > 400
    }
    assert too_long == {}


def test_time_is_read_from_the_one_clock() -> None:
    found = []
    for name, tree in modules().items():
        if name == "core/clock.py" or name.startswith("cli/"):
            continue
        for call in calls(tree):
            path = dotted(call.func)
            if path[-2:] in CLOCKS or path == ("time", "time"):
                found.append(f"{name}:{call.lineno}")
    assert found == []


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize(
    "forbidden",
    [
        r"django\.dispatch|django\.db\.models\.signals|\.signals\b",
        r"login_required|permission_required|csrf_exempt|\.csrf\.requires_csrf",
        r"mark_safe|SafeString",
        r"\bpickle\b|\bmarshal\b|\bshelve\b",
        r"django\.core\.mail|\brequests\b|\bhttpx\b|urllib\.request",
        r"rest_framework|class_based|django\.views\.generic",
    ],
)
def test_what_is_not_used_in_this_house(forbidden: str) -> None:
    found = []
    for name, tree in modules().items():
        if name.startswith("cli/"):
            continue  # the commands fetch packages and ask the server that they started
        found += [f"{name}: {import_}" for import_ in sorted(imported(tree)) if re.search(forbidden, import_)]
    assert found == []


SQL_OF_NAMES = {
    "config/grants.py": "names of tables and roles, quoted by Django; no text of anybody",
    "portfolio/actions.py": "names of columns, constants of compute.py",
}


def test_sql_is_never_put_together_from_text() -> None:
    """Values go as parameters. Names are quoted by psycopg.sql, or the file stands in SQL_OF_NAMES."""
    found = []
    for name, tree in modules().items():
        for call in calls(tree):
            verb = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if verb not in ("execute", "executemany", "raw", "extra", "RawSQL", "copy") or not call.args:
                continue
            made = isinstance(call.args[0], ast.JoinedStr | ast.BinOp) or (
                isinstance(call.args[0], ast.Call)
                and isinstance(call.args[0].func, ast.Attribute)
                and call.args[0].func.attr in ("format", "join")
                and "sql.SQL" not in ast.unparse(call.args[0])
            )
            if made and name not in SQL_OF_NAMES:
                found.append(f"{name}:{call.lineno}")
    assert found == []
    assert set(SQL_OF_NAMES) <= set(modules())


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in LIBRARIES])
def test_the_files_of_a_room_are_called_as_in_every_room(room: str) -> None:
    stems = {path.stem for path in (SOURCE / room).glob("*.py")}
    assert stems - ANATOMY - set(BESIDE[room]) == set(), "a new kind of file: tell in BESIDE what it is"
    assert set(BESIDE[room]) - stems == set(), "gone: take it out of BESIDE"


def test_file_names_are_ascii() -> None:
    assert [name for name in tracked() if not name.isascii() or " " in name] == []


def test_models_hold_no_verbs_and_rules_no_django() -> None:
    for room in ROOMS:
        for node in ast.walk(modules().get(f"{room}/models.py", ast.Module(body=[], type_ignores=[]))):
            if isinstance(node, ast.FunctionDef):
                assert node.name not in ("save", "delete"), f"{room}: a verb in a model"
        rules = modules().get(f"{room}/rules.py")
        if rules:
            assert not any(name.startswith(("django", "psycopg")) for name in imported(rules)), room


def test_acts_are_keyword_only() -> None:
    """Verbs that write for somebody take everything by name, with who (`by`) and when (`at`)."""
    verbs, wrong = 0, []
    for room in ("plan", "dialogue"):
        for node in modules()[f"{room}/actions.py"].body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                named = {argument.arg for argument in node.args.kwonlyargs}
                given = {argument.arg for argument in node.args.args}
                verbs += bool(named)
                if (named and (given or not {"by", "at"} <= named)) or given & {"by", "at"}:
                    wrong.append(f"{room}.{node.name}")
    assert wrong == []
    assert verbs > 8


JAVASCRIPT = [name for name in tracked() if name.endswith(".js")]
STYLES = [name for name in tracked() if name.endswith(".css")]


def test_our_javascript_and_our_stylesheet_stay_small() -> None:
    lines = {
        name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in JAVASCRIPT + STYLES
    }
    assert sum(lines[name] for name in JAVASCRIPT) < 600, lines
    assert sum(lines[name] for name in STYLES) < 600, lines
    assert STYLES == ["src/dap/design/static/design/dap.css"]


@pytest.mark.feature("X8")
@pytest.mark.parametrize("name", JAVASCRIPT)
def test_our_javascript_stores_nothing_and_makes_no_markup(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    forbidden = (
        r"localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b|serviceWorker"
        r"|\.(inner|outer)HTML\s*\+?=|insertAdjacentHTML|document\.write|\beval\b|new Function"
        r"|createContextualFragment|setHTML|\bimport\s*\(|https?://|console\."
    )
    assert re.findall(forbidden, text) == []
    assert "Date.now" not in text


def test_the_stylesheet_uses_the_tokens_of_the_design_system() -> None:
    text = re.sub(r"/\*.*?\*/", "", (ROOT / STYLES[0]).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*;)|\brgba?\(|\bhsla?\(", text) == []
    assert re.findall(r"@import|url\(\s*['\"]?(?:https?:)?//", text) == []


MACHINE = (
    "/" + "work/",
    "/" + "root/",
    "/" + "home/",
    "registry" + ".npmjs",
    "pypi" + ".org",
    "python" + "hosted",
    "." + "internal/",
    "arti" + "factory",
)


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    found = {}
    for name, text in texts():
        for word in MACHINE:
            if word in text:
                found[f"{name}: {word}"] = text[max(0, text.index(word) - 30) : text.index(word) + 40]
    assert found == {}


def test_what_is_made_is_not_tracked() -> None:
    made = re.compile(
        r"\.(mo|pyc|log|sqlite3)$|(^|/)(node_modules|\.venv|\.dap|__pycache__|vendor)/|(^|/)\.DS_Store$"
    )
    assert [name for name in tracked() if made.search(name)] == []


def test_a_suppressed_check_says_which_one() -> None:
    found = []
    for name, text in texts():
        if name.endswith(".py"):
            for number, line in enumerate(text.splitlines(), 1):
                if re.search(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:)", line) and "re.search" not in line:
                    found.append(f"{name}:{number}")
    assert found == []


SKIPPED = {
    "tests/core/test_words.py": "the catalogues are compiled by ./dap, not by pytest alone",
    "tests/record/test_published_cases.py": "the published file lies beside the repository, not in it",
}


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    marks = r"pytest\.mark\.(skip|skipif|xfail)\b|pytest\.(skip|xfail|importorskip)\("
    ours = [(n, t) for n, t in texts() if n.startswith("tests/") and not n.endswith("test_house_rules.py")]
    assert {name for name, text in ours if re.search(marks, text)} <= set(SKIPPED)
