"""Makes one person's case, in the shape of a case file, from a life story.

A story has the parts of a case with relative moments (`moments`) and sentences with choices and slots
(`phrases`). Beyond that: a list stands for a choice of one, `maybe: 0.4` for a part that only some have,
`one_of` and `pick`/`among` for alternatives, `applications` and `library` for what many people do alike.
"""

import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from dap.demo.applications import applications, from_library
from dap.demo.moments import MINUTE, Times
from dap.demo.phrases import phrase

Story = Mapping[str, Any]
Data = dict[str, Any]

PARTY = {"nav": "NAV", "me": "BRUKER"}
# How often Nav writes the card, where the story does not say; together with the jobs that citizens enter
# themselves this gives somewhat over half by citizens (at the launch 40 per cent, meetings counted too).
_BY_NAV = {"BEHANDLING": 0.7, "IJOBB": 0.3}
_DETAIL_TEXTS = ("title", "description", "link")


# A citizen's message that has stood longer than this has been dealt with on the telephone or in a meeting.
_PUT_AWAY = timedelta(days=12)


class Filling:
    """One person's slots, chance and clock, while the parts of the story are filled."""

    def __init__(
        self, story: Story, slots: dict[str, str], rng: random.Random, times: Times, work: Data
    ) -> None:
        self.story = story
        self.slots = slots
        self.rng = rng
        self.times = times
        self.work = work
        self.language = str(story.get("person", {}).get("language", "nb"))
        self.activity_times: dict[str, datetime] = {}
        self.common: list[Data] = []
        """Threads of the kind that many have; the caller chooses them."""

    def pick(self, value: Any) -> Any:
        """One of a list, or the value itself."""
        return self.rng.choice(value) if isinstance(value, list) else value

    def say(self, text: Any, at: datetime | date, together: dict[str, float] | None = None) -> str:
        """A sentence as this person or this counsellor writes it at this moment."""
        day = at.date() if isinstance(at, datetime) else at
        return phrase(str(self.pick(text)), self.slots, self.rng, day, self.language, together)

    def items(self, name: str) -> Iterator[Data]:
        """The parts of this name that this person has."""
        yield from self._expand(self.story.get(name) or [])

    def _expand(self, entries: list[Data]) -> Iterator[Data]:
        for entry in entries:
            if self.rng.random() >= float(entry.get("maybe", 1)):
                continue
            if "one_of" in entry:
                yield from self._expand([self.rng.choice(entry["one_of"])])
            elif "among" in entry:
                low, high = _range(entry["pick"])
                count = min(self.rng.randint(low, high), len(entry["among"]))
                chosen = sorted(self.rng.sample(range(len(entry["among"])), count))
                yield from self._expand([entry["among"][index] for index in chosen])
            else:
                yield entry

    def case(self, name: str, citizen: Data, period_start: date) -> Data:
        """The whole case, with absolute moments in ISO."""
        goals = sorted(self._goals(), key=lambda goal: str(goal["at"]))
        activities = [activity for item in self.items("activities") for activity in self._activities(item)]
        threads = [thread for item in self.items("threads") if (thread := self._thread(item))]
        threads += [thread for item in self._expand(self.common) if (thread := self._thread(item))]
        return {
            "case": name,
            "citizen": citizen,
            "period_start": period_start.isoformat(),
            "goals": goals,
            "activities": activities,
            "threads": sorted(threads, key=lambda thread: str(thread["messages"][0]["at"])),
            "minutes": sorted(self._minutes(), key=lambda minutes: str(minutes["date"])),
        }

    def _goals(self) -> Iterator[Data]:
        for goal in self.items("goals"):
            by = goal.get("by", "BRUKER")
            at = self.times.moment(str(self.pick(goal["at"])), self.times.earliest, nav=by == "NAV")
            if self.times.past(at):
                yield {"at": iso(at), "by": by, "text": self.say(goal["text"], at)}

    def _minutes(self) -> Iterator[Data]:
        for minutes in self.items("minutes"):
            at = self.times.moment(str(self.pick(minutes["at"])), self.times.earliest, nav=True)
            if self.times.past(at):
                yield {
                    "date": at.date().isoformat(),
                    "purpose": self.say(minutes["purpose"], at),
                    "text": self.say(minutes["text"], at),
                }

    def _activities(self, item: Data) -> Iterator[Data]:
        if "applications" in item:
            yield from applications(self, item["applications"])
        elif "library" in item:
            yield from from_library(self, item)
        elif activity := self.activity(item):
            yield activity

    def activity(self, item: Data) -> Data | None:
        """One activity with its changes, or None where it lies after now."""
        by = item.get("by") or ("NAV" if self.rng.random() < _BY_NAV.get(item["type"], 0) else "BRUKER")
        at = self.times.moment(str(self.pick(item["at"])), self.times.earliest, nav=by == "NAV")
        if not self.times.past(at):
            return None
        activity: Data = {"type": item["type"], "by": by, "at": iso(at)}
        activity["status"] = self.pick(item.get("status", "PLANLAGT"))
        if "key" in item:
            activity["key"] = item["key"]
            self.activity_times[item["key"]] = at
        for name in _DETAIL_TEXTS:
            if name in item:
                activity[name] = self.say(item[name], at)
        if "application_status" in item:
            activity["application_status"] = item["application_status"]
        start = self.times.day(str(self.pick(item.get("from_date", "0d"))), at.date())
        activity["from_date"] = start.isoformat()
        if "to_date" in item:
            end = self.times.day(str(self.pick(item["to_date"])), start)
            activity["to_date"] = max(end, start).isoformat()
        activity["details"] = self._details(item.get("details") or {}, at)
        activity["changes"] = list(self._changes(item, at))
        self._close_old(activity)
        self._agree(activity, item, at)
        return activity

    def _details(self, details: Data, at: datetime) -> Data:
        """The type's own fields. Lists go together: the second treatment, the second place."""
        together: dict[str, float] = {}
        share = self.rng.random()
        filled: Data = {}
        for name, value in details.items():
            if isinstance(value, list):
                value = value[int(share * len(value))]
            filled[name] = self.say(value, at, together) if isinstance(value, str) else value
        return filled

    def _changes(self, item: Data, created: datetime) -> Iterator[Data]:
        previous = created
        for change in self._expand(item.get("changes") or []):
            by = change.get("by", "BRUKER")
            when = str(self.pick(change.get("at", change.get("after"))))
            at = max(self.times.moment(when, previous, nav=by == "NAV"), previous + MINUTE)
            if not self.times.past(at):
                return
            data: Data = {"at": iso(at), "by": by}
            for name in ("status", "application_status"):
                if name in change:
                    data[name] = self.pick(change[name])
            if "to_date" in change:
                data["to_date"] = self.times.day(str(self.pick(change["to_date"])), at.date()).isoformat()
            if "reason" in change:
                data["reason"] = self.say(change["reason"], at)
            yield data
            previous = at

    def _close_old(self, activity: Data) -> None:
        """Most people close what ended weeks ago; only a stale plan leaves it standing."""
        statuses = [
            activity["status"],
            *(change["status"] for change in activity["changes"] if "status" in change),
        ]
        if "story" not in self.story or self.story.get("stale") or statuses[-1] != "GJENNOMFORES":
            return
        ended = date.fromisoformat(activity.get("to_date", "9999-12-31"))
        if ended < self.times.now.date() - timedelta(days=5) and self.rng.random() < 0.7:
            at = datetime.combine(ended, self.times.earliest.timetz()) + self.rng.randint(60, 7000) * MINUTE
            at = max(at, datetime.fromisoformat(activity["changes"][-1]["at"]) + MINUTE)
            if self.times.past(at):
                reason = self.say(self.pick(self.work["reasons"][self.language]["FULLFORT"]), at)
                activity["changes"].append(
                    {"at": iso(at), "by": "BRUKER", "status": "FULLFORT", "reason": reason}
                )

    def _agree(self, activity: Data, item: Data, created: datetime) -> None:
        """Agreed with Nav: when it was made, if Nav made it, else some days later."""
        if "agreed" not in item:
            return
        default = "0d" if activity["by"] == "NAV" else "1..3d"
        when = default if item["agreed"] is True else str(item["agreed"])
        at = created if when == "0d" else self.times.moment(when, created, nav=True)
        first_end = next(
            (c["at"] for c in activity["changes"] if c.get("status") in ("FULLFORT", "AVBRUTT")), None
        )
        if self.times.past(at) and (first_end is None or iso(at) < first_end):
            activity["agreed_at"] = iso(at)

    def _thread(self, item: Data) -> Data | None:
        """A thread from its start (`at`) or back from its last message (`last`)."""
        lines = self._lines(item["messages"])
        anchor = self.times.earliest
        if "activity" in item:
            if item["activity"] not in self.activity_times:
                return None
            anchor = self.activity_times[item["activity"]] + MINUTE
        moments = self._backward(item, lines) if "last" in item else self._forward(item, lines, anchor)
        floor = anchor
        together: dict[str, float] = {}
        messages: list[Data] = []
        for (key, line), drawn in zip(lines, moments, strict=True):
            at = max(drawn, floor)
            if not self.times.past(at):
                break
            messages.append({"from": PARTY[key], "at": iso(at), "text": self.say(line[key], at, together)})
            floor = at + self.rng.randint(2, 9) * MINUTE
        if not messages:
            return None
        thread: Data = {"messages": messages}
        if "title" in item:
            thread["title"] = self.say(item["title"], moments[0], together)
        if "activity" in item:
            thread["activity"] = item["activity"]
        self._state(thread, item, whole=len(messages) == len(lines), last=at)
        return thread

    def _lines(self, entries: list[Data]) -> list[tuple[str, Data]]:
        """The messages that this person's thread has, with who writes. Where one is left out, so is all
        that would have answered it; only the first may be left out alone."""
        lines: list[tuple[str, Data]] = []
        for index, entry in enumerate(entries):
            if self.rng.random() >= float(entry.get("maybe", 1)):
                if index == 0:
                    continue
                break
            lines.append(next((key, entry) for key in PARTY if key in entry))
        return lines

    def _state(self, thread: Data, item: Data, *, whole: bool, last: datetime) -> None:
        """Who the thread waits on and who has read it; without a word here the case file's defaults hold."""
        by_nav = thread["messages"][-1]["from"] == "NAV"
        age = self.times.now - last
        unread = whole and (item.get("always_unread") or (item.get("unread") and self.rng.random() < 0.75))
        if whole and "waits_on" in item and by_nav:
            thread["waits_on"] = item["waits_on"]
        elif (whole and "last" not in item) or age > _PUT_AWAY:
            thread["waits_on"] = None  # came to its end: the counsellor has put it away
        elif by_nav and age < timedelta(days=4):
            unread = unread or self.rng.random() < 0.5
        if unread:
            thread["read_by_citizen" if by_nav else "read_by_nav"] = False

    def _forward(self, item: Data, lines: list[tuple[str, Data]], anchor: datetime) -> list[datetime]:
        moments: list[datetime] = []
        for index, (key, line) in enumerate(lines):
            nav = key == "nav"
            if index == 0:
                moments.append(self.times.moment(str(self.pick(item["at"])), anchor, nav=nav))
                continue
            at = moments[-1] + self.times.gap(line.get("after"), nav=nav, answers=lines[index - 1][0] != key)
            at = self.times.office(at, back=False) if nav else max(self.times.awake(at), moments[-1])
            moments.append(at)
        return moments

    def _backward(self, item: Data, lines: list[tuple[str, Data]]) -> list[datetime]:
        last = self.times.moment(str(self.pick(item["last"])), self.times.now, nav=lines[-1][0] == "nav")
        moments = [last]
        for index in range(len(lines) - 1, 0, -1):
            key, line = lines[index]
            gap = self.times.gap(line.get("after"), nav=key == "nav", answers=lines[index - 1][0] != key)
            at = moments[0] - gap
            before = (
                self.times.office(at, back=True) if lines[index - 1][0] == "nav" else self.times.awake(at)
            )
            moments.insert(0, min(before, moments[0] - 2 * MINUTE))
        return moments


def iso(at: datetime) -> str:
    """Norwegian date and clock time with its offset, to the minute."""
    return at.isoformat(timespec="minutes")


def _range(value: Any) -> tuple[int, int]:
    return (value[0], value[1]) if isinstance(value, list) else (value, value)
