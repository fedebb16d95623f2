"""The hidden field of every form: who it was drawn for, which place it is, and its idempotency key.

Signed, so that a form posted after the session has ended still tells whose draft it is, and a form
drawn for one person can't be sent as another. Bound to the browser that it was drawn in, by a digest of
that browser's CSRF secret, which changes at login and logout: without a session nobody else's browser
can leave words in a person's drafts.
"""

import hashlib
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.core import signing

FIELD = "_form"
MAX_AGE_SECONDS = 7 * 24 * 3600
_SALT = "dap.form"


visitor_key: ContextVar[str] = ContextVar("visitor_key", default="")
"""Whose forms are drawn in this request; set by the middleware, since macros don't see the request."""


visitor_browser: ContextVar[Callable[[], str]] = ContextVar("visitor_browser", default=str)
"""Tells which browser this request's forms are drawn in, as `browser_of` names it."""


@dataclass(frozen=True)
class FormToken:
    """`actor_key` may be "" for a form that is drawn before login."""

    actor_key: str
    place: str
    key: str
    browser: str = ""


def make(actor_key: str, place: str, browser: str = "") -> str:
    """A fresh token for a form drawn now."""
    return signing.dumps([actor_key, place, secrets.token_urlsafe(16), browser], salt=_SALT)


def browser_of(csrf_secret: str) -> str:
    """A short name of a browser, from the CSRF secret in its cookie; "" without one."""
    return hashlib.sha256(f"{_SALT} {csrf_secret}".encode()).hexdigest()[:16] if csrf_secret else ""


def read(text: str) -> FormToken | None:
    """The token, or None when it is missing, tampered with or older than 7 days."""
    try:
        parts = signing.loads(text, salt=_SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    return FormToken(*parts) if isinstance(parts, list) and len(parts) == 4 else None


def for_visitor(place: str) -> str:
    """A fresh token for the visitor of this request."""
    return make(visitor_key.get(), place, visitor_browser.get()())
