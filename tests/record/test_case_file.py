"""The case file: what goes in, and the sentence for everything that does not."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dap.core.enums import Side
from dap.plan.enums import ActivityType, ApplicationStatus, Status
from dap.record import case_file
from dap.record.case_file import Moment, moments_in_order, parse, read_json

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)  # noon in Oslo


def a_case(**changes: Any) -> dict[str, Any]:
    case: dict[str, Any] = {
        "case": "B",
        "citizen": {"first_name": "Kari", "last_name": "Aas", "sex": "K", "birth_year": 1990},
        "period_start": "2026-01-01",
        "goals": [{"at": "2026-01-05", "by": "BRUKER", "text": "Jobb"}],
        "activities": [
            {
                "key": "cv",
                "type": "EGEN",
                "by": "NAV",
                "at": "2026-02-01T09:00",
                "status": "PLANLAGT",
                "title": "CV",
                "from_date": "2026-02-01",
                "to_date": "2026-12-01",
            }
        ],
        "threads": [
            {
                "title": "Hei",
                "messages": [
                    {"from": "NAV", "at": "2026-03-01T10:00", "text": "Hvordan går det?"},
                    {"from": "BRUKER", "at": "2026-03-02", "text": "Fint"},
                ],
            }
        ],
        "minutes": [{"date": "2026-03-05", "purpose": "Oppstart", "text": "Vi snakket."}],
    }
    return {**case, **changes}


def read(*cases: object) -> case_file.CaseFile:
    return parse({"format": "dap-case/1", "cases": list(cases)}, NOW)


def sentences(*cases: object) -> list[str]:
    result = read(*cases)
    assert not result.cases
    return [str(error) for error in result.errors]


def put(case: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The case with the value at a path such as `threads.0.messages.1.text`; `...` removes the field."""
    *way, last = path.split(".")
    place: Any = case
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return case


def change(**what: Any) -> dict[str, Any]:
    return {"at": "2026-04-01T10:00", "by": "BRUKER", **what}


def test_a_whole_case_is_read() -> None:
    (case,) = read(a_case()).cases
    assert case.citizen.birth_year == 1990
    assert case.citizen.level == "IVURD"
    assert case.goals[0].at == Moment(date(2026, 1, 5), None)
    activity = case.activities[0]
    assert (activity.type, activity.by, activity.status) == (ActivityType.EGEN, Side.NAV, Status.PLANNED)
    assert activity.at == Moment(date(2026, 2, 1), time(9, 0))
    thread = case.threads[0]
    assert (thread.waits_on_nav, thread.waits_on_citizen) == (True, False)
    assert (thread.read_by_nav, thread.read_by_citizen) == (False, True)


def test_the_example_in_the_documentation_is_a_valid_file() -> None:
    text = (ROOT / "docs" / "import-case.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    result = parse(json.loads(example), NOW)
    assert result.errors == ()
    (case,) = result.cases
    assert {activity.type for activity in case.activities} == set(case_file.TYPES)
    assert case.activities[1].changes[0].application_status is ApplicationStatus.SENT


def test_fixed_titles_come_from_the_type() -> None:
    treatment = {
        "type": "BEHANDLING",
        "by": "BRUKER",
        "at": "2026-02-01",
        "status": "PLANLAGT",
        "from_date": "2026-02-01",
        "to_date": "2026-03-01",
        "details": {"treatment_type": "Fysioterapi", "treatment_place": "Storhavn"},
    }
    (case,) = read(a_case(activities=[treatment])).cases
    assert case.activities[0].title == "Fysioterapi"
    (fault,) = sentences(a_case(activities=[{**treatment, "title": "Egen tittel"}]))
    assert fault == "sak «B», aktivitet 1, felt «title»: finnes ikke i formatet"


def test_a_thread_on_an_activity_takes_its_title() -> None:
    case = put(put(a_case(), "threads.0.activity", "cv"), "threads.0.title", ...)
    assert read(case).cases[0].threads[0].title == "CV"


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("threads.0.messages.1.text", "  ", "tråd 1, melding 2, felt «text»: kan ikke være tom"),
        ("threads.0.messages.1.text", "a" * 5001, "tråd 1, melding 2, felt «text»: er for lang: 5001 tegn"),
        (
            "threads.0.messages.1.text",
            "a\x00b",
            "tråd 1, melding 2, felt «text»: har tegn som ikke kan lagres",
        ),
        ("threads.0.messages.1.text", 7, "tråd 1, melding 2, felt «text»: skal være tekst"),
        (
            "threads.0.messages.1.from",
            "SYSTEM",
            "tråd 1, melding 2, felt «from»: skal være en av BRUKER, NAV",
        ),
        (
            "threads.0.messages.1.at",
            "2026-02-30",
            "tråd 1, melding 2, felt «at»: skal være en dato som finnes",
        ),
        ("threads.0.messages.1.at", "2026-02-20", "tråd 1, melding 2, felt «at»: ligger før meldingen foran"),
        ("threads.0.messages", [], "tråd 1, felt «messages»: kan ikke være tom"),
        ("threads.0.messages", "hei", "tråd 1, felt «messages»: skal være en liste"),
        ("threads.0.title", "a" * 101, "tråd 1, felt «title»: er for lang: 101 tegn, det er plass til 100"),
        ("threads.0.activity", "nei", "tråd 1, felt «activity»: ingen aktivitet har nøkkelen «nei»"),
        ("threads.0.waits_on", "ALLE", "tråd 1, felt «waits_on»: skal være en av NAV, BRUKER, BEGGE"),
        ("threads.0.read_by_citizen", False, "tråd 1, felt «read_by_citizen»: den som skrev sist"),
        ("threads.0.read_by_nav", "nei", "tråd 1, felt «read_by_nav»: skal være true eller false"),
        ("threads.0.emne", "x", "tråd 1, felt «emne»: finnes ikke i formatet"),
        ("citizen.sex", "X", "bruker, felt «sex»: skal være en av K, M"),
        ("citizen.first_name", ..., "bruker, felt «first_name»: mangler"),
        ("citizen.birth_year", ..., "bruker, felt «birth_year»: mangler: fyll ut"),
        ("citizen.birth_year", "1990", "bruker, felt «birth_year»: skal være et helt tall fra 1900"),
        ("citizen.birth_date", "1991-01-01", "bruker, felt «birth_year»: er et annet år enn i «birth_date»"),
        ("citizen.birth_year", 2027, "bruker, felt «birth_year»: ligger i fremtiden"),
        ("citizen.benefit", "UFØRE", "bruker, felt «benefit»: skal være en av AAP, DAGP, TILTAKSPENGER"),
        ("citizen.benefit_from", "2026-01-01", "bruker, felt «benefit_from»: krever at «benefit» er fylt ut"),
        ("citizen.level", "HØY", "bruker, felt «level»: skal være en av IKVAL"),
        ("citizen", ..., "felt «citizen»: mangler"),
        ("citizen", "Kari", "bruker: skal være et objekt med felter"),
        ("period_start", "1. januar", "felt «period_start»: skal være en dato som finnes"),
        ("period_start", "2027-01-01", "felt «period_start»: ligger i fremtiden"),
        ("period_start", "2026-01-06", "mål 1, felt «at»: ligger før oppfølgingsperioden starter"),
        ("goals.0.text", "a" * 501, "mål 1, felt «text»: er for lang: 501 tegn, det er plass til 500"),
        ("goals.0.at", "2026-11-21T12:01", "mål 1, felt «at»: ligger i fremtiden"),
        ("activities.0.at", "2025-12-31", "aktivitet 1, felt «at»: ligger før oppfølgingsperioden starter"),
        ("activities.0.at", "2026-11-22", "aktivitet 1, felt «at»: ligger i fremtiden"),
        ("activities.0.type", "SAMTALEREFERAT", "aktivitet 1, felt «type»: skal være en av"),
        (
            "activities.0.status",
            "FERDIG",
            "aktivitet 1, felt «status»: skal være en av BRUKER_ER_INTERESSERT",
        ),
        ("activities.0.title", "a" * 101, "aktivitet 1, felt «title»: er for lang: 101 tegn"),
        ("activities.0.to_date", ..., "aktivitet 1, felt «to_date»: mangler"),
        ("activities.0.to_date", "2026-01-31", "aktivitet 1, felt «to_date»: kan ikke være før fra-datoen"),
        ("activities.0.link", "javascript:alert(1)", "aktivitet 1, felt «link»: skal begynne med https://"),
        ("activities.0.details", {"employer": "x"}, "aktivitet 1, detaljer, felt «employer»: finnes ikke"),
        (
            "activities.0.details",
            {"purpose": "a" * 256},
            "aktivitet 1, detaljer, felt «purpose»: er for lang",
        ),
        ("activities.0.application_status", "AVSLAG", "aktivitet 1, felt «application_status»: finnes ikke"),
        (
            "activities.0.agreed_at",
            "2026-01-31",
            "aktivitet 1, felt «agreed_at»: ligger før aktiviteten ble laget",
        ),
        ("minutes.0.date", "2025-03-05", "referat 1, felt «date»: ligger før oppfølgingsperioden starter"),
        ("minutes.0.purpose", "", "referat 1, felt «purpose»: kan ikke være tom"),
        ("navn", "x", "felt «navn»: finnes ikke i formatet"),
    ],
)
def test_a_fault_names_case_place_and_field(path: str, value: Any, sentence: str) -> None:
    found = sentences(put(a_case(), path, value))
    assert any(fault.startswith(f"sak «B», {sentence}") for fault in found), found


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([change()], "endring 1: skal ha nøyaktig ett av feltene"),
        ([change(status="GJENNOMFORES", to_date="2026-05-01")], "endring 1: skal ha nøyaktig ett av feltene"),
        ([change(status="PLANLAGT")], "endring 1, felt «status»: er den samme som før"),
        (
            [change(status="GJENNOMFORES", at="2026-01-30")],
            "endring 1, felt «at»: ligger før det som står foran",
        ),
        ([change(status="GJENNOMFORES", reason="x")], "endring 1, felt «reason»: hører bare til endringer"),
        (
            [change(status="FULLFORT"), change(status="PLANLAGT")],
            "endring 2, felt «status»: aktiviteten er avsluttet",
        ),
        (
            [change(status="AVBRUTT"), change(to_date="2026-12-31")],
            "endring 2, felt «to_date»: aktiviteten er avs",
        ),
        ([change(to_date="2026-01-01")], "endring 1, felt «to_date»: kan ikke være før fra-datoen"),
        ([change(application_status="AVSLAG")], "endring 1, felt «application_status»: hører bare til"),
    ],
)
def test_changes_follow_the_rules_of_the_plan(changes: list[Any], sentence: str) -> None:
    found = sentences(put(a_case(), "activities.0.changes", changes))
    assert any(fault.startswith(f"sak «B», aktivitet 1, {sentence}") for fault in found), found


@pytest.mark.parametrize("end", ["FULLFORT", "AVBRUTT"])
def test_an_agreed_activity_ends_with_a_reason(end: str) -> None:
    case = put(a_case(), "activities.0.agreed_at", "2026-02-02")
    (fault,) = sentences(put(case, "activities.0.changes", [change(status=end)]))
    assert fault.startswith("sak «B», aktivitet 1, endring 1, felt «reason»: mangler")
    put(case, "activities.0.changes", [change(status=end, reason="Vi er enige.")])
    assert read(case).errors == ()


def test_a_finished_job_may_still_get_its_answer() -> None:
    job = {**a_case()["activities"][0], "type": "STILLING", "application_status": "SOKNAD_SENDT"}
    job["changes"] = [change(status="FULLFORT"), change(application_status="AVSLAG")]
    assert read(a_case(activities=[job])).errors == ()


def test_only_nav_makes_an_agreement_to_apply() -> None:
    agreement = {**a_case()["activities"][0], "type": "SOKEAVTALE", "by": "BRUKER"}
    del agreement["title"]
    agreement["details"] = {"applications_per_week": 100}
    assert sentences(a_case(activities=[agreement])) == [
        "sak «B», aktivitet 1, felt «by»: skal være NAV: bare Nav lager aktiviteter av typen SOKEAVTALE",
        "sak «B», aktivitet 1, detaljer, felt «applications_per_week»: skal være et helt tall fra 1 til 99",
    ]


def test_an_activity_has_one_key_and_one_thread() -> None:
    case = a_case()
    case["activities"].append(dict(case["activities"][0]))
    assert sentences(case) == ["sak «B», aktivitet 2, felt «key»: «cv» er brukt før i saken"]
    case = put(a_case(), "threads.0.activity", "cv")
    case["threads"].append(dict(case["threads"][0]))
    assert sentences(case) == ["sak «B», tråd 2, felt «activity»: aktiviteten har allerede en tråd"]


def test_a_faulty_case_is_refused_whole_and_the_others_go_in() -> None:
    result = read(
        a_case(case="A"), put(a_case(), "goals.0.text", ""), a_case(case="A"), "tull", a_case(case="D")
    )
    assert [case.case for case in result.cases] == ["A", "D"]
    assert [str(error) for error in result.errors] == [
        "sak 4: skal være et objekt med felter",
        "sak «B», mål 1, felt «text»: kan ikke være tom",
        "sak «A», felt «case»: er brukt før i filen",
    ]


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "x",
        {},
        {"format": "dap-case/2"},
        {"format": "dap-case/1"},
        {"format": "dap-case/1", "cases": []},
    ],
)
def test_a_file_of_another_kind_gets_a_sentence(data: object) -> None:
    result = parse(data, NOW)
    assert not result.cases
    assert len(result.errors) == 1


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b'{"a": }', "Filen er ikke gyldig JSON: feil på linje 1, tegn 7."),
        (b"\xff\xfe", "Filen er ikke skrevet i UTF-8."),
        (b"[" * 100_000, "Filen er ikke gyldig JSON: for mange nivåer inni hverandre."),
    ],
)
def test_what_is_no_json_gets_a_sentence(raw: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_json(raw)


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_an_offset_is_turned_into_norwegian_time() -> None:
    case = put(a_case(), "goals.0.at", "2026-07-01T23:30Z")
    assert read(case).cases[0].goals[0].at == Moment(date(2026, 7, 2), time(1, 30))


def test_moments_without_clock_time_keep_their_order() -> None:
    day = date(2026, 3, 1)
    moments = [Moment(day), Moment(day), Moment(day, time(9, 0)), Moment(day), Moment(date(2026, 3, 2))]
    resolved = moments_in_order(moments, NOW)
    assert all(earlier < later for earlier, later in pairwise(resolved))
    assert [moment.date() for moment in resolved] == [day] * 4 + [date(2026, 3, 2)]
    assert (resolved[2].hour, resolved[2].minute) == (9, 0)
    assert resolved[4].hour == 12


def test_todays_moment_without_clock_time_is_not_in_the_future() -> None:
    early = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    assert moments_in_order([Moment(date(2026, 11, 21))], early) == [early]
    assert early - moments_in_order([Moment(date(2026, 11, 21))] * 3, early)[0] == timedelta(seconds=2)
