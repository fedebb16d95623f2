"""Aksel's icons as inline SVG, by name, from the vendor copy that `vendor.build` makes."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from pathlib import Path

from markupsafe import Markup

_ICONS_FILE = Path(__file__).parent / "static" / "vendor" / "icons.json"


@cache
def _paths() -> dict[str, str]:
    icons: dict[str, str] = json.loads(_ICONS_FILE.read_text(encoding="utf-8"))
    return icons


@cache
def _svg(name: str) -> Markup:
    if name not in _paths():
        raise ValueError(f"unknown icon {name!r}: the list of icons stands in design/vendor.py")
    return Markup(_paths()[name])  # noqa: S704  our own build's file, no user text


@lru_cache(maxsize=2000)  # a page has hundreds, of a few dozen kinds
def icon(name: str, title: str | None = None) -> Markup:
    """Return the icon as inline SVG; hidden from screen readers unless it has a `title`.

    Raises ValueError for a name that is not on the list.
    """
    described = Markup('role="img" aria-label="{}"').format(title) if title else Markup('aria-hidden="true"')
    return Markup(
        '<svg width="1em" height="1em" viewBox="0 0 24 24" fill="none" focusable="false" {}>{}</svg>'
    ).format(described, _svg(name))
