"""The catalogues: `python -m dap.config.translations` brings nynorsk and English up to date with the source.

Source strings are bokmål. Django's own makemessages does not see Jinja's blocks, so Babel extracts.
"""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
PACKAGE = Path(__file__).resolve().parents[1]
LANGUAGES = ("nn", "en")
_METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**/jinja2/**.html", "jinja2")]
_OPTIONS = {"**/jinja2/**.html": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true"}}
_KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def path_of(language: str) -> Path:
    """The catalogue of a language."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def extract() -> Catalog:
    """Every string of the source that people may see, with the files where it stands."""
    catalog = Catalog(project="dap", charset="utf-8")
    for filename, _, message, comments, context in extract_from_dir(
        PACKAGE, _METHODS, _OPTIONS, keywords=_KEYWORDS
    ):
        catalog.add(message, locations=[(filename, 0)], auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    """A language's catalogue as it stands; an empty one before the first time."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, domain="django", project="dap", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def update() -> None:
    """Add new strings without a translation, take away those that are gone, keep the rest."""
    source = extract()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(source, no_fuzzy_matching=True, update_header_comment=False)
        catalog.obsolete.clear()
        catalog.fuzzy = False
        catalog.creation_date = catalog.revision_date = _NO_DATE  # git knows when; a new date is no change
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=100, include_lineno=False, sort_output=True, omit_header=False)
        missing = sum(1 for message in catalog if message.id and not message.string)
        print(f"{language}: {len(catalog)} strings, {missing} to translate")


if __name__ == "__main__":
    update()
