"""What one can see of the overview. Whom a list shows goes through the actor's reach (`_list`).

Which people a list counts and sorts: `_rows` (those of the actor's offices), `_followed_up`, `_conditions`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, OrderBy, Q, QuerySet, Value
from django.db.models.fields import DateField
from django.db.models.functions import NullIf
from django.http import HttpRequest, QueryDict

from dap.access.actor import Actor
from dap.access.enums import Role
from dap.access.rules import AccessReason
from dap.access.scope import people_in_reach
from dap.core import clock
from dap.core.enums import Side
from dap.core.names import search_tokens
from dap.core.reason import Refused
from dap.people.models import Office, PersonNumber
from dap.portfolio.enums import Show, Sort
from dap.portfolio.models import PortfolioRow, Search

PAGE_SIZE = 50
SEARCH_KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class PersonLine:
    """One person in a list, as things are today."""

    id: UUID
    name: str
    counsellor: str
    period_open: bool
    waits_since: datetime | None
    unread: int
    expired: int
    next_end: date | None
    last_contact_at: datetime | None
    last_contact_side: Side | None

    @property
    def waits_day(self) -> date | None:
        """The Norwegian day since when the person waits for an answer from Nav."""
        return clock.local(self.waits_since).date() if self.waits_since else None

    @property
    def last_contact_day(self) -> date | None:
        """The Norwegian day of the last message of either side."""
        return clock.local(self.last_contact_at).date() if self.last_contact_at else None


@dataclass(frozen=True)
class Choice:
    """How a list is sorted, whom it shows, and which page of it: what its address says."""

    sort: Sort = Sort.WAITING
    descending: bool = False
    show: Show = Show.ALL
    page: int = 1
    search: str = ""

    @classmethod
    def of(cls, query: QueryDict, default: Sort = Sort.WAITING) -> "Choice":
        """From the address; what is not understood is as if it were not there."""
        sort = next((sort for sort in Sort if sort == query.get("sorter")), default)
        show = next((show for show in Show if show == query.get("vis")), Show.ALL)
        direction, page = query.get("retning"), query.get("side", "")
        return cls(
            sort=sort,
            descending=direction == "synkende" if direction else sort.starts_descending,
            show=show,
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
            search=query.get("s", ""),
        )

    @property
    def address(self) -> str:
        """The query of this choice."""
        query = {
            "s": self.search,
            "vis": str(self.show) if self.show is not Show.ALL else "",
            "sorter": str(self.sort),
            "retning": "synkende" if self.descending else "stigende",
            "side": str(self.page) if self.page > 1 else "",
        }
        return "?" + urlencode({name: value for name, value in query.items() if value})

    def sorted_by(self, sort: Sort) -> str:
        """The address that sorts by this column; by the present one, the other way round."""
        descending = not self.descending if sort is self.sort else sort.starts_descending
        return replace(self, sort=sort, descending=descending, page=1).address

    def showing(self, show: Show) -> str:
        """The address that shows these people."""
        return replace(self, show=show, page=1).address

    def at_page(self, page: int) -> str:
        """The address of another page."""
        return replace(self, page=page).address


@dataclass(frozen=True)
class PeopleList:
    """One page of a list: its lines, and how many people each choice would show."""

    lines: list[PersonLine]
    choice: Choice
    counts: Mapping[Show, int]
    pages: int

    @property
    def everybody(self) -> int:
        """How many people there are to choose among."""
        return self.counts[Show.ALL]

    @property
    def total(self) -> int:
        """How many people the present choice shows on all pages."""
        return self.counts[self.choice.show]

    @property
    def first(self) -> int:
        """The number of the first line, from 1; 0 when there is none."""
        return (self.choice.page - 1) * PAGE_SIZE + 1 if self.lines else 0

    @property
    def last(self) -> int:
        """The number of the last line."""
        return (self.choice.page - 1) * PAGE_SIZE + len(self.lines)


@dataclass(frozen=True)
class SearchPage:
    """A search with what it found; `expired` when it is more than an hour old and must be typed anew."""

    text: str
    by_number: bool
    expired: bool
    people: PeopleList | None


@dataclass(frozen=True)
class Badges:
    """The numbers in the citizen's navigation, in threads: with something unread, and awaiting an answer."""

    unread_dialogue: int = 0
    waiting: int = 0


def my_people(actor: Actor, choice: Choice) -> PeopleList:
    """The people in reach whom this counsellor follows up. Two statements."""
    return _list(actor, _followed_up(actor).filter(counsellor=actor.counsellor_id), choice)


def office_people(actor: Actor, choice: Choice) -> PeopleList:
    """All people that the actor's offices follow up, with and without a counsellor. Two statements."""
    return _list(actor, _followed_up(actor), choice)


def office_names(actor: Actor) -> list[str]:
    """The names of the actor's offices."""
    return list(
        Office.objects.filter(id__in=actor.office_ids).order_by("name").values_list("name", flat=True)
    )


def row_for(person_id: UUID) -> PortfolioRow | None:
    """The row, with the counsellor, of one who has been fetched through the actor's reach. One statement."""
    return PortfolioRow.objects.select_related("counsellor").filter(person_id=person_id).first()


def person_of_number(actor: Actor, number: str) -> UUID | None:
    """Whose number this is, when in reach; out of reach is as if there were no such number."""
    found = PersonNumber.objects.filter(number=number, person__in=people_in_reach(actor))
    return found.values_list("person_id", flat=True).first()


def search_page(actor: Actor, choice: Choice) -> SearchPage:
    """The actor's own search and whom it finds in reach, followed up now or before. Three statements.

    Raises Refused(NOT_FOUND, 404) for an unknown search and for one of somebody else.
    """
    try:
        search_id = UUID(choice.search)
    except ValueError:
        raise Refused(AccessReason.NOT_FOUND) from None
    search = Search.objects.filter(id=search_id, actor_key=actor.key).first()
    if search is None:
        raise Refused(AccessReason.NOT_FOUND)
    if search.at < clock.now() - SEARCH_KEPT:
        return SearchPage(text="", by_number=False, expired=True, people=None)
    if not search.text:
        return SearchPage(text="", by_number=True, expired=False, people=None)
    return SearchPage(search.text, False, False, _list(actor, _named(_rows(actor), search.text), choice))


def own_badges(request: HttpRequest) -> Badges:
    """The badges of the citizen who is logged in: one statement a request. Zeros for everybody else."""
    known: Badges | None = getattr(request, "own_badges", None)
    if known is None:
        known = _badges_of(getattr(request, "visitor", None))
        reading: int = getattr(request, "reading", 0)  # what is on the screen now is unread no more
        known = replace(known, unread_dialogue=max(0, known.unread_dialogue - reading))
        request.own_badges = known  # type: ignore[attr-defined]  # the frame asks twice
    return known


def _badges_of(visitor: Actor | None) -> Badges:
    if visitor is None or visitor.role is not Role.CITIZEN:
        return Badges()
    row = PortfolioRow.objects.filter(person__in=people_in_reach(visitor)).first()
    return Badges(row.unread_by_citizen, row.awaiting_citizen) if row else Badges()


def _rows(actor: Actor) -> QuerySet[PortfolioRow]:
    """The rows of the actor's offices, to count and to sort by index. The reach decides on those shown."""
    return PortfolioRow.objects.filter(office_id__in=sorted(actor.office_ids) if actor.is_staff else [])


def _followed_up(actor: Actor) -> QuerySet[PortfolioRow]:
    return _rows(actor).filter(period_open=True)


def _named(rows: QuerySet[PortfolioRow], text: str) -> QuerySet[PortfolioRow]:
    """Those in whose name every word is found; «Anne-Marie» is two words, in the name as in the search.

    In the key æ, ø and å are written «{a», «{b», «{c»: a match must not begin inside one of them. The plain
    comparison comes first, since it leaves few names to the pattern and takes a fifth of its time.
    """
    for token in search_tokens(text.replace("-", " ")):
        rows = rows.filter(name_key__contains=token).filter(name_key__regex=r"(?<!\{)" + re.escape(token))
    return rows


def _conditions() -> dict[Show, Q]:
    return {
        Show.ALL: Q(),
        Show.WAITING: Q(waits_on_nav_since__isnull=False),
        Show.UNREAD: Q(unread_by_nav__gt=0),
        Show.EXPIRED: Q(open_end_dates__0__lt=clock.today()),  # sorted: the earliest stands first
        Show.UNASSIGNED: Q(counsellor__isnull=True),
    }


def _list(actor: Actor, rows: QuerySet[PortfolioRow], choice: Choice) -> PeopleList:
    conditions = _conditions()
    counted = rows.aggregate(
        **{show.name: Count("person_id", filter=condition) for show, condition in conditions.items()}
    )
    counts = {show: counted[show.name] for show in Show}
    pages = max(1, -(-counts[choice.show] // PAGE_SIZE))
    choice = replace(choice, page=min(max(choice.page, 1), pages))
    if not counts[choice.show]:
        return PeopleList([], choice, counts, pages)
    # The page's people are chosen first, from the narrow rows alone. For these names are joined, and the
    # reach asked: in an office of 28,000 that join for everybody would be most of the work.
    order = [*_order(choice), F("name_key").asc(), F("person_id").asc()]
    start = (choice.page - 1) * PAGE_SIZE
    chosen = _with_dates(rows.filter(conditions[choice.show])).order_by(*order)[start : start + PAGE_SIZE]
    shown = PortfolioRow.objects.filter(
        person_id__in=chosen.values("person_id"), person__in=people_in_reach(actor)
    )
    page = _with_dates(shown)
    found = page.select_related("person", "counsellor").order_by(*order)
    return PeopleList([_line(row) for row in found], choice, counts, pages)


def _with_dates(rows: QuerySet[PortfolioRow]) -> QuerySet[PortfolioRow]:
    """With `expired`, how many end dates have passed, and `next_end`, the first that has not."""
    expired = Func(
        Value(clock.today() - timedelta(days=1), output_field=DateField()),
        F("open_end_dates"),
        function="width_bucket",  # how many of the sorted dates are not after yesterday
        output_field=IntegerField(),
    )
    next_end = Func(
        F("open_end_dates"),
        F("expired") + 1,
        template="((%(expressions)s])",
        arg_joiner=")[",
        output_field=DateField(),
    )
    return rows.annotate(expired=expired).annotate(next_end=next_end)


def _order(choice: Choice) -> list[OrderBy]:
    """Who has nothing in the column comes last, whichever way it is sorted."""
    columns: dict[Sort, list[F | NullIf]] = {
        Sort.NAME: [F("name_key")],
        Sort.WAITING: [F("waits_on_nav_since")],
        Sort.UNREAD: [NullIf(F("unread_by_nav"), Value(0))],
        Sort.EXPIRED: [NullIf(F("expired"), Value(0))],
        Sort.NEXT_END: [F("next_end")],
        Sort.CONTACT: [F("last_contact_at")],
    }
    # Among those with as many unread, whoever has waited longest comes first.
    longest = [F("oldest_unread_by_nav").asc(nulls_last=True)] if choice.sort is Sort.UNREAD else []
    return [
        column.desc(nulls_last=True) if choice.descending else column.asc(nulls_last=True)
        for column in columns[choice.sort]
    ] + longest


def _line(row: PortfolioRow) -> PersonLine:
    return PersonLine(
        id=row.person_id,
        name=row.person.table_name,
        counsellor=row.counsellor.full_name if row.counsellor else "",
        period_open=row.period_open,
        waits_since=row.waits_on_nav_since,
        unread=row.unread_by_nav,
        expired=row.expired,  # type: ignore[attr-defined]  # annotated by _with_dates
        next_end=row.next_end,  # type: ignore[attr-defined]
        last_contact_at=row.last_contact_at,
        last_contact_side=Side(row.last_contact_side) if row.last_contact_side else None,
    )
