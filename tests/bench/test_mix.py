"""The mixed load adds up to the published figures, and each of its visits asks what the mix counts."""

from collections import Counter

import pytest

from dap.bench import mix
from dap.bench.visits import VISITS


def made(request: str) -> float:
    """How often the mix makes this request in the month."""
    return sum(line.a_month * Counter(line.requests)[request] for line in mix.MIX)


def test_it_makes_as_many_threads_and_activities_as_were_made_in_march_2020() -> None:
    assert made("start a thread") == pytest.approx(636_000)
    assert made("make an activity") == pytest.approx(560_000)


def test_it_sends_as_many_messages_as_the_dialogues_had() -> None:
    surge, others = 435_946 * (1.4 + 0.5), 200_054 * (2.08 + 1.64)
    assert made("start a thread") + made("send a message") == pytest.approx(surge + others)


def test_each_party_writes_its_share() -> None:
    month = {line.visit: line.a_month for line in mix.MIX}
    started = month["counsellor starts a thread"]
    assert started == pytest.approx(435_946 * 0.93 + 200_054 * 0.68)
    assert started + month["counsellor replies"] == pytest.approx(435_946 * 1.4 + 200_054 * 2.08)


def test_each_message_is_read_by_the_other_party() -> None:
    sent = made("start a thread") + made("send a message")
    assert made("thread") == pytest.approx(2 * sent)  # once by the reader, once by the writer after sending


def test_every_new_person_comes_once() -> None:
    assert next(line for line in mix.MIX if line.visit == "new person").a_month == 300_000


def test_the_busiest_hour_has_ten_times_the_mean() -> None:
    line = mix.Line("x", 744 * 3600, "one a second all through the month", ("home", "plan"))
    assert line.per_second == pytest.approx(10)
    assert line.requests_per_second == pytest.approx(20)


def test_the_rates_are_no_less_than_nothing() -> None:
    assert all(line.a_month > 0 for line in mix.MIX)
    assert mix.requests_per_second() == pytest.approx(sum(one.requests_per_second for one in mix.MIX))


def test_each_visit_of_the_mix_can_be_carried_out() -> None:
    assert [line.visit for line in mix.MIX] == list(VISITS)


def test_the_table_tells_every_visit_its_derivation_and_every_assumption() -> None:
    text = mix.table()
    assert all(line.visit in text and line.derivation in text for line in mix.MIX)
    assert all(one.why in text for one in mix.ASSUMPTIONS)
    assert f"{mix.requests_per_second():.1f}" in text
