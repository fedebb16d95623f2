"""The request as our views see it, and the small answers that all of them give."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from dap.access.actor import Actor
from dap.core.form_token import FormToken
from dap.people.models import Person


class Request(HttpRequest):
    """What the middleware and the wrappers put on every request."""

    htmx: HtmxDetails
    visitor: Actor | None
    """Who is logged in, if anybody."""
    actor: Actor
    """Who acts: set by the wrappers, so a view behind a permission always has one."""
    person: Person | None
    """Whose plan the page is about, when the address names a person in reach."""
    looked_at: list[UUID]
    """Whom a list page shows, for the audit row."""
    reading: int
    """How many unread threads this page shows whole: once it is seen they are read."""
    after_look: list[Callable[[], None]]
    """What a page records once it has been shown: seen marks."""
    token: FormToken
    theme: str
    csp_nonce: str
    current_app: str


def page_or_fragment(
    request: Request, page: str, fragment: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The fragment for htmx, the whole page that includes it for everybody else."""
    return render(request, fragment if request.htmx else page, context, status=status)


def link(request: HttpRequest, name: str, *args: object, **kwargs: object) -> str:
    """The address of a route, staying in «Vis som bruker» while one is there."""
    current_app: str | None = getattr(request, "current_app", None)
    if not args and all(type(value) is UUID for value in kwargs.values()):
        return _pattern(name, tuple(kwargs), current_app).format(**kwargs)
    return reverse(name, args=args, kwargs=kwargs, current_app=current_app)


@cache  # a board has a hundred links, the house some thirty routes
def _pattern(name: str, ids: tuple[str, ...], current_app: str | None) -> str:
    """The address of a route with `{id}` where its ids go."""
    stand_ins = {id: UUID(int=number) for number, id in enumerate(ids, start=1)}
    address = reverse(name, kwargs=stand_ins, current_app=current_app)
    for id, stand_in in stand_ins.items():
        address = address.replace(str(stand_in), f"{{{id}}}")
    return address


def see_other(request: HttpRequest, name: str, *, query: str = "", **kwargs: object) -> HttpResponse:
    """After a write: go and look at it (303), so that reload does not post again."""
    address = link(request, name, **kwargs) + query
    if request.headers.get("HX-Request"):  # everything on the page may have changed: go there whole
        response = HttpResponse()
        response["HX-Redirect"] = address
        return response
    return go(address)


def safe_address(request: Request, address: str) -> str:
    """An address of ours to go to, "/" for any other."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()})
    return address if ours and re.match(r"/(?![/\\])|https?://", address) else "/"


def go(address: str) -> HttpResponse:
    """Go and look at it (303)."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
