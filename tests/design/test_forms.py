"""What people type is read kindly, and what is wrong is said in a sentence beside the field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from jinja2 import Environment

from dap.design import forms


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("05.03.2026", date(2026, 3, 5)),
        ("5.3.2026", date(2026, 3, 5)),
        ("5.3.26", date(2026, 3, 5)),
        ("05.03.26", date(2026, 3, 5)),
        ("5.3.2026.", date(2026, 3, 5)),
        ("5/3-2026", date(2026, 3, 5)),
        ("05/03/2026", date(2026, 3, 5)),
        ("5 3 2026", date(2026, 3, 5)),
        ("5. 3. 2026", date(2026, 3, 5)),
        ("05-03-2026", date(2026, 3, 5)),
        ("05032026", date(2026, 3, 5)),
        ("050326", date(2026, 3, 5)),
        ("2026-03-05", date(2026, 3, 5)),
        ("  05.03.2026  ", date(2026, 3, 5)),
        ("29.02.2028", date(2028, 2, 29)),
        ("31.12.1999", date(1999, 12, 31)),
    ],
)
def test_dates_as_people_write_them(typed: str, read: date) -> None:
    assert forms.read_date(typed) == read


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31.02.2026", "Datoen 31.02.2026 finnes ikke. Sjekk dag og måned."),
        ("29.2.27", "Datoen 29.02.2027 finnes ikke. Sjekk dag og måned."),
        ("12.13.2026", "Datoen 12.13.2026 finnes ikke. Sjekk dag og måned."),
        ("0.1.2026", "Datoen 00.01.2026 finnes ikke. Sjekk dag og måned."),
        ("2026-02-30", "Datoen 30.02.2026 finnes ikke. Sjekk dag og måned."),
        ("01.01.1066", "Året må være mellom 1900 og 2100."),
        ("01.01.9999", "Året må være mellom 1900 og 2100."),
        ("i morgen", "Skriv datoen som dag, måned og år: dd.mm.åååå."),
        ("5.3", "Skriv datoen som dag, måned og år: dd.mm.åååå."),
        ("5.3.126", "Skriv datoen som dag, måned og år: dd.mm.åååå."),
        ("1234567", "Skriv datoen som dag, måned og år: dd.mm.åååå."),
        ("٠٥.٠٣.٢٠٢٦", "Skriv datoen som dag, måned og år: dd.mm.åååå."),
        ("<b>5.3.26</b>", "Skriv datoen som dag, måned og år: dd.mm.åååå."),
        ("9" * 100_000, "Skriv datoen som dag, måned og år: dd.mm.åååå."),
    ],
)
def test_dates_that_are_none(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        forms.read_date(typed)
    assert caught.value.messages == [sentence]


class _ActivityForm(forms.Form):
    title = forms.TextField(label="Tittel", max_length=10, required_message="Gi aktiviteten en tittel.")
    start = forms.DateField(label="Fra dato")
    end = forms.DateField(label="Til dato", required=False)
    link = forms.UrlField(label="Lenke", required=False)
    mail = forms.EmailField(label="E-post", required=False)
    text = forms.TextArea(label="Tekst (100 % din)", max_length=5, required=False)
    count = forms.IntegerField(label="Antall", min_value=1, max_value=50, required=False)
    kind = forms.SelectField(label="Type", choices=[("a", "A"), ("b", "B")], required=False)
    status = forms.RadioField(label="Status", choices=[("a", "A"), ("b", "B")])
    help = forms.CheckboxesField(label="Hjelp", choices=[("a", "A"), ("b", "B")], required=False)
    sure = forms.CheckboxField(label="Jeg er sikker", required=True)
    version = forms.HiddenField()


GOOD = {"title": "Kurs", "start": "5.3.26", "status": "a", "sure": "on", "version": "7"}


def _errors(**changes: Any) -> dict[str, list[str]]:
    form = _ActivityForm(GOOD | changes)
    return {name: list(map(str, errors)) for name, errors in form.errors.items()}


def test_a_good_form_gives_clean_values() -> None:
    form = _ActivityForm(GOOD | {"text": "a\r\nb", "link": "www.eksempel.no", "count": "3", "help": ["b"]})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "title": "Kurs", "start": date(2026, 3, 5), "end": None, "link": "https://www.eksempel.no",
        "mail": "",
        "text": "a\nb", "count": 3, "kind": "", "status": "a", "help": ["b"], "sure": True, "version": "7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "   ", "Gi aktiviteten en tittel."),
        ("title", "x" * 11, "«Tittel» kan ha høyst 10 tegn. Nå er det 11."),
        ("title", "a\x00b", "«Tittel» har et tegn som ikke kan lagres. Skriv det på nytt."),
        ("start", "", "Fyll ut «Fra dato»."),
        ("start", "31.02.2026", "Datoen 31.02.2026 finnes ikke. Sjekk dag og måned."),
        (
            "link",
            "javascript:alert(1)",
            "Skriv «Lenke» som en nettadresse, for eksempel https://www.eksempel.no.",
        ),
        (
            "link",
            "ftp://eksempel.no",
            "Skriv «Lenke» som en nettadresse, for eksempel https://www.eksempel.no.",
        ),
        ("mail", "meg", "Skriv «E-post» som en e-postadresse, for eksempel navn@eksempel.no."),
        ("text", "123456", "«Tekst (100 % din)» kan ha høyst 5 tegn. Nå er det 6."),
        ("count", "mange", "Skriv «Antall» som et helt tall."),
        ("count", "0", "«Antall» må være minst 1."),
        ("count", "51", "«Antall» kan være høyst 50."),
        ("kind", "c", "Velg et av alternativene i «Type»."),
        ("status", "", "Velg i «Status»."),
        ("help", ["a", "z"], "Velg et av alternativene i «Hjelp»."),
        ("sure", "", "Kryss av for «Jeg er sikker»."),
    ],
)
def test_each_mistake_has_its_sentence(field: str, value: Any, sentence: str) -> None:
    assert _errors(**{field: value}) == {field: [sentence]}


def test_a_line_end_counts_as_one_character() -> None:
    assert _errors(text="a\r\nb\r\nc") == {}


def test_the_error_summary_links_to_each_field_in_order_and_names_it(env: Environment) -> None:
    form = _ActivityForm(GOOD | {"title": "", "start": "31.02.2026", "status": ""})
    form.add_error(None, "Til dato kan ikke være før fra dato.")
    assert form.error_links() == [
        ("Til dato kan ikke være før fra dato.", None),
        ("Gi aktiviteten en tittel.", "#id_title"),
        ("Fra dato: Datoen 31.02.2026 finnes ikke. Sjekk dag og måned.", "#id_start"),
        ("Velg i «Status».", "#id_status_0"),
    ]
    html = env.from_string("{{ ds.error_summary(form) }}").render(form=form)
    assert 'tabindex="-1"' in html
    assert '<a class="aksel-link" href="#id_start">' in html


def test_no_errors_no_summary(env: Environment) -> None:
    template = env.from_string("{{ ds.error_summary(form) }}")
    assert template.render(form=_ActivityForm(GOOD)).strip() == ""
    assert template.render(form=_ActivityForm()).strip() == ""


def _field(env: Environment, form: forms.Form, name: str) -> str:
    return env.from_string("{{ ds.field(form[name]) }}").render(form=form, name=name)


def test_a_field_says_what_is_wrong_and_keeps_what_was_typed(env: Environment) -> None:
    html = _field(env, _ActivityForm(GOOD | {"start": "31.02.2026"}), "start")
    assert 'value="31.02.2026"' in html
    assert 'aria-describedby="id_start-error id_start-description" aria-invalid="true"' in html
    assert "finnes ikke" in html


def test_a_field_without_mistakes_is_not_called_invalid(env: Environment) -> None:
    html = _field(env, _ActivityForm(initial={"start": date(2026, 3, 5)}), "start")
    assert 'value="05.03.2026"' in html
    assert "aria-invalid" not in html
    assert "(valgfritt)" not in html


@pytest.mark.parametrize("name", ["end", "link", "text", "count", "kind", "help"])
def test_an_optional_field_says_so(env: Environment, name: str) -> None:
    assert "(valgfritt)" in _field(env, _ActivityForm(), name)


@pytest.mark.parametrize("name", list(_ActivityForm.base_fields))
def test_every_kind_of_field_draws_its_control_with_a_name_and_an_id(env: Environment, name: str) -> None:
    html = _field(env, _ActivityForm(GOOD), name)
    assert f'name="{name}"' in html
    assert f'id="id_{name}' in html


def test_choices_are_kept(env: Environment) -> None:
    form = _ActivityForm(GOOD | {"kind": "b", "status": "b", "help": ["b"]})
    assert '<option value="b" selected>' in _field(env, form, "kind")
    assert 'value="b" class="aksel-radio__input" checked' in _field(env, form, "status")
    assert _field(env, form, "help").count(" checked") == 1
    assert " checked" in _field(env, form, "sure")


def test_a_prefix_keeps_two_forms_apart(env: Environment) -> None:
    form = _ActivityForm(prefix="ny")
    assert 'id="id_ny-title" name="ny-title"' in _field(env, form, "title")
