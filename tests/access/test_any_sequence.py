"""Whatever a citizen and two counsellors do, in any order, over the pages: what must hold, holds.

The overview agrees with what it is computed from (`./dap check`), versions rise by one, every acknowledged
message is there exactly once and no refused one, finished cards stand still but for the allowed acts, and who
is out of reach gets nothing but 404.
"""

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dap.access.sessions import system_actor
from dap.core import clock, form_token, touch
from dap.dialogue.models import Message, Thread
from dap.plan.enums import ActivityType, ApplicationStatus, Status
from dap.plan.models import Activity, ActivityChange, Goal
from dap.portfolio import check
from dap.record import actions as record

from .. import factories
from ..factories import NOW
from .visiting import Visitor

WHO = st.sampled_from(["citizen", "counsellor", "outsider"])
INSIDE = st.sampled_from(["citizen", "counsellor"])
PLACE = st.integers(0, 3)
STATUS = st.sampled_from([str(status) for status in Status] + ["FINNES_IKKE"])
ANSWERS: Counter[int] = Counter()
BEHIND = st.sampled_from([0, 0, 1])
TYPED: dict[str, dict[str, str]] = {
    "EGEN": {"title": "CV", "from_date": "18.11.2026", "to_date": "20.11.2026"},
    "STILLING": {"title": "Vikar", "from_date": "18.11.2026"},
    "BEHANDLING": {
        "treatment_type": "Fysio",
        "treatment_place": "Byen",
        "from_date": "01.11.2026",
        "to_date": "10.11.2026",
    },
}


class Plan(RuleBasedStateMachine):
    """One plan and those who work on it."""

    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.savepoint()
        self.now = NOW
        with clock.frozen(self.now):
            self.house = factories.house()
            self.who = {
                "citizen": Visitor(self.house.by_citizen),
                "counsellor": Visitor(self.house.counsellor),
                "outsider": Visitor(self.house.outsider),
            }
            for by in (self.house.by_citizen, self.house.counsellor):
                factories.activity(self.house.citizen, by, ActivityType.STILLING)
            factories.thread(self.house.citizen, self.house.by_citizen, text="Den første")
        self.cards: dict[Any, Activity] = {}
        self.sent = ["Den første"]
        self.refused: list[str] = []
        self.last: tuple[str, str, dict[str, str], int] | None = None
        self.number = self.steps = 0

    def teardown(self) -> None:
        if not hasattr(self, "savepoint"):
            return
        try:
            if hasattr(self, "house"):
                self.check()
        finally:
            transaction.savepoint_rollback(self.savepoint)

    def at(self, name: str, **ids: Any) -> str:
        return reverse(f"person:{name}", kwargs={"person_id": self.house.citizen.id, **ids})

    def post(self, who: str, address: str, **typed: str) -> int:
        fields = {form_token.FIELD: self.who[who].token(), **typed}
        return self.send(who, address, fields)

    def send(self, who: str, address: str, fields: dict[str, str]) -> int:
        with clock.frozen(self.now):
            status = int(self.who[who].send(address, fields).status_code)
        if who == "outsider":
            assert status == 404
        assert status in (303, 403, 404, 409, 422)
        ANSWERS[status] += 1
        if who != "outsider":
            self.last = (who, address, fields, status)
        return status

    def card(self, place: int) -> Activity | None:
        cards = list(Activity.objects.order_by("created_at", "id"))
        return cards[place % len(cards)] if cards else None

    def thread(self, place: int) -> Thread | None:
        threads = list(Thread.objects.order_by("created_at", "id"))
        return threads[place % len(threads)] if threads else None

    def words(self) -> str:
        self.number += 1
        return f"Melding nummer {self.number}."

    def told(self, text: str, status: int) -> None:
        (self.sent if status == 303 else self.refused).append(text)

    @rule(who=WHO, type=st.sampled_from([*TYPED, "SOKEAVTALE"]))
    def create(self, who: str, type: str) -> None:
        self.post(
            who, self.at("activity_new", type_code=type), **TYPED.get(type, {"applications_per_week": "2"})
        )

    @rule(who=WHO, place=PLACE, to=STATUS, reason=st.sampled_from(["", "Ferdig med det"]), behind=BEHIND)
    def move(self, who: str, place: int, to: str, reason: str, behind: int) -> None:
        if card := self.card(place):
            address = self.at("activity_move", activity_id=card.id)
            status = self.post(who, address, to=to, reason=reason, version=str(card.version - behind))
            assert status != 303 or Activity.objects.get(id=card.id).status == to

    @rule(who=WHO, place=PLACE, title=st.sampled_from(["Ny tittel", "CV", " "]), behind=BEHIND)
    def edit(self, who: str, place: int, title: str, behind: int) -> None:
        if card := self.card(place):
            typed = (
                TYPED[card.type]
                | {"to_date": "24.12.2026"}
                | ({"title": title} if card.type == "EGEN" else {})
            )
            self.post(
                who,
                self.at("activity_edit", activity_id=card.id),
                version=str(card.version - behind),
                **typed,
            )

    @rule(who=WHO, place=PLACE, code=st.sampled_from([str(a) for a in ApplicationStatus]), behind=BEHIND)
    def apply(self, who: str, place: int, code: str, behind: int) -> None:
        if card := self.card(place):
            address = self.at("activity_application", activity_id=card.id)
            self.post(who, address, application_status=code, version=str(card.version - behind))

    @rule(place=PLACE)
    def agree(self, place: int) -> None:
        if card := self.card(place):
            self.post("counsellor", self.at("activity_agree", activity_id=card.id), version=str(card.version))

    @rule(who=WHO, place=PLACE)
    def undo(self, who: str, place: int) -> None:
        if card := self.card(place):
            self.post(who, self.at("activity_undo", activity_id=card.id), version=str(card.version))

    @rule(who=WHO, on_card=st.booleans(), asks=st.booleans(), place=PLACE)
    def begin_to_write(self, who: str, on_card: bool, asks: bool, place: int) -> None:
        text, card = self.words(), self.card(place)
        mark = {"asks_citizen": "on"} if asks and who == "counsellor" else {}
        if on_card and card:
            address = self.at("activity_thread", activity_id=card.id)
            self.told(text, self.post(who, address, text=text, **mark))
        else:
            self.told(text, self.post(who, self.at("thread_new"), title="Tema", text=text, **mark))

    @rule(who=WHO, place=PLACE)
    def reply(self, who: str, place: int) -> None:
        if thread := self.thread(place):
            text = self.words()
            self.told(text, self.post(who, self.at("thread", thread_id=thread.id), text=text))

    @rule(
        place=PLACE,
        marks=st.sampled_from([{}, {"nav": "on"}, {"citizen": "on"}, {"nav": "on", "citizen": "on"}]),
    )
    def mark(self, place: int, marks: dict[str, str]) -> None:
        if thread := self.thread(place):
            self.post("counsellor", self.at("thread_waits", thread_id=thread.id), **marks)

    @rule(who=WHO, page=st.sampled_from(["plan", "dialogue", "goal"]), place=PLACE)
    def look(self, who: str, page: str, place: int) -> None:
        thread = self.thread(place)
        address = self.at("thread", thread_id=thread.id) if thread and page == "dialogue" else self.at(page)
        with clock.frozen(self.now):
            assert self.who[who].get(address).status_code == (404 if who == "outsider" else 200)

    @rule(who=INSIDE, unseen=st.booleans())
    def set_goal(self, who: str, unseen: bool) -> None:
        newest = Goal.objects.order_by("-id").first()
        seen = "" if unseen or newest is None else str(newest.id)
        self.post(who, self.at("goal"), text=f"Mål {self.number}", seen=seen)

    @precondition(lambda self: getattr(self, "last", None) is not None)
    @rule()
    def click_again(self) -> None:
        """The same form once more: the same answer when it went well, and nothing happens twice."""
        assert self.last
        who, address, fields, before = self.last
        if before == 303:
            rows = (Message.objects.count(), ActivityChange.objects.count(), Goal.objects.count())
            assert self.send(who, address, fields) == 303
            assert rows == (Message.objects.count(), ActivityChange.objects.count(), Goal.objects.count())

    @rule(minutes=st.sampled_from([1, 16, 60 * 24]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        with clock.frozen(self.now):
            for visitor in self.who.values():
                assert visitor.actor
                visitor.log_in(visitor.actor)

    @precondition(lambda self: getattr(self, "steps", 0) > 12)
    @rule(again=st.booleans())
    def follow_up_ends(self, again: bool) -> None:
        self.last = None
        record.end_follow_up(person=self.house.citizen, by=system_actor(), at=self.now)
        if again:
            record.begin_follow_up(person=self.house.citizen, at=self.now)
        touch.flush()

    @invariant()
    def the_overview_and_the_histories_agree(self) -> None:
        """Every fifth step, and when the sequence ends: it is the dearest of the invariants."""
        if hasattr(self, "house"):
            self.steps += 1
            if self.steps % 5 == 0:
                self.check()

    def check(self) -> None:
        found = StringIO()
        assert check.run(found) == 0, found.getvalue()

    @invariant()
    def every_acknowledged_message_is_there_once(self) -> None:
        if hasattr(self, "house"):
            assert sorted(Message.objects.values_list("text", flat=True)) == sorted(self.sent)

    @invariant()
    def versions_rise_and_finished_cards_stand_still(self) -> None:
        if not hasattr(self, "house"):
            return
        for card in Activity.objects.all():
            before = self.cards.get(card.id)
            if before is not None:
                assert before.version <= card.version <= before.version + 1
                if card.version == before.version:
                    assert card.changed_at == before.changed_at
                elif before.historic_at or Status(before.status).finished:
                    kind = ActivityChange.objects.get(activity=card, version=card.version).kind
                    assert kind in ("ANGRET", "ETIKETT_ENDRET", "BLE_HISTORISK")
                    assert not before.historic_at
                    assert (card.title, card.to_date, card.details) == (
                        before.title,
                        before.to_date,
                        before.details,
                    )
            self.cards[card.id] = card
        assert set(self.cards) == set(Activity.objects.values_list("id", flat=True)), "no card is ever lost"


@pytest.mark.feature("A5")
@pytest.mark.django_db
def test_any_sequence_of_acts_keeps_what_must_hold() -> None:
    run_state_machine_as_test(
        Plan,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert min(ANSWERS[status] for status in (303, 404, 409, 422)) > 5, (
        ANSWERS,
        "refused acts must be tried too",
    )
