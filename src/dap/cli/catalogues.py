"""Compile translation catalogues: `python catalogues.py FILE.po …` writes each FILE.mo beside it."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogue(source: Path) -> Path:
    """Write the `.mo` of `source` and return its path; all or nothing. Raises ValueError on bad syntax."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    target = source.with_suffix(".mo")
    making = target.with_suffix(".mo.new")
    with making.open("wb") as output:
        write_mo(output, catalogue)
    making.rename(target)
    return target


if __name__ == "__main__":
    for name in sys.argv[1:]:
        compile_catalogue(Path(name))
