"""What the tests of the house share."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that root's server account may pass through too; pytest's own is closed to it."""
    with tempfile.TemporaryDirectory(prefix="dap-house-") as name:
        Path(name).chmod(0o711)
        yield Path(name)
