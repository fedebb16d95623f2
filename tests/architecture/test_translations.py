"""Every string that people see stands in every catalogue, with the same placeholders."""

import re

import pytest
from babel.messages.catalog import Catalog, Message
from jinja2 import Environment

from dap.access.enums import Permission, Role
from dap.access.rules import AccessReason
from dap.config.translations import LANGUAGES, PACKAGE, extract, read
from dap.core.enums import Labelled
from dap.core.reason import Reason

from .test_pages import environment

pytestmark = pytest.mark.feature("U3")

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}|%%|%[sd]")
TAG = re.compile(r"</?[a-z][^>]*>")
SAME_IN_ALL = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
"""Languages are called what their speakers call them."""


@pytest.fixture(scope="module")
def source() -> Catalog:
    return extract()


def strings(message: Message, attribute: str) -> tuple[str, ...]:
    """The forms of a message: one, or singular and plural."""
    value = getattr(message, attribute)
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def faults(wanted: Message, kept: Message | None) -> str:
    """What is wrong with a translation, "" when nothing is."""
    if kept is None or not all(strings(kept, "string")):
        return "missing"
    if kept.fuzzy:
        return "fuzzy"
    if len(strings(kept, "string")) != (2 if wanted.pluralizable else 1):
        return "plural forms"
    for translated in strings(kept, "string"):
        for pattern in (PLACEHOLDER, TAG):
            allowed = [sorted(pattern.findall(text)) for text in strings(wanted, "id")]
            if sorted(pattern.findall(translated)) not in allowed:
                return f"other placeholders than {allowed}"
        original = strings(wanted, "id")[0]
        if (translated[:1].isspace(), translated[-1:].isspace()) != (
            original[:1].isspace(),
            original[-1:].isspace(),
        ):
            return "other spaces at the ends"
    return ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str, source: Catalog) -> None:
    catalog = read(language)
    wrong = {}
    for message in source:
        if message.id:
            fault = faults(message, catalog.get(strings(message, "id")[0], message.context))
            if fault:
                wrong[strings(message, "id")[0]] = fault
    assert wrong == {}, f"{language}: run python -m dap.config.translations, then fill in what is empty"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_holds_what_nobody_sees_any_more(language: str, source: Catalog) -> None:
    wanted = {(strings(m, "id"), m.context) for m in source}
    catalog = read(language)
    assert [m.id for m in catalog if m.id and (strings(m, "id"), m.context) not in wanted] == []
    assert list(catalog.obsolete) == []
    assert catalog.plural_expr == "(n != 1)"


@pytest.mark.parametrize(
    ("translated", "fault"),
    [
        ("", "missing"),
        ("%(day)s today", ""),
        ("today", "other placeholders than"),
        ("%(dag)s today", "other placeholders than"),
        ("%(day)s <b>today</b>", "other placeholders than"),
        (" %(day)s today", "other spaces"),
    ],
)
def test_the_check_finds_a_bad_translation(translated: str, fault: str) -> None:
    assert faults(Message("%(day)s i dag"), Message("%(day)s i dag", translated)).startswith(fault)
    assert bool(faults(Message("%(day)s i dag"), Message("%(day)s i dag", translated))) == bool(fault)
    assert faults(Message("i dag"), None) == "missing"
    assert faults(Message("i dag"), Message("i dag", "today", flags=["fuzzy"])) == "fuzzy"


def every(base: type) -> list[type]:
    return [kind for child in base.__subclasses__() for kind in (child, *every(child))]


def test_every_label_and_every_reason_can_be_translated(source: Catalog) -> None:
    """A label that is not marked with N_ would be shown in bokmål to everybody."""
    environment()  # everything is imported by now
    known = {text for message in source for text in strings(message, "id")}
    labels = {member.label for kind in every(Labelled) for member in kind}  # type: ignore[attr-defined]
    sentences = {reason.sentence for kind in every(Reason) for reason in kind}  # type: ignore[attr-defined]
    assert {*(r.label for r in Role), *(p.label for p in Permission)} <= labels
    assert AccessReason.NOT_FOUND.sentence in sentences
    assert sorted(labels - known) == []
    assert sorted(sentences - known) == []


ATTRIBUTES = {"disabled", "hidden", "checked", "selected", "required", "multiple", "open"}


def words_outside(source: str, env: Environment) -> list[str]:
    """Words of a template that stand outside its marks: they would be the same in every language."""
    shown, trans = "", False
    statement: list[str] = []
    for _, kind, value in env.lexer.tokeniter(source, None):
        if kind == "block_begin":
            statement = []
        elif kind == "name":
            statement.append(value)
        elif kind == "block_end":
            if statement[:1] in (["trans"], ["endtrans"]):
                trans = statement[0] == "trans"
        elif kind == "data" and not trans:
            shown += value
        elif kind == "variable_begin":
            shown += " 0 "
    text = re.sub(r"<!--.*?-->|<!doctype[^>]*>|<(\"[^\"]*\"|'[^']*'|[^>\"'])*>", " ", shown, flags=re.DOTALL)
    text = re.sub(r"[\w-]+=\"[^\"]*\"?", " ", text)  # attributes of a tag that begins elsewhere
    told = [part for part in text.split() if not re.match(r"(dap|aksel)-|[a-z]+-[a-z-]+\Z", part)]
    return [word for word in re.findall(r"[^\W\d_]{3,}", " ".join(told)) if word not in ATTRIBUTES]


TEMPLATES = sorted(PACKAGE.glob("*/jinja2/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_template_stands_outside_its_marks(path) -> None:
    words = words_outside(path.read_text(encoding="utf-8"), environment())
    assert [word for word in words if word not in SAME_IN_ALL.values()] == []


def test_the_check_finds_a_word_outside_a_mark() -> None:
    env = environment()
    assert words_outside('<p class="dap-card" title="x">{{ _("Hei") }} du der</p>', env) == ["der"]
    assert words_outside("{% trans %}Hei du der{% endtrans %}{# en note #} 12", env) == []
