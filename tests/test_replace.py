import pytest

from dme.replace import replacing, swap


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "place"
    folder.mkdir()
    (folder / "old").write_text("old")
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


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


def test_a_move_is_undone_where_what_belongs_to_it_fails(place, tmp_path):
    new = tmp_path / "coming"
    new.mkdir()
    (new / "new").write_text("new")

    def fail():
        assert names(place) == ["new"]
        raise OSError

    with pytest.raises(OSError, match=r"^$"):
        swap(new, place, tmp_path / "former", fail)
    assert names(place) == ["old"]
    assert names(new) == ["new"]
    assert not (tmp_path / "former").exists()
