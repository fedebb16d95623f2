"""What htmx gets is the same as what stands in the page: a fragment merged equals the page reloaded."""

import pytest

from .test_pages import faults
from .tree import Node, parse
from .world import World, browser

ROOTS = {
    "person:plan": "tavle",
    "person:plan_list": "liste",
    "person:activity": "aktivitet",
    "person:dialogue": "traader",
    "person:thread": "traad",
    "person:thread_new": "ny-traad",
    "as_citizen:plan": "tavle",
    "as_citizen:plan_list": "liste",
    "as_citizen:activity": "aktivitet",
    "as_citizen:dialogue": "traader",
    "as_citizen:thread": "traad",
}
"""The fragments that an address gives for htmx, and the id of each one's root."""
ONLY_ROOT = {"person:activity_move": "flytt-skjema"}
"""In the board's dialog this form aims at the board, on its own page it aims at nothing: the rest differs."""

pytestmark = pytest.mark.django_db


def fetch(world: World, route: str, query: str = "") -> tuple[Node, Node]:
    """The page and the fragment of the same address, once what is new has been read."""
    client = browser(world.actors["nav" if route.startswith("as_citizen") else "self"])
    path = world.path(route)
    assert path
    client.get(path + query)
    page = client.get(path + query)
    fragment = client.get(path + query, headers={"HX-Request": "true"})
    assert page.status_code == fragment.status_code == 200
    return parse(page.content.decode()), parse(fragment.content.decode())


@pytest.mark.parametrize("route", [*ROOTS, *ONLY_ROOT])
def test_a_fragment_has_one_root_with_an_id_that_stands_once_in_its_page(route: str, main: World) -> None:
    page, fragment = fetch(main, route)
    assert [root.attrs.get("id") for root in fragment.elements] == [(ROOTS | ONLY_ROOT)[route]]
    assert [child for child in fragment.children if isinstance(child, str) and child.strip()] == []
    assert len(page.by_id((ROOTS | ONLY_ROOT)[route])) == 1
    assert faults(fragment) == []


@pytest.mark.parametrize("persona", ["amina-solberg", "sara-lindqvist", "kjell-ove-braten-myklebust"])
@pytest.mark.parametrize("route", ROOTS)
def test_a_fragment_merged_equals_the_page_reloaded(
    route: str, persona: str, seeded: dict[str, World]
) -> None:
    if seeded[persona].path(route) is None:
        assert persona != "amina-solberg"
        return  # this persona has no activity or no thread
    page, fragment = fetch(seeded[persona], route)
    merged = page.by_id(ROOTS[route])[0]
    assert list(fragment.elements[0].lines()) == list(merged.lines())


@pytest.mark.parametrize(
    "query", ["?type=EGEN&avtalt=nei", "?type=SOKEAVTALE&soknad=AVSLAG", "?status=AVBRUTT"]
)
@pytest.mark.parametrize("route", ["person:plan", "person:plan_list"])
def test_a_filtered_fragment_equals_its_page(route: str, query: str, main: World) -> None:
    page, fragment = fetch(main, route, query)
    assert list(fragment.elements[0].lines()) == list(page.by_id(ROOTS[route])[0].lines())
