"""Brings a file of published case excerpts into our case format, in this one place.

The source printed dialogues, minutes and goals of anonymous people: no names, dates without clock times,
age in groups, the benefit only by the year it was granted. What the format needs beyond that is made up
here, the same for each run: a neutral invented name, a birth year in the middle of the age group, and the
first of January of the year of the grant as the start of the follow-up period and of the benefit. A goal
was printed without a person and a date: it becomes a case of its own, dated to the start of its period.
"""

import re
from typing import Any

from dap.record.case_file import FORMAT

FIRST_NAMES = {
    "K": ("Eli", "Marit", "Kine", "Astri", "Jorun", "Siv", "Tuva", "Oddny"),
    "M": ("Nils", "Leif", "Aksel", "Gaute", "Erlend", "Torgeir", "Brage", "Sverre"),
}
LAST_NAMES = ("Eksempel", "Prøven", "Utdrag", "Kildal", "Sitatli", "Avskrift", "Gjengitt", "Trykkvik")
TITLES = {"followup": "Oppfølging", "meldekort": "Meldekort", "økonomi": "Økonomi"}
# The level is not printed; people with AAP have the specially adapted one, unless a later decision says else.
LEVELS = {"AAP": "BATT"}


def is_published(data: object) -> bool:
    """Whether this is the published file's shape: its source and its cases, and no format of ours."""
    return isinstance(data, dict) and "format" not in data and {"source", "cases"} <= set(data)


def to_case_file(data: object) -> dict[str, Any]:
    """The same content in our format, not yet validated: `case_file.parse` finds what is wrong with it."""
    source: dict[str, Any] = data if isinstance(data, dict) else {}
    cases = [_case(entry, number) for number, entry in enumerate(_list(source.get("cases")))]
    goals = [
        _goal(entry, number, len(cases) + number) for number, entry in enumerate(_list(source.get("goals")))
    ]
    return {"format": FORMAT, "cases": cases + goals}


def _list(value: object) -> list[dict[str, Any]]:
    """The objects of a list; whatever else stands there is left for the validation to miss."""
    return [entry if isinstance(entry, dict) else {} for entry in value] if isinstance(value, list) else []


def _case(entry: dict[str, Any], index: int) -> dict[str, Any]:
    known = entry.get("citizen")
    citizen: dict[str, Any] = known if isinstance(known, dict) else {}
    threads = [_thread(thread) for thread in _list(entry.get("threads"))]
    minutes = [
        {name: part.get(name) for name in ("date", "purpose", "text")} for part in _list(entry.get("minutes"))
    ]
    dates = [str(message["at"]) for thread in threads for message in thread["messages"]]
    dates += [str(part["date"]) for part in minutes]
    last_year = max((int(day[:4]) for day in dates if day[:4].isdigit()), default=_granted(citizen))
    return {
        "case": f"Sak {entry.get('case', index + 1)}",
        **_person(citizen, index, last_year),
        "threads": threads,
        "minutes": minutes,
    }


def _goal(entry: dict[str, Any], number: int, index: int) -> dict[str, Any]:
    case = {"case": f"Mål {number + 1}", **_person(entry, index, _granted(entry))}
    case["goals"] = [{"at": case["period_start"], "by": "BRUKER", "text": entry.get("goal")}]
    return case


def _person(citizen: dict[str, Any], index: int, observed: int | None) -> dict[str, Any]:
    """Citizen and period. What is not printed is left out, so that the validation names it."""
    names = FIRST_NAMES.get(str(citizen.get("sex")), FIRST_NAMES["K"])
    age, granted = _age(citizen.get("age_group")), _granted(citizen)
    start = f"{granted}-01-01" if granted else None
    benefit = citizen.get("benefit")
    return {
        "citizen": {
            "first_name": names[index % len(names)],
            "last_name": LAST_NAMES[index % len(LAST_NAMES)],
            "sex": citizen.get("sex"),
            "birth_year": observed - age if observed and age else None,
            "benefit": benefit,
            "benefit_from": start if benefit else None,
            "level": LEVELS.get(str(benefit), "IVURD"),
        },
        "period_start": start,
    }


def _granted(citizen: dict[str, Any]) -> int | None:
    """The year of the grant, where one is printed."""
    year = citizen.get("granted")
    return year if isinstance(year, int) and 1900 < year < 2100 else None


def _age(group: object) -> int | None:
    """The middle of an age group such as 25-29, where one is printed."""
    ages = [int(age) for age in re.findall(r"\d+", str(group or ""))]
    return sum(ages) // len(ages) if ages else None


def _thread(thread: dict[str, Any]) -> dict[str, Any]:
    about = str(thread.get("about") or "")
    return {
        "title": TITLES.get(about, about[:1].upper() + about[1:] or "Dialog"),
        "messages": [
            {"from": message.get("from"), "at": message.get("date"), "text": message.get("text")}
            for message in _list(thread.get("messages"))
        ],
    }
