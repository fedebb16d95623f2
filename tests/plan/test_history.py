"""The history in plain words, in three voices."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from dap.plan import actions
from dap.plan.enums import ActivityType, ChangeKind, Status
from dap.plan.history import Voice, describe, voice_of
from dap.plan.models import Activity, ActivityChange

from .. import factories
from ..factories import NOW, House

pytestmark = pytest.mark.feature("P11")
T, S = ActivityType, Status


def told(house: House, card: Activity, by: Any) -> list[str]:
    with translation.override("nb"):
        rows = (
            ActivityChange.objects.filter(activity=card).select_related("by_counsellor").order_by("version")
        )
        return [describe(row, T(card.type), voice_of(by), by) for row in rows]


def act(card: Activity, verb: Any, **values: Any) -> None:
    stored = Activity.objects.select_related("period").get(id=card.id)
    verb(activity=stored, version=stored.version, at=NOW, **values)


@pytest.fixture
def card(house: House) -> Activity:
    """A job that everything has happened to."""
    made = factories.activity(house.citizen, house.counsellor, T.STILLING, status=S.PROPOSED, title="Vikar")
    act(made, actions.change_status, to=S.PLANNED, reason="", by=house.by_citizen)
    act(
        made,
        actions.edit_activity,
        values={"title": "Fast", "link": "nav.no", "to_date": date(2026, 12, 1)},
        by=house.counsellor,
    )
    act(made, actions.set_application_status, code="SOKNAD_SENDT", by=house.by_citizen)
    act(made, actions.agree, by=house.colleague)
    act(made, actions.edit_activity, values={"to_date": date(2026, 12, 8)}, by=house.counsellor)
    act(made, actions.change_status, to=S.COMPLETED, reason="Fikk jobben!", by=house.by_citizen)
    act(made, actions.undo_move, by=house.by_citizen)
    factories.end_period(house.citizen)
    return made


def test_the_citizen_is_du_and_nav_has_a_name(house: House, card: Activity) -> None:
    assert told(house, card, house.by_citizen) == [
        "Marte Lien i Nav la til aktiviteten i «Forslag».",
        "Du flyttet aktiviteten fra «Forslag» til «Planlegger».",
        "Marte Lien i Nav endret lenken, tittel fra «Vikar» til «Fast» og søknadsfrist fra ingen dato"
        " til 1. desember 2026.",
        "Du endret søknadsstatus fra «Ikke startet» til «Søknad sendt».",
        "Per Aas i Nav satte aktiviteten som avtalt med Nav.",
        "Marte Lien i Nav endret søknadsfrist fra 1. desember 2026 til 8. desember 2026.",
        "Du flyttet aktiviteten fra «Planlegger» til «Fullført». Begrunnelse: Fikk jobben!",
        "Du angret flyttingen, fra «Fullført» tilbake til «Planlegger».",
        "Aktiviteten ble arkivert da oppfølgingen tok slutt.",
    ]


def test_the_counsellor_is_du_a_colleague_has_a_name_and_the_citizen_is_brukeren(
    house: House, card: Activity
) -> None:
    lines = told(house, card, house.counsellor)
    assert [line.split(" ")[0] for line in lines[:6]] == ["Du", "Brukeren", "Du", "Brukeren", "Per", "Du"]
    assert told(house, card, house.counsellor.as_citizen()) == told(house, card, house.by_citizen)


def test_the_archive_names_nobody(house: House, card: Activity) -> None:
    rows = ActivityChange.objects.filter(activity=card).select_related("by_counsellor").order_by("version")
    with translation.override("nb"):
        lines = [describe(row, T.STILLING, Voice.ARCHIVE) for row in rows]
    assert [line.split(" ")[0] for line in lines[:6]] == ["Nav", "Bruker", "Nav", "Bruker", "Nav", "Nav"]
    assert not any(name in line for line in lines for name in ("Marte", "Per", "Amina"))


def test_every_kind_of_change_has_been_told(house: House, card: Activity) -> None:
    kinds = set(ActivityChange.objects.filter(activity=card).values_list("kind", flat=True))
    assert kinds == set(ChangeKind)


def test_choices_numbers_and_long_texts_are_told_in_words(house: House) -> None:
    job = factories.activity(house.citizen, house.by_citizen, T.IJOBB)
    act(
        job,
        actions.edit_activity,
        values={"job_share": "HELTID", "description": "x" * 900},
        by=house.by_citizen,
    )
    assert told(house, job, house.by_citizen)[-1] == (
        "Du endret beskrivelse og heltid eller deltid fra «Deltid» til «Heltid»."
    )
    search = factories.activity(house.citizen, house.counsellor, T.SOKEAVTALE)
    act(search, actions.edit_activity, values={"applications_per_week": 5}, by=house.counsellor)
    assert told(house, search, house.by_citizen)[-1] == (
        "Marte Lien i Nav endret antall søknader i uken fra «3» til «5»."
    )
