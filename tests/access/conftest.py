"""What the tests of access start from."""

from datetime import datetime

import pytest

from .. import factories
from ..factories import House


@pytest.fixture
def house(at_noon: datetime, db: None) -> House:
    """A citizen and her counsellor, a colleague, an outsider and a neighbour; the clock stands at NOW."""
    return factories.house()
