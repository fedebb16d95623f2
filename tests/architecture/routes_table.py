"""Every address of ours, who may use it and with what answer. A new address fails until it stands here.

The answers are in the order of `world.WHO`: the person, another citizen, counsellor here, counsellor
elsewhere, leader here, leader elsewhere, nobody logged in. For a post, 200 means: not turned away.
"""

from dataclasses import dataclass

from dap.access.enums import Permission as May

EVERYBODY = (200, 200, 200, 200, 200, 200, 200)
LOGGED_IN = (200, 200, 200, 200, 200, 200, 401)
HOME = (200, 200, 302, 302, 302, 302, 401)  # staff go on to their people
STAFF = (403, 403, 200, 200, 200, 200, 401)
PERSON = (200, 404, 200, 404, 200, 404, 401)  # oneself, and the office that follows up
PERSON_GOES_ON = (303, 404, 303, 404, 303, 404, 401)  # no page of its own
NAV_FOR_PERSON = (403, 403, 200, 404, 200, 404, 401)
AS_CITIZEN = (404, 404, 200, 404, 200, 404, 401)  # «Vis som bruker» is for staff
AS_CITIZEN_GOES_ON = (404, 404, 303, 404, 303, 404, 401)
AS_CITIZEN_NO_ACTS = (404, 404, 403, 403, 403, 403, 401)
Answers = tuple[int, ...]


@dataclass(frozen=True)
class Expected:
    """The permission and the answers of an address's page and of its post; None where it has none."""

    get: tuple[May, Answers] | None = None
    post: tuple[May, Answers] | None = None


def _page(permission: May, answers: Answers) -> Expected:
    return Expected(get=(permission, answers))


def _act(permission: May, answers: Answers) -> Expected:
    return Expected(post=(permission, answers))


def _form(permission: May, answers: Answers, see: May | None = None) -> Expected:
    return Expected(get=(see or permission, answers), post=(permission, answers))


_OF_A_PERSON = {
    "plan": _page(May.SEE_PLAN, PERSON),
    "plan_list": _page(May.SEE_PLAN, PERSON),
    "plan_seen": _act(May.SEE_PLAN, PERSON),
    "goal": _form(May.WRITE_PLAN, PERSON, see=May.SEE_PLAN),
    "activity_types": _page(May.WRITE_PLAN, PERSON),
    "activity_new": _form(May.WRITE_PLAN, PERSON),
    "activity": _page(May.SEE_PLAN, PERSON),
    "activity_edit": _form(May.WRITE_PLAN, PERSON),
    "activity_move": _form(May.WRITE_PLAN, PERSON),
    "activity_undo": _act(May.WRITE_PLAN, PERSON),
    "activity_application": _act(May.WRITE_PLAN, PERSON),
    "activity_agree": _act(May.AGREE, NAV_FOR_PERSON),
    "dialogue": _page(May.SEE_DIALOGUE, PERSON),
    "thread_waiting": _page(May.SEE_DIALOGUE, PERSON_GOES_ON),
    "thread_new": _form(May.WRITE_DIALOGUE, PERSON),
    "thread": _form(May.WRITE_DIALOGUE, PERSON, see=May.SEE_DIALOGUE),
    "thread_waits": _act(May.HANDLE_DIALOGUE, NAV_FOR_PERSON),
    "activity_thread": _form(May.WRITE_DIALOGUE, PERSON),
}


def _as_citizen(expected: Expected) -> Expected:
    """The same page in «Vis som bruker»: what is for reading can be read, and nothing can be done."""
    get = expected.get
    reads = get is not None and get[0] in (May.SEE_PLAN, May.SEE_DIALOGUE)
    shown = AS_CITIZEN_GOES_ON if get and get[1] == PERSON_GOES_ON else AS_CITIZEN
    return Expected(
        get=(get[0], shown if reads else AS_CITIZEN_NO_ACTS) if get else None,
        post=(expected.post[0], AS_CITIZEN_NO_ACTS) if expected.post else None,
    )


ROUTES: dict[str, Expected] = {
    "login": _page(May.PUBLIC, EVERYBODY),
    "login_begin": _act(May.PUBLIC, EVERYBODY),
    "logout": _act(May.OWN_SETTINGS, LOGGED_IN),
    "gallery": _page(May.PUBLIC, EVERYBODY),
    "start": _page(May.OWN_SETTINGS, HOME),
    "more": _page(May.OWN_SETTINGS, LOGGED_IN),
    "choose": _act(May.PUBLIC, EVERYBODY),
    "draft_save": _act(May.SAVE_DRAFT, LOGGED_IN),
    "draft_discard": _act(May.SAVE_DRAFT, LOGGED_IN),
    "my_people": _page(May.SEE_OVERVIEW, STAFF),
    "office_people": _page(May.SEE_OVERVIEW, STAFF),
    "search": _form(May.SEARCH_PEOPLE, STAFF),
    **{f"person:{name}": expected for name, expected in _OF_A_PERSON.items()},
    **{f"as_citizen:{name}": _as_citizen(expected) for name, expected in _OF_A_PERSON.items()},
}
