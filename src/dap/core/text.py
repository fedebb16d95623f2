"""Marking of text for translation, without Django, so that rules and enums stay pure."""


def N_(text: str) -> str:  # noqa: N802  the name that extraction tools know
    """Mark a bokmål source string for extraction; it is translated where it is rendered."""
    return text


def plain(text: str) -> str:
    """Typed text as it is judged and stored: trimmed, a line break as one character, without NUL.

    A browser posts a line break as two characters, but counts one; the database stores no NUL.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
