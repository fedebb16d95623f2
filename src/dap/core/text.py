"""Marking of text for translation, without Django, so that rules and enums stay pure."""


def N_(text: str) -> str:
    """Mark a bokmål source string for extraction; it is translated where it is rendered."""
    return text
