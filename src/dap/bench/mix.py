"""The mixed load: from the published figures to visits a second in the busiest hour of the worst month.

The worst month is March 2020 (STATISTICS.md section 3), for the whole country. A visit is one errand of one
person with the pages seen on the way; visits.py carries them out. What no figure gives is an `Assumption`.
Left out: the login (the identity provider's), styles, scripts and font (in the browser's cache), and meetings
and minutes, which do not exist here yet.
"""

from dataclasses import dataclass

MONTH_HOURS = 31 * 24
"""March."""
WORKING_DAYS = 22
"""Of March 2020."""
BUSIEST = 10
"""How many times the mean hour the busiest hour is."""

NEW_PEOPLE = 300_000
THREADS = 636_000
SURGE_THREADS = 435_946
ORDINARY_THREADS = THREADS - SURGE_THREADS
SURGE_BY_NAV = 0.93
ORDINARY_BY_NAV = 0.68
SURGE_MESSAGES = (1.4, 0.5)
"""Messages a dialogue: Nav's, the citizen's. Those after the month count too: rather too many."""
ORDINARY_MESSAGES = (2.08, 1.64)
ACTIVITIES = 560_000
ENTERED_BY_CITIZENS = 0.40
"""Launch figures: about 40 % of the activities."""
PEOPLE = 650_000
"""Registered at a time in March and April 2020: 640,000 to 650,000."""


@dataclass(frozen=True)
class Assumption:
    """A number that no published figure gives, and why it is this one."""

    value: int
    why: str


COUNSELLORS = Assumption(4_000, "counsellors at work: some 160 people each, in the worst month")
LOOKS = Assumption(
    2, "visits a month without an errand, of each person: when the fortnightly report to Nav is sent"
)
MOVES = Assumption(2, "moves of each activity made: into «Gjennomfører», and into «Fullført»")
DRAFTS = Assumption(
    3, "savings of a draft for each message or activity: after a pause in typing, about one a sentence"
)
OWN_LISTS = Assumption(12, "times a working day that a counsellor opens «Mine brukere» by itself")
OFFICE_LISTS = Assumption(4, "times a working day that a counsellor opens «Enhetens brukere»")
NAME_SEARCHES = Assumption(5, "times a working day that a counsellor searches for a name")
NUMBER_SEARCHES = Assumption(5, "times a working day that a counsellor searches for a person number")
ASSUMPTIONS = (
    COUNSELLORS,
    LOOKS,
    MOVES,
    DRAFTS,
    OWN_LISTS,
    OFFICE_LISTS,
    NAME_SEARCHES,
    NUMBER_SEARCHES,
)


@dataclass(frozen=True)
class Line:
    """A kind of visit: how many in the month, from which figures, and the requests of one in order."""

    visit: str
    a_month: float
    derivation: str
    requests: tuple[str, ...]

    @property
    def per_second(self) -> float:
        """Visits a second in the busiest hour, at 1.0 times the load."""
        return self.a_month / MONTH_HOURS * BUSIEST / 3600

    @property
    def requests_per_second(self) -> float:
        """Requests a second in the busiest hour, at 1.0 times the load."""
        return self.per_second * len(self.requests)


_drafts = ("save a draft",) * DRAFTS.value
_by_nav = SURGE_THREADS * SURGE_BY_NAV + ORDINARY_THREADS * ORDINARY_BY_NAV
_by_citizens = THREADS - _by_nav
_nav_messages = SURGE_THREADS * SURGE_MESSAGES[0] + ORDINARY_THREADS * ORDINARY_MESSAGES[0]
_citizen_messages = SURGE_THREADS * SURGE_MESSAGES[1] + ORDINARY_THREADS * ORDINARY_MESSAGES[1]
_nav_replies = _nav_messages - _by_nav
_citizen_replies = _citizen_messages - _by_citizens
_other_activities = ACTIVITIES - NEW_PEOPLE
_days = COUNSELLORS.value * WORKING_DAYS

MIX = (
    Line(
        "new person",
        NEW_PEOPLE,
        "300,000 new people, and hardly one of them without an activity: one visit each that makes it",
        ("home", "plan", "types of activity", "activity form", *_drafts, "make an activity", "plan"),
    ),
    Line(
        "citizen starts a thread",
        _by_citizens,
        "7 % of the surge's 435,946 threads and 32 % of the 200,054 others",
        ("home", "threads", "thread form", *_drafts, "start a thread", "thread"),
    ),
    Line(
        "citizen replies",
        _citizen_replies,
        "citizens' 0.5 messages a thread of the surge and 1.64 of the others, less those that start one",
        ("home", "threads", "thread", *_drafts, "send a message", "thread"),
    ),
    Line(
        "citizen reads",
        _nav_messages - _citizen_replies,
        "Nav's messages (1.4 a thread of the surge, 2.08 of the others), less those that are answered",
        ("home", "threads", "thread"),
    ),
    Line(
        "citizen makes an activity",
        _other_activities * ENTERED_BY_CITIZENS,
        "40 % of the 260,000 activities that the new people did not make",
        ("home", "plan", "types of activity", "activity form", *_drafts, "make an activity", "plan"),
    ),
    Line(
        "citizen moves a card",
        ACTIVITIES * MOVES.value,
        "560,000 activities, each moved twice",
        ("home", "plan", "move form", "move a card"),
    ),
    Line(
        "citizen looks",
        PEOPLE * LOOKS.value,
        "650,000 people, twice a month",
        ("home", "plan", "card"),
    ),
    Line(
        "counsellor starts a thread",
        _by_nav,
        "93 % of the surge's threads and 68 % of the others, each written by hand (no mass messages yet)",
        ("my people", "person", "thread form", *_drafts, "start a thread", "thread"),
    ),
    Line(
        "counsellor replies",
        _nav_replies,
        "Nav's messages, less those that start a thread",
        ("my people", "person", "thread", *_drafts, "send a message", "thread"),
    ),
    Line(
        "counsellor marks a thread",
        _citizen_messages - _nav_replies,
        "citizens' messages that Nav does not answer: read, and marked as waiting for nobody",
        ("my people", "person", "thread", "mark waits"),
    ),
    Line(
        "counsellor makes an activity",
        _other_activities * (1 - ENTERED_BY_CITIZENS),
        "60 % of the 260,000 activities that the new people did not make",
        ("my people", "person", "types of activity", "activity form", *_drafts, "make an activity", "person"),
    ),
    Line(
        "counsellor opens own list",
        _days * OWN_LISTS.value,
        "4,000 counsellors, 22 days, 12 times",
        ("my people",),
    ),
    Line(
        "counsellor opens the office",
        _days * OFFICE_LISTS.value,
        "4,000 counsellors, 22 days, 4 times: half by name, half who waits",
        ("office",),
    ),
    Line(
        "counsellor searches a name",
        _days * NAME_SEARCHES.value,
        "4,000 counsellors, 22 days, 5 times",
        ("my people", "search", "search result", "person"),
    ),
    Line(
        "counsellor searches a number",
        _days * NUMBER_SEARCHES.value,
        "4,000 counsellors, 22 days, 5 times",
        ("my people", "search", "person"),
    ),
)


def visits_per_second() -> float:
    """All visits a second at 1.0 times the load."""
    return sum(line.per_second for line in MIX)


def requests_per_second() -> float:
    """All requests a second at 1.0 times the load."""
    return sum(line.requests_per_second for line in MIX)


def table() -> str:
    """The mix as text for people: each visit with its numbers and where they come from."""
    lines = [
        "March 2020, whole country; the busiest hour has ten times the mean of the month's 744 hours.",
        "",
        f"{'visit':<30}{'a month':>10}{'visits/s':>10}{'requests':>10}{'req/s':>8}  from",
    ]
    lines += [
        f"{line.visit:<30}{line.a_month:>10,.0f}{line.per_second:>10.2f}{len(line.requests):>10}"
        f"{line.requests_per_second:>8.1f}  {line.derivation}"
        for line in MIX
    ]
    total = sum(line.a_month for line in MIX)
    lines += [
        f"{'all':<30}{total:>10,.0f}{visits_per_second():>10.2f}{'':>10}{requests_per_second():>8.1f}",
        "",
        "Requests of one visit:",
        *(f"  {line.visit}: {', '.join(line.requests)}" for line in MIX),
        "",
        "Assumed, since no published figure gives it:",
        *(f"  {one.value:,} {one.why}" for one in ASSUMPTIONS),
    ]
    return "\n".join(lines)
