"""Folders change places whole or not at all, whoever is killed, and nothing is left behind."""

import os
import subprocess
import sys
import textwrap

import pytest

from dme import cli, paths, replace
from dme.cli import nothing_changed
from dme.replace import replacing, scratch, swap, tidy


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "place"
    folder.mkdir()
    (folder / "old").write_text("old")
    return folder


@pytest.fixture(params=["at once", "one after the other"])
def _either(request, monkeypatch):
    """Exchange places as this system does, and as others must."""
    if request.param != "at once":
        monkeypatch.setattr(replace, "_at_once", lambda *_: False)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("_either")
def test_a_whole_folder_takes_the_place_of_the_former(place):
    with replacing(place) as fresh:
        (fresh / "new").write_text("new")
        assert names(place) == ["old"]
    assert names(place) == ["new"]
    assert names(place.parent) == ["place"]


def test_a_folder_is_made_where_there_was_none(tmp_path):
    with replacing(tmp_path / "deep" / "place") as fresh:
        (fresh / "new").write_text("new")
    assert names(tmp_path / "deep" / "place") == ["new"]


def test_an_error_leaves_everything_as_it_was(place):
    def fail():
        with replacing(place) as fresh:
            (fresh / "new").write_text("new")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert names(place) == ["old"]
    assert names(place.parent) == ["place"]


def test_a_move_that_fails_brings_the_former_back(place):
    def fail():
        with replacing(place) as fresh:
            fresh.rmdir()  # so that there is nothing to move in

    with pytest.raises(FileNotFoundError):
        fail()
    assert names(place) == ["old"]


@pytest.mark.usefixtures("_either")
def test_a_move_is_undone_where_the_next_one_fails(place, tmp_path):
    def fail():
        with scratch(".two-", tmp_path) as folder:
            (folder / "new").mkdir()
            (folder / "told").write_text("new")
            swap(folder, ("new", place), ("told", tmp_path / "absent" / "told"))

    with pytest.raises(FileNotFoundError):
        fail()
    assert names(place) == ["old"]
    assert names(tmp_path) == ["place"]


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from dme import replace

    place, at, slow = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "slow"
    steps = 0

    def step():
        global steps
        steps += 1
        if steps == at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(lambda event, _: step() if event == "os.rename" else None)
    at_once = replace._at_once

    def counted(*paths):
        step()
        done = False if slow else at_once(*paths)
        step()
        return done

    replace._at_once = counted
    with replace.scratch(f".{place.name}-", place.parent) as folder:
        (folder / "fresh").mkdir()
        (folder / "fresh" / "new").write_text("new")
        (folder / "told").write_text("new")
        replace.swap(folder, ("fresh", place), ("told", place.with_name("told")))
    print(steps)
"""


@pytest.mark.tried("Nothing lost", "a kill at each step of a move into place")
@pytest.mark.parametrize("how", ["fast", "slow"])
def test_a_kill_between_any_two_steps_loses_nothing(tmp_path, how, record_property):
    kills = 0
    for at in range(1, 99):
        home = tmp_path / str(at)
        (home / "place").mkdir(parents=True)
        (home / "place" / "old").write_text("old")
        (home / "told").write_text("old")
        code = textwrap.dedent(KILLED)
        done = subprocess.run(
            [sys.executable, "-c", code, str(home / "place"), str(at), how], check=False
        )
        tidy(home)
        assert names(home) == ["place", "told"], at
        both = names(home / "place"), (home / "told").read_text()
        assert both in ((["old"], "old"), (["new"], "new")), at
        if done.returncode == 0:
            break
        kills += 1
        assert done.returncode == -9
    assert kills >= 5
    assert both == (["new"], "new")
    record_property("times", kills)


def test_what_a_living_process_holds_is_left_alone(tmp_path):
    with scratch("dme-x-", tmp_path) as folder:
        with scratch("dme-x-", tmp_path) as other:
            assert folder.exists()
            assert other != folder
        tidy(tmp_path)
        assert folder.exists()
    assert names(tmp_path) == []


def test_what_is_not_this_programs_is_left_alone(tmp_path):
    (tmp_path / ".venv-personal").mkdir()
    (tmp_path / ".place-abcdefgh").symlink_to(tmp_path)
    (tmp_path / ".place-12345678").write_text("a file")
    tidy(tmp_path, tmp_path / "absent")
    assert names(tmp_path) == [".place-12345678", ".place-abcdefgh", ".venv-personal"]


@pytest.mark.tried("Nothing lost", "a kill at each step of a move into place")
def test_what_a_killed_process_left_is_swept_up_at_the_next_start(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from dme.replace import scratch\n"
        "with scratch(sys.argv[1], Path(sys.argv[2])) as folder:\n"
        "    (folder / 'large').write_text('x'); os.kill(os.getpid(), 9)"
    )
    for prefix in (".S-", "dme-run-"):
        subprocess.run([sys.executable, "-c", code, prefix, str(tmp_path)], check=False)
        assert len(names(tmp_path)) == 1
        with scratch(prefix, tmp_path) as folder:
            assert names(tmp_path) == [folder.name]
    assert names(tmp_path) == []


@pytest.mark.tried("Nothing lost", "a kill at each step of a move into place")
def test_every_command_puts_in_order_what_a_killed_one_left(tmp_path, monkeypatch):
    code = (
        "import os, sys; from pathlib import Path; from dme import replace\n"
        "place = Path(sys.argv[1])\n"
        "def killed(new, old): old.rename(new.with_name('former')); os.kill(os.getpid(), 9)\n"
        "replace._at_once = killed\n"
        "with replace.replacing(place) as fresh: (fresh / 'new').write_text('new')"
    )
    places = [tmp_path / name for name in ("results/mine", "data/tables", "_site")]
    for place in places:
        place.mkdir(parents=True)
        subprocess.run([sys.executable, "-c", code, str(place)], check=False)
        assert not place.exists()
    (tmp_path / "data" / "datapackage.json").touch()
    monkeypatch.setattr(paths, "home", lambda: tmp_path)
    monkeypatch.setattr(cli, "end_at_once", lambda: None)
    monkeypatch.setattr(nothing_changed, "run", lambda _: True)
    cli.main()
    for place in places:
        assert names(place) == ["new"]
        assert not [name for name in names(place.parent) if name.startswith(".")]


def test_a_place_without_locks_serves(tmp_path, monkeypatch):
    def refused(*_):
        raise OSError

    monkeypatch.setattr(replace.fcntl, "flock", refused)
    with replacing(tmp_path / "place") as fresh:
        (fresh / "new").write_text("new")
    assert names(tmp_path) == ["place"]


def test_a_folder_of_another_user_stops_nothing(tmp_path):
    left = tmp_path / ".place-abcdefgh"
    left.mkdir()
    (left / ".dme-scratch").touch()
    (left / "moves.json").write_text("[[")
    os.chmod(left, 0o500)
    with replacing(tmp_path / "place") as fresh:
        (fresh / "new").write_text("new")
    assert names(tmp_path / "place") == ["new"]


def test_a_folder_that_tells_of_places_elsewhere_moves_nothing(tmp_path):
    left = tmp_path / "inner" / ".place-abcdefgh"
    left.mkdir(parents=True)
    (left / ".dme-scratch").touch()
    (left / "new").write_text("theirs")
    (tmp_path / "mine").write_text("mine")
    number = (left / "new").stat().st_ino
    (left / "moves.json").write_text(f'[["new", "../mine", {number}]]')
    tidy(tmp_path / "inner")
    assert (tmp_path / "mine").read_text() == "mine"
