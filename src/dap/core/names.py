"""Sorting and searching names the Norwegian way, by keys made in Python and stored.

PostgreSQL's own collations differ between machines; a key in plain bytes sorts alike everywhere.
"""

import unicodedata

_LETTERS = {"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss"}


def _fold(text: str) -> str:
    """Lower case, aa as å, accents away except on the Norwegian letters."""
    lowered = unicodedata.normalize("NFC", text).lower().replace("aa", "å")
    folded = []
    for char in lowered:
        if char in _LETTERS:
            folded.append(_LETTERS[char])
        else:
            folded.append(
                "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))
            )
    return "".join(folded)


def sort_key(last_name: str, first_name: str) -> str:
    """Key for «Etternavn, Fornavn»: æ, ø, å last, aa sorts as å (as in Norwegian phone books)."""
    return f"{_fold(last_name)}, {_fold(first_name)}"


def search_tokens(query: str) -> list[str]:
    """The words of a name search, folded as `sort_key` folds; every one must be found in the key."""
    return [_fold(word) for word in query.replace(",", " ").split()]
