import importlib
from pathlib import Path

import pandas as pd
import pytest

from dme.errors import DmeError
from dme.tables import empty, load, names, spec
from dme.tables.dictionary import dictionary, provenances

from .conftest import Editor


@pytest.mark.parametrize("name", names())
def test_columns_are_those_of_the_schema(name: str):
    table = load(name)
    assert table.columns.tolist() == list(spec(name).columns)
    assert not table.duplicated(list(spec(name).key)).any()


@pytest.mark.parametrize("name", names())
def test_bytes_known_and_unknown_give_the_same_table(name: str, monkeypatch: pytest.MonkeyPatch):
    """What a build has checked is read by another reader: rows and types must not differ."""
    reader = importlib.import_module("dme.tables.load")
    known = load(name)
    monkeypatch.setattr(reader, "told", lambda _: {})
    reader._read.cache_clear()
    pd.testing.assert_frame_equal(known, load(name))
    reader._read.cache_clear()


def test_table_without_rows_has_the_types():
    assert empty("school_enrollment").dtypes.equals(load("school_enrollment").dtypes)


def test_codes_keep_their_zeros_and_counts_may_be_missing():
    table = load("school_enrollment")
    assert table["school_code"].str.len().eq(7).all()
    assert str(table["students"].dtype) == "Int64"
    assert table["students"].isna().any()


def test_the_caller_owns_the_table():
    table = load("districts")
    table.loc[0, "district"] = "changed"
    assert load("districts").loc[0, "district"] != "changed"


def test_unknown_name_tells_the_nearest():
    with pytest.raises(DmeError, match='Did you mean "school_enrollment"'):
        load("school_enrolment")


def test_missing_file_is_told(copies: Path):
    (copies / "districts.csv").unlink()
    with pytest.raises(DmeError, match="has no file") as caught:
        load("districts")
    assert "districts.csv" in str(caught.value)


def test_every_load_opens_the_file(copies: Path):
    load("districts")
    (copies / "districts.csv").unlink()
    with pytest.raises(DmeError, match="has no file"):
        load("districts")


def test_changed_file_is_read_anew(edit: Editor):
    load("zone_capacity")
    edit("zone_capacity", "Zone 2,3611,", "Zone 2,36110,")
    assert load("zone_capacity").set_index("area").loc["Zone 2", "students"] == 36110


def _refusal(name: str) -> str:
    with pytest.raises(DmeError) as caught:
        load(name)
    return str(caught.value)


def test_duplicate_key_is_refused(edit: Editor):
    edit("zone_capacity", "2015-16,Zone 2,", "2015-16,Zone 1,")
    message = _refusal("zone_capacity")
    assert "line 2, school_year + area: found 2015-16 / Zone 1, expected each key once" in message
    assert "line 3, school_year + area" in message


def test_negative_count_is_refused(edit: Editor):
    edit("zone_capacity", "Zone 2,3611,", "Zone 2,-3611,")
    assert "line 3, students: found -3611, expected 0 or more" in _refusal("zone_capacity")


def test_unknown_column_is_refused(edit: Editor):
    edit("zone_capacity", "utilization_percent\n", "use\n")
    message = _refusal("zone_capacity")
    assert "line 1, use: found a column, expected no column of that name" in message
    assert "line 1, utilization_percent: found no such column" in message


def test_columns_out_of_order_are_refused(edit: Editor):
    edit("zone_capacity", "students,seats", "seats,students")
    assert "expected the order school_year, area, students, seats" in _refusal("zone_capacity")


def test_lost_leading_zero_is_refused(edit: Editor):
    edit("districts", "0640011,", "640011,")
    message = _refusal("districts")
    assert "district_code: found '640011', expected text of the form" in message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Zone 2,3611,", "Zone 2,many,", "line 3, students: found 'many', expected a whole number"),
        ("Zone 2,3611,", "Zone 2,36.5,", "line 3, students: found '36.5', expected a whole number"),
        ("Zone 2,3611,", "Zone 2,,", "line 3, students: found nothing, expected a value"),
        ("Zone 2,3611,", "Zone 5,3611,", "line 3, area: found 'Zone 5', expected one of Zone 1"),
        ("2015-16,Zone 2,", "2015,Zone 2,", "line 3, school_year: found '2015'"),
        ("Zone 2,3611,", "Zone 2,3611,9,", "as many cells in each line as in the heading"),
    ],
)
def test_bad_cells_are_told_with_their_line(edit: Editor, old: str, new: str, said: str):
    edit("zone_capacity", old, new)
    assert said in _refusal("zone_capacity")


def test_flag_that_is_neither_is_refused(edit: Editor):
    edit(
        "school_crosswalk",
        "090192000006,0645311,6,5,only,false",
        "090192000006,0645311,6,5,only,no",
    )
    message = _refusal("school_crosswalk")
    assert "line 2, doubtful: found 'no', expected true or false" in message


def test_empty_file_is_refused(copies: Path):
    (copies / "districts.csv").write_text("", encoding="utf-8")
    assert "could not be read as a table" in _refusal("districts")


def test_many_faults_are_cut_short(copies: Path):
    path = copies / "districts.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n0", "\n"), encoding="utf-8", newline="\n")
    message = _refusal("districts")
    assert message.count("expected text of the form") == 10
    assert " more\n" in message


def test_dictionary_tells_every_column():
    told = dictionary()
    assert set(told["table"]) == set(names())
    assert not told.duplicated(["table", "column"]).any()
    assert told[["unit", "description", "title", "type"]].map(bool).all(axis=None)
    rows = told.set_index(["table", "column"])
    assert rows.loc[("zone_capacity", "seats"), "unit"] == "seats"
    assert rows.loc[("school_enrollment", "students"), "missing_allowed"]
    assert not rows.loc[("school_enrollment", "school_code"), "missing_allowed"]


@pytest.mark.parametrize("name", names())
def test_provenance_counts_the_rows(name: str):
    origin = provenances()[name]
    assert origin.rows == len(load(name))
    assert origin.sources
    assert all(source.licence and source.publisher for source in origin.sources)


def test_provenance_tells_typed_figures_from_verbatim_files():
    assert provenances()["school_enrollment_by_grade"].kind == "verbatim"
    assert provenances()["spending_schools"].kind == "transcribed"
    assert provenances()["district_enrollment"].kind == "transcribed"
    assert provenances()["zone_capacity"].kind == "transcribed"
    assert provenances()["school_crosswalk"].kind == "derived"
