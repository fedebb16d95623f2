"""What our templates emit exists in the stylesheets that we ship, and keeps to the security policy."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from dap.design import vendor
from tests.design.conftest import DESIGN

DAP_CSS = (DESIGN / "static/design/dap.css").read_text(encoding="utf-8")
AKSEL_CSS = (DESIGN / "static/vendor/aksel.css").read_text(encoding="utf-8")
SOURCES = sorted(DESIGN.parent.glob("*/jinja2/**/*.html"))  # of every room
# Set by htmx while it works, or by our script; not in the markup that the server sends.
CLASSES = set(re.findall(r"\.(-?[_a-zA-Z][\w-]*)", AKSEL_CSS + DAP_CSS)) | {"system"}

Element = tuple[str, dict[str, str]]


class _Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"the same attribute twice in <{tag}> {attrs}"
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture(scope="module")
def elements(gallery_html: str) -> list[Element]:
    return _Elements(gallery_html).found


def test_every_class_in_the_gallery_exists(elements: list[Element]) -> None:
    used = {name for _, attrs in elements for name in attrs.get("class", "").split()}
    assert used - CLASSES == set()
    assert len(used) > 150  # the gallery does draw the components


@pytest.mark.parametrize(
    "source", [*SOURCES, DESIGN / "static/design/dap.js"], ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_every_class_in_the_sources_exists(source: Path) -> None:
    """Also in branches that the gallery does not take; a name cut short by an expression must begin one."""
    for name in re.findall(r"(?<![\w-])(?:aksel|dap)-[\w-]+", source.read_text(encoding="utf-8")):
        if name.endswith("-"):
            assert any(known.startswith(name) for known in CLASSES), name
        else:
            assert name in CLASSES, name


@pytest.mark.parametrize(
    ("macro", "argument", "values", "given"),
    [
        ("heading", "size", ["xlarge", "large", "medium", "small", "xsmall"], {"text": "x"}),
        ("loader", "size", ["xsmall", "small", "medium", "large", "xlarge", "2xlarge", "3xlarge"], {}),
        ("modal", "size", ["small", "medium"], {"id": "x", "title": "x", "caller": lambda: "x"}),
        ("read_more", "size", ["small", "medium", "large"], {"title": "x", "caller": lambda: "x"}),
        ("chips", "size", ["small", "medium"], {"label": "x", "items": []}),
        ("chat_bubble", "side", ["left", "right"], {"name": "x", "time": "x", "text": "x"}),
        ("button", "size", ["medium", "small", "xsmall"], {"label": "x", "loading": True}),
        ("tag", "size", ["medium", "small", "xsmall"], {"label": "x"}),
        (
            "table",
            "size",
            ["large", "medium", "small"],
            {"caption": "x", "columns": [], "caller": lambda: ""},
        ),
        ("pagination", "size", ["medium", "small", "xsmall"], {"page": 2, "pages": 9, "href": str}),
    ],
)
def test_every_size_has_its_classes(
    ds: Any, macro: str, argument: str, values: list[str], given: dict[str, Any]
) -> None:
    for value in values:
        html = str(getattr(ds, macro)(**given, **{argument: value}))
        used = {name for _, attrs in _Elements(html).found for name in attrs.get("class", "").split()}
        assert used - CLASSES == set(), value


def test_every_token_exists() -> None:
    known = set(re.findall(r"(--ax-[\w-]+)\s*:", AKSEL_CSS))
    used = set(re.findall(r"--ax-[\w-]+", DAP_CSS + "".join(path.read_text("utf-8") for path in SOURCES)))
    assert used - known == set()
    assert len(used) > 30


@pytest.mark.parametrize("attribute", ["data-variant", "data-color"])
def test_every_data_value_exists(elements: list[Element], attribute: str) -> None:
    known = set(re.findall(rf'\[{attribute}="?([\w-]+)"?\]', AKSEL_CSS))
    used = {attrs[attribute] for _, attrs in elements if attribute in attrs}
    assert used
    assert used - known == set()


def test_nothing_that_the_policy_forbids(elements: list[Element]) -> None:
    for tag, attrs in elements:
        assert not [name for name in attrs if name == "style" or name.startswith(("on", "hx-on"))], attrs
        assert not [
            value for value in attrs.values() if value.strip().startswith(("js:", "javascript:"))
        ] or (
            attrs.get("value") == "javascript:alert(1)"  # what somebody typed, shown back in its field
        )
        assert tag != "style"
        if tag == "script":
            assert attrs["src"].startswith("/static/")
            assert attrs["nonce"] == "abc123"


def test_our_stylesheet_is_small_and_has_tokens_only() -> None:
    assert DAP_CSS.count("\n") < 600
    code = re.sub(r"/\*.*?\*/", "", DAP_CSS, flags=re.DOTALL)
    colours = re.findall(
        r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|color-mix)\(|:[^;{}]*\b(?:white|black|gray|grey|red|"
        r"green|blue|orange|yellow|purple)\b",
        code,
        flags=re.IGNORECASE,
    )
    assert colours == []


def _gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_first_load_is_under_100_kb() -> None:
    static = DESIGN / "static"
    files = [static / "vendor" / name for name in ("aksel.css", "htmx.min.js", "Sortable.min.js")]
    assert sum(map(_gzipped, [*files, *(static / "design").glob("*.*s")])) < 100_000


def _ids(elements: list[Element]) -> Iterator[str]:
    return (attrs["id"] for _, attrs in elements if "id" in attrs)


def test_ids_are_unique_and_references_meet_them(elements: list[Element]) -> None:
    ids = list(_ids(elements))
    assert len(ids) == len(set(ids)), sorted(name for name in ids if ids.count(name) > 1)
    for _, attrs in elements:
        for attribute in ("for", "aria-describedby", "aria-labelledby", "data-opens", "data-counts"):
            for target in attrs.get(attribute, "").split():
                assert target in ids, f"{attribute}={target}"


def test_the_vendor_build_is_complete(tmp_path: Path) -> None:
    root = DESIGN.parents[2]
    vendor.build(root / "node_modules", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*vendor.FILES, "aksel.css", "icons.json"}
    assert set(json.loads((tmp_path / "icons.json").read_text())) == vendor.ICONS
    built = (tmp_path / "aksel.css").read_text(encoding="utf-8")
    assert built == AKSEL_CSS, "static/vendor is old: build it again"
    assert "http" not in built


def test_a_stylesheet_without_a_dark_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="theming has changed"):
        vendor.system_theme(":root{color:var(--ax-text-neutral)}")
