"""The last resort: what a person sees when a form is too old, the service is away, or we failed."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from psycopg_pool import PoolTimeout

from dap.access.problems import posted, problem, refusal
from dap.access.rules import AccessReason
from dap.core import drafts, form_token


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Our own page for a CSRF failure: what was typed stands on it, and can be sent again.

    Nothing is stored. Sending again is offered only when the form was drawn for the one who is logged in.
    """
    visitor = getattr(request, "visitor", None)
    fields = posted(request)
    token = form_token.read(fields.get(form_token.FIELD, ""))
    own = bool(token and visitor and token.actor_key == visitor.key)
    # Only what one of our own forms carried is shown, so that no other site can put words on our page.
    typed = drafts.typed_fields(fields) if token and token.actor_key else None
    words = (
        gettext("Du er logget ut. Ingenting er sendt. Ta vare på teksten under, og logg inn igjen.")
        if visitor is None
        else gettext(AccessReason.OLD_FORM.sentence)
    )
    return problem(request, words, 403, typed=typed, retry=own)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that leads nowhere: the same answer as a person out of reach."""
    return refusal(request, AccessReason.NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Something posted that is too large or broken."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return problem(
            request,
            gettext("Teksten er for lang til å sendes. Gå tilbake, kort den ned, og prøv igjen."),
            413,
        )
    return problem(
        request, gettext("Vi forsto ikke det som ble sendt. Last siden på nytt og prøv igjen."), 400
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """We failed, or the database is away: say so, and keep what was typed on the page."""
    error = sys.exc_info()[1]
    away = isinstance(error, OperationalError | InterfaceError | PoolTimeout)
    typed = drafts.typed_fields(posted(request))
    sentence = (
        gettext(
            "Tjenesten er borte et øyeblikk. Ingenting er sendt. Teksten din står her; prøv igjen om litt."
        )
        if away
        else gettext("Noe gikk galt hos oss. Prøv igjen om litt.")
    )
    return problem(request, sentence, 503 if away else 500, typed=typed, retry=bool(typed))
