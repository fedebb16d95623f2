"""The hidden field of every form: who it was drawn for, which place it is, and its idempotency key.

Signed, so that a form posted after the session has ended still tells whose draft it is, and a form
drawn for one person can't be sent as another.
"""

import secrets
from contextvars import ContextVar
from dataclasses import dataclass

from django.core import signing

FIELD = "_form"
MAX_AGE_SECONDS = 7 * 24 * 3600
_SALT = "dap.form"


visitor_key: ContextVar[str] = ContextVar("visitor_key", default="")
"""Whose forms are drawn in this request; set by the middleware, since macros don't see the request."""


@dataclass(frozen=True)
class FormToken:
    """`actor_key` may be "" for a form that is drawn before login."""

    actor_key: str
    place: str
    key: str


def make(actor_key: str, place: str) -> str:
    """A fresh token for a form drawn now."""
    return signing.dumps([actor_key, place, secrets.token_urlsafe(16)], salt=_SALT)


def read(text: str) -> FormToken | None:
    """The token, or None when it is missing, tampered with or older than 7 days."""
    try:
        actor_key, place, key = signing.loads(text, salt=_SALT, max_age=MAX_AGE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return FormToken(actor_key, place, key)


def for_visitor(place: str) -> str:
    """A fresh token for the visitor of this request."""
    return make(visitor_key.get(), place)
