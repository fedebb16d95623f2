"""A visitor at a browser without JavaScript: logs in by session, reads pages, posts the forms on them."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from dap.access.actor import Actor
from dap.access.sessions import KEY
from dap.core import clock, form_token

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
_INPUT = re.compile(r"<input\b([^>]*)>")
_AREA = re.compile(r"<textarea\b([^>]*)>(.*?)</textarea>", re.S)
_PAIR = re.compile(r'([\w-]+)="([^"]*)"')


def text_of(html: str) -> str:
    """The words of a page as they are read, without tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html))).strip()


def html_of(answer: Any) -> str:
    """The page of an answer."""
    return str(answer.content.decode())


def fields_of(html: str, action: str) -> dict[str, str]:
    """What a browser would post from the form with this address, untouched."""
    for attributes, inside in _FORM.findall(html):
        tag = dict(_PAIR.findall(attributes))
        if unescape(tag.get("action", "")) != action or tag.get("method") != "post":
            continue
        fields: dict[str, str] = {}
        for found in _INPUT.findall(inside):
            one = {name: unescape(value) for name, value in _PAIR.findall(found)}
            chosen = one.get("type") not in ("radio", "checkbox") or re.search(r"\schecked\b", found)
            if "name" in one and chosen:
                fields[one["name"]] = one.get("value", "on")
        for found, content in _AREA.findall(inside):
            name = dict(_PAIR.findall(found))["name"]
            fields[name] = unescape(content).removeprefix("\n")
        return fields
    raise AssertionError(f"no form posts to {action}")


class Visitor:
    """Somebody at a browser; `actor` None has not logged in."""

    def __init__(self, actor: Actor | None, *, checks_csrf: bool = False) -> None:
        self.actor = actor
        self.client = Client(enforce_csrf_checks=checks_csrf)
        if actor:
            self.log_in(actor)

    def log_in(self, actor: Actor) -> None:
        """Begin a session; the visit is remembered already, as in the middle of a working day."""
        session = self.client.session
        session[KEY] = {"role": str(actor.role), "id": str(actor.id)}
        session["seen"] = clock.now().isoformat()
        session.save()

    def log_out(self) -> None:
        """The session expires; the browser and the forms on its pages stay."""
        self.client.session.flush()
        self.client.cookies.pop("okt", None)

    def get(self, address: str, **headers: Any) -> HttpResponse:
        """Read a page."""
        answer: HttpResponse = self.client.get(address, **headers)
        return answer

    def read(self, address: str) -> str:
        """The page at an address, which must be there."""
        answer = self.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return html_of(answer)

    def form(self, action: str, at: str | None = None) -> dict[str, str]:
        """The form that posts to `action`, as it stands on the page `at` (its own address unless told)."""
        return fields_of(self.read(at or action), action)

    def send(self, action: str, fields: dict[str, Any], **headers: Any) -> HttpResponse:
        """Post these fields as they are."""
        answer: HttpResponse = self.client.post(action, fields, **headers)
        return answer

    def post(self, action: str, at: str | None = None, **typed: Any) -> HttpResponse:
        """Draw the form, type, and send it."""
        return self.send(action, {**self.form(action, at), **typed})

    def token(self, place: str = "et sted") -> str:
        """A form token as a page would carry it, for posts that no page of theirs offers."""
        return form_token.make(self.actor.key if self.actor else "", place)

    def forged(self, action: str, **typed: Any) -> HttpResponse:
        """Post what no page offers, with a form token that is right for this visitor."""
        return self.send(action, {form_token.FIELD: self.token(), **typed})
