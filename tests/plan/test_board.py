"""What the plan shows: columns, folding, filters that combine, unread for each viewer."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from dap.core import clock
from dap.people.models import FollowUpPeriod
from dap.plan import actions, queries
from dap.plan.enums import ActivityType, ApplicationStatus, Status
from dap.plan.filters import chips_of
from dap.plan.models import Activity, ActivityChange
from dap.plan.queries import Filters

from .. import factories
from ..factories import NOW, TODAY, House

T, S = ActivityType, Status


def shown(house: House, query: str = "", viewer: object = None) -> queries.Board:
    return queries.board(viewer or house.by_citizen, house.citizen, filters=Filters.of(QueryDict(query)))


def titles(board: queries.Board) -> list[str]:
    return [card.activity.title for card in board.all_cards]


@pytest.fixture
def plan(house: House) -> dict[str, Activity]:
    """A plan with one of everything that the filters know."""
    citizen, by, nav = house.citizen, house.by_citizen, house.counsellor
    cards = {
        "cv": factories.activity(citizen, by, title="cv"),
        "course": factories.activity(citizen, nav, title="course", agreed_by=nav),
        "shop": factories.activity(citizen, by, T.STILLING, title="shop"),
        "cafe": factories.activity(citizen, by, T.STILLING, title="cafe", agreed_by=nav),
        "bank": factories.activity(citizen, by, T.STILLING, title="bank"),
        "treatment": factories.activity(citizen, by, T.BEHANDLING, treatment_type="treatment", agreed_by=nav),
    }
    for name, code in (("cafe", "SOKNAD_SENDT"), ("bank", "AVSLAG")):
        card = Activity.objects.select_related("period").get(id=cards[name].id)
        actions.set_application_status(activity=card, version=card.version, code=code, by=by, at=NOW)
    return cards


FILTERS = [
    ("", {"cv", "course", "shop", "cafe", "bank", "treatment"}),
    ("type=EGEN", {"cv", "course"}),
    ("type=EGEN&type=BEHANDLING", {"cv", "course", "treatment"}),
    ("avtalt=ja", {"course", "cafe", "treatment"}),
    ("avtalt=nei", {"cv", "shop", "bank"}),
    ("avtalt=ja&avtalt=nei", {"cv", "course", "shop", "cafe", "bank", "treatment"}),
    ("soknad=IKKE_STARTET", {"shop"}),
    ("soknad=IKKE_STARTET&soknad=AVSLAG", {"shop", "bank"}),
    ("type=STILLING&avtalt=ja", {"cafe"}),
    ("type=STILLING&avtalt=nei&soknad=AVSLAG", {"bank"}),
    ("type=EGEN&soknad=AVSLAG", set()),
    ("type=EGEN&type=STILLING&avtalt=ja", {"course", "cafe"}),
    ("type=FINNES_IKKE&avtalt=kanskje&soknad=x", {"cv", "course", "shop", "cafe", "bank", "treatment"}),
]


@pytest.mark.feature("P4")
@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_values_of_one_filter_are_alternatives_and_filters_add_up(
    house: House, plan: dict[str, Activity], query: str, expected: set[str]
) -> None:
    board = shown(house, query)
    assert set(titles(board)) == expected
    assert (board.shown, board.total) == (len(expected), len(plan))
    chips = chips_of(board.filters, QueryDict(query), "/plan")
    values = [value for value in query.split("&") if value] if board.filters.active else []
    assert len(chips) == len(values)
    for chip in chips:
        without = chip.href.partition("?")[2].split("&") if "?" in chip.href else []
        assert len(without) == len(values) - 1
        assert set(without) < set(values)


@pytest.mark.feature("P4")
def test_the_filters_offer_the_values_that_occur(house: House, plan: dict[str, Activity]) -> None:
    choices = shown(house).choices
    assert choices.types == [T.EGEN, T.STILLING, T.BEHANDLING]
    assert choices.applications == [
        ApplicationStatus.NOT_STARTED,
        ApplicationStatus.SENT,
        ApplicationStatus.REJECTED,
    ]
    assert choices.agreed
    other = queries.board(house.by_neighbour, house.neighbour, filters=Filters())
    assert (other.choices.types, other.choices.applications, other.choices.agreed) == ([], [], False)


@pytest.mark.feature("P1")
def test_cards_stand_in_their_column_newest_change_first(house: House) -> None:
    for hours, (name, status) in enumerate([("a", S.PLANNED), ("b", S.IN_PROGRESS), ("c", S.PLANNED)]):
        factories.activity(
            house.citizen, house.by_citizen, title=name, status=status, at=NOW - timedelta(hours=hours)
        )
    board = shown(house)
    assert [column.status for column in board.columns] == list(S)
    assert {c.status: [card.activity.title for card in c.cards] for c in board.columns if c.cards} == {
        S.PLANNED: ["a", "c"],
        S.IN_PROGRESS: ["b"],
    }
    assert titles(board) == ["a", "b", "c"]


@pytest.mark.feature("P1")
@pytest.mark.parametrize(
    ("days", "read", "folded"), [(30, True, False), (31, True, False), (32, True, True), (32, False, False)]
)
def test_finished_cards_fold_away_after_a_month_unless_unread(
    house: House, days: int, read: bool, folded: bool
) -> None:
    by = house.by_citizen if read else house.counsellor
    at = NOW - timedelta(days=days)
    factories.activity(house.citizen, by, finished_as=S.COMPLETED, at=at)
    factories.activity(house.citizen, by, title="åpen", at=at)
    columns = {column.status: column for column in shown(house).columns}
    assert len(columns[S.COMPLETED].folded) == folded
    assert columns[S.COMPLETED].count == 1
    assert columns[S.PLANNED].folded == []


@pytest.mark.feature("P8")
def test_a_change_is_unread_for_everybody_but_its_author_until_they_have_seen_that_version(
    house: House,
) -> None:
    card = factories.activity(house.citizen, house.counsellor)

    def unread() -> dict[str, bool]:
        viewers = {"citizen": house.by_citizen, "author": house.counsellor, "colleague": house.colleague}
        viewers["as citizen"] = house.counsellor.as_citizen()
        return {name: shown(house, viewer=viewer).all_cards[0].unread for name, viewer in viewers.items()}

    first = {"citizen": True, "author": False, "colleague": True, "as citizen": False}
    assert unread() == first
    queries.mark_seen(house.by_citizen, card)
    assert unread() == first | {"citizen": False}
    stored = Activity.objects.select_related("period").get(id=card.id)
    actions.change_status(activity=stored, version=1, to=S.IN_PROGRESS, reason="", by=house.colleague, at=NOW)
    assert unread() == {"citizen": True, "author": True, "colleague": False, "as citizen": False}
    queries.mark_all_seen(house.by_citizen, house.citizen)
    queries.mark_all_seen(house.by_citizen, house.citizen)
    assert unread()["citizen"] is False
    assert shown(house).unread == 0


@pytest.mark.feature("P7")
def test_an_earlier_period_is_shown_when_chosen_and_only_to_read(house: House) -> None:
    old = factories.activity(house.citizen, house.by_citizen, title="gammel")
    factories.end_period(house.citizen)
    ended = FollowUpPeriod.objects.get(person=house.citizen)
    assert titles(shown(house)) == ["gammel"], "without an open period the newest one is shown"
    new = FollowUpPeriod.objects.create(person=house.citizen, started_at=NOW)
    board = shown(house)
    assert (board.period, board.writable, titles(board)) == (new, True, [])
    board = queries.board(house.by_citizen, house.citizen, filters=Filters(), period_id=str(ended.id))
    assert (board.period, board.writable, titles(board)) == (ended, False, ["gammel"])
    assert [card.movable for card in board.all_cards] == [False]
    theirs = FollowUpPeriod.objects.get(person=house.neighbour)
    board = queries.board(house.by_citizen, house.citizen, filters=Filters(), period_id=str(theirs.id))
    assert board.period == new, "somebody else's period is as if it were not there"
    page = queries.activity_page(house.by_citizen, house.citizen, old.id)
    assert (page.editable, page.may_set_application) == (frozenset(), False)


@pytest.mark.feature("P14")
def test_undo_is_offered_to_who_moved_the_card_and_for_15_minutes(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen)
    stored = Activity.objects.select_related("period").get(id=card.id)
    actions.change_status(activity=stored, version=1, to=S.COMPLETED, reason="", by=house.by_citizen, at=NOW)

    def offered(viewer: object, minutes: int = 1, moved: str = str(card.id)) -> bool:
        with clock.frozen(NOW + timedelta(minutes=minutes)):
            found = queries.board(viewer, house.citizen, filters=Filters(), moved=moved)
        return found.undo is not None

    assert offered(house.by_citizen)
    assert offered(house.by_citizen, 15)
    assert not offered(house.by_citizen, 16)
    assert not offered(house.counsellor)
    assert not offered(house.by_citizen, moved="")
    assert not offered(house.by_citizen, moved="not-an-id")


@pytest.mark.feature("P6")
def test_what_waits_in_the_plan_is_what_has_expired_ends_soon_or_is_unread(house: House) -> None:
    for name, days in (("utløpt", -1), ("i dag", 0), ("snart", 7), ("senere", 8)):
        ends = TODAY + timedelta(days=days)
        factories.activity(
            house.citizen, house.by_citizen, title=name, from_date=TODAY - timedelta(days=9), to_date=ends
        )
    factories.activity(house.citizen, house.counsellor, title="fra Nav")
    waiting = queries.waiting(house.by_citizen, house.citizen)
    assert [c.activity.title for c in waiting.expired] == ["utløpt"]
    assert [c.activity.title for c in waiting.ending] == ["i dag", "snart"]
    assert [c.activity.title for c in waiting.unread] == ["fra Nav"]
    assert waiting.next
    assert waiting.next.activity.title == "i dag"
    assert not waiting.nothing
    assert queries.waiting(house.by_neighbour, house.neighbour).nothing


def test_every_change_of_a_card_can_be_walked_back_from_its_history(house: House) -> None:
    card = factories.activity(house.citizen, house.by_citizen, title="en", purpose="a")
    for version, values in enumerate([{"title": "to"}, {"purpose": ""}, {"title": "tre", "purpose": "b"}], 1):
        stored = Activity.objects.select_related("period").get(id=card.id)
        actions.edit_activity(activity=stored, version=version, values=values, by=house.counsellor, at=NOW)
    back = actions.field_values(Activity.objects.get(id=card.id))
    for change in ActivityChange.objects.filter(activity=card, version__gt=1).order_by("-version"):
        for name, (before, after) in change.changes.items():
            assert back[name] == after
            back[name] = before
    assert (back["title"], back["purpose"]) == ("en", "a")
