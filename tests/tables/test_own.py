"""A district's own files: read in their layout, refused with the place, begun from a template.

Every file here is made up for these tests.
"""

from pathlib import Path

import pytest

from dme import paths
from dme.errors import DmeError
from dme.tables import own
from dme.tables.refusal import TableError
from dme.tables.schemas import layouts

INVENTORY = (
    "id,partner,school_code,kind,purpose,students,dollars,priorities_1,priorities_2\n"
    "1,Made-up Club,0640111,youth and family,tutoring,40,1200.5,TL; CC,TL\n"
    "2,Made-up College,,college,visits,,,none,\n"
)
COMMENTS = (
    "id,date,zone,speaker,comment,themes_1,themes_2\n"
    "a,2017-06-12,Zone 1,family,A made-up comment.,INST;SEL,INST\n"
)


def _file(folder: Path, content: str | bytes) -> Path:
    path = folder / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_an_inventory_is_read_in_its_types(tmp_path: Path):
    found = own.read_own("partner_inventory", _file(tmp_path, INVENTORY), ["0640111"])
    assert list(found.columns) == list(layouts()["partner_inventory"].columns)
    assert found["students"].tolist()[0] == 40
    assert found["students"].isna().tolist() == [False, True]
    assert found["dollars"].tolist()[0] == 1200.5
    assert found["school_code"].tolist()[0] == "0640111"
    assert found["priorities_2"].isna().tolist() == [False, True]


def test_a_spreadsheet_s_ways_are_taken(tmp_path: Path):
    heading, *rows = INVENTORY.splitlines()
    order = [2, 0, 1, *range(3, 9)]
    moved = [",".join([row.split(",")[at] for at in order] + ["extra"]) for row in (heading, *rows)]
    text = "\r\n".join([*moved, "," * 9, ""])
    found = own.read_own("partner_inventory", _file(tmp_path, b"\xef\xbb\xbf" + text.encode()))
    straight = own.read_own("partner_inventory", _file(tmp_path, INVENTORY))
    assert found.equals(straight)


@pytest.mark.parametrize(
    ("kind", "old", "new", "parts"),
    [
        (
            "partner_inventory",
            "0640111",
            "640111",
            ["line 2, school_code", "with the leading zero"],
        ),
        ("partner_inventory", "0640111", "0640222", ["line 2", "a school of the district"]),
        ("partner_inventory", "2,Made", "1,Made", ["id", "each key once"]),
        ("partner_inventory", "TL; CC", "", ["line 2, priorities_1", "found nothing"]),
        ("partner_inventory", "TL; CC", "TL,CC", ["could not be read as a table"]),
        ("partner_inventory", "none", "None", ["line 3, priorities_1", "the word none"]),
        ("partner_inventory", "college", "College", ["line 3, kind", "one of youth and family"]),
        ("partner_inventory", ",40,", ",forty,", ["line 2, students", "a whole number"]),
        ("partner_inventory", ",purpose,", ",goal,", ["line 1, purpose", "no such column"]),
        ("comments", "2017-06-12", "6/12/2017", ["line 2, date", "such as 2017-06-12"]),
        ("comments", "family", "parent", ["line 2, speaker", "student, family"]),
        ("comments", "INST;SEL", "INST,SEL", ["as many cells in each line"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, kind, old, new, parts):
    text = {"partner_inventory": INVENTORY, "comments": COMMENTS}[kind].replace(old, new, 1)
    with pytest.raises(TableError) as error:
        own.read_own(kind, _file(tmp_path, text), ["0640111"])
    for part in ("mine.csv", f"dme template {kind}", *parts):
        assert part in str(error.value)


def test_a_blank_line_does_not_shift_the_lines_that_are_told(tmp_path: Path):
    heading, first, second = INVENTORY.splitlines()
    text = "\n".join([heading, first, ",,,,,,,,", second.replace("college", "church")])
    with pytest.raises(TableError, match="line 4, kind"):
        own.read_own("partner_inventory", _file(tmp_path, text))


def test_an_absent_or_an_empty_file_is_refused(tmp_path: Path):
    with pytest.raises(TableError, match="can't be read"):
        own.read_own("comments", tmp_path / "none.csv")
    with pytest.raises(TableError, match="no rows"):
        own.read_own("comments", _file(tmp_path, COMMENTS.splitlines()[0] + "\n"))


@pytest.mark.parametrize("kind", layouts())
def test_a_template_is_the_layout_and_never_overwrites(tmp_path: Path, kind: str):
    path = tmp_path / "own" / "new.csv"
    own.write_template(kind, path)
    assert path.read_text().strip().split(",") == list(layouts()[kind].columns)
    with pytest.raises(DmeError, match="is there already"):
        own.write_template(kind, path)
    with pytest.raises(TableError, match="no rows"):
        own.read_own(kind, path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("/etc/hosts", "room data/"),
        ("../elsewhere.csv", "room data/"),
        ("data/../README.md", "room data/"),
        ("params/hartford-2017.yml", "room data/"),
        ("data/own/absent.csv", "no file"),
        ("data/claims.yml", ""),
    ],
)
def test_own_files_stand_in_the_room_of_data(name: str, said: str):
    problem = own.problem_of(name)
    assert said in problem
    assert bool(problem) == bool(said)


def test_version_control_leaves_own_files_alone():
    ignored = (paths.home() / ".gitignore").read_text().splitlines()
    assert f"/{own.FOLDER}/" in ignored
