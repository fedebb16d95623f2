"""What many citizens do alike: jobs they apply for, and the common own activities of the library."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from dap.demo.moments import Times

Data = dict[str, Any]


class Telling(Protocol):
    """What these need of the one who tells a person's story (`filling.Filling`)."""

    slots: dict[str, str]
    rng: random.Random
    times: Times
    work: Data
    language: str

    def say(self, text: Any, at: datetime | date) -> str:
        """A sentence as this person writes it at this moment."""
        ...

    def activity(self, item: Data) -> Data | None:
        """An activity of the story, unless it lies in the future."""
        ...


_FOR_NEWCOMERS = ("norsk", "godkjenning")


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def applications(filling: Telling, wish: Data) -> Iterator[Data]:
    """Jobs in the person's trade, `count` of them, found within `between`; the old ones are answered."""
    rng, times = filling.rng, filling.times
    low, high = wish["count"] if isinstance(wish["count"], list) else (wish["count"], wish["count"])
    trade = filling.work["trades"][wish.get("trade", filling.slots["trade"])]
    found = sorted(
        times.moment(str(wish.get("between", "-120..-1d")), times.earliest, nav=False)
        for _ in range(rng.randint(low, high))
    )
    places = list(trade["employers"])
    rng.shuffle(places)
    for number, at in enumerate(found):
        if times.past(at):
            yield _application(filling, trade, places[number % len(places)], at)


def _application(filling: Telling, trade: Data, employer: str, at: datetime) -> Data:
    rng, times = filling.rng, filling.times
    job = rng.choice(trade["jobs"])
    deadline = at + timedelta(days=rng.randint(4, 24))
    title = rng.choice((job, job, f"{job}, {{employer_here}}", f"{job}, <vikariat|deltid|80 prosent>"))
    filling.slots["employer_here"] = filling.say(employer, at)
    filling.slots["job_here"] = job
    title = filling.say(title, at)[:100]
    activity: Data = {
        "type": "STILLING",
        "by": "BRUKER",
        "at": _iso(at),
        "status": "PLANLAGT",
        "title": title[:1].upper() + title[1:],
        "from_date": at.date().isoformat(),
        "details": {"employer": filling.slots["employer_here"]},
        "application_status": "IKKE_STARTET",
        "changes": [],
    }
    if rng.random() < 0.6:
        activity["to_date"] = deadline.date().isoformat()
    if rng.random() < 0.6:
        activity["details"]["workplace"] = rng.choice(
            ("{town}", "{town}", "Fjordvik", "Storhavn", "Bjørkelund")
        )
        activity["details"]["workplace"] = filling.say(activity["details"]["workplace"], at)
    if rng.random() < 0.2:
        activity["details"]["contact"] = rng.choice(filling.work["contacts"])
    if rng.random() < 0.55:
        activity["description"] = filling.say(
            rng.choice(filling.work["application_notes"][filling.language]), at
        )
    changes = activity["changes"]

    def change(moment: datetime, **what: str) -> bool:
        if not times.past(moment):
            return False
        changes.append({"at": _iso(moment), "by": "BRUKER", **what})
        return True

    sent = times.awake(at + timedelta(hours=rng.randint(3, 110)))
    sent = max(sent, at + timedelta(minutes=3))
    if rng.random() < 0.12 or not change(sent, application_status="SOKNAD_SENDT"):
        if rng.random() < 0.85:
            change(times.awake(deadline + timedelta(days=2)), status="AVBRUTT")
        return activity
    change(sent + timedelta(minutes=1), status="GJENNOMFORES")
    answer = times.awake(sent + timedelta(days=rng.randint(6, 32)))
    fate = rng.random()
    if fate < 0.5 and change(answer, application_status="AVSLAG"):
        change(answer + timedelta(minutes=2), status="FULLFORT")
    elif fate < 0.65 and change(answer, application_status="INNKALT_TIL_INTERVJU"):
        later = times.awake(answer + timedelta(days=rng.randint(5, 14)))
        if change(later, application_status="AVSLAG"):
            change(later + timedelta(minutes=2), status="FULLFORT")
    elif fate < 0.9:
        # No answer came: most tidy the card away after some weeks.
        change(times.awake(deadline + timedelta(days=rng.randint(8, 30))), status="FULLFORT")
    return activity


def from_library(filling: Telling, item: Data) -> Iterator[Data]:
    """`pick` of the named common activities (all are candidates where none is named)."""
    rng = filling.rng
    library: dict[str, Data] = filling.work["library"]
    names = list(item["library"]) if item["library"] != "all" else list(library)
    if filling.slots["origin"] in ("norsk", "samisk"):
        names = [name for name in names if name not in _FOR_NEWCOMERS]
    low, high = item["pick"] if isinstance(item.get("pick"), list) else (item.get("pick", len(names)),) * 2
    for name in rng.sample(names, min(rng.randint(low, high), len(names))):
        common = library[name]
        details = {field: common[field] for field in ("purpose", "checklist") if field in common}
        entry = {
            **common,
            "details": details,
            **{key: value for key, value in item.items() if key not in ("library", "pick")},
        }
        entry.setdefault("at", "-90..-4d")
        entry.setdefault("to_date", "14..50d")
        if "changes" not in entry:
            entry["changes"] = _course(filling)
        entry.setdefault("by", "NAV" if rng.random() < 0.45 else "BRUKER")
        if entry["by"] == "NAV" and "agreed" not in entry and rng.random() < 0.5:
            entry["agreed"] = True
        if activity := filling.activity(entry):
            yield activity


def _course(filling: Telling) -> list[Data]:
    """How it went: most begin and finish, some stand still, some are given up."""
    rng = filling.rng
    fate = rng.random()
    begun: Data = {"after": "1..6d", "status": "GJENNOMFORES"}
    if fate < 0.12:
        return []
    if fate < 0.28:
        return [begun]
    end = "FULLFORT" if fate < 0.9 else "AVBRUTT"
    reason = rng.choice(filling.work["reasons"][filling.language][end])
    return [begun, {"after": "8..30d", "status": end, "reason": reason}]
