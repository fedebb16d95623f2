"""The hidden field of every form: whose it is, which place it is, and its idempotency key."""

from unittest.mock import patch

import pytest
from django.core import signing

from dap.core import form_token

DAY = 24 * 3600


def drawn_at(seconds: float, actor: str = "BRUKER:1", place: str = "maal:1") -> str:
    with patch("django.core.signing.time.time", return_value=seconds):
        return form_token.make(actor, place)


def test_a_token_tells_whose_form_it_is_and_each_has_a_key_of_its_own() -> None:
    one, other = (form_token.read(form_token.make("BRUKER:1", "traad:æ")) for _ in "ab")
    assert one
    assert other
    assert (one.actor_key, one.place) == ("BRUKER:1", "traad:æ")
    assert one.key != other.key
    assert 16 <= len(one.key) <= 40


def test_a_token_that_was_tampered_with_is_none() -> None:
    token = form_token.make("BRUKER:1", "maal:1")
    payload, rest = token.split(":", 1)
    foreign = form_token.make("BRUKER:2", "maal:1").split(":", 1)[0]
    for broken in (
        f"{foreign}:{rest}",
        f"{payload}x:{rest}",
        token[:-1],
        token + "x",
        token.upper(),
        "",
        ":",
        "a:b:c",
    ):
        assert form_token.read(broken) is None


@pytest.mark.parametrize("content", [["BRUKER:1", "maal:1"], "text", 7, None, {"a": 1}, []])
def test_something_else_that_we_have_signed_is_none(content: object) -> None:
    assert form_token.read(signing.dumps(content, salt="dap.form")) is None
    other_salt = signing.dumps(["BRUKER:1", "maal:1", "k"], salt="another")
    assert form_token.read(other_salt) is None


def test_a_token_lives_for_seven_days() -> None:
    token = drawn_at(1_000_000)
    for days, lives in ((0, True), (6.99, True), (7.01, False), (400, False)):
        with patch("django.core.signing.time.time", return_value=1_000_000 + days * DAY):
            assert (form_token.read(token) is not None) == lives


def test_a_form_is_drawn_for_the_visitor_of_the_request() -> None:
    mark = form_token.visitor_key.set("VEILEDER:9")
    try:
        token = form_token.read(form_token.for_visitor("maal:1"))
    finally:
        form_token.visitor_key.reset(mark)
    assert token
    assert token.actor_key == "VEILEDER:9"
    nobody = form_token.read(form_token.for_visitor("valg"))
    assert nobody
    assert nobody.actor_key == ""
