"""The published file: a small invented one of the same shape, and the real one where it is at hand."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dap.record import published_cases
from dap.record.case_file import parse, read_json

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)

PUBLISHED: dict[str, Any] = {
    "source": "Invented for this test",
    "cases": [
        {
            "case": "A",
            "citizen": {"sex": "M", "age_group": "25-29", "benefit": "AAP", "granted": 2018},
            "threads": [
                {
                    "about": "meldekort",
                    "messages": [
                        {"from": "BRUKER", "date": "2019-05-06", "text": "Hvor finner jeg kortet?"},
                        {"from": "NAV", "date": "2019-05-06", "text": "Øverst på siden."},
                    ],
                }
            ],
        },
        {
            "case": "B",
            "citizen": {"sex": "K", "age_group": "18-24", "benefit": "AAP", "granted": 2017},
            "minutes": [{"date": "2018-02-03", "purpose": "Veien videre", "text": "Vi snakket om skole."}],
        },
    ],
    "goals": [{"sex": "K", "age_group": "18-24", "granted": 2019, "goal": "Bli snekker"}],
}


def test_the_published_shape_is_recognised_and_mapped() -> None:
    assert published_cases.is_published(PUBLISHED)
    assert not published_cases.is_published({"format": "dap-case/1", "cases": []})
    result = parse(published_cases.to_case_file(PUBLISHED), NOW)
    assert result.errors == ()
    first, second, goal = result.cases
    assert [case.case for case in result.cases] == ["Sak A", "Sak B", "Mål 1"]
    assert first.threads[0].title == "Meldekort"
    assert [message.at.time for message in first.threads[0].messages] == [None, None]
    assert first.citizen.birth_year == 2019 - 27
    assert (first.period_start, first.citizen.benefit_from) == (date(2018, 1, 1), date(2018, 1, 1))
    assert second.minutes[0].purpose == "Veien videre"
    assert goal.goals[0].text == "Bli snekker"
    names = {(case.citizen.first_name, case.citizen.last_name) for case in result.cases}
    assert len(names) == 3
    assert parse(published_cases.to_case_file(PUBLISHED), NOW) == result


@pytest.mark.parametrize(
    "broken", [{"cases": "x"}, {"cases": [1]}, {"goals": [{}]}, {"cases": [{"threads": [{}]}]}]
)
def test_a_broken_published_file_gets_sentences(broken: dict[str, Any]) -> None:
    result = parse(published_cases.to_case_file({**PUBLISHED, "goals": [], **broken}), NOW)
    assert result.errors


def test_the_real_published_file_goes_in() -> None:
    path = ROOT.parent / "shared" / "data" / "published_cases.json"
    if not path.exists():
        pytest.skip("the published file is not at hand")
    data = read_json(path.read_bytes())
    assert isinstance(data, dict)
    assert published_cases.is_published(data)
    result = parse(published_cases.to_case_file(data), NOW)
    assert result.errors == ()
    assert len(result.cases) == len(data["cases"]) + len(data["goals"])
    texts = [
        message["text"]
        for case in data["cases"]
        for t in case.get("threads", [])
        for message in t["messages"]
    ]
    assert [m.text for case in result.cases for t in case.threads for m in t.messages] == texts
