"""Federal files as people have them: zipped, damaged by a spreadsheet, of another state."""

import io
import struct
import sys
import zipfile
from pathlib import Path

import pytest

from dme import cli
from dme.errors import DmeError
from dme.tables.federal import build_federal
from dme.tables.importers.federal.folder import LAYOUTS
from dme.tables.recipes.federal import read_federal

from .test_federal import (
    ASH,
    EDGE,
    ELM,
    LEA_DIRECTORY,
    NAMES,
    OAK,
    PINE,
    SCHOOL_DIRECTORY,
    SCHOOL_MEMBERSHIP,
    SCHOOL_STAFF,
    YEW,
    Y,
    _alone,
    _directory,
    _file,
    _fill,
    _members,
    _place,
    _refused,
    _school,
    _text,
    _total,
)

COUNTS = {OAK: 1, ELM: 2, ASH: 3, PINE: 4, YEW: 5}


def _membership(**changed: str) -> str:
    """Return a file of five schools, texts in it changed."""
    text = _text(SCHOOL_MEMBERSHIP, _members(Y, COUNTS))
    for old, new in changed.items():
        text = text.replace(old, new)
    return text


def _places() -> str:
    return _text(EDGE, [_place(code) for code in COUNTS], "|", headed=False)


@pytest.mark.tried("Bad input", "a quotation mark in a federal file that nothing closes")
@pytest.mark.parametrize(
    ("text", "line"),
    [
        (_membership(Elm='"Elm'), 3),
        (_membership(Elm='"Elm', Ash='"Ash'), 3),
        (_membership(Ash='Ash\n"Lane"').replace("Ash\n", '"Ash\n'), 4),
        (_places().replace("Elm", '"Elm'), 2),
        (_places().replace("Elm", '"Elm').replace("Pe", '"Pe'), 2),
        (_places().replace("Academy", 'Academy"').replace("|Elm", '|"Elm'), 2),
        # The last line: nothing follows that it could swallow.
        (_membership().replace("Reported", '"Reported') + "\r\n", 2),
    ],
)
def test_a_line_break_in_a_cell_is_refused(tmp_path: Path, text: str, line: int):
    _refused(_alone(tmp_path, text), "does not close", f"line {line}", "raw.csv")


@pytest.mark.tried("Another state", "quotation marks and separators within the names of schools")
@pytest.mark.parametrize(
    ("separator", "name"),
    [
        ("|", 'The "Yew" | a School'),
        ("|", '"Yew" School'),
        (",", 'The 6" Nail, "a" School'),
        (",", 'A School called "Yew"'),
    ],
)
def test_quoted_marks_still_read(tmp_path: Path, separator: str, name: str):
    lines = [{**_total(OAK, Y, 5), "SCH_NAME": name}, _total(ELM, Y, 6)]
    text = _text(SCHOOL_MEMBERSHIP, lines, separator)
    assert '""' in text
    rows = read_federal(_alone(tmp_path, text)).frames["school_enrollment"]
    assert rows.set_index("school_code")["school"].to_dict() == {OAK: name, ELM: NAMES[ELM]}


@pytest.mark.tried("Another state", "a bare quotation mark within a name")
def test_a_mark_within_an_unquoted_cell_is_a_letter(tmp_path: Path):
    text = _membership().replace("Elm School", 'Elm 6" School')
    rows = read_federal(_alone(tmp_path, text)).frames["school_enrollment"]
    assert rows["school"].tolist()[1] == 'Elm 6" School'
    assert len(rows) == 5


@pytest.mark.tried("Another state", "grades as a spreadsheet writes them, and others")
def test_a_grade_s_lost_zero_comes_back(tmp_path: Path):
    spans = {OAK: ("7", "8"), ELM: ("PK", "6"), ASH: ("UG", "UG"), PINE: ("M", "N")}
    lines = [_directory(code, Y, *span) for code, span in spans.items()]
    _file(tmp_path, "members.csv", _membership())
    _file(tmp_path, "schools.csv", _text(SCHOOL_DIRECTORY, lines))
    from dme.tables.importers.federal import ccd
    from dme.tables.importers.federal.folder import open_folder

    (file,) = open_folder(tmp_path).of(ccd.SCHOOL_DIRECTORY)
    found = ccd.school_directory(file, None).set_index("school_code")
    told = found[["low_grade", "high_grade"]].astype(object)
    told = told.where(told.notna(), None)
    assert told.loc[OAK].tolist() == ["7", "8"]
    assert told.loc[ELM].tolist() == ["PK", "6"]
    assert told.loc[ASH].tolist() == [None, None]


@pytest.mark.tried("Bad input", "a code of a federal file that is none of its list")
@pytest.mark.parametrize(
    ("heading", "line", "column", "code"),
    [
        (SCHOOL_DIRECTORY, _directory(OAK, Y, "K", "07"), "GSLO", "K"),
        (SCHOOL_DIRECTORY, _directory(OAK, Y, "01", "Grade 7"), "GSHI", "Grade 7"),
        (SCHOOL_MEMBERSHIP, {**_total(OAK, Y, 1), "ST": "ct"}, "ST", "ct"),
        (
            SCHOOL_MEMBERSHIP,
            {**_total(OAK, Y, 1), "TOTAL_INDICATOR": "education unit total"},
            "TOTAL_INDICATOR",
            "education unit total",
        ),
        (
            SCHOOL_STAFF,
            {**_school(OAK, Y), "TEACHERS": 3, "TOTAL_INDICATOR": "Total"},
            "TOTAL_INDICATOR",
            "Total",
        ),
    ],
)
def test_an_unknown_code_is_refused_and_not_dropped(
    tmp_path: Path, heading: str, line: dict[str, object], column: str, code: str
):
    _refused(_alone(tmp_path, _text(heading, [line])), f'"{column}"', f"'{code}'", "line 2")


def test_spans_of_2015_16_are_told_with_known_words(tmp_path: Path):
    from .test_federal import CRDC_2016, _of_crdc

    line = {**_of_crdc()[0], "SCH_GRADE_G07": "Y", "SCHID": "00001"}
    text = _text(CRDC_2016, [line])
    _refused(_alone(tmp_path, text), '"SCH_GRADE_G07"', "'Y'", "line 2")


@pytest.mark.tried("Bad input", "a federal file in another encoding or with semicolons")
@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (_membership().encode("utf-16"), ["UTF-16", "CSV UTF-8"]),
        (_membership().encode("utf-16-le"), ["UTF-16"]),
        (_membership().replace(",", ";").encode(), ["semicolons", "commas too", "line 1"]),
        (_membership().encode("cp437"), ["can't be told for certain", "0xa4", "line 5"]),
        (_membership().replace("\r\n", "\r").encode("mac-roman"), ["Macintosh", "0x96", "line 5"]),
        # One name in UTF-8, one in Windows-1252.
        (
            _membership().encode() + _membership().splitlines()[4].encode("cp1252"),
            ["can't be told for certain", "line 5"],
        ),
        (_membership().replace("Elm", "Elm\0").encode(), ["no text", "line 1"]),
        (_membership().replace("Ash Academy", "Ash").encode()[:-1] + b"\xc3", ["half a letter"]),
    ],
)
def test_letters_that_are_not_certain_are_refused(tmp_path: Path, content: bytes, parts: list[str]):
    (tmp_path / "raw.csv").write_bytes(content)
    _refused(tmp_path, "raw.csv", *parts)


@pytest.mark.tried("Another state", "names in Windows-1252, as agencies write them")
@pytest.mark.parametrize("name", ["Peña’s “École” – Pre–K", "Núñez & Sons", "Mañana†"])
def test_windows_letters_are_read(tmp_path: Path, name: str):
    lines = [{**_total(OAK, Y, 5), "SCH_NAME": name}]
    _alone(tmp_path, _text(SCHOOL_MEMBERSHIP, lines), "cp1252")
    assert read_federal(tmp_path).frames["school_enrollment"]["school"].tolist() == [name]


@pytest.mark.tried("Bad input", "a federal file that lacks a column, or has one twice")
@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        (SCHOOL_DIRECTORY.replace(",GSHI", ",HIGHEST"), ["ccd_sch_029", "lacks GSHI"]),
        (SCHOOL_MEMBERSHIP.replace(",DMS_FLAG", ",FLAG"), ["ccd_sch_052", "lacks DMS_FLAG"]),
        (LEA_DIRECTORY.replace("LSTREET1", "STREET"), ["ccd_lea_029", "lacks LSTREET1"]),
        (SCHOOL_MEMBERSHIP + ",LEAID", ["LEAID twice"]),
    ],
)
def test_the_nearest_layout_is_named(tmp_path: Path, heading: str, parts: list[str]):
    _refused(_alone(tmp_path, heading + "\r\n"), "line 1", *parts)


def _zip(path: Path, members: dict[str, str | bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path.parent


@pytest.mark.tried("Another state", "archives as NCES and the Office for Civil Rights publish them")
def test_archives_are_read_as_downloaded(tmp_path: Path):
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.mkdir()
    _fill(plain)
    texts = {file.name: file.read_bytes() for file in plain.glob("*.*") if file.is_file()}
    texts.pop("notes.pdf")
    for name, text in texts.items():
        more = {
            "Documentation/readme.txt": "Read me, please.",
            "doc.pdf": b"%PDF",
            "x.sas7bdat": b"",
        }
        other = {"Data/Offenses.csv": "LEA_STATE,COUNT\nCT,1\n"}
        _zip(packed / f"{name}.zip", {f"Data/{name}": text} | more | other)
    (packed / "b.csv.gz").write_bytes((plain / "b" / "b.csv.gz").read_bytes())
    expected, found = (read_federal(folder, ("CT",)) for folder in (plain, packed))
    assert found.frames.keys() == expected.frames.keys()
    for name, frame in expected.frames.items():
        assert found.frames[name].equals(frame), name
    assert "passed over" in found.notes[0]
    assert "a.csv.zip/Data/Offenses.csv" in found.notes[0]
    # What was downloaded is what can be checked again.
    archives = [one for one in found.sources.values() if one.file.endswith(".zip")]
    assert len(archives) == len(texts)
    for source in archives:
        assert source.digest_in(packed) == source.sha256


def test_a_table_in_two_forms_in_an_archive_is_read_once(tmp_path: Path):
    texts = {"ccd.txt": _membership().replace(",", "\t"), "ccd.csv": _membership()}
    _zip(tmp_path / "ccd.zip", texts)
    found = read_federal(tmp_path)
    assert len(found.frames["school_enrollment"]) == 5
    assert found.notes[0].endswith(": ccd.zip/ccd.txt")


def _deflate64(path: Path) -> None:
    """Mark the one member of an archive as packed with Deflate64."""
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        struct.pack_into("<H", content, content.index(signature) + offset, 9)
    path.write_bytes(content)


@pytest.mark.tried("Bad input", "archives that can't or should not be unpacked")
def test_archives_are_refused_by_what_is_wrong(tmp_path: Path):
    path = tmp_path / "ccd.zip"
    _zip(path, {"ccd.csv": _membership()})
    whole = path.read_bytes()
    _deflate64(path)
    _refused(tmp_path, "Deflate64", "ccd.csv", "Unpack it")
    path.write_bytes(whole[:-30])
    _refused(tmp_path, "can't be read", "ccd.zip")
    at = len(whole) // 3
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
    _refused(tmp_path, "can't be read", "ccd.csv")
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("ccd.csv", _membership())
    _zip(path, {"inner.zip": inner.getvalue()})
    _refused(tmp_path, "archive in an archive", "inner.zip", "Unpack it")
    _zip(path, {"doc.pdf": b"%PDF"})
    _refused(tmp_path, "no text file", "doc.pdf")
    _zip(path, {"other.csv": "A,B\n1,2\n"})
    _refused(tmp_path, "no federal layout", "ccd.zip/other.csv")


@pytest.mark.tried("Bad input", "archives that unpack to more than a disk holds")
def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import gzip

    from dme.tables.importers.federal import content

    monkeypatch.setattr(content, "LIMIT", 1_000_000)
    _zip(tmp_path / "a" / "bomb.zip", {"bomb.csv": b"0" * 2_000_000})
    _refused(tmp_path / "a", "unpacks to more", "bomb.csv", "2,000,000 bytes")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "bomb.csv.gz").write_bytes(gzip.compress(b"0" * 2_000_000))
    _refused(tmp_path / "b", "unpacks to more", "bomb.csv.gz")
    (tmp_path / "b" / "bomb.csv.gz").write_bytes(gzip.compress(b"0" * 200)[:-9])
    _refused(tmp_path / "b", "can't be read", "bomb.csv.gz")


@pytest.mark.tried("Another state", "documents that lie beside the federal files")
def test_what_lies_beside_is_passed_over_and_told(tmp_path: Path):
    _alone(tmp_path, _membership())
    for name in ("layout.xlsx", "guide.pdf", "ELSI_excel_export.xls", ".hidden.csv"):
        _file(tmp_path, name, "whatever")
    _file(tmp_path, "readme.txt", "Downloaded on Monday, from NCES.\n\nThe rest, too.")
    note = read_federal(tmp_path).notes[0]
    assert note == (
        "passed over, as no federal table: ELSI_excel_export.xls, guide.pdf, layout.xlsx, "
        "readme.txt"
    )


@pytest.mark.tried("Another state", "a state that the files don't hold")
def test_the_states_that_are_held_are_told(tmp_path: Path):
    _alone(tmp_path / "raw", _membership())
    with pytest.raises(DmeError) as error:
        build_federal(tmp_path / "raw", tmp_path / "out", ("ny",))
    assert "lines of CT" in str(error.value)
    assert "ccd_sch_052" in str(error.value)
    assert str(error.value).count("\n") < 6
    built = build_federal(tmp_path / "raw", tmp_path / "out", ("ct", "ny"))
    assert built.notes[0] == "no file holds a line of NY"


@pytest.mark.tried("Another state", "lower-case states, and the Bureau of Indian Education")
def test_every_kind_of_state_is_known(tmp_path: Path):
    bureau = "590001200001"
    line = {**_total(OAK, Y, 7), "NCESSCH": bureau, "LEAID": bureau[:7], "ST": "BI", "FIPST": "59"}
    _alone(tmp_path / "raw", _text(SCHOOL_MEMBERSHIP, [*_members(Y, COUNTS), line]))
    for state, number in (("bi", 1), ("Ct", 5), (" CT ", 5)):
        found = read_federal(tmp_path / "raw", (state,)).frames["school_enrollment"]
        assert len(found) == number


@pytest.mark.tried("Nothing lost", "tables of federal files made twice, or over other tables")
def test_tables_are_made_anew_and_never_over_others(tmp_path: Path):
    raw = _alone(tmp_path / "raw", _membership())
    lines = [_place(code, SCHOOLYEAR=Y) for code in COUNTS]
    _file(raw, "places.csv", _text(EDGE, lines))
    out = tmp_path / "data" / "ct" / "tables"
    first = build_federal(raw, out, ("CT",)).written
    assert build_federal(raw, out, ("CT",)).written == first
    package = tmp_path / "data" / "datapackage.json"
    package.write_text(
        '{"name": "hartford-resource-study", "resources": [{"path": "tables/a.csv"}]}'
    )
    with pytest.raises(DmeError, match="would be lost"):
        build_federal(raw, tmp_path / "data" / "tables", ("CT",))
    with pytest.raises(DmeError, match="would be lost"):
        build_federal(raw, tmp_path / "data" / "ny", ("CT",))
    assert "hartford" in package.read_text()


def test_the_help_lists_what_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", ["dme", "data", "federal", "--help"])
    with pytest.raises(SystemExit):
        cli.main()
    told = " ".join(capsys.readouterr().out.split())
    for layout in LAYOUTS:
        assert layout.title in told
        assert layout.page in told
    assert "ELSI exports" in told
