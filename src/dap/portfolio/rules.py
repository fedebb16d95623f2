"""What may be searched for. The typed text in, a reason or None out; no Django, no database."""

from dap.core import person_numbers
from dap.core.reason import Reason
from dap.core.text import N_

MAX_SEARCH = 100
NUMBER_LENGTH = 11


class SearchReason(Reason):
    """Why a search is not carried out; the sentence is what the person sees."""

    BLANK = N_("Skriv et navn eller et fødselsnummer.")
    TOO_SHORT = N_("Skriv minst to bokstaver av navnet.")
    TOO_LONG = N_("Søket kan ha høyst 100 tegn.")
    NUMBER_LENGTH = N_("Et fødselsnummer har 11 siffer. Du har skrevet %(count)s.")
    NUMBER_INVALID = N_("Dette er ikke et gyldig fødselsnummer. Se over sifrene.")
    MIXED = N_("Skriv enten et navn eller et fødselsnummer, ikke begge deler.")


def is_number(text: str) -> bool:
    """Whether the text is meant as a person number: digits, and nothing but spaces between them."""
    return "".join(text.split()).isdigit()


def judge_search(text: str) -> SearchReason | None:
    """A search is a valid person number, or a name with at least one word of two letters.

    A name with digits in it is refused, so that no part of a number is ever stored as a name.
    """
    if not text.strip():
        return SearchReason.BLANK
    if is_number(text):
        if len("".join(text.split())) != NUMBER_LENGTH:
            return SearchReason.NUMBER_LENGTH
        return None if person_numbers.parse(text) else SearchReason.NUMBER_INVALID
    if any(char.isdigit() for char in text):
        return SearchReason.MIXED
    if len(text.strip()) > MAX_SEARCH:
        return SearchReason.TOO_LONG
    longest = max(sum(char.isalpha() for char in word) for word in text.split())
    return SearchReason.TOO_SHORT if longest < 2 else None
