"""Who is logged in, in which language and look: once a request, before any view."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import translation

from dap.access import sessions
from dap.access.http import Request
from dap.core import clock, form_token
from dap.people.models import Person

LANGUAGE_COOKIE = "spraak"
THEME_COOKIE = "utseende"
LANGUAGES = ("nb", "nn", "en")
THEMES = ("system", "light", "dark")
_REFRESH_AFTER = timedelta(minutes=5)
_A_YEAR = 365 * 24 * 3600


def visitor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[Request], HttpResponse]:
    """Put the visitor, the language, the look and the script nonce on the request."""

    def handle(request: Request) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(16)
        theme = request.COOKIES.get(THEME_COOKIE, "system")
        request.theme = theme if theme in THEMES else "system"
        request.visitor = None
        request.current_app = ""
        with translation.override(_language(request, None)):
            request.visitor = sessions.current(request)
        drawn_for = form_token.visitor_key.set(request.visitor.key if request.visitor else "")
        drawn_in = form_token.visitor_browser.set(lambda: _browser(request))
        try:
            with translation.override(
                _language(request, request.visitor.language if request.visitor else None)
            ):
                response = get_response(request)
                response.headers.setdefault("Content-Language", translation.get_language() or "nb")
        finally:
            form_token.visitor_key.reset(drawn_for)
            form_token.visitor_browser.reset(drawn_in)
        _remember_language(request, response)
        _remember_visit(request)
        return response

    return handle


def _browser(request: HttpRequest) -> str:
    """The browser that a form is drawn in; one without a CSRF secret gets it with the form."""
    get_token(request)
    return form_token.browser_of(request.META["CSRF_COOKIE"])


def _language(request: HttpRequest, of_visitor: str | None) -> str:
    chosen = of_visitor or request.COOKIES.get(LANGUAGE_COOKIE, "nb")
    return chosen if chosen in LANGUAGES else "nb"


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice of language or look on this device for a year."""
    response.set_cookie(name, value, max_age=_A_YEAR, samesite="Lax", secure=settings.SECURE, httponly=True)


def _remember_language(request: Request, response: HttpResponse) -> None:
    """Keep the visitor's language on the device too, for the pages met when the session is over."""
    visitor = request.visitor
    if visitor is None or LANGUAGE_COOKIE in response.cookies:
        return
    if request.COOKIES.get(LANGUAGE_COOKIE) != visitor.language:
        remember(response, LANGUAGE_COOKIE, visitor.language)


def _remember_visit(request: Request) -> None:
    """Extend the session, and tell when the citizen was last here: at most every 5 minutes."""
    if request.visitor is None or not request.session.get(sessions.KEY):
        return
    seen = request.session.get("seen")
    now = clock.now()
    if seen and now - datetime.fromisoformat(seen) < _REFRESH_AFTER:
        return
    request.session["seen"] = now.isoformat()
    if request.visitor.id and not request.visitor.is_staff:
        Person.objects.filter(id=request.visitor.id).update(last_seen_at=now)
