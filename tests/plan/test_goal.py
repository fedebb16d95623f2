"""The goal: written by either party, never overwritten, never lost."""

from datetime import timedelta
from typing import Any

import pytest

from dap.core.reason import Refused
from dap.people.models import FollowUpPeriod
from dap.plan import actions, queries
from dap.plan.models import Goal
from dap.plan.rules import PlanReason

from .. import factories
from ..factories import NOW, House

pytestmark = pytest.mark.feature("G1")


def write(house: House, text: str, seen: Goal | None, by: Any = None, minutes: int = 0) -> Goal:
    return actions.set_goal(
        person=house.citizen,
        text=text,
        seen_goal_id=seen.id if seen else None,
        by=by or house.by_citizen,
        at=NOW + timedelta(minutes=minutes),
    )


def test_each_new_goal_stands_beside_the_former_with_its_author(house: House) -> None:
    first = write(house, "  Jobb i barnehage\r\nfør jul ", None)
    second = write(house, "Fast jobb i barnehage", first, house.counsellor, 5)
    assert queries.goals(house.citizen) == [second, first]
    assert first.text == "Jobb i barnehage\nfør jul"
    assert (first.by_side, first.by_counsellor_id) == ("BRUKER", None)
    assert (second.by_side, second.by_counsellor_id, second.at) == (
        "NAV",
        house.counsellor.id,
        NOW + timedelta(minutes=5),
    )


def test_the_same_text_again_writes_nothing(house: House) -> None:
    first = write(house, "Jobb i barnehage", None)
    assert write(house, " Jobb i barnehage ", None, house.counsellor) == first
    assert Goal.objects.count() == 1


def test_a_goal_written_on_top_of_an_unseen_one_is_refused_with_both(house: House) -> None:
    first = write(house, "Jobb i barnehage", None)
    with pytest.raises(Refused) as refused:
        write(house, "Jobb på sykehjem", None, house.counsellor)
    assert refused.value.reason is PlanReason.STALE
    assert refused.value.detail == first
    write(house, "Jobb på sykehjem", first, house.counsellor)
    assert Goal.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [(" ", PlanReason.GOAL_EMPTY), ("\x00", PlanReason.GOAL_EMPTY), ("x" * 501, PlanReason.GOAL_TOO_LONG)],
)
def test_a_blank_or_too_long_goal_is_refused_at_its_field(
    house: House, text: str, reason: PlanReason
) -> None:
    with pytest.raises(Refused) as refused:
        write(house, text, None)
    assert (refused.value.reason, refused.value.field) == (reason, "text")
    assert not Goal.objects.exists()


def test_a_line_break_counts_as_one_character_as_the_counter_on_the_page_says(house: House) -> None:
    text = "\r\n".join(["x" * 249, "y" * 250])
    assert write(house, text, None).text == text.replace("\r\n", "\n")


def test_the_same_words_in_a_new_period_are_a_goal_of_that_period(house: House) -> None:
    first = write(house, "Jobb i barnehage", None)
    factories.end_period(house.citizen)
    with pytest.raises(Refused) as refused:
        write(house, "Noe annet", first)
    assert refused.value.reason is PlanReason.NO_PERIOD
    FollowUpPeriod.objects.create(person=house.citizen, started_at=NOW)
    again = write(house, "Jobb i barnehage", first, minutes=1)
    assert again != first
    assert queries.board(house.by_citizen, house.citizen, filters=queries.Filters()).goal == again
