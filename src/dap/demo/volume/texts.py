"""Texts of a volume: goals, cards and conversations from the demo's life stories, ready for COPY.

A few hundred cases are told once in a process. In conversations the names of the story's people are
replaced by marks, and the marks by the names of those whom a conversation is given to; other texts that
name somebody are left out.
"""

import json
import random
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from dap.core.clock import start_of_day
from dap.core.enums import Side
from dap.demo import stories
from dap.demo.volume.draws import escape
from dap.plan.activity_types import COMMON
from dap.plan.enums import ActivityType
from dap.record.case_parts import ActivityPart, ThreadPart

CASES = 1000
"""Cases told for the pool: some 3,000 different messages in about two seconds."""
LINES = 24
"""Texts that a script holds ready for each side; the longest thread has 20 by each."""
FIRST_NAME, COUNSELLOR, OFFICE = "\x01", "\x02", "\x03"
"""Marks for the citizen's first name, the counsellor's first name and the office."""
_SHORT = 160
_MAX_TITLE = 100


@dataclass(frozen=True, slots=True)
class Script:
    """A conversation: its title, and what each side says in turn. `named` tells that marks stand in it."""

    title: str
    nav: tuple[str, ...]
    citizen: tuple[str, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on an activity: the title, then description, link and details as three columns.

    `days` is how long it was meant to last, None without an end date; `reason` how it was finished.
    """

    title: str
    rest: str
    days: int | None
    reason: str


@dataclass
class Language:
    """The texts of one language. Scripts by who begins, and those about an activity also by its type."""

    goals: list[str] = field(default_factory=list)
    cards: dict[ActivityType, list[Card]] = field(default_factory=dict)
    free: dict[bool, list[Script]] = field(default_factory=dict)
    about: dict[tuple[bool, ActivityType], list[Script]] = field(default_factory=dict)


@lru_cache(maxsize=2)
def texts(seed: int, day: date) -> dict[str, Language]:
    """The pool by language; nn and en take from nb what they have none of."""
    people = stories.population(CASES, seed, start_of_day(day))
    rng = random.Random(f"{seed} texts")  # noqa: S311 - invented people, not secrets
    fill = _Fill(rng, [_conversation(person, thread) for person in people for thread in person.case.threads])
    pool = {"nb": Language(), "nn": Language(), "en": Language()}
    for person in people:
        language = pool[person.case.citizen.language]
        marks = _Marks(person)
        language.goals += [escape(goal.text) for goal in person.case.goals if not marks.found(goal.text)]
        types = {part.key: part.type for part in person.case.activities}
        for part in person.case.activities:
            _add_card(language, part.type, _card(part), marks)
        for minutes in person.case.minutes:
            rest = (
                minutes.text if len(minutes.purpose) <= _MAX_TITLE else f"{minutes.purpose}\n\n{minutes.text}"
            )
            card = Card(escape(minutes.purpose[:_MAX_TITLE]), f"{escape(rest)}\t\t{{}}", None, "")
            _add_card(language, ActivityType.SAMTALEREFERAT, card, marks)
        for thread in person.case.threads:
            script = fill.script(_conversation(person, thread))
            nav = thread.messages[0].sender is Side.NAV
            language.free.setdefault(nav, []).append(script)
            if thread.activity in types:
                language.about.setdefault((nav, types[thread.activity]), []).append(script)
    for language in (pool["nn"], pool["en"]):
        _borrow(language, pool["nb"])
    return pool


def _borrow(language: Language, more: Language) -> None:
    language.goals = language.goals or more.goals
    language.cards = {**more.cards, **language.cards}
    language.free = {**more.free, **language.free}
    language.about = {**more.about, **language.about}


def _card(part: ActivityPart) -> Card:
    details = {k: v for k, v in part.details.items() if k not in COMMON and v not in ("", None)}
    described = f"{escape(part.description)}\t{escape(part.link)}\t{to_json(details)}"
    days = (part.to_date - part.from_date).days if part.to_date and part.from_date else None
    reason = next((change.reason for change in part.changes if change.reason), "")
    return Card(escape(part.title), described, days, reason)


def _add_card(language: Language, activity_type: ActivityType, card: Card, marks: "_Marks") -> None:
    if not marks.found(f"{card.title} {card.rest} {card.reason}"):
        language.cards.setdefault(activity_type, []).append(card)


def to_json(value: object) -> str:
    """JSON as COPY reads it."""
    return escape(json.dumps(value, ensure_ascii=False))


class _Marks:
    """The names that stand in a case's texts."""

    def __init__(self, person: stories.DemoCase) -> None:
        citizen = person.case.citizen
        staff = [one for one in _staff() if one.office == person.office]
        self._names = [(f"{one.first_name} {one.last_name}", COUNSELLOR) for one in staff]
        self._names += [(one.first_name, COUNSELLOR) for one in staff]
        self._names.append((citizen.first_name, FIRST_NAME))
        self._names.append((f"Nav {person.office}", OFFICE))
        self._names.sort(key=lambda name: -len(name[0]))

    def put(self, text: str) -> str:
        """The text with marks for names."""
        for name, mark in self._names:
            if name in text:
                text = text.replace(name, mark)
        return text

    def found(self, text: str) -> bool:
        """Whether somebody is named."""
        return any(name in text for name, _ in self._names)


@lru_cache(maxsize=1)
def _staff() -> list[stories.Staff]:
    return stories.counsellors()


@dataclass(frozen=True)
class _Conversation:
    title: str
    nav: list[str]
    citizen: list[str]


def _conversation(person: stories.DemoCase, thread: ThreadPart) -> _Conversation:
    marks = _Marks(person)
    said = {side: [escape(marks.put(m.text)) for m in thread.messages if m.sender is side] for side in Side}
    return _Conversation(escape(marks.put(thread.title)), said[Side.NAV], said[Side.CITIZEN])


class _Fill:
    """Lengthens conversations by what others wrote later in theirs: short answers that name nobody."""

    def __init__(self, rng: random.Random, conversations: list[_Conversation]) -> None:
        self._rng = rng
        self._nav = self._answers([text for one in conversations for text in one.nav[1:]])
        self._citizen = self._answers([text for one in conversations for text in one.citizen[1:]])

    def _answers(self, every: list[str]) -> list[str]:
        return [t for t in every if len(t) <= _SHORT and not _named(t)]

    def script(self, one: _Conversation) -> Script:
        """The conversation with texts enough for the longest thread."""
        nav = (*one.nav, *self._rng.choices(self._nav, k=LINES - len(one.nav)))
        citizen = (*one.citizen, *self._rng.choices(self._citizen, k=LINES - len(one.citizen)))
        return Script(
            one.title, nav, citizen, any(_named(text) for text in (one.title, *one.nav, *one.citizen))
        )


def _named(text: str) -> bool:
    return any(mark in text for mark in (FIRST_NAME, COUNSELLOR, OFFICE))
