"""`make report` tries to get Quarto once, with a limit, and never fails for it."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")


@pytest.fixture
def make(tmp_path):
    """Give a function that calls make with programs that write down how they were called."""
    for name in ("Makefile", "requirements.lock", "requirements-test.lock", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    programs = tmp_path / "programs"
    programs.mkdir()
    # Nothing but what the recipes call: no Quarto, whatever this machine has.
    for name in ("sh", "test", "mkdir", "touch", "echo", "cat"):
        (programs / name).symlink_to(shutil.which(name))
    stub = '#!/bin/sh\necho "{0}" "$@" >> "{1}/calls"\nexit {2}\n'
    tools = (programs, "timeout", 124), (tmp_path / ".venv/bin", "dme", 0)
    for folder, name, status in (*tools, (tmp_path / ".venv/bin", "uv", 0)):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(stub.format(name, tmp_path, status))
        (folder / name).chmod(0o755)
    for mark in (".uv", ".ready"):
        (tmp_path / ".venv" / mark).touch()

    def call(*words, **told):
        done = subprocess.run(
            [shutil.which("make"), *words],
            cwd=tmp_path,
            env={"PATH": str(programs)} | told,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        calls = tmp_path / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        calls.unlink(missing_ok=True)
        return [line for line in lines if "quarto" in line], lines, done.stdout

    return call


def test_it_is_tried_once_with_a_limit_and_the_report_is_built_all_the_same(make):
    tried, lines, said = make("report")
    assert len(tried) == 1
    assert tried[0].startswith("timeout 60 .venv/bin/uv pip install")
    assert "--no-deps" in tried[0]
    assert lines[-1] == "dme site hartford-2017 hartford-2024"
    # Before anything runs: what is installed counts among what a result rests on.
    assert lines[0] == tried[0]
    assert "It can't be had here (build/quarto.log)" in said
    assert make("report")[0] == []


@pytest.mark.parametrize("told", ["no", "/opt/quarto"])
def test_who_names_quarto_or_does_without_is_not_kept_waiting(make, told):
    assert make("report", QUARTO=told)[0] == []
    assert make("report", f"QUARTO={told}")[0] == []


def test_a_quarto_that_is_there_is_not_fetched(make, tmp_path):
    (tmp_path / "programs" / "quarto").symlink_to(shutil.which("echo"))
    assert make("report")[0] == []


def test_where_nothing_sets_a_limit_it_is_not_tried(make, tmp_path):
    (tmp_path / "programs" / "timeout").unlink()
    assert make("report")[0] == []


def test_the_tests_do_not_try(make):
    assert "quarto" not in make("-n", "test")[2].lower()
