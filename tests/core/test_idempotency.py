"""An act is carried out once for each form drawn, however often it is posted."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from dap.core import drafts, idempotency
from dap.core.idempotency import IdempotencyReason, once
from dap.core.models import Draft, IdempotencyKey
from dap.core.reason import Refused

from ..factories import NOW
from .together import together


def post(
    key: str = "k1", content: str = "a", actor: str = "BRUKER:1", result: str = "r1"
) -> tuple[str, bool]:
    return once(actor_key=actor, key=key, content=content, act=lambda: result, at=NOW)


@pytest.mark.feature("D4")
@pytest.mark.django_db
def test_the_same_form_again_gives_the_first_result_and_does_nothing() -> None:
    assert post(result="first") == ("first", False)

    def never() -> str:
        raise AssertionError("carried out twice")

    assert once(actor_key="BRUKER:1", key="k1", content="a", act=never, at=NOW) == ("first", True)


@pytest.mark.feature("D4")
@pytest.mark.django_db
def test_the_same_key_with_other_content_is_refused() -> None:
    post()
    with pytest.raises(Refused) as refused:
        post(content="b")
    assert refused.value.reason is IdempotencyReason.OTHER_CONTENT
    assert refused.value.reason.status == 409


@pytest.mark.django_db
def test_another_form_and_another_actor_have_keys_of_their_own() -> None:
    post()
    assert post(key="k2", content="b", result="second") == ("second", False)
    assert post(actor="BRUKER:2", content="b", result="third") == ("third", False)


@pytest.mark.feature("D4")
@pytest.mark.usefixtures("committed")
def test_two_posts_of_one_form_at_the_same_moment_make_one_row() -> None:
    made: list[str] = []

    def act() -> str:
        Draft.objects.create(actor_key="BRUKER:1", place=f"made {len(made)}", fields={}, saved_at=NOW)
        made.append("x")
        return "the one"

    def click() -> tuple[str, bool]:
        return once(actor_key="BRUKER:1", key="k", content="a", act=act, at=NOW)

    results = together(click, click, click)
    assert sorted(results) == [("the one", False), ("the one", True), ("the one", True)]
    assert Draft.objects.count() == IdempotencyKey.objects.count() == 1


@pytest.mark.feature("D4")
@pytest.mark.usefixtures("committed")
def test_when_the_first_of_two_fails_the_other_carries_it_out() -> None:
    tries: list[int] = []

    def act() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("the connection was lost")
        return "done"

    def click() -> tuple[str, bool]:
        return once(actor_key="BRUKER:1", key="k", content="a", act=act, at=NOW)

    lost, done = sorted(together(click, click), key=lambda result: isinstance(result, tuple))
    assert isinstance(lost, RuntimeError)
    assert done == ("done", False)


def test_the_content_is_the_address_and_all_that_was_typed_but_the_technical_fields() -> None:
    def content(query: str, path: str = "/p/1/maal") -> str:
        return idempotency.content_hash(path, QueryDict(query), drafts.TECHNICAL)

    assert content("text=a&seen=1") == content("seen=1&text=a&_form=x&csrfmiddlewaretoken=y")
    different = [content(q) for q in ("text=a", "text=b", "text=a&text=a", "other=a", "text=")]
    assert len({*different, content("text=a", "/p/2/maal")}) == 6


@pytest.mark.django_db
def test_keys_are_kept_for_seven_days() -> None:
    for days in (6, 7, 8, 30):
        IdempotencyKey.objects.create(
            actor_key="a", key=str(days), content="", result="", at=NOW - timedelta(days=days)
        )
    assert idempotency.forget_old(NOW) == 2
    assert sorted(IdempotencyKey.objects.values_list("key", flat=True)) == ["6", "7"]
