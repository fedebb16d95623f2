"""What every page has, and what none may have: the rules of the house for HTML."""

import re
from collections import Counter

import pytest
from django.template import engines
from django.urls import reverse
from jinja2 import Environment, StrictUndefined, UndefinedError

from .conftest import Visit
from .routes_table import ROUTES
from .tree import Node, parse
from .world import World, browser, token

SCRIPT_WORDS = re.compile(r"^\s*(javascript|js|vbscript|data):", re.IGNORECASE)
EVENT = re.compile(r"on[a-z]+\Z|(data-)?hx-on|hx-vals-js|hx-vars")


def faults(page: Node) -> list[str]:
    """What is wrong with a page or a fragment, whatever it is about."""
    found = []
    ids = Counter(node.attrs["id"] for node in page.all() if "id" in node.attrs)
    found += [f"id {id} stands {times} times" for id, times in ids.items() if times > 1]
    for node in page.all():
        name = f"<{node.tag} {node.attrs.get('id') or node.attrs.get('class', '')}>"
        for attr, value in node.attrs.items():
            if attr == "style" or EVENT.match(attr):
                found.append(f"{name} has {attr}")
            if attr != "value" and SCRIPT_WORDS.match(value):
                found.append(f"{name} has a script value in {attr}")
        if node.tag == "style" or (
            node.tag == "script" and not (node.attrs.get("src") and node.attrs.get("nonce"))
        ):
            found.append(f"{name} is inline")
        if node.tag == "form" and node.attrs.get("method", "get") == "post":
            hidden = {i.attrs.get("name"): i.attrs.get("value") for i in node.all("input")}
            found += [
                f"{name} posts without {f}" for f in ("csrfmiddlewaretoken", "_form") if not hidden.get(f)
            ]
        if node.tag == "form" and any(a in node.attrs for a in ("hx-delete", "hx-put", "hx-patch")):
            found.append(f"{name} writes by another method than POST")
        if (
            any(a in node.attrs for a in ("hx-post", "hx-delete", "hx-put", "hx-patch"))
            and node.tag != "form"
        ):
            found.append(f"{name} writes without a form")
        if node.tag == "img" and "alt" not in node.attrs:
            found.append(f"{name} has no alt")
        if node.tag in ("a", "button") and not (
            node.text or any(n.attrs.get("aria-label") for n in node.all())
        ):
            found.append(f"{name} has no name")
        if (
            node.tag == "a"
            and node.attrs.get("target") == "_blank"
            and "noopener" not in node.attrs.get("rel", "")
        ):
            found.append(f"{name} opens a window that can steer ours")
    return found


def page_faults(page: Node) -> list[str]:
    """What is wrong with a whole page."""
    found = faults(page)
    ids = {node.attrs["id"] for node in page.all() if "id" in node.attrs}
    html = next(page.all("html"))
    if html.attrs.get("lang") not in ("nb", "nn", "en"):
        found.append("no lang")
    headings = [node.text for node in page.all("h1")]
    if len(headings) != 1 or not headings[0]:
        found.append(f"h1: {headings}")
    if not all(title.text for title in page.all("title")) or len(list(page.all("head"))) != 1:
        found.append("no title")
    links = list(next(page.all("body")).all("a", "button", "input", "select", "textarea"))
    if not links or links[0].attrs.get("href") != "#main" or "main" not in ids:
        found.append("the first thing to reach by Tab is not the way to the content")
    if len(list(page.all("main"))) != 1:
        found.append("not exactly one main")
    for node in page.all():
        for attr in (
            "for",
            "aria-labelledby",
            "aria-describedby",
            "aria-controls",
            "data-opens",
            "data-counts",
        ):
            found += [
                f"{attr} names {i}, which is not there"
                for i in node.attrs.get(attr, "").split()
                if i not in ids
            ]
    labelled = {label.attrs.get("for") for label in page.all("label")}
    wrapped = {id(field) for label in page.all("label") for field in label.all("input", "select", "textarea")}
    for field in page.all("input", "select", "textarea"):
        named = field.attrs.get("aria-label") or field.attrs.get("aria-labelledby")
        seen = field.attrs.get("type") not in ("hidden", "submit")
        if seen and not (named or field.attrs.get("id") in labelled or id(field) in wrapped):
            found.append(f"the field {field.attrs.get('name')} has no label")
    return found


def test_every_page_keeps_the_rules(visits: list[Visit]) -> None:
    wrong = {}
    different = {
        (v.route if v.status == 200 else "", v.who in ("self", "other"), v.persona, v.status): v
        for v in visits
    }
    for visit in different.values():
        if visit.status not in (302, 303):
            for fault in page_faults(parse(visit.html)):
                wrong.setdefault(fault, str(visit))
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", [n for n, e in ROUTES.items() if e.post and not n.startswith("as_citizen:")])
def test_a_refused_form_keeps_the_rules_too(name: str, main: World) -> None:
    path = main.path(name)
    assert path
    for who in ("self", "nav", "other"):
        actor = main.actors[who]
        typed = {
            "text": "x" * 6000,
            "title": "<script>alert(1)</script>",
            "to": "X",
            "q": "1",
            "version": "99",
        }
        for headers in ({}, {"HX-Request": "true"}):
            response = browser(actor).post(path, {**typed, **token(actor)}, headers=headers)
            if response.status_code in (303, 200) and not response.content.startswith(b"<"):
                continue
            html = response.content.decode()
            assert "<script>alert(1)" not in html
            check = page_faults if "<html" in html else faults
            assert check(parse(html)) == [], f"{who} {response.status_code}"


@pytest.mark.feature("X8")
def test_every_answer_carries_its_headers(visits: list[Visit]) -> None:
    for visit in visits:
        policy = visit.headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'nonce-([\w-]{20,})'", policy)
        assert nonce, visit
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert set(re.findall(r'nonce="([^"]*)"', visit.html)) <= {nonce[1]}, visit
        assert visit.headers["Cache-Control"] == "no-store"
        assert visit.headers["X-Content-Type-Options"] == "nosniff"
        assert visit.headers["X-Frame-Options"] == "DENY"
        assert visit.headers["Referrer-Policy"] == "same-origin"
    policies = [visit.headers["Content-Security-Policy"] for visit in visits]
    assert len(set(policies)) == len(policies), "a nonce is used once"


@pytest.mark.feature("U3")
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nn", "en"])
def test_a_page_says_which_language_it_is_in(language: str, main: World) -> None:
    client = browser(None)
    client.cookies["spraak"] = language
    response = client.get(reverse("login"))
    assert next(parse(response.content.decode()).all("html")).attrs["lang"] == language
    assert response["Content-Language"] == language


def environment() -> Environment:
    """The real template environment."""
    env: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    return env


@pytest.mark.parametrize(
    "source", ["{{ finnes_ikke }}", "{{ request.finnes_ikke }}", "{% if tull %}{% endif %}"]
)
def test_an_undefined_variable_fails(source: str) -> None:
    assert environment().undefined is StrictUndefined
    with pytest.raises(UndefinedError):
        environment().from_string(source).render(request=object())


def test_what_is_shown_is_escaped() -> None:
    assert environment().autoescape
    assert environment().from_string("{{ text }}").render(text="<b>") == "&lt;b&gt;"


@pytest.mark.django_db
def test_an_undefined_variable_in_a_page_is_our_error_page(
    main: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = environment().from_string(
        '{% extends "frame.html" %}{% block content %}{{ hemmelig }}{% endblock %}'
    )
    monkeypatch.setattr(engines["jinja2"], "get_template", _always(engines["jinja2"], template))
    response = browser(main.actors["self"]).get(reverse("more"))
    assert response.status_code == 500
    assert response.exc_info[0] is UndefinedError


def _always(engine, template):
    from django.template.backends.jinja2 import Template

    real = engine.get_template
    return lambda name: Template(template, engine) if name == "access/more.html" else real(name)
