"""What a shared host takes is told, since it lengthens every time that is measured."""

import pytest

from dap.bench import watch

BEFORE = [100, 0, 20, 700, 5, 0, 1, 10]


@pytest.mark.parametrize(
    ("after", "share"),
    [
        ([150, 0, 30, 720, 5, 0, 1, 30], 0.2),  # 20 of 100 ticks
        ([200, 0, 20, 700, 5, 0, 1, 10], 0.0),
        (BEFORE, None),  # no time has passed
        ([], None),  # the kernel does not tell
    ],
)
def test_the_stolen_share_is_of_all_ticks_between(after: list[int], share: float | None) -> None:
    assert watch.stolen_share(BEFORE, after) == share


def test_this_machine_tells_its_ticks() -> None:
    ticks = watch.machine_ticks()
    assert len(ticks) == 8 and sum(ticks) > 0
    busy = watch.machine_seconds()
    assert busy is not None and busy > 0
