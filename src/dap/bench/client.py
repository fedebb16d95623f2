"""A browser as far as a measurement needs one: keep-alive on loopback, cookies, gzip, forms as drawn.

No Django here: the load's own processes use it too.
"""

import gzip
import http.client
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from dap.core.problem import Problem

HOST = "127.0.0.1"
TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What came back: seconds from the request's first byte to the answer's last, body without gzip."""

    status: int
    seconds: float
    body: bytes
    bytes_gzip: int
    headers: Mapping[str, str]

    @property
    def html(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def location(self) -> str:
        """The path, query included, where a redirect leads; "" when it is none."""
        parts = urlsplit(self.headers.get("location", ""))
        return parts.path + (f"?{parts.query}" if parts.query else "")


class Browser:
    """One visitor on one connection that is kept open. `cookie` is what `Subjects.session_cookie` gives.

    Not for several threads at once. Answers are never read from a cache, and redirects are not followed.
    """

    def __init__(self, port: int, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
        self.cookies: dict[str, str] = {}
        if cookie:
            self.take_session(cookie)

    def take_session(self, cookie: str) -> None:
        """Become the visitor of this session, on the same connection, with nobody else's cookies."""
        name, _, value = cookie.partition("=")
        self.cookies = {name: value}

    def get(self, path: str, *, htmx: bool = False, expect: Collection[int] = (200,)) -> Answer:
        """Read a page. Raises Problem on another status, or when the server does not answer."""
        return self._send("GET", path, None, htmx=htmx, expect=expect)

    def post(
        self,
        path: str,
        fields: Mapping[str, str],
        *,
        htmx: bool = False,
        expect: Collection[int] = (200, 303),
    ) -> Answer:
        """Post a form. Raises Problem on another status, or when the server does not answer."""
        return self._send("POST", path, urlencode(fields).encode(), htmx=htmx, expect=expect)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _send(
        self, method: str, path: str, body: bytes | None, *, htmx: bool, expect: Collection[int]
    ) -> Answer:
        headers = {
            "Accept": "text/html",
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{HOST}:{self._connection.port}"
        if htmx:
            headers["HX-Request"] = "true"
        try:
            began = time.perf_counter()
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            sent = response.read()
            seconds = time.perf_counter() - began
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()  # the next request opens a new one
            raise Problem(f"{method} {_route(path)} got no answer ({type(error).__name__}).") from None
        self._keep_cookies(response)
        if response.status not in expect:
            raise Problem(f"{method} {_route(path)} answered {response.status}.")
        found = {name.lower(): value for name, value in response.getheaders()}
        plain = gzip.decompress(sent) if found.get("content-encoding") == "gzip" else sent
        return Answer(response.status, seconds, plain, len(sent), found)

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or []:
            pair, *attributes = line.split(";")
            name, _, value = pair.strip().partition("=")
            if any(text.strip().lower() == "max-age=0" for text in attributes):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value.strip('"')


def form_fields(html: str, action: str) -> dict[str, str]:
    """What a browser would post from the form with this action, untouched, without its buttons.

    Raises Problem when no form of the page posts there.
    """
    reader = _Forms()
    reader.feed(html)
    for found_action, fields in reader.forms:
        if found_action == action:
            return fields
    raise Problem(f"No form of the page posts to {_route(action)}.")


class _Forms(HTMLParser):
    """Collects the fields of all forms that post."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {}
            if given.get("method", "").lower() == "post":
                self.forms.append((given.get("action", ""), self._fields))
        if self._fields is None or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            choice = given.get("type") in ("radio", "checkbox")
            if given.get("type") not in ("submit", "button", "image") and (not choice or "checked" in given):
                self._fields[name] = given.get("value", "on" if choice else "")
        elif tag == "textarea" and name:
            self._area = name
            self._fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self._fields):
            self._fields[self._select] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._fields is not None and self._area:
            self._fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._fields is not None and self._area:
            self._fields[self._area] = self._fields[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._fields = None


def _route(path: str) -> str:
    """The address without ids and query, for a message: «/p/…/plan»."""
    parts = urlsplit(path).path.split("/")
    return "/".join("…" if len(part) == 36 and part.count("-") == 4 else part for part in parts)
