"""Names sort the Norwegian way on every machine, and are found as people type them."""

import pytest

from dap.core.names import search_tokens, sort_key


def test_names_sort_as_in_a_norwegian_phone_book() -> None:
    right = [
        ("Abel", "Anne"),
        ("Andersen", "Bo"),
        ("Berg", "Anna"),
        ("Berg", "Åse"),
        ("Berg-Hansen", "Anna"),
        ("Étienne", "Luc"),
        ("Evensen", "Liv"),
        ("Zahl", "Nina"),
        ("Ærø", "Kim"),
        ("Ødegård", "Eva"),
        ("Øye", "Per"),
        ("Aaberg", "Tom"),
        ("Åberg", "Ulla"),
        ("Aas", "Per"),
        ("Ås", "Rolf"),
    ]
    backwards = list(reversed(right))
    assert sorted(backwards, key=lambda name: sort_key(*name)) == right


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aas", "Ås"),
        ("ÅS", "ås"),
        ("Ås", "Ås"),
        ("André", "andre"),
        ("Müller", "Muller"),
        ("Đorđe", "dorde"),
        ("Ähman", "Æhman"),
        ("Öberg", "Øberg"),
        ("Strauß", "Strauss"),
        ("Ŋáŧ", "nat"),
    ],
)
def test_letters_that_are_the_same_to_a_norwegian_sort_the_same(one: str, other: str) -> None:
    assert sort_key(one, "Kari") == sort_key(other, "Kari")


def test_the_norwegian_letters_are_letters_of_their_own() -> None:
    keys = {sort_key(letter, "") for letter in "aæøåo"}
    assert len(keys) == 5


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("solb", ("Solberg", "Amina")),
        ("amina solberg", ("Solberg", "Amina")),
        ("Solberg, Amina", ("Solberg", "Amina")),
        ("  ÅS  ", ("Aas", "Per")),
        ("aas", ("Ås", "Per")),
        ("andre", ("Lund", "André")),
        ("marie", ("Lund", "Anne-Marie")),
        ("anne-marie", ("Lund", "Anne-Marie")),
    ],
)
def test_every_word_of_a_search_is_found_in_the_key_of_the_name(typed: str, name: tuple[str, str]) -> None:
    tokens = search_tokens(typed)
    assert tokens
    assert all(token in sort_key(*name) for token in tokens)


def test_a_search_for_another_name_or_for_nothing_finds_nothing() -> None:
    assert not all(token in sort_key("Solberg", "Amina") for token in search_tokens("Solberg Jonas"))
    assert search_tokens("  , ") == []
