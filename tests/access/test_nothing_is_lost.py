"""An expired session, a form of somebody else's, an old form, too much text, a database that is away:
each gets an answer in a sentence, writes nothing, and what was typed is not lost."""

from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import OperationalError
from django.urls import reverse
from psycopg.errors import DeadlockDetected

from dap.access.models import AuditEntry
from dap.access.rules import AccessReason
from dap.core.models import Draft, IdempotencyKey
from dap.dialogue.models import Message
from dap.plan import actions
from dap.plan.models import Goal

from .. import factories
from ..factories import House
from .visiting import Visitor, fields_of, html_of, text_of

pytestmark = pytest.mark.feature("D4")
TYPED = "Dette er en lang og viktig tekst om veien min."


def at(house: House, name: str, **ids: Any) -> str:
    return reverse(f"person:{name}", kwargs={"person_id": house.citizen.id, **ids})


def forms_of(house: House) -> list[tuple[str, str | None, dict[str, str], str]]:
    """Every form with free text: its address, the page it stands on, what is typed, where it is looked up."""
    card = factories.activity(house.citizen, house.by_citizen)
    thread = factories.thread(house.citizen, house.by_citizen)
    return [
        (at(house, "goal"), None, {"text": TYPED}, "text"),
        (
            at(house, "activity_new", type_code="EGEN"),
            None,
            {"title": "Kort", "description": TYPED},
            "description",
        ),
        (at(house, "activity_edit", activity_id=card.id), None, {"description": TYPED}, "description"),
        (at(house, "thread", thread_id=thread.id), None, {"text": TYPED}, "text"),
        (at(house, "thread_new"), None, {"title": "Tema", "text": TYPED}, "text"),
        (at(house, "activity_thread", activity_id=card.id), None, {"text": TYPED}, "text"),
    ]


def counts() -> tuple[int, int, int]:
    return Goal.objects.count(), Message.objects.count(), IdempotencyKey.objects.count()


def test_what_is_posted_with_an_expired_session_comes_back_after_login_to_the_same_person_only(
    house: House,
) -> None:
    for address, drawn_on, typed, name in forms_of(house):
        before = counts()
        citizen = Visitor(house.by_citizen)
        form = {**citizen.form(address, drawn_on), **typed}
        citizen.log_out()
        answer = citizen.send(address, form)
        assert answer.status_code == 401, address
        assert "Det du skrev, er lagret" in text_of(html_of(answer))
        assert counts() == before
        draft = Draft.objects.get()
        assert draft.actor_key == house.by_citizen.key
        assert TYPED not in html_of(Visitor(house.counsellor).get(address))
        citizen.log_in(house.by_citizen)
        again = citizen.form(address)
        assert again[name] == TYPED
        assert citizen.send(address, again).status_code == 303
        assert not Draft.objects.exists(), "sent, it is a draft no more"


def test_who_is_not_logged_in_sees_nothing_and_the_try_is_remembered(house: House) -> None:
    nobody = Visitor(None)
    for address, *_ in forms_of(house):
        answer = nobody.get(address)
        assert answer.status_code == 401
        assert text_of(AccessReason.NOT_LOGGED_IN.sentence).split(" for ")[0] in text_of(html_of(answer))
        assert "Amina" not in html_of(answer)
    entries = AuditEntry.objects.all()
    assert {(e.actor_key, e.allowed, e.reason) for e in entries} == {("anonym:-", False, "NOT_LOGGED_IN")}


def test_htmx_is_sent_to_the_login_and_back_to_the_whole_address(house: House) -> None:
    nobody = Visitor(None)
    address = at(house, "plan") + "?type=EGEN&avtalt=ja"
    answer = nobody.get(address, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert parse_qs(urlsplit(answer["HX-Redirect"]).query)["next"] == [address]
    citizen = Visitor(house.by_citizen)
    form = {**citizen.form(at(house, "goal")), "text": TYPED}
    citizen.log_out()
    came_from = {"HX-Request": "true", "Referer": f"http://testserver{at(house, 'goal')}"}
    post = citizen.send(at(house, "goal"), form, headers=came_from)
    assert parse_qs(urlsplit(post["HX-Redirect"]).query) == {"next": [at(house, "goal")], "utkast": ["1"]}


def test_a_form_of_hers_leaves_no_draft_from_another_browser(house: House) -> None:
    """Whoever has got hold of a form value can't put words in her mouth, nor write over her own draft."""
    for address, drawn_on, typed, _ in forms_of(house):
        form = {**Visitor(house.by_citizen).form(address, drawn_on), **typed}
        stranger = Visitor(None)
        answer = stranger.send(address, form)
        assert answer.status_code == 401
        assert "Det du skrev, er lagret" not in text_of(html_of(answer))
        assert TYPED in text_of(html_of(answer)), "what this browser sent stands on the page"
        assert not Draft.objects.exists()


def test_after_logout_a_form_leaves_no_draft(house: House) -> None:
    citizen = Visitor(house.by_citizen)
    form = {**citizen.form(at(house, "goal")), "text": TYPED}
    assert citizen.post("/logg-ut", "/mer").status_code == 303
    assert citizen.send(at(house, "goal"), form).status_code == 401
    assert not Draft.objects.exists()


def test_a_form_drawn_for_somebody_else_is_not_sent_and_leaves_no_draft(house: House) -> None:
    for address, drawn_on, typed, _ in forms_of(house):
        form = {**Visitor(house.by_citizen).form(address, drawn_on), **typed}
        before = counts()
        counsellor = Visitor(house.counsellor)
        answer = counsellor.send(address, form)
        assert answer.status_code == 409
        assert text_of(AccessReason.OTHER_PERSON.sentence) in text_of(html_of(answer))
        assert TYPED in text_of(html_of(answer)), "who typed it gets it back"
        assert counts() == before
        assert TYPED not in html_of(counsellor.get(address))
        assert not Draft.objects.exists()
        entry = AuditEntry.objects.filter(allowed=False).order_by("-id").first()
        assert entry
        assert (entry.actor_key, entry.reason) == (house.counsellor.key, "OTHER_PERSON")


@pytest.mark.parametrize("broken", ["", "x", "aaa:bbb:ccc"])
def test_a_form_without_its_token_is_not_sent_and_the_text_is_shown(house: House, broken: str) -> None:
    citizen = Visitor(house.by_citizen)
    answer = citizen.post(at(house, "goal"), text=TYPED, _form=broken)
    assert answer.status_code == 403
    assert text_of(AccessReason.OLD_FORM.sentence) in text_of(html_of(answer))
    assert TYPED in text_of(html_of(answer))
    assert not Goal.objects.exists()


def test_a_csrf_failure_keeps_the_text_and_offers_to_send_it_again(house: House) -> None:
    citizen = Visitor(house.by_citizen, checks_csrf=True)
    for address, drawn_on, typed, _ in forms_of(house):
        form = {**citizen.form(address, drawn_on), **typed}
        before = counts()
        right, form["csrfmiddlewaretoken"] = form["csrfmiddlewaretoken"], "x" * 64
        answer = citizen.send(address, form)
        assert answer.status_code == 403
        assert TYPED in text_of(html_of(answer))
        assert counts() == before
        again = {**form, "csrfmiddlewaretoken": right}
        retry = html_of(answer).partition("<form")[2]
        assert f'name="_form" value="{form["_form"]}"' in retry, "the same key: it can't be sent twice"
        assert citizen.send(address, again).status_code == 303


def test_a_csrf_failure_of_anothers_form_stores_nothing_and_sends_nothing(house: House) -> None:
    form = {
        **Visitor(house.by_citizen).form(at(house, "goal")),
        "text": TYPED,
        "csrfmiddlewaretoken": "x" * 64,
    }
    for other in (Visitor(house.counsellor, checks_csrf=True), Visitor(None, checks_csrf=True)):
        answer = other.send(at(house, "goal"), form)
        assert answer.status_code == 403
        assert TYPED in text_of(html_of(answer)), "what this browser sent stands on the page"
        assert ">Prøv igjen<" not in html_of(answer)
        assert TYPED not in html_of(other.send(at(house, "goal"), {**form, "_form": "forged"}))
    assert not Draft.objects.exists()


def test_a_megabyte_comes_back_in_its_form_and_what_is_larger_gets_a_sentence(house: House) -> None:
    citizen = Visitor(house.by_citizen)
    goal = at(house, "goal")
    big = "æøå " * 200_000
    answer = citizen.post(goal, text=big)
    assert answer.status_code == 422
    assert fields_of(html_of(answer), goal)["text"] == big
    for checks in (False, True):
        visitor = Visitor(house.by_citizen, checks_csrf=checks)
        form = visitor.form(goal)
        body = "&".join(f"{name}={value}" for name, value in {**form, "text": "x" * 3_200_000}.items())
        answer = visitor.client.post(goal, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 413
        assert "Teksten er for lang til å sendes" in text_of(html_of(answer))
        answer = visitor.send(goal, {**form, "text": "x" * 3_200_000})
        assert answer.status_code == 413, "also as multipart"
    assert not Goal.objects.exists()


def test_too_many_fields_get_a_sentence(house: House) -> None:
    citizen = Visitor(house.by_citizen)
    answer = citizen.send(
        at(house, "goal"), {**citizen.form(at(house, "goal")), **{f"f{n}": "x" for n in range(400)}}
    )
    assert answer.status_code == 413
    assert "<h1" in html_of(answer)


def test_when_the_database_is_away_the_text_stands_on_the_page(house: House) -> None:
    citizen = Visitor(house.by_citizen)
    citizen.client.raise_request_exception = False
    form = {**citizen.form(at(house, "goal")), "text": TYPED}
    with patch("dap.plan.actions.set_goal", side_effect=OperationalError("the server closed the connection")):
        answer = citizen.send(at(house, "goal"), form)
    assert answer.status_code == 503
    assert "Tjenesten er borte et øyeblikk" in text_of(html_of(answer))
    assert TYPED in html_of(answer)
    assert "closed the connection" not in html_of(answer)
    assert citizen.send(at(house, "goal"), form).status_code == 303


def test_a_fault_of_ours_keeps_the_text_and_tells_nothing_of_itself(house: House) -> None:
    citizen = Visitor(house.by_citizen)
    citizen.client.raise_request_exception = False
    form = {**citizen.form(at(house, "goal")), "text": TYPED}
    with patch("dap.plan.actions.set_goal", side_effect=KeyError("secret detail")):
        answer = citizen.send(at(house, "goal"), form)
    assert answer.status_code == 500
    assert TYPED in html_of(answer)
    assert "secret detail" not in html_of(answer)
    assert not IdempotencyKey.objects.exists(), "rolled back, the form can be sent again"


def test_after_a_deadlock_the_act_is_tried_once_more(house: House) -> None:
    citizen = Visitor(house.by_citizen)
    form = {**citizen.form(at(house, "goal")), "text": TYPED}
    deadlock = OperationalError("deadlock detected")
    deadlock.__cause__ = DeadlockDetected()
    real = actions.set_goal
    calls: list[int] = []

    def deadlocked_once(**facts: Any) -> Goal:
        calls.append(1)
        if len(calls) == 1:
            raise deadlock
        return real(**facts)

    with patch("dap.plan.actions.set_goal", side_effect=deadlocked_once):
        assert citizen.send(at(house, "goal"), form).status_code == 303
    assert (len(calls), Goal.objects.count()) == (2, 1)
