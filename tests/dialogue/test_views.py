"""The forms of the dialogue as a browser posts them."""

from typing import Any

import pytest
from django.urls import reverse

from dap.core.models import Draft
from dap.dialogue.models import Message, Thread
from dap.portfolio.models import PortfolioRow

from .. import factories
from ..access.visiting import Visitor, fields_of, html_of, text_of
from ..factories import House

MEGABYTE = "lang tekst " * 95_000


def at(house: House, name: str, **ids: Any) -> str:
    return reverse(f"person:{name}", kwargs={"person_id": house.citizen.id, **ids})


@pytest.mark.feature("D1")
def test_a_citizen_writes_the_counsellor_answers_and_each_sees_that_it_is_read(house: House) -> None:
    citizen, nav = Visitor(house.by_citizen), Visitor(house.counsellor)
    sent = citizen.post(at(house, "thread_new"), title="Praksis", text="Hvor finner jeg\r\nen praksisplass?")
    assert sent.status_code == 303
    thread = Thread.objects.get()
    page = at(house, "thread", thread_id=thread.id)
    assert "Sendt til veilederen din kl. 10.00" in text_of(citizen.read(sent["Location"].partition("#")[0]))
    assert "Lest" not in text_of(citizen.read(page))
    assert PortfolioRow.objects.get(person=house.citizen).unread_by_nav == 1
    assert "Hvor finner jeg en praksisplass?" in text_of(nav.read(page))
    assert PortfolioRow.objects.get(person=house.citizen).unread_by_nav == 0
    assert "Lest av Nav i dag kl. 10.00" in text_of(citizen.read(page))
    answered = nav.post(page, text="Se https://arbeidsplassen.nav.no.")
    assert "Sendt til brukeren kl. 10.00" in text_of(nav.read(answered["Location"].partition("#")[0]))
    html = citizen.read(page)
    assert 'href="https://arbeidsplassen.nav.no"' in html
    assert "Marte Lien i Nav" in text_of(html)
    assert "Lest av brukeren i dag kl. 10.00" in text_of(nav.read(page).partition("arbeidsplassen")[2])


WRONG = [  # title, text, sentence
    ("Tema", "", "Skriv en melding før du sender."),
    ("Tema", " \r\n ", "Skriv en melding før du sender."),
    ("Tema", "x" * 5001, "Meldingen kan ha høyst 5000 tegn. Du har skrevet 5001."),
    ("", "Hei", "Skriv kort hva meldingen handler om."),
    ("x" * 101, "Hei", "Temaet kan ha høyst 100 tegn. Du har skrevet 101."),
    ("Tema", MEGABYTE, "Meldingen kan ha høyst 5000 tegn."),
]


@pytest.mark.feature("D4")
@pytest.mark.parametrize(("title", "text", "sentence"), WRONG, ids=lambda value: value[:12])
def test_a_new_thread_that_can_not_be_sent_says_why_and_keeps_the_text(
    house: House, title: str, text: str, sentence: str
) -> None:
    citizen = Visitor(house.by_citizen)
    answer = citizen.post(at(house, "thread_new"), title=title, text=text)
    assert answer.status_code == 422
    assert sentence in text_of(html_of(answer))
    form = fields_of(html_of(answer), at(house, "thread_new"))
    assert form["title"] == title
    assert form["text"].replace("\r\n", "\n") == text.replace("\r\n", "\n")
    assert not Thread.objects.exists()
    assert citizen.send(at(house, "thread_new"), {**form, "title": "Tema", "text": "Hei"}).status_code == 303


@pytest.mark.feature("D4")
@pytest.mark.parametrize("text", ["", "x" * 5001, MEGABYTE], ids=["blank", "long", "megabyte"])
def test_a_reply_that_can_not_be_sent_keeps_the_text_too(house: House, text: str) -> None:
    thread = factories.thread(house.citizen, house.by_citizen)
    card = factories.activity(house.citizen, house.by_citizen)
    citizen = Visitor(house.by_citizen)
    for address in (
        at(house, "thread", thread_id=thread.id),
        at(house, "activity_thread", activity_id=card.id),
    ):
        answer = citizen.post(address, text=text)
        assert answer.status_code == 422
        assert fields_of(html_of(answer), address)["text"] == text
    assert Message.objects.count() == 1


@pytest.mark.feature("D4")
def test_each_form_sends_one_message_however_often_it_is_posted(house: House) -> None:
    thread = factories.thread(house.citizen, house.by_citizen)
    card = factories.activity(house.citizen, house.by_citizen)
    nav = Visitor(house.counsellor)
    waits = at(house, "thread_waits", thread_id=thread.id)
    page = at(house, "thread", thread_id=thread.id)
    posts = [
        (at(house, "thread_new"), None, {"title": "Ny", "text": "Hei"}),
        (page, None, {"text": "Hei igjen"}),
        (at(house, "activity_thread", activity_id=card.id), None, {"text": "Om kortet"}),
        (waits, page, {"citizen": "on"}),
    ]
    for number, (address, drawn_on, typed) in enumerate(posts):
        form = {**nav.form(address, drawn_on), **typed}
        answers = [nav.send(address, form) for _ in range(3)]
        assert [a.status_code for a in answers] == [303] * 3, address
        assert len({a["Location"] for a in answers}) == 1
        assert Message.objects.count() == min(number + 2, 4)
        other = nav.send(address, {**form, "text": "Noe annet jeg skrev"})
        assert other.status_code == 409, address
        assert "allerede sendt, med en annen tekst" in text_of(html_of(other)), address
        assert "Noe annet jeg skrev" in html_of(other), address
    assert Thread.objects.get(id=thread.id).waits_on_citizen_since


@pytest.mark.feature("D1")
def test_the_card_leads_to_its_one_thread_once_it_has_one(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    address = at(house, "activity_thread", activity_id=card.id)
    page = at(house, "activity", activity_id=card.id)
    citizen, nav = Visitor(house.by_citizen), Visitor(house.counsellor)
    late = {**nav.form(address, page), "text": "Samtidig fra Nav"}
    assert citizen.post(address, page, text="Spørsmål om kortet").status_code == 303
    thread = Thread.objects.get()
    assert nav.send(address, late).status_code == 303, "the form was drawn before there was a thread"
    assert Message.objects.filter(thread=thread).count() == 2
    assert nav.get(address)["Location"] == at(house, "thread", thread_id=thread.id)
    words = text_of(nav.read(page))
    assert "Spørsmål om kortet" in words
    assert "Samtidig fra Nav" in words


@pytest.mark.feature("D2")
def test_only_staff_mark_whom_a_thread_waits_for(house: House) -> None:
    thread = factories.thread(house.citizen, house.by_citizen)
    page = at(house, "thread", thread_id=thread.id)
    waits = at(house, "thread_waits", thread_id=thread.id)
    citizen, nav = Visitor(house.by_citizen), Visitor(house.counsellor)
    assert waits not in citizen.read(page)
    assert citizen.forged(waits, citizen="on").status_code == 403
    form = nav.form(waits, page)
    assert form["nav"] == "on"
    form.pop("nav")
    assert nav.send(waits, {**form, "citizen": "on"}).status_code == 303
    assert "Venter på svar fra deg" in text_of(citizen.read(page))
    marked = Thread.objects.get()
    assert marked.waits_on_nav_since is None


@pytest.mark.feature("P7")
def test_a_message_to_a_thread_that_ended_meanwhile_is_given_back(house: House) -> None:
    thread = factories.thread(house.citizen, house.by_citizen)
    card = factories.activity(house.citizen, house.by_citizen)
    citizen, nav = Visitor(house.by_citizen), Visitor(house.counsellor)
    page = at(house, "thread", thread_id=thread.id)
    about = at(house, "activity_thread", activity_id=card.id)
    typed = {"title": "Tema", "text": "Dette tok lang tid å skrive"}
    drawn = {address: citizen.form(address) for address in (page, about, at(house, "thread_new"))}
    marks = nav.form(at(house, "thread_waits", thread_id=thread.id), page)
    factories.end_period(house.citizen)
    for address, form in drawn.items():
        answer = citizen.send(address, {**form, **typed})
        assert answer.status_code == 422, address
        assert "Dette tok lang tid å skrive" in html_of(answer), address
    assert nav.send(at(house, "thread_waits", thread_id=thread.id), marks).status_code == 422
    assert Message.objects.count() == 1
    assert "kan bare leses" in text_of(citizen.read(page))


@pytest.mark.feature("D4")
def test_a_draft_comes_back_to_its_author_alone_and_is_gone_when_it_is_sent(house: House) -> None:
    thread = factories.thread(house.citizen, house.by_citizen)
    page = at(house, "thread", thread_id=thread.id)
    nav = Visitor(house.counsellor)
    form = nav.form(page)
    saved = nav.send(reverse("draft_save"), {**form, "text": "Halvferdig svar"})
    assert saved.json() == {"said": "Kladd lagret kl. 10.00"}
    assert nav.form(page)["text"] == "Halvferdig svar"
    assert Visitor(house.colleague).form(page)["text"] == ""
    assert Visitor(house.by_citizen).form(page)["text"] == ""
    assert "Halvferdig" not in nav.read(page.replace("/p/", "/vis/"))
    assert nav.send(page, {**form, "text": "Ferdig svar"}).status_code == 303
    assert not Draft.objects.exists()
    late = nav.send(reverse("draft_save"), {**form, "text": "Ferdig svar"})
    assert late.json() == {"said": ""}, "the last saving while typing comes after the message"
    assert not Draft.objects.exists()


@pytest.mark.feature("D4")
def test_htmx_is_led_to_the_thread_with_the_message_and_an_empty_composer(house: House) -> None:
    thread = factories.thread(house.citizen, house.by_citizen)
    page = at(house, "thread", thread_id=thread.id)
    citizen = Visitor(house.by_citizen)
    headers = {"HX-Request": "true"}
    form = citizen.form(page)
    sent = citizen.client.post(page, {**form, "text": "Og en ting til"}, headers=headers)
    assert (sent.status_code, html_of(sent)) == (200, "")
    assert sent["HX-Redirect"].startswith(f"{page}?sendt=")
    html = citizen.read(sent["HX-Redirect"])
    assert "Og en ting til" in text_of(html)
    assert "Sendt til veilederen din kl." in text_of(html)
    again = fields_of(html, page)
    assert again["text"] == ""
    assert again["_form"] != form["_form"], "the next message is a form of its own"
    refused = citizen.client.post(page, {**again, "text": " "}, headers=headers)
    assert refused.status_code == 422
    assert "Skriv en melding før du sender." in text_of(html_of(refused))


def test_a_thread_and_an_activity_of_somebody_else_are_not_found_under_ones_own_address(house: House) -> None:
    theirs = factories.thread(house.neighbour, house.by_neighbour)
    card = factories.activity(house.neighbour, house.by_neighbour)
    citizen = Visitor(house.by_citizen)
    for name, ids in (
        ("thread", {"thread_id": theirs.id}),
        ("activity_thread", {"activity_id": card.id}),
    ):
        assert citizen.get(at(house, name, **ids)).status_code == 404
        assert citizen.forged(at(house, name, **ids), text="Hei").status_code == 404
    waits = at(house, "thread_waits", thread_id=theirs.id)
    assert Visitor(house.counsellor).forged(waits, nav="on").status_code == 404
    assert Message.objects.count() == 1
