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

PLAN = (
    "place,school_code,action,by,grades\n"
    "Batchelder,0640411,close,2026-06,\n"
    "Betances,0643811,reconfigure,2026-06,PK-5\n"
    "Depot,,open,2026-06,\n"
)
BUILDINGS = "school_code,condition\n0640411,1\n0643811,2.5\n"
OWN = {
    "partner_inventory": INVENTORY,
    "comments": COMMENTS,
    "plan_actions": PLAN,
    "buildings": BUILDINGS,
}
SCHOOLS = ("0640111", "0640411", "0643811")


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
        ("comments", "INST;SEL", "INST,SEL", ["line 2", "as many cells in each line"]),
        ("comments", "2017-06-12", "2017-02-30", ["line 2, date", "a day that there is"]),
        ("comments", "2017-06-12", "0017-06-12", ["line 2, date", "such as 2017-06-12"]),
        ("comments", "id,date", "id,id", ["line 1", "names a column twice"]),
        ("comments", "id,date,", "date,", ["line 2", "7 cells, where the heading has 6"]),
        ("comments", "family,A", 'family,"A', ["could not be read as a table", "line 2"]),
        ("comments", "A made-up", "A \x07 made-up", ["line 2", "the character '\\x07'"]),
        ("comments", "comment.", "comment\0.", ["line 2", "the character '\\x00'"]),
        ("partner_inventory", "1200.5", "inf", ["line 2, dollars", "'inf'", "a number"]),
        ("partner_inventory", "1200.5", "1e400", ["line 2, dollars", "a number"]),
        ("partner_inventory", "1200.5", "nan", ["line 2, dollars", "a number"]),
        ("partner_inventory", "1200.5", "1e15", ["line 2, dollars", "0 to 1000000000"]),
        ("partner_inventory", ",40,", ",99999999999999999999,", ["line 2, students", "whole"]),
        ("partner_inventory", ",40,", f",{5000 * '9'},", ["line 2, students", "a whole number"]),
        ("plan_actions", "PK-5", "5-PK", ["line 3, grades", "such as PK-5"]),
        ("plan_actions", "PK-5", "8-5", ["line 3, grades", "the lower grade first"]),
        ("plan_actions", "2026-06,\n", "2026-06,K-5\n", ["line 2, grades", "the place closes"]),
        ("plan_actions", "0643811", "0640411", ["line 3, place", "'Batchelder', as line 2 says"]),
        ("plan_actions", "Betances,0643811", "Batchelder,0643811",
         ["line 3, school_code", "'0640411', as line 2 says"]),
        ("plan_actions", "Betances,0643811", "Batchelder,0640411",
         ["line 3, action", "nothing else of a place that closes by 2026-06 (line 2)"]),
        ("plan_actions", "Betances,0643811,reconfigure,2026", "Batchelder,0640411,relocate,2027",
         ["line 3, action", "'relocate'"]),
        ("plan_actions", "2026", "0000", ["line 2, by", "such as 2026-06"]),
        ("buildings", "0643811", "0640411", ["line 3, school_code", "each key once"]),
        ("buildings", "2.5", "inf", ["line 3, condition", "a number"]),
        ("buildings", "2.5", "1e300", ["line 3, condition"]),
    ],
)  # fmt: skip
@pytest.mark.tried("Bad input", "a district's own file with a fault, or that makes no sense")
def test_what_is_wrong_is_told_with_its_place(tmp_path, kind, old, new, parts):
    assert old in OWN[kind]
    text = OWN[kind].replace(old, new, 1)
    with pytest.raises(TableError) as error:
        own.read_own(kind, _file(tmp_path, text), SCHOOLS)
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


@pytest.mark.tried("Bad input", "a district's own file with a fault, or that makes no sense")
def test_a_key_column_that_lacks_is_told_where_the_other_repeats(tmp_path: Path):
    rows = "close,2026-06\nclose,2026-06\n"
    with pytest.raises(TableError, match="line 1, place: found no such column"):
        own.read_own("plan_actions", _file(tmp_path, f"action,by\n{rows}"))


@pytest.mark.tried("Bad input", "a district's own file with a fault, or that makes no sense")
def test_a_partnership_twice_under_two_ids_is_refused(tmp_path: Path):
    again = INVENTORY + INVENTORY.splitlines()[1].replace("1,", "3,", 1) + "\n"
    with pytest.raises(TableError, match=r"line 4, partner: .* each partnership at a school once"):
        own.read_own("partner_inventory", _file(tmp_path, again))


@pytest.mark.parametrize("kind", OWN)
def test_what_makes_sense_is_read(tmp_path: Path, kind: str):
    found = own.read_own(kind, _file(tmp_path, OWN[kind]), SCHOOLS)
    assert len(found) == OWN[kind].count("\n") - 1


def test_a_place_may_change_before_it_closes_and_open_after(tmp_path: Path):
    text = PLAN.replace("Betances,0643811,reconfigure,2026", "Batchelder,0640411,reconfigure,2025")
    text = text.replace("Depot,,open,2026", "Batchelder,0640411,open,2030")
    assert len(own.read_own("plan_actions", _file(tmp_path, text))) == 3


def test_a_comment_of_several_lines_does_not_shift_the_lines_that_are_told(tmp_path: Path):
    first = 'a,2017-06-12,Zone 1,family,"Made up,\nin ""three""\r\nlines",INST,\n'
    heading = COMMENTS.splitlines()[0] + "\n"
    assert len(own.read_own("comments", _file(tmp_path, heading + first))) == 1
    text = heading + first + first.replace("a,", "b,", 1).replace("family", "mother")
    with pytest.raises(TableError, match="line 5, speaker"):
        own.read_own("comments", _file(tmp_path, text))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (COMMENTS.replace(",", ";").encode(), r"line 1(.|\n)*cells with ';' between them"),
        (COMMENTS.replace(",", "\t").encode(), r"line 1(.|\n)*cells with '.t' between them"),
        (COMMENTS.encode("utf-16"), r"line 1(.|\n)*no UTF-8"),
        (COMMENTS.replace("made-up", "m\xe4de-up").encode("cp1252"), r"line 2(.|\n)*no UTF-8"),
    ],
)
def test_a_file_of_another_form_says_which(tmp_path: Path, content: bytes, said: str):
    with pytest.raises(TableError, match=said):
        own.read_own("comments", _file(tmp_path, content))
