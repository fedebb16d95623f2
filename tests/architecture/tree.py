"""A page as a tree, by the standard library's parser; a tag that is never closed is a fault."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
MADE_ANEW = {"csrfmiddlewaretoken", "_form"}
"""Hidden fields whose value is made anew each time a form is drawn."""


@dataclass
class Node:
    """An element; `children` are elements and texts."""

    tag: str
    attrs: dict[str, str]
    children: "list[Node | str]" = field(default_factory=list)

    def all(self, *tags: str) -> "Iterator[Node]":
        """This element and all below it, in order; only those of these tags when some are given."""
        if not tags or self.tag in tags:
            yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.all(*tags)

    def by_id(self, id: str) -> "list[Node]":
        """The elements with this id."""
        return [node for node in self.all() if node.attrs.get("id") == id]

    @property
    def elements(self) -> "list[Node]":
        """The elements directly below."""
        return [child for child in self.children if isinstance(child, Node)]

    @property
    def text(self) -> str:
        """All text below, with single spaces."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(" ".join(parts).split())

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The element as comparable lines, without what is made anew each time."""
        attrs = dict(self.attrs)
        attrs.pop("nonce", None)
        if attrs.get("name") in MADE_ANEW:
            attrs["value"] = "…"
        yield " " * depth + f"<{self.tag} {sorted(attrs.items())}>"
        for child in self.children:
            if isinstance(child, Node):
                yield from child.lines(depth + 1)
            elif child.strip():
                yield " " * (depth + 1) + " ".join(child.split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("#root", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag} {self.open[-1].attrs}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    """The tree of a page or a fragment. Raises AssertionError where tags do not match."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert len(builder.open) == 1, f"never closed: {[node.tag for node in builder.open[1:]]}"
    return builder.open[0]
