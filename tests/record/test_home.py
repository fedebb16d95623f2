"""The citizen's home: what waits, most urgent first, each with its acts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from dap.access.models import AuditEntry
from dap.plan import actions
from dap.plan.enums import ActivityType, Status
from dap.record.home import Urgency, home

from .. import factories
from ..access.visiting import Visitor, text_of
from ..factories import NOW, TODAY, House

pytestmark = pytest.mark.feature("P6")


def fill(house: House) -> None:
    """One of everything that can wait, made in the opposite order of urgency."""
    citizen, by, nav = house.citizen, house.by_citizen, house.counsellor
    long_ago = TODAY - timedelta(days=30)
    factories.activity(citizen, nav, title="Fra Nav", to_date=TODAY + timedelta(days=30))
    factories.activity(citizen, nav, title="Kurs", status=Status.PROPOSED, to_date=TODAY + timedelta(days=2))
    factories.activity(citizen, by, ActivityType.STILLING, title="Snart", to_date=TODAY + timedelta(days=3))
    factories.activity(citizen, by, title="Utløpt", from_date=long_ago, to_date=TODAY - timedelta(days=1))
    factories.thread(citizen, nav, title="Ulest")
    factories.thread(citizen, nav, title="Svar", asks_citizen=True)


def test_what_waits_stands_in_the_order_of_urgency(house: House) -> None:
    fill(house)
    steps = home(house.by_citizen, house.citizen).steps
    assert [step.urgency for step in steps] == list(Urgency)
    assert [step.title for step in steps] == [
        "Veilederen din venter på svar: Svar",
        "Ny melding: Ulest",
        "Forslag fra Nav: Kurs",
        "Snart",
        "Utløpt",
        "Nytt i planen: Fra Nav",
    ]
    assert [step.text for step in steps[3:5]] == [
        "Søknadsfristen er om 3 dager.",
        "Sluttdatoen var i går. Er du ferdig, eller trenger du mer tid?",
    ]


def test_what_has_expired_offers_the_acts_that_answer_its_question(house: House) -> None:
    ended = {"from_date": TODAY - timedelta(days=9), "to_date": TODAY - timedelta(days=1)}
    own = factories.activity(house.citizen, house.by_citizen, title="Kurs", **ended)
    job = factories.activity(house.citizen, house.by_citizen, ActivityType.STILLING, title="Kokk", **ended)
    agreed = factories.activity(
        house.citizen, house.by_citizen, title="Praksis", agreed_by=house.counsellor, **ended
    )
    acts = {step.card.id: step.acts for step in home(house.by_citizen, house.citizen).steps if step.card}
    assert [(act.label, act.route) for act in acts[own.id]] == [
        ("Jeg er ferdig", "person:activity_move"),
        ("Trenger mer tid", "person:activity_edit"),
    ]
    assert [(act.label, act.route) for act in acts[job.id]] == [
        ("Ja, jeg har søkt", "person:activity"),
        ("Nei, jeg lot være", "person:activity_move"),
    ]
    assert acts[agreed.id][1].route == "person:activity_thread", "Nav alone gives more time on what is agreed"


def test_each_step_leads_to_the_page_where_it_is_done_and_is_gone_when_it_is_done(house: House) -> None:
    fill(house)
    citizen = Visitor(house.by_citizen)
    steps = home(house.by_citizen, house.citizen).steps
    html = citizen.read("/")
    for step in steps:
        ids = {"thread_id": step.thread.id} if step.thread else {}
        if step.card:
            ids = {"activity_id": step.card.id}
        for act in step.acts:
            offered = reverse(act.route, kwargs={"person_id": house.citizen.id, **ids})
            assert f'href="{offered}' in html
        route = "person:thread" if step.thread else "person:activity"
        address = reverse(route, kwargs={"person_id": house.citizen.id, **ids})
        if step.urgency is Urgency.ANSWER:
            assert citizen.post(address, text="Her er svaret").status_code == 303
        elif step.urgency in (Urgency.EXPIRED, Urgency.PROPOSED):
            move = reverse("person:activity_move", kwargs={"person_id": house.citizen.id, **ids})
            assert citizen.post(move, to="FULLFORT", reason="").status_code == 303
        elif step.urgency is Urgency.ENDING:
            tell = reverse("person:activity_application", kwargs={"person_id": house.citizen.id, **ids})
            assert citizen.post(tell, address, application_status="SOKNAD_SENDT").status_code == 303
        else:
            citizen.read(address)
    assert home(house.by_citizen, house.citizen).steps == []
    assert "Ingenting venter på deg nå" in text_of(citizen.read("/"))


def test_an_empty_plan_shows_how_to_begin_and_a_quiet_one_what_comes_next(house: House) -> None:
    citizen = Visitor(house.by_citizen)
    words = text_of(citizen.read("/"))
    assert "Planen din er tom ennå" in words
    assert "Hei, Amina" in words
    assert "Onsdag 18. november" in words
    factories.activity(house.citizen, house.by_citizen, title="Senere", to_date=TODAY + timedelta(days=9))
    actions.set_goal(person=house.citizen, text="Fast jobb", seen_goal_id=None, by=house.by_citizen, at=NOW)
    words = text_of(citizen.read("/"))
    assert "Det neste som skjer: Senere" in words
    assert "om 9 dager" in words
    assert "Fast jobb" in words
    assert "Skriv med Marte Lien" in words


def test_the_home_is_a_look_at_oneself_and_staff_go_to_their_people(house: House) -> None:
    Visitor(house.by_citizen).read("/")
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.people) == ("start", [house.citizen.id])
    assert Visitor(house.counsellor).get("/")["Location"] == reverse("my_people")
    assert Visitor(None).get("/").status_code == 401


def test_what_waits_in_an_ended_period_waits_no_more(house: House) -> None:
    fill(house)
    factories.end_period(house.citizen)
    assert home(house.by_citizen, house.citizen).steps == []
