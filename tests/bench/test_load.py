"""The load: its visits on the real pages, arrivals that do not wait, and what is made of the answers."""

import http.server
import io
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from dap.bench import arrivals, load, mix, watch
from dap.bench.arrivals import Done, Processes, Span, Visitors
from dap.bench.client import Answer
from dap.bench.subjects import Subjects
from dap.bench.visits import VISITS, Ask, Citizen, Crowd, Staff
from dap.core.models import Draft
from dap.core.problem import Problem
from dap.dialogue.models import Message
from dap.plan.enums import Status
from dap.plan.models import Activity
from dap.portfolio import check
from tests import factories

LINES = {line.visit: line for line in mix.MIX}


def send(ask: Ask) -> Answer:
    """Put a request of a visit to the real pages, as the person's browser would."""
    client = Client(enforce_csrf_checks=True)
    for name, value in ask.who.items():
        client.cookies[name] = value
    headers = {"HX-Request": "true"} if ask.htmx else {}
    answer = (
        client.get(ask.path, headers=headers)
        if ask.fields is None
        else client.post(ask.path, ask.fields, headers=headers)
    )
    ask.who.update({name: morsel.value for name, morsel in client.cookies.items()})
    assert answer.status_code in ask.expect, (ask.label, answer.status_code)
    found = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(answer.status_code, 0.0, answer.content, len(answer.content), found)


def carry_out(visit: str, crowd: Crowd) -> list[str]:
    """The names of the requests of one whole visit."""
    going = VISITS[visit](crowd)
    asked = []
    ask = next(going, None)
    while ask:
        asked.append(ask.label)
        try:
            ask = going.send(send(ask))
        except StopIteration:
            ask = None
    return asked


@pytest.fixture
def house(db: None) -> factories.House:
    house = factories.house()
    factories.activity(house.citizen, house.by_citizen)
    factories.thread(house.citizen, house.by_citizen)
    factories.activity(house.neighbour, house.by_neighbour)
    return house


@pytest.fixture
def subjects(house: factories.House) -> Iterator[Subjects]:
    with Subjects(least=0) as subjects:
        yield subjects


@pytest.fixture
def crowd(subjects: Subjects) -> Crowd:
    return Crowd(load.crowd(subjects), random.Random(1))


@pytest.mark.parametrize("visit", VISITS)
def test_a_visit_asks_what_the_mix_counts_and_leaves_the_database_in_order(visit: str, crowd: Crowd) -> None:
    assert carry_out(visit, crowd) == list(LINES[visit].requests)
    assert check.run(io.StringIO()) == 0


def test_the_acts_of_visits_are_real(crowd: Crowd, house: factories.House) -> None:
    before = Message.objects.count(), Activity.objects.count()
    for visit in ("citizen replies", "counsellor starts a thread", "citizen makes an activity"):
        carry_out(visit, crowd)
    assert (Message.objects.count(), Activity.objects.count()) == (before[0] + 2, before[1] + 1)
    assert not Draft.objects.exists()  # each became the act


def test_a_card_goes_there_and_back(crowd: Crowd, house: factories.House) -> None:
    card = Activity.objects.get(person=house.citizen)
    seen = []
    for _ in range(3):
        carry_out("citizen moves a card", crowd)
        card.refresh_from_db()
        seen.append(card.status)
    assert seen == [Status.IN_PROGRESS, Status.PLANNED, Status.IN_PROGRESS]


def test_nobody_moves_a_card_that_is_being_moved(crowd: Crowd) -> None:
    first = VISITS["citizen moves a card"](crowd)
    assert next(first, None)
    assert next(VISITS["citizen moves a card"](crowd), None) is None
    first.close()
    assert next(VISITS["citizen moves a card"](crowd), None)


def test_the_crowd_is_counsellors_with_those_they_follow_up(crowd: Crowd, house: factories.House) -> None:
    (staff,) = crowd.staff
    (citizen,) = staff.people
    assert citizen.id == str(house.citizen.id)
    assert len(citizen.threads) == len(citizen.cards) == 1
    assert settings.SESSION_COOKIE_NAME in citizen.cookies


def test_a_database_with_nothing_to_write_in_is_refused(db: None) -> None:
    here = factories.office()
    factories.person(here, followed_by=factories.counsellor(here))
    with Subjects(least=0) as subjects, pytest.raises(Problem, match="no threads or no cards"):
        load.crowd(subjects)


class Slow(http.server.BaseHTTPRequestHandler):
    """Answers one request at a time; the first takes a second."""

    protocol_version = "HTTP/1.1"
    first = True
    gate = threading.Lock()

    def do_GET(self) -> None:
        with Slow.gate:
            if Slow.first:
                Slow.first = False
                time.sleep(1)
            code = 500 if self.path.startswith("/mine") else 200
            self.send_response(code)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slow_port() -> Iterator[int]:
    Slow.first = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


STAFF = [Staff({}, [Citizen("1", {}, ["2"], ["3"])], ["Amina Solberg"], ["1"])]
LOOKS = mix.Line("citizen looks", 7_000_000, "", ("home", "plan", "card"))
LISTS = mix.Line("counsellor opens own list", 7_000_000, "", ("my people",))


@pytest.fixture(autouse=True)
def _few_and_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "CONNECTIONS", 4)
    monkeypatch.setattr(arrivals, "PAUSE_SECONDS", (0.01, 0.02))


def only(monkeypatch: pytest.MonkeyPatch, line: mix.Line) -> None:
    monkeypatch.setattr(mix, "MIX", (line,))


def test_those_who_come_while_the_server_hangs_are_counted_from_when_they_came(
    slow_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, LOOKS)
    done = Visitors(slow_port, STAFF, "seed", 1.0).run(time.monotonic(), [Span(1.0, 1.5)])
    hung = [one for one in done if one.latency > 0.5]
    assert len(hung) > arrivals.CONNECTIONS  # most of them waited for a connection
    assert {one.label for one in done} == {"home", "plan", "card"}
    assert not any(one.fault for one in done)


def test_an_answer_that_should_not_be_is_a_fault_with_its_route(
    slow_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, LISTS)
    done = Visitors(slow_port, STAFF, "seed", 1.0).run(time.monotonic(), [Span(1.0, 0.5)])
    assert {one.fault for one in done} == {"GET /mine-brukere answered 500."}


def test_a_server_that_is_gone_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, LISTS)
    done = Visitors(1, STAFF, "seed", 1.0).run(time.monotonic(), [Span(1.0, 0.2)])
    assert done and all("got no answer" in one.fault for one in done)


def test_visits_arrive_at_the_rate_of_the_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "CONNECTIONS", 0)
    came = Visitors(1, STAFF, "seed", 0.5).arrivals(100.0, [Span(1.0, 400), Span(2.0, 400)])
    first = [name for at, name in came if at < 500]
    assert len(first) == pytest.approx(mix.visits_per_second() * 200, rel=0.05)
    assert len(came) - len(first) == pytest.approx(mix.visits_per_second() * 400, rel=0.05)
    moves = first.count("citizen moves a card") / len(first)
    assert moves == pytest.approx(LINES["citizen moves a card"].per_second / mix.visits_per_second(), rel=0.1)


def test_processes_of_their_own_share_the_visits(slow_port: int) -> None:
    with Processes(slow_port, STAFF * 2, 1) as visitors:
        visitors.wait_until_ready()
        assert len(visitors.pids) == 2
        assert os.getpid() not in visitors.pids
        begin = time.monotonic()
        visitors.begin(begin, [Span(2.0, 1.0)])
        done = visitors.collect()
        assert len(done) > 10
        assert [one.due for one in done] == sorted(one.due for one in done)
        assert all(begin <= one.due < begin + 1 for one in done)
        pids = visitors.pids
    assert watch.tree(pids) == []


def test_a_process_that_ends_is_a_clear_sentence(slow_port: int) -> None:
    with Processes(slow_port, STAFF, 1) as visitors:
        visitors.wait_until_ready()
        os.kill(visitors.pids[0], signal.SIGKILL)
        with pytest.raises(Problem, match="ended unexpectedly"):
            visitors.wait_until_ready()


def requests(begin: float, seconds: float, latency: float, fault: str = "") -> list[Done]:
    """Ten requests a second."""
    dues = [begin + number / 10 for number in range(int(seconds * 10))]
    return [Done("home", due, due + latency, fault) for due in dues]


def test_it_has_come_back_when_three_seconds_in_a_row_are_quick() -> None:
    done = requests(50, 4, 2.0) + requests(54, 2, 0.1) + requests(56, 1, 2.0) + requests(57, 5, 0.1)
    assert load.seconds_to_calm(done, 50) == 7
    assert load.seconds_to_calm(requests(50, 9, 2.0), 50) is None
    assert load.seconds_to_calm([], 50) is None


class Fake:
    """A server that bears `bears` times the load; beyond that it is slow, or fails with `fault`."""

    def __init__(self, bears: float, fault: str = "") -> None:
        self.bears = bears
        self.fault = fault
        self.asked: list[float] = []

    def begin(self, begin: float, spans: Sequence[Span]) -> None:
        self.begun, self.spans = begin, spans
        self.asked.append(spans[0].factor)

    def collect(self) -> list[Done]:
        if self.spans[0].factor <= self.bears:
            return requests(self.begun, 10, 0.1)
        if not self.fault:
            return requests(self.begun, 10, 0.5)
        failed = requests(self.begun, 1, 0.1, self.fault)
        return failed + requests(self.begun, 9, 0.1) if self.bears else failed


@pytest.fixture
def quick(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "SETTLE_SECONDS", 0.0)
    monkeypatch.setattr(time, "sleep", lambda _: None)


def test_capacity_is_the_highest_load_that_was_borne(quick: None) -> None:
    fake = Fake(0.6)
    bench = load.Bench(fake, watch.Watch({}), 0.01)  # type: ignore[arg-type]
    bench.climb()
    assert fake.asked[1:] == [0.25, 0.5, 0.75, 0.625, 0.5625]
    capacity = bench.figures[-1]
    assert capacity.extra["times_busiest_hour"] == 0.5625
    assert (capacity.extra["too_much_at"], capacity.extra["because"]) == (0.625, "p95 500 ms")
    assert not capacity.over


def test_an_error_is_too_much_however_quick_and_is_told(
    quick: None, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = load.Bench(Fake(0.6, "GET /enheten answered 500."), watch.Watch({}), 0.01)  # type: ignore[arg-type]
    bench.climb()
    assert bench.figures[-1].extra["because"] == "10 errors"
    assert bench.figures[-1].over == ["load capacity: 10 errors at 0.625x"]
    assert '"GET /enheten answered 500.": 10' in capsys.readouterr().out


def test_a_web_that_is_gone_ends_the_measurement(quick: None) -> None:
    bench = load.Bench(Fake(0, "GET / got no answer (ConnectionRefusedError)."), watch.Watch({}), 0.01)  # type: ignore[arg-type]
    with pytest.raises(Problem, match=r"Every request failed, at 0\.25x: GET / got no answer"):
        bench.climb()


def test_a_climb_ends_where_nothing_is_too_much(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "MOST", 0.5)
    bench = load.Bench(Fake(99), watch.Watch({}), 0.01)  # type: ignore[arg-type]
    bench.climb()
    assert bench.figures[-1].extra["times_busiest_hour"] == 0.5
    assert bench.figures[-1].extra["too_much_at"] is None


def test_the_check_afterwards_says_what_differs(house: factories.House) -> None:
    bench = load.Bench(Fake(1), watch.Watch({}), 1.0)  # type: ignore[arg-type]
    bench.check()
    assert bench.figures[-1].extra["clean"] is True
    house.citizen.portfolio_row.delete()
    bench.check()
    assert bench.figures[-1].extra["clean"] is False
    assert "DIFFERENCE" in bench.figures[-1].over[0]


def test_a_busy_child_is_seen_and_one_that_ended_is_not() -> None:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        observer = watch.Watch({"us": [os.getpid()], "child": [busy.pid], "nobody": []})
        assert busy.pid in watch.tree([os.getpid()])
        first = observer.read()
        deadline = time.monotonic() + 10
        while (last := observer.read()).processor["child"] == first.processor["child"]:
            assert time.monotonic() < deadline
        cores = observer.cores(first, last)
        assert cores["child"] and cores["us"] and cores["us"] >= cores["child"]
        assert cores["nobody"] is None
        assert cores["machine"] and cores["machine"] >= cores["child"] / 2
        memory = observer.memory_mib()
        assert memory["us"] and memory["child"] and memory["us"] > memory["child"]
        assert memory["nobody"] is None
    finally:
        busy.kill()
        busy.wait()
    assert watch.tree([busy.pid]) == []


def test_memory_that_may_not_be_read_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError

    monkeypatch.setattr(Path, "read_text", refuse)
    assert watch.memory_mib([os.getpid()]) is None


def test_the_database_on_this_machine_is_found(db: None) -> None:
    (first,) = watch.database_roots()
    assert len(watch.tree([first])) > 3
    assert watch.connections() >= 1
