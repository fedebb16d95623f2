"""A component says at once when it is called wrongly, and never lets text become markup."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from dap.design.icons import icon
from dap.design.jinja_globals import COMPONENTS, ds_attrs
from tests.design.conftest import page_context

TEXT = "Tekst"
ITEM = {"label": TEXT, "href": "#", "current": False, "icon": "House"}


def _inside() -> Markup:
    return Markup("<p>inside</p>")


# Each component -> (the arguments it cannot do without, more that it needs to be drawn here).
CALLS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "local_alert": ({"title": TEXT}, {"text": TEXT}),
    "info_card": ({"title": TEXT}, {"text": TEXT}),
    "inline_message": ({"text": TEXT}, {}),
    "board": ({"label": TEXT}, {"caller": _inside}),
    "board_column": ({"id": "x", "title": TEXT, "count": 0}, {"caller": _inside}),
    "board_card": ({"id": "x", "kind": TEXT, "title": TEXT, "href": "#"}, {"text": TEXT, "due": TEXT}),
    "bottom_nav": ({"items": [ITEM]}, {}),
    "button": ({"label": TEXT}, {}),
    "link": ({"label": TEXT, "href": "#"}, {}),
    "panel": ({}, {"caller": _inside, "label": TEXT}),
    "task_card": ({"title": TEXT, "icon_name": "Chat"}, {"text": TEXT}),
    "link_card": ({"title": TEXT, "href": "#"}, {"text": TEXT, "footer": TEXT}),
    "chat_bubble": ({"name": TEXT, "time": TEXT, "text": TEXT}, {"read": TEXT}),
    "checkbox": ({"name": "x", "label": TEXT}, {"description": TEXT, "error": TEXT}),
    "checkbox_group": ({"name": "x", "legend": TEXT, "options": [("a", TEXT, TEXT)]}, {"error": TEXT}),
    "chips": ({"label": TEXT, "items": [{"label": TEXT, "name": "n", "value": TEXT}]}, {}),
    "date_field": ({"name": "x", "label": TEXT}, {"value": TEXT, "error": TEXT}),
    "description_list": ({"rows": [(TEXT, TEXT)]}, {}),
    "error_summary": ({"errors": [(TEXT, "#id_x")]}, {"heading": TEXT}),
    "form": ({"action": "/", "place": TEXT}, {"caller": _inside, "label": TEXT}),
    "guide_panel": ({}, {"caller": _inside}),
    "help_text": ({"title": TEXT, "text": TEXT}, {}),
    "internal_header": ({"title": TEXT, "href": "#"}, {"items": [ITEM], "user": {"label": TEXT}}),
    "loader": ({}, {"title": TEXT}),
    "progress": ({"label": TEXT, "value": 1}, {"text": TEXT}),
    "modal": ({"id": "x", "title": TEXT}, {"caller": _inside, "label": TEXT, "footer": TEXT}),
    "heading": ({"text": TEXT}, {}),
    "page_heading": ({"title": TEXT}, {"text": TEXT, "eyebrow": TEXT}),
    "empty_state": ({"title": TEXT}, {"text": TEXT}),
    "pagination": ({"page": 1, "pages": 3, "href": str}, {"label": TEXT}),
    "radio_group": ({"name": "x", "legend": TEXT, "options": [("a", TEXT, TEXT)]}, {"error": TEXT}),
    "read_more": ({"title": TEXT}, {"caller": _inside}),
    "select": ({"name": "x", "label": TEXT, "options": [("a", TEXT)]}, {"error": TEXT}),
    "table": ({"caption": TEXT, "columns": [{"label": TEXT, "sort_href": "#"}]}, {"caller": _inside}),
    "row": ({}, {"caller": _inside}),
    "cell": ({"text": TEXT}, {}),
    "tabs": ({"label": TEXT, "items": [ITEM]}, {}),
    "tag": ({"label": TEXT}, {}),
    "text_field": ({"name": "x", "label": TEXT}, {"value": TEXT, "description": TEXT, "error": TEXT}),
    "search_field": ({"name": "x", "label": TEXT}, {"value": TEXT}),
    "textarea": ({"name": "x", "label": TEXT}, {"value": TEXT, "maxlength": 9, "error": TEXT}),
}


def _draw(env: Environment, name: str, arguments: dict[str, Any]) -> str:
    """Call the component as a page does, with the page's context."""
    template = env.from_string("{{ component(**arguments) }}")
    component = getattr(env.globals["ds"], name)
    return template.render({**page_context(), "component": component, "arguments": arguments})


def test_every_component_is_tried_here() -> None:
    named = {macro for macros in COMPONENTS.values() for macro in macros}
    assert named - {"field"} == set(CALLS)  # `field` takes a form's field: test_forms


@pytest.mark.parametrize("name", CALLS)
def test_a_component_draws_itself(env: Environment, name: str) -> None:
    required, more = CALLS[name]
    html = _draw(env, name, required | more)
    assert html.strip().startswith("<")
    if "caller" in more:
        assert "<p>inside</p>" in html


@pytest.mark.parametrize(
    ("name", "argument"), [(name, argument) for name, (required, _) in CALLS.items() for argument in required]
)
def test_a_missing_argument_raises(env: Environment, name: str, argument: str) -> None:
    required, more = CALLS[name]
    fewer = {key: value for key, value in (required | more).items() if key != argument}
    with pytest.raises((UndefinedError, ValueError)):
        _draw(env, name, fewer)


def _hostile(value: Any) -> Any:
    """Put markup in the place of every piece of text, however deep."""
    if value == TEXT:
        return '"><script>x</script>'
    if isinstance(value, dict):
        return {key: _hostile(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_hostile, value))
    return value


@pytest.mark.parametrize("name", CALLS)
def test_text_never_becomes_markup(env: Environment, name: str) -> None:
    required, more = CALLS[name]
    assert "<script>" not in _draw(env, name, _hostile(required | more))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("button", {"variant": "big"}),
        ("button", {"color": "pink"}),
        ("button", {"size": "huge"}),
        ("button", {"type": "link"}),
        ("button", {"icon_name": "Unicorn"}),
        ("tag", {"color": "pink"}),
        ("tag", {"variant": "primary"}),
        ("local_alert", {"status": "error"}),
        ("info_card", {"color": "pink"}),
        ("inline_message", {"status": "error"}),
        ("task_card", {"color": "pink"}),
        ("chat_bubble", {"side": "up"}),
        ("chips", {"kind": "round"}),
        ("heading", {"level": 7}),
        ("heading", {"size": "huge"}),
        ("modal", {"size": "huge"}),
        ("form", {"method": "put"}),
        ("text_field", {"type": "date"}),
        ("text_field", {"width": 11}),
        ("internal_header", {"phone": "folded"}),
        ("panel", {"tag": "main"}),
        ("cell", {"align": "middle"}),
        ("progress", {"color": "pink"}),
        ("read_more", {"variant": "strong"}),
        ("description_list", {"layout": "grid"}),
    ],
)
def test_an_unknown_choice_raises(env: Environment, name: str, wrong: dict[str, Any]) -> None:
    required, more = CALLS[name]
    with pytest.raises(ValueError, match=r"is not one of|unknown icon|level"):
        _draw(env, name, required | more | wrong)


def test_a_misspelt_component_raises(env: Environment) -> None:
    with pytest.raises(UndefinedError):
        env.from_string("{{ ds.buton('Lagre') }}").render()


def test_an_icon_button_needs_words(env: Environment) -> None:
    with pytest.raises(ValueError, match="is None"):
        _draw(env, "button", {"icon_name": "Trash"})
    assert 'aria-label="Slett"' in _draw(env, "button", {"icon_name": "Trash", "title": "Slett"})


def test_a_post_carries_its_key_and_csrf_field_and_a_get_does_not(env: Environment) -> None:
    post = _draw(env, "form", {"action": "/mål", "place": "plan.mål", "caller": _inside})
    assert 'name="csrfmiddlewaretoken" value="t0ken"' in post
    assert '<input type="hidden" name="_form" value="key-of-plan.mål">' in post
    assert "hx-" not in post
    get = _draw(env, "form", {"action": "/søk", "method": "get", "caller": _inside})
    assert "t0ken" not in get
    assert "_form" not in get


def test_a_form_with_a_target_is_sent_by_htmx(env: Environment) -> None:
    html = _draw(env, "form", {"action": "/mål", "place": "p", "target": "#mål", "caller": _inside})
    assert 'action="/mål" method="post"' in html
    assert 'hx-post="/mål" hx-target="#mål" hx-swap="outerHTML"' in html


@pytest.mark.parametrize(
    "attribute",
    [{"style": "color: red"}, {"onclick": "x()"}, {"hx-on:click": "x()"}, {"hx-vals": "js:{a: 1}"},
     {"href": " JavaScript:x()"}, {"a b": "x"}, {'x"': "y"}],
)  # fmt: skip
def test_attributes_that_the_policy_forbids_raise(attribute: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"is not allowed|has a script value"):
        ds_attrs(attribute)


def test_attributes_are_escaped_and_empty_ones_left_out() -> None:
    written = ds_attrs({"id": 'a"b', "hidden": True, "title": None, "checked": False, "hx-get": "/x?a=1&b=2"})
    assert written == ' id="a&#34;b" hidden hx-get="/x?a=1&amp;b=2"'


def test_an_icon_is_hidden_unless_it_has_a_title() -> None:
    assert 'aria-hidden="true"' in icon("Calendar")
    assert 'role="img" aria-label="Møte &amp; tid"' in icon("Calendar", "Møte & tid")
    with pytest.raises(ValueError, match="unknown icon"):
        icon("../../etc/passwd")
