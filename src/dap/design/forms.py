"""Form fields that read what a person typed and are drawn by the design system's macros.

A page writes `{{ ds.error_summary(form) }}` and `{{ ds.field(form["title"]) }}`; the field's `kind` picks the
macro. The sentences are ours, not Django's; a label stands in them so that the error summary can be read
alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext

from dap.core.reason import Refused
from dap.core.sentences import refusal_sentence
from dap.core.text import N_

Option = tuple[str, str] | tuple[str, str, str]

# Sentences with the label; those marked "formatted" are run through `%` once more by Django.
_SENTENCES = {
    "required": N_("Fyll ut «%(label)s»."),
    "required_choice": N_("Velg i «%(label)s»."),
    "required_consent": N_("Kryss av for «%(label)s»."),
    "invalid_choice": N_("Velg et av alternativene i «%(label)s»."),
    "max_length": N_("«%(label)s» kan ha høyst %(max)s tegn. Nå er det %(now)s."),
    "null_characters_not_allowed": N_("«%(label)s» har et tegn som ikke kan lagres. Skriv det på nytt."),
    "invalid_number": N_("Skriv «%(label)s» som et helt tall."),
    "min_value": N_("«%(label)s» må være minst %(limit)s."),
    "max_value": N_("«%(label)s» kan være høyst %(limit)s."),
    "invalid_url": N_("Skriv «%(label)s» som en nettadresse, for eksempel https://www.eksempel.no."),
    "invalid_email": N_("Skriv «%(label)s» som en e-postadresse, for eksempel navn@eksempel.no."),
}


class _Drawn(forms.Field):
    """What every field of ours adds to Django's: the component that draws it, and our sentences."""

    kind: ClassVar[str] = "text"
    input_type = "text"
    sentences: ClassVar[dict[str, str]] = {"required": "required"}
    say_optional = True

    autocomplete: str | None = None
    inputmode: str | None = None
    width: int | None = None
    max_length: int | None = None
    required_message: str | None = None

    def speak(self, label: str) -> None:
        """Put our sentences, in the reader's language, in the place of Django's."""
        for code, key in self.sentences.items():
            self.error_messages[code] = _sentence(key, label)
        if self.required_message:
            self.error_messages["required"] = gettext(self.required_message)


def _sentence(key: str, label: str) -> str:
    if key in {"required", "required_choice", "required_consent"}:
        return gettext(_SENTENCES[key]) % {"label": label}
    # Django formats these once more with the limit and the value, so a percent sign must be doubled.
    return gettext(_SENTENCES[key]) % {
        "label": label.replace("%", "%%"),
        "max": "%(limit_value)s",
        "now": "%(show_value)s",
        "limit": "%(limit_value)s",
    }


class TextField(_Drawn, forms.CharField):
    """One line of text; `width` in characters (5, 10, 20, 30) or None for the whole line."""

    sentences: ClassVar[dict[str, str]] = {
        "required": "required",
        "max_length": "max_length",
        "null_characters_not_allowed": "null_characters_not_allowed",
    }

    def __init__(
        self,
        *,
        autocomplete: str | None = None,
        width: int | None = None,
        required_message: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.autocomplete, self.width, self.required_message = autocomplete, width, required_message

    def to_python(self, value: Any) -> str:
        """Read the text; line ends become one line feed, as the counter on the page counts them."""
        text = super().to_python(value)
        return str(text).replace("\r\n", "\n").replace("\r", "\n")


class TextArea(TextField):
    """Several lines of text; with `max_length` a counter stands under it."""

    kind = "textarea"
    widget = forms.Textarea


class EmailField(TextField):
    """An e-mail address."""

    input_type = "email"
    sentences: ClassVar[dict[str, str]] = {**TextField.sentences, "invalid": "invalid_email"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[validate_email], **kwargs)


class UrlField(TextField):
    """A web address, http or https only; without a scheme it gets https."""

    input_type = "text"
    inputmode = "url"
    sentences: ClassVar[dict[str, str]] = {**TextField.sentences, "invalid": "invalid_url"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[URLValidator(schemes=["http", "https"])], **kwargs)

    def to_python(self, value: Any) -> str:
        """Read the address; `www.eksempel.no` becomes `https://www.eksempel.no`."""
        text = super().to_python(value)
        if text and not re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE):
            text = f"https://{text}"
        return text


class HiddenField(TextField):
    """Something that the page carries along, such as a version."""

    kind = "hidden"
    widget = forms.HiddenInput


class IntegerField(_Drawn, forms.IntegerField):
    """A whole number."""

    inputmode = "numeric"
    sentences: ClassVar[dict[str, str]] = {
        "required": "required",
        "invalid": "invalid_number",
        "min_value": "min_value",
        "max_value": "max_value",
    }

    def __init__(self, *, width: int | None = 5, required_message: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.width, self.required_message = width, required_message


class _Choosing(_Drawn):
    """Options with labels (and descriptions), translated when drawn."""

    sentences: ClassVar[dict[str, str]] = {"required": "required_choice", "invalid_choice": "invalid_choice"}
    descriptions: dict[str, str]
    empty: str | None = None

    def options(self) -> list[Option]:
        """Return the options as the macros take them: (value, label[, description])."""
        rows: list[Option] = [] if self.empty is None else [("", gettext(self.empty))]
        for value, label in self.choices:  # type: ignore[attr-defined]  # from the Django field beside it
            description = self.descriptions.get(str(value))
            text = gettext(str(label))
            rows.append((str(value), text, gettext(description)) if description else (str(value), text))
        return rows


class SelectField(_Choosing, forms.ChoiceField):
    """One of many in a list; `empty` is the first, blank line (None leaves it out)."""

    kind = "select"

    def __init__(
        self,
        *,
        choices: Iterable[tuple[str, str]],
        empty: str | None = N_("Velg"),
        required_message: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(choices=list(choices), **kwargs)
        self.empty, self.required_message, self.descriptions = empty, required_message, {}


class RadioField(_Choosing, forms.ChoiceField):
    """One of a few, all in sight; `descriptions` by value."""

    kind = "radio"
    widget = forms.RadioSelect

    def __init__(
        self,
        *,
        choices: Iterable[tuple[str, str]],
        descriptions: dict[str, str] | None = None,
        required_message: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(choices=list(choices), **kwargs)
        self.required_message, self.descriptions = required_message, descriptions or {}


class CheckboxesField(_Choosing, forms.MultipleChoiceField):
    """Any number of a few; the value is a list."""

    kind = "checkboxes"
    widget = forms.CheckboxSelectMultiple

    def __init__(
        self,
        *,
        choices: Iterable[tuple[str, str]],
        descriptions: dict[str, str] | None = None,
        required_message: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(choices=list(choices), **kwargs)
        self.required_message, self.descriptions = required_message, descriptions or {}


class CheckboxField(_Drawn, forms.BooleanField):
    """Yes or nothing. Not required unless told, as an unticked box is an answer."""

    kind = "checkbox"
    sentences: ClassVar[dict[str, str]] = {"required": "required_consent"}
    say_optional = False

    def __init__(self, *, required: bool = False, required_message: str | None = None, **kwargs: Any) -> None:
        super().__init__(required=required, **kwargs)
        self.required_message = required_message


_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[./\- ]+(?P<month>\d{1,2})[./\- ]+(?P<year>\d{4}|\d{2})")
_DIGITS = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4}|\d{2})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


def read_date(text: str) -> date:
    """Read a date as people write it: 5.3.2026, 05.03.26, 5/3-2026, 05032026, 050326, 2026-03-05.

    Two digits mean a year in this century. Raises ValidationError with a sentence that says what is wrong.
    """
    text = text.strip().rstrip(".")
    found = next((m for m in (p.fullmatch(text) for p in (_ISO, _DAY_FIRST, _DIGITS)) if m), None)
    if not text.isascii() or found is None:
        raise ValidationError(gettext("Skriv datoen som dag, måned og år: dd.mm.åååå."), code="invalid")
    day, month, year = (int(found[part]) for part in ("day", "month", "year"))
    if len(found["year"]) == 2:
        year += 2000
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        sentence = gettext("Året må være mellom %(first)s og %(last)s.")
        raise ValidationError(sentence % {"first": _FIRST_YEAR, "last": _LAST_YEAR}, code="year")
    try:
        return date(year, month, day)
    except ValueError:
        written = f"{day:02}.{month:02}.{year}"
        sentence = gettext("Datoen %(date)s finnes ikke. Sjekk dag og måned.") % {"date": written}
        raise ValidationError(sentence, code="impossible") from None


class DateField(_Drawn):
    """A date as text; the value is a `datetime.date`, or None when left empty."""

    kind = "date"
    widget = forms.TextInput

    def __init__(self, *, required_message: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.required_message = required_message

    def to_python(self, value: Any) -> date | None:
        """Read what was typed. Raises ValidationError (see `read_date`)."""
        if value is None or isinstance(value, date):
            return value
        return read_date(str(value)) if str(value).strip() else None

    @staticmethod
    def as_text(value: date | str | None) -> str:
        """Write a date the way the field's hint says; text that could not be read comes back as it was."""
        return value.strftime("%d.%m.%Y") if isinstance(value, date) else value or ""


class Form(forms.Form):
    """The base of our forms: our sentences, stable ids, and the rows of the error summary."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            # Labels and hints are marked with N_ where the form is written and translated here.
            field.label = gettext(str(field.label)) if field.label else name
            field.help_text = gettext(str(field.help_text)) if field.help_text else ""
            if isinstance(field, _Drawn):
                field.speak(field.label)

    def refuse(self, refused: Refused) -> None:
        """Put a rule's sentence on the field that it names, or on the whole form."""
        self.is_valid()
        field, words = refused.field if refused.field in self.fields else None, refusal_sentence(refused)
        if words not in self.errors.get(field or NON_FIELD_ERRORS, []):
            self.add_error(field, words)

    def error_links(self) -> Sequence[tuple[str, str | None]]:
        """Return (sentence, "#id" of what to focus or None) in the order of the fields."""
        if not self.is_bound:
            return []
        rows: list[tuple[str, str | None]] = [(str(error), None) for error in self.non_field_errors()]
        for name in self.fields:
            bound = self[name]
            kind = getattr(bound.field, "kind", "text")
            if kind == "hidden":
                target = None
            else:
                target = f"#{bound.auto_id}_0" if kind in {"radio", "checkboxes"} else f"#{bound.auto_id}"
            for sentence in map(str, bound.errors):
                # The list is read alone, so a sentence that does not name its field is given the name.
                named = bound.label.endswith("?") or bound.label.lower() in sentence.lower()
                rows.append((sentence if named else f"{bound.label}: {sentence}", target))
        return rows
