"""The browser of the measurements, against a small server of its own."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from dap.bench.client import Browser, form_fields
from dap.core.problem import Problem

PAGE = "<p>Blåbær</p>" * 50
SEEN: list[tuple[str, str, dict[str, str], str]] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _remember(self) -> str:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        SEEN.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        return self.path

    def do_GET(self) -> None:
        path = self._remember()
        if path == "/gone":
            return self._answer(404, b"Kari Nordmann is not here")
        if path == "/bye":
            cookie = ("Set-Cookie", 'csrf=""; Max-Age=0; Path=/')
            return self._answer(200, b"", cookie)
        packed = gzip.compress(PAGE.encode())
        return self._answer(200, packed, ("Content-Encoding", "gzip"), ("Set-Cookie", "csrf=abc; Path=/"))

    def do_POST(self) -> None:
        self._remember()
        self._answer(303, b"", ("Location", "http://127.0.0.1/next?s=1"))

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    SEEN.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_unpacked_and_measured_as_it_travels(port: int) -> None:
    browser = Browser(port, "okt=1")
    answer = browser.get("/a")
    browser.close()
    assert answer.html == PAGE and answer.bytes_gzip == len(gzip.compress(PAGE.encode()))
    assert 0 < answer.seconds < 5 and SEEN[0][2]["accept-encoding"] == "gzip"


def test_cookies_are_kept_sent_and_dropped_as_in_a_browser(port: int) -> None:
    browser = Browser(port, "okt=1")
    browser.get("/a")
    browser.get("/bye")
    browser.get("/a", htmx=True)
    browser.take_session("okt=2")
    browser.get("/a")
    browser.close()
    assert [headers["cookie"] for _, _, headers, _ in SEEN] == ["okt=1", "okt=1; csrf=abc", "okt=1", "okt=2"]
    assert SEEN[2][2]["hx-request"] == "true" and "hx-request" not in SEEN[3][2]


def test_a_form_is_posted_and_the_redirect_is_told_not_followed(port: int) -> None:
    browser = Browser(port)
    answer = browser.post("/a", {"text": "Hei på deg", "_form": "x=1"})
    browser.close()
    assert (answer.status, answer.location) == (303, "/next?s=1")
    assert parse_qs(SEEN[0][3]) == {"text": ["Hei på deg"], "_form": ["x=1"]} and len(SEEN) == 1


def test_another_status_is_a_problem_without_content_and_ids(port: int) -> None:
    browser = Browser(port)
    with pytest.raises(Problem) as stopped:
        browser.get("/gone")
    assert str(stopped.value) == "GET /gone answered 404."
    assert browser.get("/gone", expect=(404,)).status == 404  # the connection still works
    browser.close()
    with pytest.raises(Problem, match=r"^POST /p/…/dialog answered 303\.$"):
        browser.post("/p/2f6f4a7e-0000-4000-8000-000000000000/dialog?s=1", {}, expect=(200,))
    browser.close()


def test_no_server_is_a_problem() -> None:
    with pytest.raises(Problem, match=r"GET /a got no answer"):
        Browser(1).get("/a")


FORM = """
<form action="/sok"><input name="q" value="get"></form>
<form action="/p/1?a=1&amp;b=2" method="post">
<input type="hidden" name="csrfmiddlewaretoken" value="t&amp;k"><input name="version" value="3">
<input type="radio" name="to" value="A"><input type="radio" name="to" value="B" checked>
<input type="checkbox" name="nav" checked><input type="checkbox" name="citizen">
<input name="off" value="1" disabled><input type="submit" name="go" value="Send">
<textarea name="text">
Hei &lt;du&gt;</textarea>
<select name="one"><option value="x">X<option value="y" selected>Y</select>
<select name="first"><option value="p">P<option value="q">Q</select>
</form><input name="outside" value="1">
"""


def test_a_form_gives_what_a_browser_would_post() -> None:
    assert form_fields(FORM, "/p/1?a=1&b=2") == {
        "csrfmiddlewaretoken": "t&k",
        "version": "3",
        "to": "B",
        "nav": "on",
        "text": "Hei <du>",
        "one": "y",
        "first": "p",
    }


@pytest.mark.parametrize("action", ["/sok", "/elsewhere"])
def test_a_form_that_is_not_there_or_does_not_post_is_a_problem(action: str) -> None:
    with pytest.raises(Problem, match="No form of the page posts to"):
        form_fields(FORM, action)
