"""Text is plain text: escaped always, with nothing but safe addresses as links."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dap.core.links import is_safe_link, normal_link, with_links

SHOWN = [  # text, what is shown
    ("Hei", "Hei"),
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("<b onclick='x()'>", "&lt;b onclick=&#39;x()&#39;&gt;"),
    ("javascript:alert(1)", "javascript:alert(1)"),
    ("data:text/html,x", "data:text/html,x"),
    ("ftp://eksempel.no", "ftp://eksempel.no"),
    ("to\nlinjer", "to\nlinjer"),
]
LINKED = [  # text, address that it leads to, text of the link
    ("Se https://www.nav.no.", "https://www.nav.no", "https://www.nav.no"),
    ("Se www.nav.no!", "https://www.nav.no", "www.nav.no"),
    ("(http://nav.no/a?b=c&d=e)", "http://nav.no/a?b=c&amp;d=e", "http://nav.no/a?b=c&amp;d=e"),
    ("Skriv til mailto:post@eksempel.no, da", "mailto:post@eksempel.no", "mailto:post@eksempel.no"),
    ("Ring tel:+4722222222", "tel:+4722222222", "tel:+4722222222"),
    ("«https://nav.no/søk»", "https://nav.no/søk", "https://nav.no/søk"),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_what_is_no_safe_address_stays_text(text: str, shown: str) -> None:
    assert with_links(text) == shown


@pytest.mark.parametrize(("text", "address", "label"), LINKED)
def test_a_safe_address_becomes_a_link(text: str, address: str, label: str) -> None:
    html = str(with_links(text))
    assert re.findall(r'<a [^>]*href="([^"]*)">(.*?)</a>', html) == [(address, label)]


def test_an_address_can_not_break_out_of_its_link() -> None:
    for nasty in ('https://nav.no/"onmouseover="x()', "https://nav.no/<script>", "https://nav.no/'x"):
        html = str(with_links(nasty))
        assert re.findall(r'href="([^"]*)"', html) == ["https://nav.no/"]
        assert re.findall(r"<(\w+)", html) == ["a"]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>\"'&:/.@ \nabjstwhp", max_size=60))
def test_whatever_is_typed_comes_out_as_the_same_text_with_no_tag_but_links(text: str) -> None:
    html = str(with_links(text))
    assert set(re.findall(r"<(\w+)", html)) <= {"a"}
    plain = re.sub(r"<[^>]+>", "", html)
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        plain = plain.replace(entity, char)
    assert plain == text
    assert all(is_safe_link(href.replace("&amp;", "&")) for href in re.findall(r'href="([^"]*)"', html))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" www.nav.no ", "https://www.nav.no"),
        ("nav.no", "https://nav.no"),
        ("http://nav.no", "http://nav.no"),
        ("mailto:a@b.no", "mailto:a@b.no"),
        ("", ""),
    ],
)
def test_a_left_out_scheme_is_filled_in(typed: str, stored: str) -> None:
    assert normal_link(typed) == stored
