"""`@reader` and `@writer`: every route is one of them, and declares its permission.

Both settle who acts, whether the role may, and whether the person in the address is in reach; both
write the audit row. A reader runs in a read-only transaction. A writer runs in one transaction with
the row of the overview, and answers a refused act with the rule's sentence.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from psycopg.errors import DeadlockDetected

from dap.access import audit, scope
from dap.access.enums import Permission
from dap.access.http import Request, safe_address
from dap.access.problems import keep_typed, posted, problem, refusal
from dap.access.rules import AccessReason, judge_permission
from dap.core import clock, drafts, form_token, idempotency, touch
from dap.core.reason import Refused
from dap.core.sentences import refusal_sentence

View = Callable[..., HttpResponse]

_UNAUDITED = frozenset({Permission.PUBLIC, Permission.SAVE_DRAFT})
"""Pages without a person, and an author's own unsent text: neither a look at anybody nor a change."""


RefusedView = Callable[..., HttpResponse]
"""Draws a refused form again, with what was typed and the rule's sentence: `(request, refused, **ids)`."""


def reader(permission: Permission) -> Callable[[View], View]:
    """A page: GET or HEAD, one query and one render, in a read-only transaction.

    Afterwards one write transaction stores the audit row, and the seen marks that the page noted
    when it was a person's own full view. Without the audit row there is no page.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def run(request: Request, **ids: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD"])
            if denied := _enter(request, permission):
                return denied
            try:
                with transaction.atomic():
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION READ ONLY")
                    response = view(request, **_with_person(request, ids))
                    transaction.set_rollback(True)  # nothing to keep; also ends the read-only mode in tests
            except Refused as refused:
                return _deny(request, refused, ids)
            if permission not in _UNAUDITED:
                with transaction.atomic():
                    audit.write(actor=request.actor, what=_route(request), people=_people(request))
                    if _own_full_view(request):
                        touch.forget()
                        for note in request.after_look:
                            note()
                        touch.flush()
            return response

        run.permission = permission  # type: ignore[attr-defined]  # read by the test that walks all routes
        run.kind = "reader"  # type: ignore[attr-defined]
        return run

    return wrap


def writer(permission: Permission, refused: RefusedView | None = None) -> Callable[[View], View]:
    """An act: POST, one action and one render, in one transaction with audit and overview.

    `refused` draws the form again when a rule says no; without it the sentence gets a page of its
    own that shows what was typed.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def run(request: Request, **ids: Any) -> HttpResponse:
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            if denied := _enter(request, permission) or _check_form(request):
                return denied
            try:
                return _in_one_transaction(request, view, ids, permission)
            except Refused as refusing:
                if refused is None or request.person is None or refusing.reason.status not in (409, 422):
                    return _deny(request, refusing, ids)
                return _draw_again(request, refusing, refused, ids)

        run.permission = permission  # type: ignore[attr-defined]
        run.kind = "writer"  # type: ignore[attr-defined]
        return run

    return wrap


def once(request: Request, act: Callable[[], object]) -> str:
    """Carry out the act of this form once; a repeated post gives the first one's result.

    The draft of the same place is thrown away in the same transaction: it has become the act.
    """
    token = request.token
    result, _ = idempotency.once(
        actor_key=request.actor.key,
        key=token.key,
        content=idempotency.content_hash(request.path, request.POST, drafts.TECHNICAL),
        act=lambda: str(act() or ""),
        at=clock.now(),
    )
    drafts.discard(actor_key=request.actor.key, place=token.place)
    return result


def _enter(request: Request, permission: Permission) -> HttpResponse | None:
    request.person, request.looked_at, request.after_look, request.reading = None, [], [], 0
    if permission is Permission.PUBLIC:
        return None
    if request.visitor is None:
        return _ask_to_log_in(request)
    match = request.resolver_match
    request.actor = request.visitor
    if match and "as_citizen" in match.namespaces:
        request.current_app = "as_citizen"
        request.actor = request.visitor.as_citizen()
        if not request.visitor.is_staff:
            return _deny(request, Refused(AccessReason.NOT_FOUND), {})
    reason = judge_permission(request.actor.permissions, permission)
    if request.actor.viewing_as_citizen and request.method == "POST":  # nothing is done in «Vis som bruker»
        reason = AccessReason.MISSING_ROLE
    if reason:
        return _deny(request, Refused(reason), match.kwargs if match else {})
    return None


def _ask_to_log_in(request: Request) -> HttpResponse:
    kept = keep_typed(request)
    _write_denial(request, AccessReason.NOT_LOGGED_IN.name, [])
    back = request.get_full_path() if request.method in ("GET", "HEAD") else _referer_path(request)
    if request.htmx:
        response = HttpResponse(status=401)
        query = {"next": back} | ({"utkast": "1"} if kept else {})
        response["HX-Redirect"] = f"{settings.LOGIN_URL}?{urlencode(query)}"
        return response
    typed = {} if kept else {n: t for n, t in drafts.typed_fields(posted(request)).items() if t.strip()}
    return render(request, "access/logged_out.html", {"next": back, "kept": kept, "typed": typed}, status=401)


def _referer_path(request: Request) -> str:
    """The page that a form stood on, when the browser tells and it is ours."""
    return urlsplit(safe_address(request, request.headers.get("Referer", "/"))).path


def _check_form(request: Request) -> HttpResponse | None:
    token = form_token.read(request.POST.get(form_token.FIELD, ""))
    visitor_key = request.visitor.key if request.visitor else ""
    if token is None:
        _write_denial(request, AccessReason.OLD_FORM.name, [])
        return refusal(request, AccessReason.OLD_FORM, typed=drafts.typed_fields(request.POST))
    if token.actor_key != visitor_key:
        _write_denial(request, AccessReason.OTHER_PERSON.name, [])
        return refusal(request, AccessReason.OTHER_PERSON, typed=drafts.typed_fields(request.POST))
    request.token = token
    return None


def _in_one_transaction(
    request: Request, view: View, ids: dict[str, Any], permission: Permission
) -> HttpResponse:
    for attempt in (1, 2):
        touch.forget()
        try:
            with transaction.atomic():
                given = _with_person(request, ids, lock=True)
                response = view(request, **given)
                if response.status_code >= 400:  # a form with faults: nothing was done, but it was drawn
                    transaction.set_rollback(True)
                    touch.forget()
                else:
                    touch.flush()
                    if permission not in _UNAUDITED and request.visitor is not None:
                        audit.write(actor=request.visitor, what=_route(request), people=_people(request))
            if response.status_code >= 400:
                _write_denial(request, "INVALID_FORM", _people(request))
            return response
        except OperationalError as error:
            if attempt == 2 or not isinstance(error.__cause__, DeadlockDetected):
                raise
    raise AssertionError("unreachable")


def _with_person(request: Request, ids: dict[str, Any], *, lock: bool = False) -> dict[str, Any]:
    """Replace `person_id` of the address by the person, through the actor's reach."""
    if "person_id" not in ids:
        return ids
    given = dict(ids)
    person_id: UUID = given.pop("person_id")
    fetch = scope.lock_person if lock else scope.person_for
    request.person = fetch(request.actor, person_id)
    return {"person": request.person, **given}


def _draw_again(
    request: Request, refusing: Refused, refused: RefusedView, ids: dict[str, Any]
) -> HttpResponse:
    """The form again with the rule's sentence. It shows the person's data, so the look is written."""
    given = {name: value for name, value in ids.items() if name != "person_id"}
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            response = refused(request, refusing, person=request.person, **given)
            transaction.set_rollback(True)
    except Refused as missing:  # what the form was about is not there, or is not this person's
        return _deny(request, missing, ids)
    _write_denial(request, refusing.reason.name, _people(request))
    return response


def _write_denial(request: Request, reason: str, people: list[UUID]) -> None:
    with transaction.atomic():
        audit.write(actor=request.visitor, what=_route(request), people=people, allowed=False, reason=reason)


def _deny(request: Request, refused: Refused, ids: dict[str, Any]) -> HttpResponse:
    keep_typed(request)
    typed = drafts.typed_fields(posted(request))
    person_id = ids.get("person_id")
    _write_denial(request, refused.reason.name, [person_id] if person_id else [])
    return problem(request, refusal_sentence(refused), refused.reason.status, typed=typed)


def _people(request: Request) -> list[UUID]:
    return [request.person.id] if request.person else request.looked_at


def _own_full_view(request: Request) -> bool:
    """Seen marks are for one's own full view: not a prefetch, a background refetch or «Vis som bruker»."""
    return (
        request.method == "GET"
        and not request.actor.viewing_as_citizen
        and "prefetch" not in request.headers.get("Sec-Purpose", "")
        and request.headers.get("HX-Refetch") != "1"
    )


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name[:80] if match else "?"


def by_method(*, get: View, post: View) -> View:
    """One address for a form and its post: GET and HEAD to the reader, POST to the writer."""

    def run(request: Request, **ids: Any) -> HttpResponse:
        return post(request, **ids) if request.method == "POST" else get(request, **ids)

    run.views = (get, post)  # type: ignore[attr-defined]
    return run
