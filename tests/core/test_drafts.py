"""What is typed is kept until it is sent or thrown away: one draft for each author and place."""

from datetime import datetime, timedelta

import pytest
from django.http import QueryDict

from dap.core import drafts
from dap.core.idempotency import once
from dap.core.models import Draft

from ..factories import NOW
from .together import together


def save(
    text: str, *, actor: str = "BRUKER:1", place: str = "traad:1", at: datetime = NOW, key: str = ""
) -> bool:
    return drafts.save(actor_key=actor, place=place, fields={"text": text}, at=at, key=key)


@pytest.mark.feature("D4")
@pytest.mark.django_db
def test_there_is_one_draft_for_each_author_and_place_and_it_is_the_newest() -> None:
    assert save("Hei")
    assert save("Hei, jeg", at=NOW + timedelta(seconds=5))
    save("Et annet sted", place="traad:2")
    save("En annens", actor="VEILEDER:1")
    assert Draft.objects.count() == 3
    draft = drafts.find(actor_key="BRUKER:1", place="traad:1")
    assert draft
    assert draft.fields == {"text": "Hei, jeg"}
    assert draft.saved_at == NOW + timedelta(seconds=5)
    assert drafts.find(actor_key="BRUKER:2", place="traad:1") is None


@pytest.mark.feature("D4")
@pytest.mark.django_db
def test_emptying_the_field_deletes_the_draft() -> None:
    save("Hei")
    assert not save("  \n ")
    assert not Draft.objects.exists()
    assert not save(""), "nothing to keep where nothing was"


@pytest.mark.feature("D4")
@pytest.mark.django_db
def test_a_form_that_has_been_sent_leaves_no_draft_behind_even_when_its_last_saving_comes_late() -> None:
    save("Hei", key="form")
    once(actor_key="BRUKER:1", key="form", content="a", act=lambda: "sent", at=NOW)
    drafts.discard(actor_key="BRUKER:1", place="traad:1")
    assert not save("Hei på deg", key="form")
    assert not Draft.objects.exists()
    assert save("Enda en melding", key="the next form"), "the next form's text is kept"


@pytest.mark.feature("D4")
@pytest.mark.usefixtures("committed")
def test_saving_and_sending_at_the_same_moment_end_without_a_draft() -> None:
    def send() -> None:
        once(actor_key="BRUKER:1", key="form", content="a", act=lambda: "sent", at=NOW)
        drafts.discard(actor_key="BRUKER:1", place="traad:1")

    for _ in range(5):
        Draft.objects.all().delete()
        results = together(send, lambda: save("Hei", key="form"), lambda: save("Hei!", key="form"))
        assert [r for r in results if isinstance(r, Exception)] == []
        late = drafts.find(actor_key="BRUKER:1", place="traad:1")
        assert late is None


@pytest.mark.feature("D4")
@pytest.mark.usefixtures("committed")
def test_two_tabs_that_save_at_the_same_moment_make_one_draft() -> None:
    results = together(lambda: save("fra den ene"), lambda: save("fra den andre"))
    assert results == [True, True]
    assert Draft.objects.get().fields["text"] in ("fra den ene", "fra den andre")


def test_the_typed_fields_are_without_the_technical_ones_and_capped() -> None:
    posted = QueryDict("text=Hei%00+du&title=Tema&_form=token&csrfmiddlewaretoken=x&version=3")
    assert drafts.typed_fields(posted) == {"text": "Hei du", "title": "Tema", "version": "3"}
    big = QueryDict(mutable=True)
    big.update({"a": "x" * 15_000, "b": "y" * 15_000, "c" * 200: "z"})
    kept = drafts.typed_fields(big)
    assert sum(map(len, kept.values())) == drafts.MAX_CHARACTERS
    assert len(kept["a"]) == 15_000
    assert max(map(len, kept)) == 60


@pytest.mark.django_db
def test_drafts_that_nobody_has_touched_for_30_days_are_deleted() -> None:
    for days in (1, 30, 31):
        save("Hei", place=str(days), at=NOW - timedelta(days=days))
    assert drafts.forget_old(NOW) == 1
    assert sorted(Draft.objects.values_list("place", flat=True)) == ["1", "30"]
