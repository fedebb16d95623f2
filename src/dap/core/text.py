"""Text without Django, so that rules and enums stay pure: marking for translation, and plain text."""

import unicodedata

_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the reading direction of what follows, so that a text looks like another."""


def N_(text: str) -> str:  # noqa: N802  the name that extraction tools know
    """Mark a bokmål source string for extraction; it is translated where it is rendered."""
    return text


def plain(text: str) -> str:
    """Typed text as it is judged and stored: trimmed, a line break as one character, nothing unseen.

    A browser posts a line break as two characters, but counts one. Control and direction characters
    are left out: the database stores no NUL, and the others only serve to deceive.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c in "\n\t" or (unicodedata.category(c) != "Cc" and c not in _DIRECTIONS))
    return "".join(kept).strip()
