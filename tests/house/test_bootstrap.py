"""The `dap` script and what it prepares, without the network."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dap.cli import bootstrap
from dap.cli.bootstrap import Folder
from dap.core.problem import Problem

ROOT = Path(__file__).parents[2]


def dap(*arguments: str, script: Path = ROOT / "dap", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, script, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env=os.environ | environment,
    )


@pytest.fixture
def checkout(folder: Path) -> Path:
    """A checkout of which nothing has been prepared, in a path with spaces."""
    root = folder / "a check out"
    for part in ("src/dap", "requirements", "package.json", "package-lock.json", ".npmrc", "dap"):
        target = root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        skip = shutil.ignore_patterns("vendor", "__pycache__")
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, target, ignore=skip)
        else:
            shutil.copy(ROOT / part, target)
    return root


def prepared(root: Path) -> Folder:
    """A checkout as if everything had been fetched."""
    folder = Folder(root)
    for made in (folder.python, root / "node_modules/x", folder.vendor / "aksel.css"):
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text("", encoding="utf-8")
    for step in ("venv", "run", "test", "npm", "vendor"):
        folder._mark(step).write_text(folder._sources(step), encoding="utf-8")
    return folder


def test_help_lists_the_commands_and_prepares_nothing(checkout: Path) -> None:
    for arguments in ([], ["--help"], ["demo", "--help"]):
        result = dap(*arguments, script=checkout / "dap")
        assert (result.returncode, result.stderr) == (0, "")
        assert "demo" in result.stdout
    assert not (checkout / ".venv").exists()
    assert not (checkout / ".dap").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["bogus"], "invalid choice: 'bogus'"),
        (["demo", "--port", "0"], "0 is not a port: choose a number from 1 to 65535"),
        (["import-case"], "the following arguments are required: FILE"),
    ],
)
def test_a_wrong_command_line_is_told_before_anything_is_fetched(
    checkout: Path, arguments: list[str], sentence: str
) -> None:
    result = dap(*arguments, script=checkout / "dap")
    assert result.returncode == 2
    assert sentence in result.stderr
    assert not (checkout / ".venv").exists()


def test_the_script_is_found_through_a_link(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(checkout / "dap")
    assert "demo" in dap("--help", script=tmp_path / "link").stdout


def test_a_wrong_python_is_one_sentence(tmp_path: Path) -> None:
    # The script as another Python sees it: nothing but the version it finds is changed.
    text = (ROOT / "dap").read_text(encoding="utf-8").replace("sys.version_info[:2] not in RIGHT", "True")
    script = tmp_path / "dap"
    script.write_text(text, encoding="utf-8")
    result = dap("demo", script=script, PATH=str(tmp_path))
    assert result.returncode == 1
    assert result.stderr.startswith("dap: Python 3.11, 3.12 or 3.13 is needed, this is 3.")
    assert result.stderr.count("\n") == 1


def test_the_script_is_readable_by_an_old_python() -> None:
    import ast

    ast.parse((ROOT / "dap").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_without_network_one_sentence_says_what_to_do(checkout: Path) -> None:
    nowhere = {
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": "",
    }
    result = dap("demo", script=checkout / "dap", **nowhere)
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith(
        "dap: the Python packages could not be fetched: the package registry cannot be reached"
    )
    assert "Traceback" not in result.stderr
    assert "run" in list(Folder(checkout).steps(test=False)), "it is tried again next time"


def test_only_what_has_changed_is_done_again(checkout: Path) -> None:
    folder = prepared(checkout)
    began = time.monotonic()
    assert list(folder.steps(test=True)) == []
    assert time.monotonic() - began < 0.1
    with (checkout / "requirements/test.txt").open("a") as lock:
        lock.write("\n")
    assert list(folder.steps(test=False)) == []
    assert list(folder.steps(test=True)) == ["test"]
    with (checkout / "package-lock.json").open("a") as lock:
        lock.write("\n")
    assert list(folder.steps(test=False)) == ["npm", "vendor"]


def test_built_files_are_enough_to_run_without_the_npm_packages(checkout: Path) -> None:
    folder = prepared(checkout)
    shutil.rmtree(checkout / "node_modules")
    assert list(folder.steps(test=False)) == []
    assert list(folder.steps(test=True)) == ["npm"]


def test_an_interrupted_step_is_done_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = prepared(checkout)

    def interrupt(_lock: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folder, "_pip", interrupt)
    with pytest.raises(KeyboardInterrupt):
        folder.prepare("run")
    assert list(folder.steps(test=False)) == ["run"]


def test_a_catalogue_is_compiled_when_it_is_newer(checkout: Path) -> None:
    from dap.cli.catalogues import compile_catalogue

    folder = prepared(checkout)
    source = checkout / "src/dap/locale/nn/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    source.write_text(header + 'msgid "Ikke"\nmsgstr "Ikkje"\n', encoding="utf-8")
    assert list(folder.steps(test=False)) == ["catalogues"]
    assert b"Ikkje" in compile_catalogue(source).read_bytes()
    assert list(folder.steps(test=False)) == []
    later = source.with_suffix(".mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    assert list(folder.steps(test=False)) == ["catalogues"]


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("npm error code ECONNREFUSED", "cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "differs from the locked one"),
        ("something new", "the log says why"),
    ],
)
def test_a_failure_is_told_by_its_cause(checkout: Path, output: str, sentence: str) -> None:
    folder = Folder(checkout)
    folder.state.mkdir()
    with pytest.raises(Problem, match=f"^it failed: .*{sentence}.*details: .*bootstrap.log"):
        folder._call([sys.executable, "-c", f"import sys; print({output!r}); sys.exit(1)"], "it failed")


def test_the_second_at_once_waits_and_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = (
        "import sys, time; from pathlib import Path; from dap.cli.bootstrap import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(0.5)"
    )
    first = subprocess.Popen([sys.executable, "-c", script, folder / ".dap"], stdout=subprocess.PIPE)
    assert first.stdout
    assert first.stdout.readline() == b"held\n"
    began = time.monotonic()
    with bootstrap.locked(folder / ".dap"):
        assert time.monotonic() - began > 0.2
    first.communicate()
    assert "waiting for it" in capsys.readouterr().err
