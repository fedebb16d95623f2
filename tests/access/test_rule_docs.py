"""The generated rule docs say what the code says, about every code, reason and transition there is."""

from itertools import product
from pathlib import Path

import pytest

from dap.access.enums import Permission, Role
from dap.access.rules import AccessReason
from dap.config import rule_docs
from dap.core.reason import Reason
from dap.dialogue.enums import EventKind
from dap.dialogue.rules import DialogueReason
from dap.plan.enums import ActivityType, ApplicationStatus, ChangeKind, Status
from dap.plan.rules import PlanReason

DOCUMENTS = rule_docs.documents()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_committed_file_is_what_the_rules_say_today(name: str) -> None:
    committed = (rule_docs.FOLDER / name).read_text(encoding="utf-8")
    assert committed == DOCUMENTS[name], "run: python -m dap.config.rule_docs"


def test_writing_makes_the_three_files(tmp_path: Path) -> None:
    rule_docs.write(tmp_path / "rules")
    assert {
        path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "rules").iterdir()
    } == DOCUMENTS


@pytest.mark.parametrize(
    ("name", "reasons"),
    [("plan.md", PlanReason), ("dialogue.md", DialogueReason), ("access.md", AccessReason)],
)
def test_every_reason_stands_there_with_its_sentence_and_status(name: str, reasons: type[Reason]) -> None:
    for reason in reasons:
        assert f"| `{reason.name}` | {reason.status} | {reason.sentence} |" in DOCUMENTS[name]


def test_every_code_and_every_transition_stands_there() -> None:
    for enum in (Status, ApplicationStatus, ChangeKind, ActivityType):
        assert all(f"`{code.value}`" in DOCUMENTS["plan.md"] for code in enum)
    assert all(f"`{kind.value}`" in DOCUMENTS["dialogue.md"] for kind in EventKind)
    for permission, role in product(Permission, Role):
        assert f"| {permission.label} | `{permission.value}` |" in DOCUMENTS["access.md"]
        assert f"`{role.value}`" in DOCUMENTS["access.md"]
    rows = [line for line in DOCUMENTS["plan.md"].splitlines() if line.startswith("| **")]
    assert len(rows) == 2 * len(Status)
    assert all(line.count("|") == len(Status) + 2 for line in rows)
    assert sum(line.count("with a reason") for line in rows) == 2 * 3, (
        "three open columns to two finished ones"
    )
