"""The documents tell the truth: what they name in backticks exists, and their links lead somewhere.

Nothing is imported from the rooms for this; the source is read as text, so a document may name anything.
"""

import ast
import re
import struct
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from dap.cli import commands
from dap.design.jinja_globals import COMPONENTS

from .world import routes

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/dap"
NAMING = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/start-here.md",
    "docs/glossary.md",
    "docs/adr/0001-the-house.md",
)
"""Documents whose backticks are checked; of all others only the links."""
DOCUMENTS = sorted(
    str(path.relative_to(ROOT)) for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
)
ENDINGS = (".py", ".html", ".js", ".css", ".md", ".yaml", ".toml", ".txt", ".po", ".json", ".png")
EXAMPLES = re.compile(r"<|>|…|\*")
"""Signs of a placeholder."""


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def code_of(document: str) -> list[str]:
    """Everything in backticks, and the lines of the blocks, without their comments."""
    text = text_of(document)
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.S | re.M)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)) + lines


# --- what a name in backticks may be -------------------------------------------------------------------


def fault_of(code: str) -> str:
    """What is wrong with a name in backticks; "" when it exists, or is nothing that we can look up."""
    if re.search(r"(^|\s)\./dap\b", code):
        return _command(code.partition("./dap")[2].split())
    if found := re.search(r"python -m dap\.([\w.]+)", code):
        return _name(found[1])
    if re.fullmatch(r"@\w+(\(…\))?", code):
        return _name(f"access.views.{code[1:].removesuffix('(…)')}")
    if re.fullmatch(r"(GET|POST)? ?/\S+", code):
        return _address(code.split()[-1])
    if found := re.fullmatch(r"ds\.(\w+)", code):
        drawn = {macro for macros in COMPONENTS.values() for macro in macros}
        return "" if found[1] in drawn else "no such component"
    if found := re.fullmatch(r"(\w+)\((.*)\)", code):
        return "" if found[1] in _template_globals() else "templates have no such function"
    if EXAMPLES.search(code) or " " in code:
        return ""
    if "/" in code or code.endswith(ENDINGS):
        return "" if "://" in code or _files(code) else "no such file"
    if re.fullmatch(r"[a-z_]+(\.\w+)+", code):
        return _name(code)
    if re.fullmatch(r"[A-Z][A-Z0-9_]+", code):
        return "" if code in _codes() else "no such code in the source"
    return ""


def _command(words: list[str]) -> str:
    """A command of `./dap` with its options; what follows `test` is pytest's, but its paths must exist."""
    parser = commands.build_parser()
    choices = next(action.choices for action in parser._actions if action.dest == "command")
    known = dict(choices) if isinstance(choices, dict) else {}
    if not words or words[0].startswith("-"):
        return ""
    if words[0] not in known:
        return f"no command {words[0]}"
    if words[0] == "test":
        missing = [word for word in words[1:] if "/" in word and not (ROOT / word).exists()]
        return f"no such file {missing[0]}" if missing else ""
    options = {option for action in known[words[0]]._actions for option in action.option_strings}
    unknown = [word for word in words[1:] if word.startswith("-") and word not in options]
    return f"no option {unknown[0]}" if unknown else ""


def _address(address: str) -> str:
    known = {"/" + re.sub(r"<\w+:(\w+?)(_id|_code)?>", r"<\1>", route.pattern) for route in routes()}
    if address.endswith(("…", "/")):
        begin = address.rstrip("…")
        return "" if any(one.startswith(begin) for one in known) else "no address begins so"
    return "" if address in known else "no such address"


def _files(path: str) -> list[Path]:
    """The files that a document means: from the root, from `docs`, from `src/dap`, or a template's name."""
    roots = (ROOT, ROOT / "docs", SOURCE, *SOURCE.glob("*/jinja2"), *SOURCE.glob("*/static"))
    found = [root / path for root in roots if (root / path).exists()]
    return found or (list(SOURCE.rglob(path)) if "/" not in path else [])


@cache
def _module(dotted: str) -> dict[str, ast.AST] | None:
    """What a module of ours defines, by name; None where there is no such module."""
    file = SOURCE.joinpath(*dotted.split(".")).with_suffix(".py")
    return _defined(ast.parse(file.read_text(encoding="utf-8"))) if file.is_file() else None


def _defined(node: ast.Module | ast.ClassDef) -> dict[str, ast.AST]:
    names: dict[str, ast.AST] = {}
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[child.name] = child
        elif isinstance(child, ast.Assign | ast.AnnAssign):
            targets = child.targets if isinstance(child, ast.Assign) else [child.target]
            names |= {target.id: child for target in targets if isinstance(target, ast.Name)}
    return names


def _name(dotted: str) -> str:
    """Look `room.module.name.attribute` up; a module or a room alone is a name too."""
    parts = dotted.split(".")
    if SOURCE.joinpath(*parts).is_dir():
        return ""
    for length in range(len(parts), 0, -1):
        names = _module(".".join(parts[:length]))
        if names is None:
            continue
        for part in parts[length:]:
            if part not in names:
                return f"no {part} in {'.'.join(parts[:length])}"
            node = names[part]
            names = _defined(node) if isinstance(node, ast.ClassDef) else {}
        return ""
    return "no such module"


@cache
def _codes() -> frozenset[str]:
    """Every text constant and every name that is assigned in the source: codes, variables, constants."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return frozenset(found)


@cache
def _template_globals() -> frozenset[str]:
    wiring = ast.parse((SOURCE / "config/jinja.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(wiring) if isinstance(node, ast.Call)]
    updates = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "update"]
    return frozenset(keyword.arg for call in updates for keyword in call.keywords if keyword.arg)


# --- the tests ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", NAMING)
def test_what_a_document_names_exists(document: str) -> None:
    faults = [f"`{code}`: {fault}" for code in code_of(document) if (fault := fault_of(code))]
    assert faults == []


@pytest.mark.parametrize(
    "invented",
    [
        "plan.queries.nothing",
        "plan.nothing",
        "plan.models.Activity.nothing",
        "access.rules.AccessReason.NOTHING",
        "src/dap/plan/nothing.py",
        "plan/_nothing.html",
        "nothing.py",
        "./dap nothing",
        "./dap demo --nothing",
        "./dap test tests/nothing",
        ".venv/bin/python -m dap.config.nothing",
        "@nothing",
        "ds.nothing",
        "nothing(request)",
        "/p/<person>/nothing",
        "/nothing/…",
        "FULLFORT_NOT",
    ],
)
def test_an_invented_name_is_found_out(invented: str) -> None:
    assert fault_of(invented) != ""


def links_of(document: str) -> Iterator[tuple[str, str]]:
    """The links and pictures of a document: where to, and which heading."""
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", text_of(document), flags=re.S | re.M)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, heading = target.partition("#")
        yield path, heading


def headings_of(document: Path) -> set[str]:
    """The anchors of a document's headings, as the common hosts make them."""
    lines = document.read_text(encoding="utf-8").splitlines()
    titles = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    broken = []
    for path, heading in links_of(document):
        if re.match(r"(https?|mailto):", path):
            continue
        target = (ROOT / document).parent / path if path else ROOT / document
        if not target.exists() or (heading and heading not in headings_of(target)):
            broken.append(f"{path}#{heading}")
    assert broken == []


def test_readme_is_one_screen() -> None:
    assert len(text_of("README.md").splitlines()) <= 60


def test_readme_names_five_files_to_read_and_each_exists() -> None:
    part = text_of("README.md").partition("## Five files to read first")[2].partition("\n## ")[0]
    files = re.findall(r"^\d\. \[[^]]+\]\(([^)]+)\)", part, re.M)
    assert [(ROOT / path).is_file() for path in files] == [True] * 5


def test_readme_says_whom_one_can_log_in_as() -> None:
    """The two in bold are personas of the demo, and the second is the counsellor of the first."""
    citizen, counsellor = re.findall(r"\*\*([^*]+)\*\*", text_of("README.md"))
    demo = yaml.safe_load((SOURCE / "demo/personas.yaml").read_text(encoding="utf-8"))
    followed_up_by = {
        f"{one['person']['first_name']} {one['person']['last_name']}": one.get("counsellor")
        for one in demo["personas"]
    }
    staff = {
        f"{one['first_name']} {one['last_name']}": one["ident"]
        for office in demo["offices"]
        for one in office["counsellors"]
    }
    assert followed_up_by[citizen] == staff[counsellor]


def test_readme_gives_the_address_that_the_demo_has() -> None:
    assert f"http://127.0.0.1:{commands.DEFAULT_PORT}/" in text_of("README.md")


def test_readme_shows_the_board_in_a_light_picture() -> None:
    picture = (ROOT / "docs/board.png").read_bytes()
    width, height = struct.unpack(">II", picture[16:24])
    assert picture.startswith(b"\x89PNG")
    assert (width, height >= 600, len(picture) <= 200_000) == (1366, True, True)


def test_every_decision_is_listed() -> None:
    written = {path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md")}
    assert {path for path, _ in links_of("docs/adr/README.md")} == written


def test_rooms_stand_in_the_order_of_the_import_contract() -> None:
    part = text_of("docs/start-here.md").partition("## The rooms")[2].partition("\n## ")[0]
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    told = [f"dap.{room}" for room in re.findall(r"^\| `(\w+)/`", part, re.M)]
    assert told == list(reversed(layers))


def test_what_is_stored_and_every_list_of_codes_has_its_word_in_the_glossary() -> None:
    told = set(code_of("docs/glossary.md"))
    missing = [
        f"{room}.{kind}.{name}"
        for kind in ("models", "enums")
        for room in (file.parent.name for file in sorted(SOURCE.glob(f"*/{kind}.py")))
        for name, node in (_module(f"{room}.{kind}") or {}).items()
        if isinstance(node, ast.ClassDef) and not _abstract(node) and f"{room}.{kind}.{name}" not in told
    ]
    assert missing == []


def _abstract(node: ast.ClassDef) -> bool:
    """A base of others: an abstract model, or the base of all enums."""
    return "abstract = True" in ast.unparse(node) or node.name == "Labelled"
