"""Which files count as inputs."""

import os

import pytest

from dme import observe
from dme.up_to_date import ABSENT, CHANGED


def read_now():
    """Return what was read, but for modules."""
    return {name: told for name, told in observe.inputs().items() if not name.endswith(".py")}


@pytest.fixture
def watched(project):
    for _ in range(2):  # the first keeps what was read before it
        observe.start()
    return project


@pytest.mark.tried("Nothing stale", "files of every room, read or only written")
def test_every_file_of_the_project_that_was_read_counts(watched):
    for name in ("data/own/mine.csv", "notes/extra.csv", "results/other.txt", "top.txt"):
        path = watched / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("rows")
    os.close(os.open(watched / "notes" / "extra.csv", os.O_RDONLY))
    for name in ("data/own/mine.csv", "results/other.txt", "data/claims.yml"):
        (watched / name).read_text()
    with pytest.raises(FileNotFoundError):
        (watched / "notes" / "none.csv").open()
    read = read_now()
    assert set(read) == {
        "data/own/mine.csv", "notes/extra.csv", "results/other.txt", "data/claims.yml",
        "notes/none.csv",
    }  # fmt: skip
    assert read["notes/none.csv"] == ABSENT
    assert read["notes/extra.csv"] == observe.now("notes/extra.csv")
    assert observe.inputs()["src/dme/observe.py"]
    observe.start()
    assert not read_now()


@pytest.mark.tried("Nothing stale", "hidden folders, and other paths to the same file")
def test_hidden_folders_are_no_input_and_other_paths_are(watched, tmp_path, monkeypatch):
    (watched / ".git").mkdir()
    (watched / ".git" / "HEAD").write_text("main")
    (watched / ".git" / "HEAD").read_text()
    link = tmp_path / "link"
    link.symlink_to(watched / "_quarto.yml")
    link.read_text()
    monkeypatch.chdir(watched / "data")
    open("../params/bridgeport.yml").close()
    assert set(read_now()) == {"_quarto.yml", "params/bridgeport.yml"}


@pytest.mark.tried("Nothing stale", "a file that appears in a folder that was listed")
def test_a_folder_that_was_listed_is_an_input(watched):
    notes = watched / "notes"
    notes.mkdir()
    assert not list(notes.glob("*.csv"))
    assert set(read_now()) == {"notes/"}
    before = read_now()["notes/"]
    assert observe.now("notes/") == before
    (notes / "one.csv").write_text("1")
    assert observe.now("notes/") != before


@pytest.mark.tried("Nothing stale", "a file that changes between two readings")
def test_a_file_is_told_as_it_was_when_it_was_read(watched):
    path = watched / "extra.csv"
    path.write_text("one")
    path.read_text()
    before = observe.now("extra.csv")
    path.write_text("two")
    assert read_now()["extra.csv"] == before != observe.now("extra.csv")
    path.read_text()
    assert read_now()["extra.csv"] == CHANGED
