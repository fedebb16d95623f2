"""Pages that say no, in a sentence, and give back what was typed."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from dap.access.actor import Actor
from dap.core import clock, drafts, form_token
from dap.core.reason import Reason
from dap.core.sentences import sentence


def posted(request: HttpRequest) -> QueryDict:
    """The fields of a post; none where they can't be read (too large, or not in UTF-8)."""
    try:
        return request.POST
    except (SuspiciousOperation, BadRequest):
        return QueryDict()


def keep_typed(request: HttpRequest) -> bool:
    """What was typed in a refused post, saved as a draft when it surely is its author's.

    That is: the form was drawn for whoever is logged in, or nobody is logged in and it was drawn in
    this very browser before the session ended. Tells whether a draft was saved.
    """
    token = form_token.read(posted(request).get(form_token.FIELD, ""))
    if token is None or not token.actor_key:
        return False
    visitor: Actor | None = getattr(request, "visitor", None)
    here = form_token.browser_of(request.META.get("CSRF_COOKIE", ""))
    own = token.actor_key == visitor.key if visitor else bool(here) and token.browser == here
    typed = drafts.typed_fields(posted(request))
    if not own or not any(typed.values()):
        return False
    with transaction.atomic():
        return drafts.save(
            actor_key=token.actor_key, place=token.place, fields=typed, at=clock.now(), key=token.key
        )


def problem(
    request: HttpRequest,
    words: str,
    status: int,
    *,
    typed: dict[str, str] | None = None,
    retry: bool = False,
) -> HttpResponse:
    """The page, or the fragment for the page's alert region, that tells what is wrong.

    `retry` draws a button that posts the same again (same idempotency key, fresh CSRF token).
    """
    htmx = bool(request.headers.get("HX-Request"))
    template = "access/_problem.html" if htmx else "access/problem.html"
    visible = {name: value for name, value in (typed or {}).items() if value.strip()}
    response = render(
        request,
        template,
        {
            "sentence": words,
            "status": status,
            "typed": visible,
            "all_typed": typed or {},
            "retry": retry and bool(typed),
            "form_token_field": form_token.FIELD,
            "posted_token": posted(request).get(form_token.FIELD, ""),
        },
        status=status,
    )
    if htmx:
        response["HX-Retarget"] = "#alerts"
        response["HX-Reswap"] = "innerHTML"
    return response


def refusal(request: HttpRequest, reason: Reason, *, typed: dict[str, str] | None = None) -> HttpResponse:
    """The page of a reason: its translated sentence and its status."""
    return problem(request, sentence(reason), reason.status, typed=typed)
