"""What each page and act may cost, whatever the clock says.

Measured on the volume of `test_costs.py`: its own statements, those of the frame, the rows that its own
statements touch (as PostgreSQL counted them while reading, and expects them for what writes), and kilobytes
of the gzipped answer. A change that makes a page dearer changes this table, where a reader sees it: the test
that fails prints the new line, and the dearest statement.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    own: int
    frame: int
    rows: int
    kilobytes: float


COSTS: dict[str, Cost] = {
    "home": Cost(own=5, frame=3, rows=27, kilobytes=5.7),
    "plan": Cost(own=5, frame=3, rows=170, kilobytes=14.4),
    "list": Cost(own=4, frame=3, rows=154, kilobytes=12.4),
    "card": Cost(own=5, frame=3, rows=29, kilobytes=6.3),
    "thread": Cost(own=7, frame=3, rows=469, kilobytes=9.6),
    "threads": Cost(own=4, frame=3, rows=32, kilobytes=5.1),
    "my-people": Cost(own=2, frame=3, rows=391, kilobytes=8.2),
    "office": Cost(own=3, frame=3, rows=12177, kilobytes=9.8),
    "office-deep": Cost(own=3, frame=3, rows=9039, kilobytes=5.5),
    "office-waiting": Cost(own=3, frame=3, rows=12177, kilobytes=9.8),
    "office-expired": Cost(own=3, frame=3, rows=12176, kilobytes=8.9),
    "office-2000": Cost(own=3, frame=3, rows=12177, kilobytes=9.8),
    "person": Cost(own=6, frame=3, rows=18, kilobytes=8.0),
    "search-name": Cost(own=3, frame=3, rows=9005, kilobytes=3.9),
    "as-citizen": Cost(own=5, frame=3, rows=146, kilobytes=12.8),
    "do-search-name": Cost(own=1, frame=3, rows=0, kilobytes=0.0),
    "do-search-number": Cost(own=1, frame=3, rows=2, kilobytes=0.0),
    "do-move": Cost(own=15, frame=3, rows=379, kilobytes=11.7),
    "do-send": Cost(own=10, frame=3, rows=190, kilobytes=0.0),
    "do-draft": Cost(own=4, frame=2, rows=1, kilobytes=0.1),
    "do-mark-waits": Cost(own=12, frame=3, rows=225, kilobytes=0.9),
}
