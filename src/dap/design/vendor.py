"""What we take from the npm packages, in one place: which files, which parts of Aksel, which icons.

Standard library only: the `dap` script runs this file by path before anything is installed. It builds
`static/vendor/` (not in git) from `node_modules`:

    aksel.css       the parts of Aksel's stylesheet that our macros use, without its font (a CDN) and
                    without what needs a style attribute, plus a `system` theme (see `system_theme`)
    icons.json      the icons of `ICONS`, name -> inner SVG
    *.woff2, *.js   copied as they are
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "Sortable.min.js": "sortablejs/Sortable.min.js",
    "source-sans-3-latin-wght-normal.woff2": (
        "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2"
    ),
    "source-sans-3-latin-ext-wght-normal.woff2": (
        "@fontsource-variable/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2"
    ),
}

# Order matters only for reading: every part states the whole order of Aksel's cascade layers itself.
AKSEL_PARTS = (
    *(f"global/{part}" for part in ("reset", "tokens", "baseline", "print")),
    *(
        f"component/{part}"
        for part in (
            "typography", "button", "loader", "form", "alert", "chat", "chips", "guidepanel", "helptext",
            "inlinemessage", "internalheader", "link", "linkanchor", "linkcard", "modal", "pagination",
            "popover", "progressbar", "readmore", "table", "tabs", "tag",
        )
    ),
)  # fmt: skip

_ICON_NAMES = """
    ArrowLeft ArrowRight ArrowUndo ArrowsCirclepath ArrowsUpDown Bandage Bell Briefcase BriefcaseClock
    Buildings2 BulletList Calendar Chat ChatElipsis ChatExclamationmark Checkmark CheckmarkCircle
    CheckmarkCircleFill ChevronDown ChevronLeft ChevronRight Clock ClockDashed Cog Compass DocPencil
    DragVertical EnvelopeClosed ExclamationmarkTriangle ExclamationmarkTriangleFill ExternalLink Eye
    FileText Files Filter FingerButton FlagCross Globe Handshake HouseHeart House InformationSquare
    InformationSquareFill Language Leave LightBulb Link LocationPin MagnifyingGlass MenuElipsisVertical
    MenuHamburger Monitor Moon NumberList PadlockLocked Paperplane PaperplaneFill Pencil PencilWriting
    Person PersonChat PersonCircle PersonGroup Phone Plus PrinterSmall QuestionmarkCircle
    QuestionmarkCircleFill SortDown SortUp Star Stethoscope Sun Table Tasklist TasklistStart ThumbUp
    Timeline Trash TrendUp Video XMark XMarkOctagon XMarkOctagonFill
"""
ICONS = frozenset(_ICON_NAMES.split())

_BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")


def system_theme(css: str) -> str:
    """Repeat the rules of `.dark` for `.system` under a media query.

    Aksel knows the classes `light` and `dark` only and leaves "follow the system" to a script, which
    flashes. With the same tokens under `prefers-color-scheme` the server writes the class and no script
    is needed. Theme rules are flat, so a pattern is enough; the test of the theme in the browser holds it.
    """
    rules = [
        f".system{{{body}}}"
        for selectors, body in _BLOCK.findall(css)
        if ".dark" in (selector.strip() for selector in selectors.split(","))
        and ":root" not in (selector.strip() for selector in selectors.split(","))
    ]
    if not rules:
        raise ValueError("Aksel's stylesheet has no .dark rules: its theming has changed")
    return f"@layer aksel.baseline{{@media screen and (prefers-color-scheme:dark){{{''.join(rules)}}}}}"


def build_css(dist: Path) -> str:
    """Join the parts of Aksel's `dist` folder that we use and add the `system` theme."""
    css = "".join((dist / f"{part}.min.css").read_text(encoding="utf-8") for part in AKSEL_PARTS)
    if "://" in css:
        raise ValueError("Aksel's stylesheet names an address: our pages load nothing from elsewhere")
    return css + system_theme(css)


def build_icons(folder: Path) -> dict[str, str]:
    """Read the icons of `ICONS`; return name -> what stands between `<svg …>` and `</svg>`."""
    icons = {}
    for name in sorted(ICONS):
        svg = (folder / f"{name}.svg").read_text(encoding="utf-8")
        icons[name] = re.sub(r"\s*<svg[^>]*>\s*|\s*</svg>\s*", "", svg)
    return icons


def build(node_modules: Path, target: Path) -> None:
    """Fill `target` (static/vendor) from `node_modules`. Raises FileNotFoundError when a part is missing."""
    target.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(node_modules / source, target / name)
    aksel = build_css(node_modules / "@navikt/ds-css/dist")
    (target / "aksel.css").write_text(aksel, encoding="utf-8")
    icons = build_icons(node_modules / "@navikt/aksel-icons/dist/svg")
    (target / "icons.json").write_text(json.dumps(icons), encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
