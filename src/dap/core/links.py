"""Plain text with safe links: escaped always; only http, https, mailto and tel become links."""

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

SAFE_SCHEMES = ("http", "https", "mailto", "tel")
_FOUND = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']+|mailto:[^\s<>\"']+@[^\s<>\"']+|tel:\+?[0-9 ]{5,}[0-9]", re.I
)
_TRAILING = ".,;:!?)]»"


def is_safe_link(address: str) -> bool:
    """Whether an address may be followed: http or https with a host, mailto or tel with something."""
    if any(ord(char) < 33 or char == "\\" for char in address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname) and parts.username is None  # «https://nav.no@other.no» deceives
    return parts.scheme in ("mailto", "tel") and bool(parts.path)


def normal_link(address: str) -> str:
    """An address as typed, with https:// in front where the scheme was left out ("www.nav.no")."""
    typed = address.strip()
    return f"https://{typed}" if typed and not re.match(r"[a-z][a-z0-9+.-]*:", typed, re.I) else typed


def with_links(text: str) -> Markup:
    """The text escaped, line breaks kept by the stylesheet, with its addresses as links in the same tab."""
    parts: list[str] = []
    end = 0
    for match in _FOUND.finditer(text):
        address = match.group().rstrip(_TRAILING)
        target = normal_link(address)
        if not is_safe_link(target):
            continue
        parts.append(str(escape(text[end : match.start()])))
        parts.append(
            f'<a class="aksel-link" rel="noopener noreferrer" href="{escape(target)}">{escape(address)}</a>'
        )
        end = match.start() + len(address)
    parts.append(str(escape(text[end:])))
    return Markup("".join(parts))  # noqa: S704  every part is escaped above
