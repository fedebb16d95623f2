"""What is measured: the pages that people see most, and their acts, each for many people.

A journey says who looks and what they ask for. An act draws its form first, outside the measured time, and
posts it as drawn. What an act has done is taken back where the page itself can; a message stays.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from django.urls import reverse

from dap.access.enums import Role
from dap.bench.client import Answer, form_fields
from dap.bench.subjects import LiveThread, Plan, Subjects
from dap.plan.enums import Status
from dap.portfolio.enums import Show, Sort

MESSAGE = "Takk for sist. Jeg har sendt søknaden, og hører fra dem i løpet av uken."
DEEP_PAGE = 300


class Kind(StrEnum):
    """Which budget holds (DESIGN.md section 6)."""

    PAGE = "page"
    OVERVIEW = "overview"
    ACT = "act"


@dataclass(frozen=True)
class Ask:
    """One request. With `fields` it is a post; `undo` makes the request that takes it back, not measured."""

    path: str
    fields: Mapping[str, str] | None = None
    htmx: bool = False
    undo: "Callable[[Answer], Ask] | None" = None


class Visit(Protocol):
    """A visitor over HTTP (`client.Browser`), or one within this process (`pages.Inside`)."""

    def get(self, path: str, *, htmx: bool = False) -> Answer: ...  # noqa: D102 - as in Browser

    def post(self, path: str, fields: Mapping[str, str], *, htmx: bool = False) -> Answer: ...  # noqa: D102 - as in Browser


Prepare = Callable[[Visit], Ask]


@dataclass(frozen=True)
class Look:
    """One visitor, by cookie, and what they ask for; `prepare` may draw a form first."""

    cookie: str
    prepare: Prepare


@dataclass(frozen=True)
class Journey:
    """One thing to be measured. `looks` gives that many visitors, `about` what else the figure shall tell."""

    name: str
    kind: Kind
    looks: Callable[[Subjects, int], list[Look]]
    about: Callable[[Subjects], Mapping[str, object]] = field(default=lambda _subjects: {})


def send(visit: Visit, ask: Ask) -> Answer:
    """Carry out one request."""
    if ask.fields is None:
        return visit.get(ask.path, htmx=ask.htmx)
    return visit.post(ask.path, ask.fields, htmx=ask.htmx)


def _at(name: str, person: UUID, *, by: str = "person", **ids: UUID) -> str:
    return reverse(f"{by}:{name}", kwargs={"person_id": person, **ids})


def _reading(path: str) -> Prepare:
    return lambda _visit: Ask(path)


def _looks(subjects: Subjects, who: Sequence[tuple[Role, UUID]], prepared: Sequence[Prepare]) -> list[Look]:
    """Each visitor with what they ask for."""
    cookies = subjects.session_cookies(who)
    return [Look(cookie, prepare) for cookie, prepare in zip(cookies, prepared, strict=True)]


def _citizens(subjects: Subjects, people: Sequence[UUID], prepared: Sequence[Prepare]) -> list[Look]:
    return _looks(subjects, [(Role.CITIZEN, person) for person in people], prepared)


def _home(subjects: Subjects, count: int) -> list[Look]:
    people = subjects.people(count)
    return _citizens(subjects, people, [_reading(reverse("start"))] * count)


def _own_plan(name: str) -> Callable[[Subjects, int], list[Look]]:
    def looks(subjects: Subjects, count: int) -> list[Look]:
        people = [plan.person for plan in subjects.heavy_plans(count)]
        return _citizens(subjects, people, [_reading(_at(name, person)) for person in people])

    return looks


def _card(subjects: Subjects, count: int) -> list[Look]:
    plans = subjects.heavy_plans(count)
    pages = [_reading(_at("activity", plan.person, activity_id=plan.activity)) for plan in plans]
    return _citizens(subjects, [plan.person for plan in plans], pages)


def _thread(subjects: Subjects, count: int) -> list[Look]:
    threads = subjects.long_threads(count)
    pages = [_reading(_at("thread", one.person, thread_id=one.thread)) for one in threads]
    return _citizens(subjects, [one.person for one in threads], pages)


def _threads(subjects: Subjects, count: int) -> list[Look]:
    people = [one.person for one in subjects.long_threads(count)]
    return _citizens(subjects, people, [_reading(_at("dialogue", person)) for person in people])


def _my_people(subjects: Subjects, count: int) -> list[Look]:
    counsellors, _ = subjects.full_lists(count)
    who = [(Role.COUNSELLOR, one) for one in counsellors]
    return _looks(subjects, who, [_reading(reverse("my_people"))] * count)


def _office(largest: bool, query: str = "") -> Callable[[Subjects, int], list[Look]]:
    def looks(subjects: Subjects, count: int) -> list[Look]:
        office = subjects.largest_office() if largest else subjects.middle_office()
        who = subjects.staff(office.id, count)
        return _looks(subjects, who, [_reading(reverse("office_people") + query)] * count)

    return looks


def _office_size(largest: bool) -> Callable[[Subjects], Mapping[str, object]]:
    def about(subjects: Subjects) -> Mapping[str, object]:
        office = subjects.largest_office() if largest else subjects.middle_office()
        return {"office_people": office.people}

    return about


def _person_page(subjects: Subjects, count: int) -> list[Look]:
    people = subjects.people(count)
    offices = subjects.offices_of(people)
    who = [subjects.staff_of(offices[person]) for person in people]
    return _looks(subjects, who, [_reading(_at("plan", person)) for person in people])


def _as_citizen(subjects: Subjects, count: int) -> list[Look]:
    plans = subjects.heavy_plans(count)
    who = [subjects.staff_of(plan.office) for plan in plans]
    return _looks(subjects, who, [_reading(_at("plan", plan.person, by="as_citizen")) for plan in plans])


def _searching(text: str) -> Callable[[Visit], Ask]:
    def prepare(visit: Visit) -> Ask:
        path = reverse("search")
        fields = form_fields(visit.get(path).html, path)
        return Ask(path, {**fields, "q": text})

    return prepare


def _found(text: str) -> Prepare:
    """The page that a search by name leads to."""
    return lambda visit: Ask(send(visit, _searching(text)(visit)).location)


def _search(by_number: bool, prepare: Callable[[str], Prepare]) -> Callable[[Subjects, int], list[Look]]:
    def looks(subjects: Subjects, count: int) -> list[Look]:
        office = subjects.largest_office()
        texts = subjects.numbers(office.id, count) if by_number else subjects.names(office.id, count)
        return _looks(subjects, subjects.staff(office.id, count), [prepare(text) for text in texts])

    return looks


def _move(plan: Plan) -> Prepare:
    """To the other one of two open columns, and back with «Angre»."""

    def prepare(visit: Visit) -> Ask:
        path = _at("activity_move", plan.person, activity_id=plan.activity)
        back = _at("activity_undo", plan.person, activity_id=plan.activity)
        fields = form_fields(visit.get(path, htmx=True).html, path)
        to = Status.PLANNED if fields["to"] == Status.IN_PROGRESS else Status.IN_PROGRESS
        return Ask(
            path,
            {**fields, "to": str(to)},
            htmx=True,
            undo=lambda answer: Ask(back, form_fields(answer.html, back), htmx=True),
        )

    return prepare


def _moves(subjects: Subjects, count: int) -> list[Look]:
    plans = subjects.heavy_plans(count)
    return _citizens(subjects, [plan.person for plan in plans], [_move(plan) for plan in plans])


def _composer(visit: Visit, thread: LiveThread) -> tuple[str, dict[str, str]]:
    path = _at("thread", thread.person, thread_id=thread.thread)
    return path, {**form_fields(visit.get(path).html, path), "text": MESSAGE}


def _sending(thread: LiveThread) -> Prepare:
    return lambda visit: Ask(*_composer(visit, thread), htmx=True)


def _drafting(thread: LiveThread) -> Prepare:
    def prepare(visit: Visit) -> Ask:
        _, fields = _composer(visit, thread)
        return Ask(reverse("draft_save"), fields, undo=lambda _answer: Ask(reverse("draft_discard"), fields))

    return prepare


def _writes(prepare: Callable[[LiveThread], Prepare]) -> Callable[[Subjects, int], list[Look]]:
    def looks(subjects: Subjects, count: int) -> list[Look]:
        threads = subjects.live_threads(count)
        return _citizens(subjects, [one.person for one in threads], [prepare(one) for one in threads])

    return looks


def _mark(thread: LiveThread) -> Prepare:
    """«Venter på svar fra Nav» on or off, and back."""
    path = _at("thread_waits", thread.person, thread_id=thread.thread)

    def other_way(html: str) -> dict[str, str]:
        fields = form_fields(html, path)
        if fields.pop("nav", ""):
            return fields
        return {**fields, "nav": "on"}

    def prepare(visit: Visit) -> Ask:
        html = visit.get(_at("thread", thread.person, thread_id=thread.thread)).html
        return Ask(
            path,
            other_way(html),
            htmx=True,
            undo=lambda answer: Ask(path, other_way(answer.html), htmx=True),
        )

    return prepare


def _marks(subjects: Subjects, count: int) -> list[Look]:
    threads = subjects.live_threads(count)
    who = [subjects.staff_of(one.office) for one in threads]
    return _looks(subjects, who, [_mark(one) for one in threads])


_WAITING = f"?vis={Show.WAITING}&sorter={Sort.WAITING}"
_EXPIRED = f"?vis={Show.EXPIRED}&sorter={Sort.EXPIRED}"
_DEEP = f"?sorter={Sort.NAME}&side={DEEP_PAGE}"

JOURNEYS: tuple[Journey, ...] = (
    Journey("home", Kind.PAGE, _home),
    Journey("plan", Kind.PAGE, _own_plan("plan")),
    Journey("list", Kind.PAGE, _own_plan("plan_list")),
    Journey("card", Kind.PAGE, _card),
    Journey("thread", Kind.PAGE, _thread),
    Journey("threads", Kind.PAGE, _threads),
    Journey("my-people", Kind.PAGE, _my_people, lambda subjects: {"list_people": subjects.full_lists(1)[1]}),
    Journey("office", Kind.OVERVIEW, _office(largest=True), _office_size(largest=True)),
    Journey("office-deep", Kind.OVERVIEW, _office(largest=True, query=_DEEP), _office_size(largest=True)),
    Journey(
        "office-waiting", Kind.OVERVIEW, _office(largest=True, query=_WAITING), _office_size(largest=True)
    ),
    Journey(
        "office-expired", Kind.OVERVIEW, _office(largest=True, query=_EXPIRED), _office_size(largest=True)
    ),
    Journey("office-2000", Kind.OVERVIEW, _office(largest=False), _office_size(largest=False)),
    Journey("person", Kind.PAGE, _person_page),
    Journey("search-name", Kind.PAGE, _search(False, _found), _office_size(largest=True)),
    Journey("as-citizen", Kind.PAGE, _as_citizen),
    Journey("do-search-name", Kind.ACT, _search(False, _searching)),
    Journey("do-search-number", Kind.ACT, _search(True, _searching)),
    Journey("do-move", Kind.ACT, _moves),
    Journey("do-send", Kind.ACT, _writes(_sending)),
    Journey("do-draft", Kind.ACT, _writes(_drafting)),
    Journey("do-mark-waits", Kind.ACT, _marks),
)
