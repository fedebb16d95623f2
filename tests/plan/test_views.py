"""The forms of the plan as a browser posts them: what goes well, what is refused, and nothing is lost."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from dap.core.models import IdempotencyKey
from dap.plan import actions
from dap.plan.enums import ActivityType, Status
from dap.plan.models import Activity, ActivityChange, ActivitySeen, Goal
from dap.plan.rules import PlanReason

from .. import factories
from ..access.visiting import Visitor, fields_of, html_of, text_of
from ..factories import NOW, House

T, S = ActivityType, Status


def at(house: House, name: str, **ids: Any) -> str:
    return reverse(f"person:{name}", kwargs={"person_id": house.citizen.id, **ids})


def stored(card: Activity) -> Activity:
    return Activity.objects.select_related("period").get(id=card.id)


TYPED: dict[ActivityType, dict[str, str]] = {
    T.EGEN: {
        "title": "Oppdatere CV-en",
        "from_date": "18.11.2026",
        "to_date": "2.12.26",
        "purpose": "Finne jobb",
    },
    T.STILLING: {"title": "Vikar", "from_date": "18.11.2026", "employer": "Solsikken", "link": "nav.no/jobb"},
    T.SOKEAVTALE: {"from_date": "18.11.2026", "to_date": "18.01.2027", "applications_per_week": "3"},
    T.BEHANDLING: {
        "treatment_type": "Fysioterapi",
        "treatment_place": "Fjordvik",
        "from_date": "18.11.2026",
        "to_date": "18.12.2026",
    },
    T.IJOBB: {"title": "Ringevikar", "job_share": "DELTID", "from_date": "01.08.2026", "employer": "Bokstua"},
}


@pytest.mark.feature("A1")
@pytest.mark.parametrize("type", TYPED)
def test_a_counsellor_proposes_an_activity_of_any_type(house: House, type: ActivityType) -> None:
    address = at(house, "activity_new", type_code=type)
    answer = Visitor(house.counsellor).post(address, **TYPED[type])
    made = Activity.objects.get()
    assert answer.status_code == 303
    assert str(made.id) in answer["Location"]
    assert (made.status, made.version, made.changed_by_side) == (S.PROPOSED, 1, "NAV")
    kept = {name: str(value) for name, value in actions.field_values(made).items()}
    for name in TYPED[type].keys() - {"from_date", "to_date", "link"}:
        assert kept[name] == TYPED[type][name]
    html = Visitor(house.by_citizen).read(at(house, "activity", activity_id=made.id))
    assert made.title in text_of(html)
    assert "Marte Lien i Nav la til aktiviteten" in text_of(html)


@pytest.mark.feature("A1")
@pytest.mark.parametrize("type", [t for t in TYPED if t is not T.SOKEAVTALE])
def test_a_citizen_plans_an_activity_and_may_not_choose_a_column(house: House, type: ActivityType) -> None:
    address = at(house, "activity_new", type_code=type)
    answer = Visitor(house.by_citizen).post(address, **TYPED[type], start="forslag")
    assert answer.status_code == 303
    assert Activity.objects.get().status == S.PLANNED


BAD = [  # type, typed instead, sentence
    (T.EGEN, {"title": "  "}, "Fyll ut «Hva skal gjøres?»."),
    (T.EGEN, {"title": "x" * 101}, "«Hva skal gjøres?» kan ha høyst 100 tegn. Du har skrevet 101."),
    (T.EGEN, {"purpose": "x" * 256}, "«Mål med aktiviteten» kan ha høyst 255 tegn. Du har skrevet 256."),
    (T.EGEN, {"description": "æ" * 5001}, "«Beskrivelse» kan ha høyst 5000 tegn. Du har skrevet 5001."),
    (T.EGEN, {"to_date": ""}, "Fyll ut «Til dato»."),
    (T.EGEN, {"to_date": "17.11.2026"}, "«Til dato» kan ikke være før startdatoen."),
    (T.EGEN, {"from_date": "31.02.2026"}, "Datoen 31.02.2026 finnes ikke."),
    (T.EGEN, {"from_date": "i morgen"}, "Skriv datoen som dag, måned og år"),
    (T.EGEN, {"from_date": "01.01.1949"}, "må være mellom 1950 og 2100"),
    (T.EGEN, {"to_date": "01.01.2101"}, "mellom 1900 og 2100"),
    (T.EGEN, {"link": "javascript:alert(1)"}, "Lenken må være en nettadresse"),
    (T.EGEN, {"link": "https://nav.no/ med mellomrom"}, "Lenken må være en nettadresse"),
    (T.EGEN, {"link": "x" * 2001}, "«Lenke» kan ha høyst 2000 tegn."),
    (T.EGEN, {"title": "Ha\x00llo"}, "tegn som ikke kan lagres"),
    (T.BEHANDLING, {"description": "x" * 401}, "«Beskrivelse» kan ha høyst 400 tegn."),
    (T.IJOBB, {"job_share": "HALVTID"}, "Velg et av alternativene i «Heltid eller deltid»."),
    (T.SOKEAVTALE, {"applications_per_week": "0"}, "må være et tall fra 1 til 99"),
    (T.SOKEAVTALE, {"applications_per_week": "mange"}, "som et helt tall"),
    (T.SOKEAVTALE, {"applications_per_week": "100"}, "må være et tall fra 1 til 99"),
]


@pytest.mark.feature("A1")
@pytest.mark.parametrize(("type", "wrong", "sentence"), BAD)
def test_a_wrong_field_is_told_in_a_sentence_and_everything_typed_still_stands_there(
    house: House, type: ActivityType, wrong: dict[str, str], sentence: str
) -> None:
    address = at(house, "activity_new", type_code=type)
    typed = {**TYPED[type], "description": "Dette skrev jeg", **wrong}
    visitor = Visitor(house.counsellor)
    answer = visitor.post(address, **typed)
    assert answer.status_code == 422
    html = html_of(answer)
    assert sentence in text_of(html)
    again = fields_of(html, address)
    # A browser drops what its control can't hold: a choice that does not exist, a NUL.
    kept = {name: text for name, text in typed.items() if name != "job_share" and "\x00" not in text}
    assert {name: again[name] for name in kept} == kept
    assert not Activity.objects.exists()
    mended = {**again, **dict.fromkeys(wrong, ""), **TYPED[type], "description": "Dette skrev jeg"}
    assert visitor.send(address, mended).status_code == 303, "mended, the same form goes through"


@pytest.mark.feature("A1")
def test_a_citizen_is_not_offered_nav_s_types_and_an_unknown_one_is_not_found(house: House) -> None:
    citizen = Visitor(house.by_citizen)
    assert "SOKEAVTALE" not in citizen.read(at(house, "activity_types"))
    address = at(house, "activity_new", type_code="SOKEAVTALE")
    assert citizen.get(address).status_code == 422
    refused = citizen.forged(address, **TYPED[T.SOKEAVTALE])
    assert refused.status_code == 422
    assert "kan bare Nav legge til" in text_of(html_of(refused))
    for code in ("MOTE", "egen", "x"):
        assert citizen.get(at(house, "activity_new", type_code=code)).status_code == 404
        assert citizen.forged(at(house, "activity_new", type_code=code)).status_code == 404
    assert not Activity.objects.exists()


@pytest.mark.feature("A5")
def test_a_stale_edit_shows_both_versions_and_the_choice_is_the_persons(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    address = at(house, "activity_edit", activity_id=card.id)
    citizen, nav = Visitor(house.by_citizen), Visitor(house.counsellor)
    mine = {**citizen.form(address), "title": "Min tittel", "description": "Min beskrivelse"}
    assert nav.post(address, title="Navs tittel").status_code == 303
    answer = citizen.send(address, mine)
    assert answer.status_code == 409
    words = text_of(html_of(answer))
    for shown in (
        "Min tittel",
        "Navs tittel",
        "Min beskrivelse",
        "Lagre min versjon",
        "Behold det som er lagret",
    ):
        assert shown in words
    assert "Marte Lien i Nav endret" in words
    assert stored(card).title == "Navs tittel"
    again = fields_of(html_of(answer), address)
    assert citizen.send(address, again).status_code == 303
    assert (stored(card).title, stored(card).version) == ("Min tittel", 3)


@pytest.mark.feature("A5")
def test_what_was_typed_for_a_card_that_was_finished_meanwhile_is_shown_to_keep(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    address = at(house, "activity_edit", activity_id=card.id)
    citizen = Visitor(house.by_citizen)
    mine = {**citizen.form(address), "description": "Lang tekst som tok tid"}
    actions.change_status(
        activity=stored(card), version=1, to=S.COMPLETED, reason="", by=house.counsellor, at=NOW
    )
    answer = citizen.send(address, mine)
    assert answer.status_code == 409
    assert "Lang tekst som tok tid" in text_of(html_of(answer))
    assert "avsluttet og kan ikke endres" in text_of(html_of(answer))
    assert citizen.get(address).status_code == 422, "the form is not drawn for a finished card"


MOVES = [  # posted, status, sentence
    ({"to": "FINNES_IKKE"}, 422, PlanReason.UNKNOWN_STATUS.sentence),
    ({"to": ""}, 422, PlanReason.UNKNOWN_STATUS.sentence),
    ({"to": "AVBRUTT"}, 422, "Skriv kort hvorfor den er fullført eller avbrutt."),
    ({"to": "FULLFORT", "reason": "x" * 256}, 422, "Begrunnelsen kan ha høyst 255 tegn."),
    ({"to": "GJENNOMFORES", "version": "1"}, 409, "Dette er endret mens du hadde det åpent"),
    ({"to": "GJENNOMFORES", "version": "abc"}, 409, "Dette er endret mens du hadde det åpent"),
]


@pytest.mark.feature("A2")
@pytest.mark.parametrize(("typed", "status", "sentence"), MOVES)
def test_a_move_that_is_refused_says_why_and_keeps_the_reason(
    house: House, typed: dict[str, str], status: int, sentence: str
) -> None:
    card = factories.activity(house.citizen, house.by_citizen, agreed_by=house.counsellor)
    address = at(house, "activity_move", activity_id=card.id)
    citizen = Visitor(house.by_citizen)
    answer = citizen.post(address, **{"reason": "", **typed})
    assert answer.status_code == status
    assert sentence in text_of(html_of(answer))
    again = fields_of(html_of(answer), address)
    assert again["reason"] == typed.get("reason", "")
    assert stored(card).version == 2
    assert citizen.send(address, {**again, "to": "AVBRUTT", "reason": "Fikk jobb"}).status_code == 303
    assert (stored(card).status, stored(card).reason, stored(card).version) == (S.ABORTED, "Fikk jobb", 3)


@pytest.mark.feature("D4")
def test_a_reason_typed_for_a_card_that_somebody_else_finished_is_given_back(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    address = at(house, "activity_move", activity_id=card.id)
    citizen = Visitor(house.by_citizen)
    form = {**citizen.form(address), "to": "AVBRUTT", "reason": "Jeg ble syk, så det gikk ikke"}
    actions.change_status(
        activity=stored(card), version=1, to=S.COMPLETED, reason="", by=house.counsellor, at=NOW
    )
    answer = citizen.send(address, form)
    assert answer.status_code == 409
    assert "Jeg ble syk, så det gikk ikke" in text_of(html_of(answer))
    assert "avsluttet og kan ikke endres" in text_of(html_of(answer))


@pytest.mark.feature("P14")
def test_a_move_is_undone_from_the_board_it_came_back_to(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    citizen = Visitor(house.by_citizen)
    moved = citizen.post(at(house, "activity_move", activity_id=card.id), to="FULLFORT", reason="")
    board = moved["Location"].partition("#")[0]
    undo = at(house, "activity_undo", activity_id=card.id)
    assert "Flyttet til «Fullført»" in text_of(citizen.read(board))
    form = citizen.form(undo, board)
    assert citizen.send(undo, form).status_code == 303
    assert stored(card).status == S.PLANNED
    late = citizen.send(undo, {**form, "_form": citizen.token(), "version": "3"})
    assert late.status_code == 422
    assert "kan ikke angres lenger" in text_of(html_of(late))


@pytest.mark.feature("A3")
def test_agreeing_and_the_application_status_are_told_on_the_page_of_the_card(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, T.STILLING)
    page = at(house, "activity", activity_id=card.id)
    agree = at(house, "activity_agree", activity_id=card.id)
    application = at(house, "activity_application", activity_id=card.id)
    nav, citizen = Visitor(house.counsellor), Visitor(house.by_citizen)
    assert agree not in citizen.read(page), "an impossible button is never drawn"
    assert citizen.forged(agree, version="1").status_code == 403
    drawn = nav.form(agree, page)
    assert nav.send(agree, drawn).status_code == 303
    assert stored(card).agreed
    again = nav.send(agree, {**drawn, "_form": nav.token(), "version": "2"})
    assert (again.status_code, "allerede avtalt" in html_of(again)) == (422, True)
    assert citizen.post(application, page, application_status="SOKNAD_SENDT").status_code == 303
    wrong = citizen.post(application, page, application_status="ANSATT")
    assert (wrong.status_code, "Velg en av søknadsstatusene." in html_of(wrong)) == (422, True)
    stale = citizen.post(application, page, application_status="AVSLAG", version="1")
    assert (stale.status_code, stored(card).application_status) == (409, "SOKNAD_SENDT")


@pytest.mark.feature("G1")
def test_the_goal_is_written_refused_and_compared(house: House) -> None:
    address = at(house, "goal")
    citizen, nav = Visitor(house.by_citizen), Visitor(house.counsellor)
    for typed, sentence in ((" ", "Skriv hva målet er."), ("x" * 501, "Målet kan ha høyst 500 tegn.")):
        refused = citizen.post(address, text=typed)
        assert (refused.status_code, sentence in text_of(html_of(refused))) == (422, True)
        assert fields_of(html_of(refused), address)["text"] == typed
    mine = {**citizen.form(address), "text": "Jobb i barnehage"}
    assert nav.post(address, text="Jobb på sykehjem").status_code == 303
    stale = citizen.send(address, mine)
    assert stale.status_code == 409
    assert "Jobb på sykehjem" in text_of(html_of(stale))
    again = fields_of(html_of(stale), address)
    assert again["text"] == "Jobb i barnehage"
    assert citizen.send(address, again).status_code == 303
    assert [g.text for g in Goal.objects.order_by("id")] == ["Jobb på sykehjem", "Jobb i barnehage"]


@pytest.mark.feature("D4")
def test_every_form_of_the_plan_is_carried_out_once_and_refuses_other_content_under_its_key(
    house: House,
) -> None:
    card = factories.activity(house.citizen, house.by_citizen, T.STILLING)
    nav = Visitor(house.counsellor)
    ids = {"activity_id": card.id}
    page, board = at(house, "activity", **ids), at(house, "plan")
    posts = [
        (at(house, "goal"), None, {"text": "Fast jobb"}, {"text": "Noe annet"}),
        (at(house, "activity_new", type_code="STILLING"), None, TYPED[T.STILLING], {"title": "En annen"}),
        (at(house, "activity_edit", **ids), None, {"title": "Ny tittel"}, {"title": "En annen"}),
        (at(house, "activity_application", **ids), page, {"application_status": "AVSLAG"}, {"version": "9"}),
        (at(house, "activity_agree", **ids), page, {}, {"version": "9"}),
        (at(house, "activity_move", **ids), None, {"to": "GJENNOMFORES", "reason": ""}, {"reason": "y"}),
        (at(house, "activity_undo", **ids), f"{board}?flyttet={card.id}", {}, {"version": "9"}),
    ]
    for address, drawn_on, typed, other in posts:
        form = {**nav.form(address, drawn_on), **typed}
        answers = [nav.send(address, form) for _ in range(3)]
        assert [a.status_code for a in answers] == [303] * 3, address
        assert len({a["Location"] for a in answers}) == 1
        different = nav.send(address, {**form, **other})
        assert different.status_code == 409, address
        assert "allerede sendt, med en annen tekst" in text_of(html_of(different)), address
    assert Goal.objects.count() == 1
    assert Activity.objects.count() == 2
    assert ActivityChange.objects.filter(activity=card).count() == stored(card).version == 6
    assert IdempotencyKey.objects.count() == len(posts)


@pytest.mark.feature("P8")
def test_seen_marks_are_for_a_persons_own_full_view(house: House) -> None:
    card = factories.activity(house.citizen, house.counsellor)
    page = at(house, "activity", activity_id=card.id)
    citizen = Visitor(house.by_citizen)
    citizen.client.head(page)
    citizen.get(page, headers={"Sec-Purpose": "prefetch;prerender"})
    citizen.get(page, headers={"HX-Refetch": "1"})
    Visitor(house.counsellor).read(page.replace("/p/", "/vis/"))
    citizen.read(at(house, "plan"))
    assert not ActivitySeen.objects.exists()
    citizen.read(page)
    assert ActivitySeen.objects.get().viewer_key == house.by_citizen.key
    factories.activity(house.citizen, house.counsellor, title="En til")
    assert citizen.post(at(house, "plan_seen"), at(house, "plan")).status_code == 303
    assert ActivitySeen.objects.filter(viewer_key=house.by_citizen.key).count() == 2


@pytest.mark.feature("P1")
def test_htmx_gets_the_board_back_after_a_move_and_a_sentence_after_a_refused_drag(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, finished_as=S.COMPLETED, at=NOW - timedelta(1))
    open_card = factories.activity(house.citizen, house.by_citizen)
    citizen = Visitor(house.by_citizen)
    drag = {"fra": "dra", "to": "PLANLAGT", "version": "2", "visning": ""}
    headers = {"HX-Request": "true"}

    def move(activity: Activity, **typed: str) -> Any:
        address = at(house, "activity_move", activity_id=activity.id)
        fields = {"_form": citizen.token(uuid4().hex), **drag, **typed}
        return citizen.client.post(address, fields, headers=headers)

    refused = move(card)
    assert refused.status_code == 422
    assert html_of(refused).lstrip().startswith('<div id="tavle"')
    assert "avsluttet og kan ikke endres" in text_of(html_of(refused))
    moved = move(open_card, to="GJENNOMFORES", version="1")
    assert moved.status_code == 200
    assert html_of(moved).lstrip().startswith('<div id="tavle"')
    assert stored(open_card).status == S.IN_PROGRESS


@pytest.mark.feature("A7")
def test_the_citizen_can_answer_a_proposal_where_it_is_read(house: House) -> None:
    proposal = factories.activity(house.citizen, house.counsellor, status=S.PROPOSED)
    page = at(house, "activity", activity_id=proposal.id)
    move = at(house, "activity_move", activity_id=proposal.id)
    html = Visitor(house.by_citizen).read(page)
    assert f'href="{move}?til=PLANLAGT"' in html
    assert f'href="{move}?til=AVBRUTT"' in html
    assert "Nei takk" not in Visitor(house.counsellor).read(page)
