"""The visits of the mixed load: each a chain of requests as a browser would send them, forms as drawn.

A visit is a generator: it yields what to ask and is sent the answer. Acts are real and stay: messages,
threads and activities are added; cards go back and forth between «Planlegger» and «Gjennomfører».
No Django here: visits run in the load's own processes (arrivals.py).
"""

import contextlib
import random
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dap.bench.client import Answer, form_fields

HOT_SHARE = 0.1
"""Of the visits, to a few hot people, who thereby act at once with themselves and their counsellor."""
HOT_PEOPLE = 12
FEW_CARDS = 5
_TRIES = 100

_TITLES = ("Ringe tre bedrifter i nærheten", "Skrive ny søknad", "Oppdatere CV-en", "Delta på jobbsøkerkurs")
_SUBJECTS = ("Spørsmål om kurs", "Om søknaden min", "Neste uke", "Oppfølging av planen")
_WORDS = (
    "Takk for svaret, da gjør vi det slik.",
    "Jeg har sendt to søknader denne uken, og venter på svar fra den ene.",
    "Kan vi flytte fristen til fredag? Jeg trenger litt mer tid til å få alt på plass.",
    "Fint at du sier fra. Ta kontakt her hvis det er noe mer du lurer på.",
)


@dataclass(frozen=True)
class Citizen:
    """A citizen with a session (`cookies`), the threads one can write in, and the cards one can move."""

    id: str
    cookies: dict[str, str]
    threads: Sequence[str]
    cards: Sequence[str]


@dataclass(frozen=True)
class Staff:
    """A counsellor with a session, some of the people followed up, and what one searches for."""

    cookies: dict[str, str]
    people: Sequence[Citizen]
    names: Sequence[str]
    numbers: Sequence[str]


@dataclass(frozen=True)
class Ask:
    """A request of a visitor: a GET, or with `fields` a POST. `label` is its name in the mix."""

    label: str
    who: dict[str, str]
    path: str
    fields: Mapping[str, str] | None = None
    htmx: bool = False
    expect: tuple[int, ...] = (200,)


Visit = Generator[Ask, Answer, None]


@dataclass
class Crowd:
    """Those who visit. `staff` is one process's part, so that no other process moves the same cards."""

    staff: Sequence[Staff]
    rng: random.Random
    _busy: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        pairs = [(one, citizen) for one in self.staff for citizen in one.people]
        self._pools = {
            "anybody": pairs,
            "written": [pair for pair in pairs if pair[1].threads],
            "movable": [pair for pair in pairs if pair[1].cards],
            "new": [pair for pair in pairs if len(pair[1].cards) <= FEW_CARDS] or pairs,
        }
        hot = {citizen.id for _, citizen in pairs[:HOT_PEOPLE]}
        self._hot = {name: [pair for pair in pool if pair[1].id in hot] for name, pool in self._pools.items()}

    def pick(self, pool: str) -> tuple[Staff, Citizen]:
        """Somebody of a pool with their counsellor. Raises IndexError when nobody is in it."""
        hot = self._hot[pool]
        return self.rng.choice(hot if hot and self.rng.random() < HOT_SHARE else self._pools[pool])

    @contextlib.contextmanager
    def card(self) -> Iterator[tuple[Citizen, str] | None]:
        """A card that nobody else moves meanwhile (a stale version is refused, rightly); None: all taken."""
        taken = self._take()
        try:
            yield taken
        finally:
            if taken:
                with self._lock:
                    self._busy.discard(taken[1])

    def _take(self) -> tuple[Citizen, str] | None:
        for _ in range(_TRIES):
            _, citizen = self.pick("movable")
            card = self.rng.choice(citizen.cards)
            with self._lock:
                if card not in self._busy:
                    self._busy.add(card)
                    return citizen, card
        return None


def new_person(crowd: Crowd) -> Visit:
    """Home, the plan, and a first activity."""
    _, citizen = crowd.pick("new")
    yield Ask("home", citizen.cookies, "/")
    yield from _make_activity(crowd, citizen.cookies, citizen, "plan")


def citizen_starts_thread(crowd: Crowd) -> Visit:
    """Home, the threads, a new one."""
    _, citizen = crowd.pick("anybody")
    yield Ask("home", citizen.cookies, "/")
    yield Ask("threads", citizen.cookies, f"/p/{citizen.id}/dialog")
    yield from _start_thread(crowd, citizen.cookies, citizen)


def citizen_replies(crowd: Crowd) -> Visit:
    """Home, the threads, one of them, an answer."""
    _, citizen = crowd.pick("written")
    yield Ask("home", citizen.cookies, "/")
    yield Ask("threads", citizen.cookies, f"/p/{citizen.id}/dialog")
    yield from _reply(crowd, citizen.cookies, citizen)


def citizen_reads(crowd: Crowd) -> Visit:
    """Home, the threads, one of them."""
    _, citizen = crowd.pick("written")
    yield Ask("home", citizen.cookies, "/")
    yield Ask("threads", citizen.cookies, f"/p/{citizen.id}/dialog")
    yield Ask("thread", citizen.cookies, _thread(crowd, citizen))


def citizen_makes_activity(crowd: Crowd) -> Visit:
    """Home, the plan, one activity more."""
    _, citizen = crowd.pick("anybody")
    yield Ask("home", citizen.cookies, "/")
    yield from _make_activity(crowd, citizen.cookies, citizen, "plan")


def citizen_moves(crowd: Crowd) -> Visit:
    """Home, the plan, the dialog of a card, and the move."""
    with crowd.card() as taken:
        if taken is None:
            return
        citizen, card = taken
        move = f"/p/{citizen.id}/aktivitet/{card}/flytt"
        yield Ask("home", citizen.cookies, "/")
        yield Ask("plan", citizen.cookies, f"/p/{citizen.id}/plan")
        form = yield Ask("move form", citizen.cookies, f"{move}?visning=", htmx=True)
        fields = form_fields(form.html, move)
        fields["to"] = "PLANLAGT" if fields["to"] == "GJENNOMFORES" else "GJENNOMFORES"
        yield Ask("move a card", citizen.cookies, move, fields, htmx=True)


def citizen_looks(crowd: Crowd) -> Visit:
    """Home, the plan, a card."""
    _, citizen = crowd.pick("movable")
    yield Ask("home", citizen.cookies, "/")
    yield Ask("plan", citizen.cookies, f"/p/{citizen.id}/plan")
    yield Ask("card", citizen.cookies, f"/p/{citizen.id}/aktivitet/{crowd.rng.choice(citizen.cards)}")


def counsellor_starts_thread(crowd: Crowd) -> Visit:
    """My people, one of them, a new thread."""
    staff, citizen = crowd.pick("anybody")
    yield from _to_person(staff, citizen)
    yield from _start_thread(crowd, staff.cookies, citizen)


def counsellor_replies(crowd: Crowd) -> Visit:
    """My people, one of them, a thread, an answer."""
    staff, citizen = crowd.pick("written")
    yield from _to_person(staff, citizen)
    yield from _reply(crowd, staff.cookies, citizen)


def counsellor_marks(crowd: Crowd) -> Visit:
    """My people, one of them, a thread, and that it no longer waits for Nav."""
    staff, citizen = crowd.pick("written")
    path = _thread(crowd, citizen)
    yield from _to_person(staff, citizen)
    thread = yield Ask("thread", staff.cookies, path)
    fields = form_fields(thread.html, f"{path}/venter")
    fields.pop("nav", None)
    yield Ask("mark waits", staff.cookies, f"{path}/venter", fields, htmx=True)


def counsellor_makes_activity(crowd: Crowd) -> Visit:
    """My people, one of them, an activity in the plan."""
    staff, citizen = crowd.pick("anybody")
    yield Ask("my people", staff.cookies, "/mine-brukere")
    yield from _make_activity(crowd, staff.cookies, citizen, "person")


def counsellor_opens_own_list(crowd: Crowd) -> Visit:
    """My people."""
    staff, _ = crowd.pick("anybody")
    yield Ask("my people", staff.cookies, "/mine-brukere")


def counsellor_opens_office(crowd: Crowd) -> Visit:
    """The office's people by name, or those who wait for an answer."""
    staff, _ = crowd.pick("anybody")
    yield Ask("office", staff.cookies, crowd.rng.choice(("/enheten", "/enheten?vis=venter")))


def counsellor_searches_name(crowd: Crowd) -> Visit:
    """My people, a name in the search field, what was found, one of those."""
    staff, citizen = crowd.pick("anybody")
    found = yield from _search(staff, crowd.rng.choice(staff.names))
    yield Ask("search result", staff.cookies, found.location)
    yield Ask("person", staff.cookies, f"/p/{citizen.id}/plan")


def counsellor_searches_number(crowd: Crowd) -> Visit:
    """My people, a number in the search field, and straight to the person."""
    staff, _ = crowd.pick("anybody")
    found = yield from _search(staff, crowd.rng.choice(staff.numbers))
    yield Ask("person", staff.cookies, found.location)


VISITS: Mapping[str, Callable[[Crowd], Visit]] = {
    "new person": new_person,
    "citizen starts a thread": citizen_starts_thread,
    "citizen replies": citizen_replies,
    "citizen reads": citizen_reads,
    "citizen makes an activity": citizen_makes_activity,
    "citizen moves a card": citizen_moves,
    "citizen looks": citizen_looks,
    "counsellor starts a thread": counsellor_starts_thread,
    "counsellor replies": counsellor_replies,
    "counsellor marks a thread": counsellor_marks,
    "counsellor makes an activity": counsellor_makes_activity,
    "counsellor opens own list": counsellor_opens_own_list,
    "counsellor opens the office": counsellor_opens_office,
    "counsellor searches a name": counsellor_searches_name,
    "counsellor searches a number": counsellor_searches_number,
}
"""How each visit of the mix is carried out."""


def _to_person(staff: Staff, citizen: Citizen) -> Visit:
    yield Ask("my people", staff.cookies, "/mine-brukere")
    yield Ask("person", staff.cookies, f"/p/{citizen.id}/plan")


def _thread(crowd: Crowd, citizen: Citizen) -> str:
    return f"/p/{citizen.id}/dialog/{crowd.rng.choice(citizen.threads)}"


def _save_drafts(who: dict[str, str], fields: Mapping[str, str], name: str) -> Visit:
    """What typing.js sends while one types: a third of the text, two thirds, all of it."""
    text = fields[name]
    for share in (1 / 3, 2 / 3, 1):
        typed = {**fields, name: text[: max(1, int(len(text) * share))]}
        yield Ask("save a draft", who, "/utkast", typed)


def _reply(crowd: Crowd, who: dict[str, str], citizen: Citizen) -> Visit:
    path = _thread(crowd, citizen)
    thread = yield Ask("thread", who, path)
    fields = {**form_fields(thread.html, path), "text": crowd.rng.choice(_WORDS)}
    yield from _save_drafts(who, fields, "text")
    sent = yield Ask("send a message", who, path, fields, htmx=True)
    address, _, _ = sent.headers["hx-redirect"].partition("#")  # the page is opened anew, whole
    yield Ask("thread", who, address)


def _start_thread(crowd: Crowd, who: dict[str, str], citizen: Citizen) -> Visit:
    path = f"/p/{citizen.id}/dialog/ny"
    form = yield Ask("thread form", who, path)
    fields = form_fields(form.html, path)
    fields |= {"title": crowd.rng.choice(_SUBJECTS), "text": crowd.rng.choice(_WORDS)}
    yield from _save_drafts(who, fields, "text")
    sent = yield Ask("start a thread", who, path, fields, expect=(303,))
    yield Ask("thread", who, sent.location)


def _make_activity(crowd: Crowd, who: dict[str, str], citizen: Citizen, plan: str) -> Visit:
    """From the plan (for a counsellor the mix calls it "person") by way of the types and back."""
    base = f"/p/{citizen.id}"
    path = f"{base}/aktivitet/ny/EGEN"
    yield Ask(plan, who, f"{base}/plan")
    yield Ask("types of activity", who, f"{base}/aktivitet/ny")
    form = yield Ask("activity form", who, path)
    fields = {**form_fields(form.html, path), "title": crowd.rng.choice(_TITLES)}
    yield from _save_drafts(who, fields, "title")
    made = yield Ask("make an activity", who, path, fields, expect=(303,))
    yield Ask(plan, who, made.location)


def _search(staff: Staff, text: str) -> Generator[Ask, Answer, Answer]:
    page = yield Ask("my people", staff.cookies, "/mine-brukere")
    fields = {**form_fields(page.html, "/sok"), "q": text}
    answer = yield Ask("search", staff.cookies, "/sok", fields, expect=(303,))
    return answer
