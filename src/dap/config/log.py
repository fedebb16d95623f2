"""Logs without content: an exception is told by its kind and its place, never by its message.

A database error repeats the row that failed, and a row may hold a name or a person number.
"""

import logging
import traceback
from types import TracebackType


class WithoutContent(logging.Formatter):
    """Time, level, logger, message; of an exception the kind and the lines of code."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(  # noqa: N802  the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Kind and frames of the exception."""
        kind, _, frames = ei
        places = [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(frames)]
        return "\n".join([kind.__name__ if kind else "?", *places])
