"""Choosing by shares, and ids: what every part of the generator draws with."""

import random
from bisect import bisect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")

_AT_ONCE = 4096


class Shares(Generic[T]):
    """Values with their shares; `pick` takes a number in [0, 1). Shares are scaled to one."""

    def __init__(self, shares: Mapping[T, float]) -> None:
        self.values = tuple(shares)
        total = sum(shares.values())
        self._edges = [edge / total for edge in accumulate(shares.values())][:-1]

    def pick(self, chance: float) -> T:
        """The value whose part of [0, 1) holds `chance`."""
        return self.values[bisect(self._edges, chance)]


def uuids(rng: random.Random) -> Iterator[str]:
    """Random version 4 UUIDs as 32 hexadecimal digits, without end."""
    fields, version = _version_bits()
    size = 16 * _AT_ONCE
    while True:
        block = ((rng.getrandbits(8 * size) & fields) | version).to_bytes(size, "big").hex()
        for start in range(0, 2 * size, 32):
            yield block[start : start + 32]


@cache
def _version_bits() -> tuple[int, int]:
    """What to keep and what to set in a block of UUIDs, for version 4 and its variant."""
    kept = bytes.fromhex("ffffffffffff0fff3fffffffffffffff") * _AT_ONCE
    put = bytes.fromhex("00000000000040008000000000000000") * _AT_ONCE
    return int.from_bytes(kept, "big"), int.from_bytes(put, "big")


def dashed(hexadecimal: str) -> str:
    """A UUID as `str(UUID)` writes it."""
    h = hexadecimal
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def escape(text: str) -> str:
    """A text as COPY reads it."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
