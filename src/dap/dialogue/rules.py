"""Who may write, and whom a thread waits for. Facts in, verdict out; no Django, no database.

Source: reference/dialogue.md sections 1, 2 and 9 (the table of waits is taken over exactly), with
limits enforced here that Nav has in its browser code only.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from dap.core.enums import Side
from dap.core.reason import Reason
from dap.core.text import N_
from dap.dialogue.enums import EventKind
from dap.plan.enums import ActivityType

MAX_MESSAGE = 5000
MAX_TITLE = 100


class DialogueReason(Reason):
    """Why a message or a mark is refused; the sentence is what the person sees."""

    NO_PERIOD = N_("Du kan ikke skrive her, fordi det ikke er noen åpen oppfølging.")
    HISTORIC = N_("Denne dialogen er avsluttet og kan bare leses. Start en ny dialog hvis du lurer på noe.")
    EMPTY = N_("Skriv en melding før du sender.")
    TOO_LONG = N_("Meldingen kan ha høyst 5000 tegn. Du har skrevet %(length)s.")
    TITLE_EMPTY = N_("Skriv kort hva meldingen handler om.")
    TITLE_TOO_LONG = N_("Temaet kan ha høyst 100 tegn. Du har skrevet %(length)s.")
    ACTIVITY_CLOSED = N_("Aktiviteten hører til en tidligere oppfølging, så du kan ikke skrive om den her.")


@dataclass(frozen=True)
class Waits:
    """Whom a thread waits for since when, and since when each side has something unread."""

    nav_since: datetime | None = None
    citizen_since: datetime | None = None
    nav_unread_since: datetime | None = None
    citizen_unread_since: datetime | None = None


def judge_message(text: str, *, historic: bool, period_open: bool) -> DialogueReason | None:
    """A message of 1 to 5000 characters, in a live thread of an open period."""
    if historic:
        return DialogueReason.HISTORIC
    if not period_open:
        return DialogueReason.NO_PERIOD
    if not text.strip():
        return DialogueReason.EMPTY
    return DialogueReason.TOO_LONG if len(text.strip()) > MAX_MESSAGE else None


def judge_title(title: str) -> DialogueReason | None:
    """A free thread is about something, in 1 to 100 characters."""
    if not title.strip():
        return DialogueReason.TITLE_EMPTY
    return DialogueReason.TITLE_TOO_LONG if len(title.strip()) > MAX_TITLE else None


def judge_mark(*, historic: bool) -> DialogueReason | None:
    """Whom a thread waits for is changed while the thread is live."""
    return DialogueReason.HISTORIC if historic else None


def after_message(
    waits: Waits,
    side: Side,
    at: datetime,
    *,
    opening: bool,
    asks_citizen: bool = False,
    asks_nav: bool = True,
) -> tuple[Waits, list[EventKind]]:
    """The waits after a message, and the events to remember.

    A citizen's message waits on Nav (an earlier wait keeps its time) and answers what waited on the
    citizen. Nav's reply handles what waited on Nav; it leaves the wait on the citizen as it was, so
    only an opening message or a mark by hand sets that (`asks_citizen`). `asks_nav` False is a
    citizen's opening that needs no answer.
    """
    events = [EventKind.CREATED] if opening else []
    if side is Side.CITIZEN:
        events.append(EventKind.FROM_CITIZEN)
        nav_since = waits.nav_since or (at if asks_nav else None)
        if waits.nav_since is None:
            events.append(EventKind.WAITS_ON_NAV if asks_nav else EventKind.HANDLED_BY_NAV)
        if waits.citizen_since is not None:
            events.append(EventKind.ANSWERED_BY_CITIZEN)
        return (
            Waits(nav_since, None, nav_unread_since=waits.nav_unread_since or at, citizen_unread_since=None),
            events,
        )
    events.append(EventKind.FROM_NAV)
    if waits.nav_since is not None:
        events.append(EventKind.HANDLED_BY_NAV)
    citizen_since = waits.citizen_since
    if opening and asks_citizen:
        citizen_since = at
        events.append(EventKind.WAITS_ON_CITIZEN)
    return (
        Waits(
            None, citizen_since, nav_unread_since=None, citizen_unread_since=waits.citizen_unread_since or at
        ),
        events,
    )


def after_mark(waits: Waits, at: datetime, *, nav: bool, citizen: bool) -> tuple[Waits, list[EventKind]]:
    """The waits after a counsellor's mark by hand; what stands already keeps its time."""
    events: list[EventKind] = []
    nav_since = (waits.nav_since or at) if nav else None
    citizen_since = (waits.citizen_since or at) if citizen else None
    if (nav_since is None) != (waits.nav_since is None):
        events.append(EventKind.WAITS_ON_NAV if nav else EventKind.HANDLED_BY_NAV)
    if (citizen_since is None) != (waits.citizen_since is None):
        events.append(EventKind.WAITS_ON_CITIZEN if citizen else EventKind.ANSWERED_BY_CITIZEN)
    return replace(waits, nav_since=nav_since, citizen_since=citizen_since, nav_unread_since=None), events


def after_close(waits: Waits) -> tuple[Waits, list[EventKind]]:
    """The waits when the period ends: nobody waits any more; what is unread stays unread."""
    events: list[EventKind] = []
    if waits.nav_since is not None:
        events.append(EventKind.HANDLED_BY_NAV)
    if waits.citizen_since is not None:
        events.append(EventKind.ANSWERED_BY_CITIZEN)
    return replace(waits, nav_since=None, citizen_since=None), [*events, EventKind.CLOSED]


def activity_thread_title(activity_type: ActivityType, label: str, title: str) -> str:
    """The title of a thread about an activity: «Type: tittel», cut to 100 characters.

    `label` is the type's label in the reader's language; treatments and agreements have titles that
    need no label.
    """
    plain = activity_type in (ActivityType.BEHANDLING, ActivityType.SOKEAVTALE)
    full = title if plain else f"{label}: {title}"
    return full if len(full) <= MAX_TITLE else full[: MAX_TITLE - 3] + "..."
