"""The pages: what a person sees, what is stored about the look, and what never leaves the server."""

import re
from datetime import timedelta
from itertools import islice
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dap.access.actor import Actor
from dap.access.models import AuditEntry
from dap.access.sessions import KEY, citizen_actor
from dap.core import clock, form_token, touch
from dap.core.models import Draft, IdempotencyKey
from dap.core.person_numbers import synthetic_numbers
from dap.dialogue import actions as dialogue
from dap.people.models import Office
from dap.portfolio.models import Search

from . import builders
from .builders import BORN, NOW, TODAY

pytestmark = pytest.mark.django_db
NUMBERS = list(islice(synthetic_numbers(BORN), 60, 63))


@pytest.fixture(autouse=True)
def _noon() -> object:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def here() -> Office:
    return builders.office()


@pytest.fixture
def nav(here: Office) -> Actor:
    return builders.counsellor(here)


def client_of(actor: Actor) -> Client:
    """A browser in which this actor has logged in."""
    client = Client()
    session = client.session
    session[KEY] = {"role": str(actor.role), "id": str(actor.id)}
    session["seen"] = NOW.isoformat()
    session.save()
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, actor: Actor, text: str) -> object:
    return client.post("/sok", {"q": text, form_token.FIELD: form_token.make(actor.key, "sok")})


def last_look() -> AuditEntry:
    entry = AuditEntry.objects.order_by("-id").first()
    assert entry is not None
    return entry


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_my_people_tells_how_each_one_stands_and_who_looked(here: Office, nav: Actor) -> None:
    person = builders.person(here, followed_by=nav)
    builders.person(here, "Berg", "Jonas")
    builders.activity(person, TODAY - timedelta(days=1))
    builders.activity(person, TODAY + timedelta(days=3))
    dialogue.start_thread(
        person=person,
        title="Spørsmål",
        text="Hemmelig",
        asks_citizen=False,
        by=citizen_actor(person),
        at=NOW - timedelta(days=2),
    )
    touch.flush()
    html = page(client_of(nav), "/mine-brukere")
    row = text_of(html[html.index("<tbody") : html.index("</tbody>")])
    assert (
        " ".join(row.split())
        == "Solberg, Amina for 2 dager siden 1 1 om 3 dager for 2 dager siden , fra bruker"
    )
    assert f'href="{reverse("person:plan", kwargs={"person_id": person.id})}"' in html
    assert 'title="18.11.2026 10.00"' in html
    assert "Viser 1–1 av 1" in html
    assert "Hemmelig" not in html
    look = last_look()
    assert (look.what, look.people, look.allowed) == ("my_people", [person.id], True)


def test_a_counsellor_without_people_is_shown_the_way_to_the_offices(here: Office, nav: Actor) -> None:
    html = page(client_of(nav), "/mine-brukere")
    assert "Du følger ikke opp noen ennå" in html
    assert f'href="{reverse("office_people")}"' in html


def test_the_office_shows_counsellors_and_those_without(here: Office, nav: Actor) -> None:
    builders.person(here, followed_by=nav)
    builders.person(here, "Berg", "Jonas")
    html = page(client_of(nav), "/enheten")
    assert "Nav Fjordvik" in html
    table = text_of(html[html.index("<tbody") :])
    assert "Marte Lien" in table
    assert "Uten veileder" in table
    html = page(client_of(nav), "/enheten?vis=uten-veileder")
    assert "Solberg" not in html
    assert "Ingen her nå" in page(client_of(nav), "/enheten?vis=utlopte")


def test_headers_sort_and_say_how(here: Office, nav: Actor) -> None:
    builders.person(here, followed_by=nav)
    html = page(client_of(nav), "/mine-brukere?sorter=navn&retning=synkende")
    heads = re.findall(
        r'<th scope="col"[^>]*aria-sort="(\w+)"[^>]*>\s*<a[^>]*href="([^"]+)"[^>]*>([^<]+)', html
    )
    assert [(label, sort) for sort, _, label in heads] == [
        ("Navn", "descending"),
        ("Venter siden", "none"),
        ("Uleste", "none"),
        ("Utløpte", "none"),
        ("Neste sluttdato", "none"),
        ("Siste kontakt", "none"),
    ]
    assert heads[0][1] == "?sorter=navn&amp;retning=stigende"


@pytest.mark.parametrize("address", ["/mine-brukere", "/enheten", "/sok"])
def test_a_citizen_sees_no_lists(here: Office, address: str) -> None:
    citizen = citizen_actor(builders.person(here))
    assert client_of(citizen).get(address).status_code == 403
    assert post(client_of(citizen), citizen, "Berg").status_code == 403  # type: ignore[attr-defined]


def test_a_search_by_name_leads_to_its_own_page(here: Office, nav: Actor) -> None:
    person = builders.person(here, "Østby", "Per")
    client = client_of(nav)
    answer = post(client, nav, "østby")
    assert answer.status_code == 303  # type: ignore[attr-defined]
    address = answer["Location"]  # type: ignore[index]
    assert re.fullmatch(r"/sok\?s=[0-9a-f-]{36}", address)
    html = page(client, address)
    assert "Østby, Per" in html
    assert 'value="østby"' in html
    assert "?s=" in html  # sorting stays in the search
    assert last_look().people == [person.id]


def test_a_search_by_number_leads_to_the_person(here: Office, nav: Actor) -> None:
    person = builders.person(here, number=NUMBERS[0])
    answer = post(client_of(nav), nav, NUMBERS[0])
    assert (answer.status_code, answer["Location"]) == (  # type: ignore[attr-defined, index]
        303,
        reverse("person:plan", kwargs={"person_id": person.id}),
    )
    assert last_look().people == [person.id]


def test_a_number_out_of_reach_and_an_unknown_one_get_the_same_words(here: Office, nav: Actor) -> None:
    builders.person(builders.office("0402", "Nav Storvik"), number=NUMBERS[1])
    client = client_of(nav)
    pages = [page(client, post(client, nav, number)["Location"]) for number in NUMBERS[1:3]]  # type: ignore[index]
    texts = [text_of(html[html.index("<main") :]) for html in pages]
    assert texts[0] == texts[1]
    assert "Ingen treff" in texts[0]
    assert not any(number in html for number in NUMBERS for html in pages)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Skriv et navn eller et fødselsnummer."),
        ("å", "Skriv minst to bokstaver av navnet."),
        ("123456789012", "Et fødselsnummer har 11 siffer. Du har skrevet 12."),
        ("12345678901", "Dette er ikke et gyldig fødselsnummer. Se over sifrene."),
        ("Berg 17", "Skriv enten et navn eller et fødselsnummer, ikke begge deler."),
        ("<b>" + "x" * 100, "Søket kan ha høyst 100 tegn."),
    ],
)
def test_a_refused_search_says_why_and_keeps_the_text_on_the_page_only(
    nav: Actor, text: str, sentence: str
) -> None:
    answer = post(client_of(nav), nav, text)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    html = answer.content.decode()  # type: ignore[attr-defined]
    assert html.count(sentence) == 2  # in the summary and at the field
    assert f'value="{text.replace("<", "&lt;").replace(">", "&gt;")}"' in html
    assert 'aria-invalid="true"' in html
    assert not Search.objects.exists()
    assert not Draft.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_the_same_form_may_search_again_after_a_step_back(here: Office, nav: Actor) -> None:
    client, token = client_of(nav), form_token.make(nav.key, "sok")
    for text in ("Berg", "Berg", "Dahl"):
        assert client.post("/sok", {"q": text, form_token.FIELD: token}).status_code == 303


def test_anothers_search_and_an_unknown_one_get_the_same_404(here: Office, nav: Actor) -> None:
    colleague = builders.counsellor(here, ident="Z100002")
    theirs = post(client_of(colleague), colleague, "Berg")["Location"]  # type: ignore[index]
    answers = [client_of(nav).get(address) for address in (theirs, f"/sok?s={UUID(int=7)}", "/sok?s=x")]
    assert {answer.status_code for answer in answers} == {404}
    assert "Berg" not in answers[0].content.decode()
    assert not last_look().allowed


def test_an_old_search_asks_to_search_anew(here: Office, nav: Actor) -> None:
    address = post(client_of(nav), nav, "Berg")["Location"]  # type: ignore[index]
    with clock.frozen(NOW + timedelta(hours=2)):
        client = client_of(nav)
        html = page(client, address)
    assert "Søk på nytt" in html
    assert "Berg" not in html


def test_an_empty_search_page_has_the_field(nav: Actor) -> None:
    html = page(client_of(nav), "/sok")
    assert 'id="search"' in html
    assert "Ingen treff" not in html


@pytest.mark.parametrize("address", ["/mine-brukere", "/enheten", "/sok?s={search}"])
def test_a_page_keeps_to_its_budget_of_statements(here: Office, nav: Actor, address: str) -> None:
    for number in range(12):
        builders.person(here, "Berg", f"Jonas {number}", followed_by=nav)
    client = client_of(nav)
    address = address.format(search=post(client, nav, "Berg")["Location"].split("=")[1])  # type: ignore[index]
    with CaptureQueriesContext(connection) as statements:
        assert "Berg, Jonas 7" in page(client, address)
    frame = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET TRANSACTION", 'INSERT INTO "access_audit')
    own = [s["sql"] for s in statements if not s["sql"].startswith(frame)]
    own = [sql for sql in own if "django_session" not in sql and "STRING_AGG" not in sql]
    assert len(own) <= 5, own  # 4 of the page's own, and the actor
