"""Which commit a run is of, held against what git itself says."""

import subprocess
from pathlib import Path

import pytest

from dme import paths
from dme.execute.committed import commit


def git(*arguments: str) -> str:
    of = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *of, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of a project that is no repository yet, and make it the current one."""
    home = tmp_path / "project"
    (home / "data").mkdir(parents=True)
    (home / "data" / "a table.csv").write_text("1\n")
    (home / "README.md").write_text("Read.\n")
    monkeypatch.setattr(paths, "home", lambda: home)
    monkeypatch.chdir(home)
    return home


def test_a_run_is_of_the_commit_and_tells_what_differs_from_it(home: Path):
    git("init", "--quiet")
    assert commit() == ("", [])
    (home / ".gitignore").write_text("*.tmp\n")
    git("add", ".")
    git("commit", "--quiet", "-m", "all")
    head = git("rev-parse", "HEAD")
    assert commit() == (head, [])
    (home / "data" / "a table.csv").write_text("2\n")
    git("add", ".")
    (home / "README.md").unlink()
    for name in ("data/new.csv", "data/x.tmp", "notes.txt"):
        (home / name).write_text("x")
    # What is new counts where a figure may be made of it: notes of one's own are none of that.
    assert commit() == (head, ["README.md", "data/a table.csv", "data/new.csv"])
    git("add", "data/new.csv")
    git("commit", "--quiet", "-am", "more")
    assert commit() == (git("rev-parse", "HEAD"), [])


def test_a_copy_in_another_repository_is_of_none_of_its_commits(home: Path):
    (home.parent / ".git").mkdir()
    assert commit() == ("", [])


@pytest.mark.usefixtures("home")
def test_a_repository_that_git_works_on_meanwhile_is_not_taken_for_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    other = tmp_path / "other"
    git("init", "--quiet", str(other))
    git("-C", str(other), "commit", "--quiet", "--allow-empty", "-m", "another's")
    git("init", "--quiet")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    assert commit() == ("", [])


@pytest.mark.usefixtures("home")
def test_without_git_there_is_no_commit(monkeypatch: pytest.MonkeyPatch):
    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "-m", "none")
    monkeypatch.setenv("PATH", "")
    assert commit() == ("", [])
