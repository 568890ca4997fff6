"""Federal files in their published layouts, of two districts, five schools and two years.

The schools are invented; every figure expected below was worked out by hand from the lines that
the tests write.
"""

import csv
import gzip
import hashlib
import io
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from dme.errors import DmeError
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.size import school_sizes
from dme.measures.spending import cost
from dme.tables.build import _sorted
from dme.tables.check import check, check_references
from dme.tables.importers import geography
from dme.tables.importers.federal import edge
from dme.tables.importers.federal.folder import open_folder
from dme.tables.recipes.federal import Federal, read_federal
from dme.tables.refusal import TableError
from dme.tables.sources import Source

ALDER, BIRCH, ELSEWHERE = "0900010", "0900020", "3600030"
OAK, ELM, ASH = "090001000001", "090001000002", "090001000003"
PINE, YEW = "090002000004", "090002000005"
NAMES = {
    OAK: "Oak School",
    ELM: "Elm School",
    ASH: "Ash Academy",
    PINE: "Peña School",
    YEW: 'The "Yew", a School',
}
DISTRICTS = {ALDER: "Alder", BIRCH: "Birch", ELSEWHERE: "Elsewhere"}
STATE_OF = {"09": "CT", "36": "NY"}

Cells = Mapping[str, object]

_WHERE = "SCHOOL_YEAR,FIPST,STATENAME,ST"
_SCHOOL = f"{_WHERE},SCH_NAME,STATE_AGENCY_NO,UNION,ST_LEAID,LEAID,ST_SCHID,NCESSCH,SCHID"
_LEA = f"{_WHERE},LEA_NAME,STATE_AGENCY_NO,UNION,ST_LEAID,LEAID"
_COUNTED = "GRADE,RACE_ETHNICITY,SEX,STUDENT_COUNT,TOTAL_INDICATOR,DMS_FLAG"
_OFFERED = ",".join(f"G_{g}_OFFERED" for g in ("PK", "KG", *range(1, 14), "UG", "AE"))
_ADDRESS = (
    "MSTREET1,MSTREET2,MSTREET3,MCITY,MSTATE,MZIP,MZIP4,LSTREET1,LSTREET2,LSTREET3,LCITY,LSTATE,"
    "LZIP,LZIP4,PHONE,WEBSITE,SY_STATUS,SY_STATUS_TEXT,UPDATED_STATUS,UPDATED_STATUS_TEXT,"
    "EFFECTIVE_DATE"
)
SCHOOL_MEMBERSHIP = f"{_SCHOOL},{_COUNTED}"
LEA_MEMBERSHIP = f"{_LEA},{_COUNTED}"
SCHOOL_DIRECTORY = (
    f"{_WHERE},SCH_NAME,LEA_NAME,STATE_AGENCY_NO,UNION,ST_LEAID,LEAID,ST_SCHID,NCESSCH,SCHID,"
    f"{_ADDRESS},SCH_TYPE_TEXT,SCH_TYPE,RECON_STATUS,OUT_OF_STATE_FLAG,CHARTER_TEXT,CHARTAUTH1,"
    f"CHARTAUTHN1,CHARTAUTH2,CHARTAUTHN2,NOGRADES,{_OFFERED},GSLO,GSHI,LEVEL,IGOFFERED"
)
LEA_DIRECTORY = (
    f"{_LEA},{_ADDRESS},LEA_TYPE,LEA_TYPE_TEXT,OUT_OF_STATE_FLAG,CHARTER_LEA,CHARTER_LEA_TEXT,"
    f"NOGRADES,{_OFFERED},GSLO,GSHI,LEVEL,IGOFFERED,OPERATIONAL_SCHOOLS"
)
SCHOOL_STAFF = f"{_SCHOOL},TEACHERS,TOTAL_INDICATOR,DMS_FLAG"
LEA_STAFF = f"{_LEA},STAFF,STAFF_COUNT,TOTAL_INDICATOR,DMS_FLAG"
_FUNDED = "SCH_SAL_{0},SCH_SAL_TEACH_{1},SCH_SAL_AID_{1},SCH_SAL_SUP_{1},SCH_SAL_ADM_{1}"
CRDC_2018 = (
    "LEA_STATE,LEA_STATE_NAME,LEAID,LEA_NAME,SCHID,SCH_NAME,COMBOKEY,JJ,"
    f"{_FUNDED.format('TOTPERS_WOFED', 'WOFED')},SCH_FTE_TEACH_WOFED,SCH_FTE_AID_WOFED,"
    "SCH_FTE_SUP_WOFED,SCH_FTE_ADM_WOFED,SCH_NPE_WOFED,"
    f"{_FUNDED.format('TOTPERS_WFED', 'WFED')},SCH_FTE_AID_WFED,SCH_FTE_SUP_WFED,"
    "SCH_FTE_ADM_WFED,SCH_NPE_WFED"
)
_TAUGHT = ",".join(f"SCH_GRADE_{g}" for g in ("PS", "KG", *(f"G{n:02d}" for n in range(1, 13))))
CRDC_2016 = f"{CRDC_2018},{_TAUGHT},SCH_GRADE_UG,TOT_ENR_M,TOT_ENR_F"
F33 = (
    "LEAID\tCENSUSID\tFIPST\tCONUM\tCSA\tCBSA\tNAME\tSTNAME\tSTABBR\tSCHLEV\tAGCHRT\tYEAR\tCCDNF\t"
    "CENFILE\tGSLO\tGSHI\tV33\tMEMBERSCH\tTOTALREV\tTFEDREV\tC14\tTSTREV\tC01\tTLOCREV\tT06\t"
    "TOTALEXP\tTCURELSC\tTCURINST\tE13\tV91\tV92\tTCURSSVC\tE17\tE07\tE08\tE09\tV40\tV45\tV90\tV85"
    "\tTCUROTH\tE11\tV60\tV65\tTNONELSE\tTCAPOUT\tWEIGHT"
).replace("\t", ",")
EDGE = (
    "NCESSCH,LEAID,NAME,OPSTFIPS,STREET,CITY,STATE,ZIP,STFIP,CNTY,NMCNTY,LOCALE,LAT,LON,CBSA,"
    "NMCBSA,CBSATYPE,CSA,NMCSA,CD,SLDL,SLDU,SCHOOLYEAR"
)


def _text(
    heading: str, lines: Iterable[Cells], separator: str = ",", *, headed: bool = True
) -> str:
    """Return a file: cells that a line does not name are blank."""
    out = io.StringIO()
    columns = heading.split(",")
    rows = csv.DictWriter(out, columns, restval="", delimiter=separator, lineterminator="\r\n")
    if headed:
        rows.writeheader()
    rows.writerows(lines)
    return out.getvalue()


def _file(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def _district(code: str, year: str) -> dict[str, object]:
    return {
        "SCHOOL_YEAR": year,
        "FIPST": code[:2],
        "ST": STATE_OF[code[:2]],
        "LEA_NAME": DISTRICTS[code],
        "LEAID": code,
    }


def _school(code: str, year: str) -> dict[str, object]:
    return {
        **{key: cell for key, cell in _district(code[:7], year).items() if key != "LEA_NAME"},
        "SCH_NAME": NAMES.get(code, "Another School"),
        "NCESSCH": code,
        "SCHID": code[2:],
    }


def _count(
    where: dict[str, object], indicator: str, count: object, flag: str = "Reported", **by: str
) -> dict[str, object]:
    return {
        **where,
        "GRADE": by.get("grade", "No Category Codes"),
        "RACE_ETHNICITY": by.get("race", "No Category Codes"),
        "SEX": by.get("sex", "No Category Codes"),
        "STUDENT_COUNT": count,
        "TOTAL_INDICATOR": indicator,
        "DMS_FLAG": flag,
    }


TOTAL = "Education Unit Total"
BY_RACE = "Derived - Subtotal by Race/Ethnicity and Sex minus Adult Education Count"


def _total(code: str, year: str, count: object, flag: str = "Reported") -> dict[str, object]:
    return _count(_school(code, year), TOTAL, count, flag)


def _grade(code: str, year: str, grade: str, count: object, flag: str = "Reported") -> Cells:
    return _count(_school(code, year), "Subtotal 4 - By Grade", count, flag, grade=grade)


def _members(year: str, totals: Mapping[str, object]) -> list[Cells]:
    """Return lines of membership with totals alone, of a year such as 2016-2017."""
    return [_total(code, year, count) for code, count in totals.items()]


def _of_2016() -> list[Cells]:
    year = "2016-2017"
    derived = "Derived - Education Unit Total minus Adult Education Count"
    return [
        # Oak: 20 + 30 + 4 ungraded = 54.
        _total(OAK, year, 54),
        _count(_school(OAK, year), derived, 54, "Derived"),
        _grade(OAK, year, "Pre-Kindergarten", 20),
        _grade(OAK, year, "Kindergarten", 30),
        _grade(OAK, year, "Grade 1", 0),
        _grade(OAK, year, "Ungraded", 4),
        _count(
            _school(OAK, year),
            "Category Set A - By Race/Ethnicity; Sex; Grade",
            11,
            grade="Kindergarten",
            race="White",
            sex="Female",
        ),
        *(
            _count(_school(OAK, year), BY_RACE, count, flag, race=race, sex=sex)
            for race, sex, count, flag in (
                ("Hispanic/Latino", "Female", 10, "Reported"),
                ("Hispanic/Latino", "Male", 12, "Reported"),
                ("White", "Female", 7, "Reported"),
                ("White", "Male", "", "Suppressed"),
                ("Asian", "Male", 0, "Reported"),
            )
        ),
        # Elm: a grade whose count is not told.
        _total(ELM, year, 400),
        _grade(ELM, year, "Grade 9", 210),
        _grade(ELM, year, "Grade 10", "", "Suppressed"),
        # Ash: not open yet.
        _total(ASH, year, "", "Not applicable"),
        _grade(ASH, year, "Grade 1", "", "Not applicable"),
        # Pine: no count told, so Birch's sum is not known either.
        _total(PINE, year, "", "Missing"),
        _total(YEW, year, 120),
        # Yew's grades add up to 119.
        _grade(YEW, year, "Grade 7", 60),
        _grade(YEW, year, "Grade 8", 59),
        _total("360003000006", year, 77),
    ]


def _of_2017() -> list[Cells]:
    year = "2017-2018"
    return [
        *_members(year, {OAK: 60, ELM: 410, ASH: 500, PINE: 200, YEW: 125, "360003000006": 80}),
        *(_grade(OAK, year, grade, 30) for grade in ("Pre-Kindergarten", "Kindergarten")),
        _grade(ELM, year, "Grade 9", 410),
        _grade(ASH, year, "Grade 13", 500),
    ]


def _spent(code: str, all_funds: tuple[object, object], own: tuple[object, object]) -> Cells:
    """Return a line of the expenditures: personnel and other, of all funds and of the state's."""
    amounts = [name for name in CRDC_2018.split(",") if name.endswith("FED")]
    return {
        **dict.fromkeys(amounts, "-9"),
        "LEA_STATE": STATE_OF[code[:2]],
        "LEAID": code[:7],
        "LEA_NAME": DISTRICTS[code[:7]],
        "SCHID": code[7:],
        "SCH_NAME": NAMES.get(code, "Another School"),
        "COMBOKEY": code,
        "JJ": "No",
        "SCH_SAL_TOTPERS_WFED": all_funds[0],
        "SCH_NPE_WFED": all_funds[1],
        "SCH_SAL_TOTPERS_WOFED": own[0],
        "SCH_NPE_WOFED": own[1],
        "SCH_FTE_TEACH_WOFED": "12.5",
    }


def _of_crdc() -> list[Cells]:
    return [
        _spent(OAK, ("540000.40", "60000.00"), ("500000", "60000")),
        _spent(ELM, (4100000, 410000), (4000000, 400000)),
        # SCHID is garbled in one file of that collection; COMBOKEY is not.
        # All funds below the state's own: the district told only the federal part.
        {**_spent(PINE, (30000, 0), (2000000, 100000)), "SCHID": "00400"},
        _spent(YEW, (0, 0), (0, 0)),
        _spent(ASH, ("-5", "-11"), ("-5", "-9")),
    ]


def _directory(code: str, year: str, low: str, high: str) -> Cells:
    named = {"LEA_NAME": DISTRICTS[code[:7]]}
    return {**_school(code, year), **named, "GSLO": low, "GSHI": high, "IGOFFERED": "As reported"}


def _finances(code: str, **amounts: object) -> Cells:
    zero = dict.fromkeys(F33.split(",")[18:], 0)
    about = {"LEAID": code, "NAME": f"{DISTRICTS[code]} F-33", "STABBR": STATE_OF[code[:2]]}
    return {**zero, **about, "YEAR": "17", "V33": 1000, "WEIGHT": 1, **amounts}


def _place(code: str, **cells: object) -> Cells:
    known = {"LAT": "41.765", "LON": "-72.69", "LOCALE": "12", "SCHOOLYEAR": "2017-2018"}
    return {"NCESSCH": code, "LEAID": code[:7], "NAME": NAMES.get(code, "Other"), **known, **cells}


def _fill(one: Path) -> Path:
    """Fill a folder with federal files whose names tell nothing."""
    _file(one, "a.csv", _text(SCHOOL_MEMBERSHIP, _of_2016()), "cp1252")
    packed = one / "b" / "b.csv.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(_text(SCHOOL_MEMBERSHIP, _of_2017()).encode("utf-8-sig")))
    spans = {
        OAK: ("PK", "KG"),
        ELM: ("09", "13"),
        ASH: ("UG", "UG"),
        PINE: ("01", "05"),
        YEW: ("07", "08"),
    }
    lines = [_directory(code, "2017-2018", *span) for code, span in spans.items()]
    lines[1] = {**lines[1], "CHARTER_TEXT": "Yes", "LCITY": "Ely"}
    _file(one, "c.csv", _text(SCHOOL_DIRECTORY, lines))
    _file(one, "d.csv", _text(CRDC_2018, _of_crdc()))
    parts = {"TOTALREV": 90_000, "TFEDREV": 10_000, "TSTREV": 30_000, "TLOCREV": 50_000}
    lines = [
        _finances(
            ALDER, **parts, TCURINST=40_000, V40=5_000, E08=600, E09=900, V90=1_500, TCURELSC=78_000
        ),
        _finances(BIRCH, V33="-2", TOTALREV="-1", TFEDREV="-9", TSTREV="-3", V40="-1"),
        {**_finances(BIRCH), "LEAID": "09A0001", "NAME": "A cooperative"},
        _finances(ELSEWHERE),
    ]
    _file(one, "e.txt", _text(F33, lines, "\t"))
    lines = [_place(OAK), _place(PINE, LAT="0", LON="0", LOCALE="M"), _place("360003000006")]
    _file(one, "f.TXT", _text(EDGE, lines, "|", headed=False), "cp1252")
    _file(one, "notes.pdf", "not a table")
    _file(one, "__MACOSX/._a.csv", "not a table")
    return one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that a test may change."""
    return _fill(tmp_path / "files")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _fill(tmp_path_factory.mktemp("federal") / "files")


@pytest.fixture(scope="module")
def found(kept: Path) -> Federal:
    """Return what the folder's files of Connecticut give."""
    return read_federal(kept, ("CT",))


def _places(folder: Path, states: tuple[str, ...] | None = None) -> pd.DataFrame:
    (file,) = open_folder(folder).files
    return edge.places(file, states)


def _rows(found: Federal, table: str, key: str, year: str) -> dict[str, dict[str, object]]:
    """Return one year's rows of a table by a code; what is missing is None."""
    frame = found.frames[table].set_index(key)
    frame = frame[frame["school_year"] == year]
    return frame.astype(object).where(frame.notna(), None).to_dict("index")


def test_tables_keep_their_schemas_and_references(found: Federal):
    ready = {name: _sorted(frame, found.specs[name]) for name, frame in found.frames.items()}
    for name, frame in ready.items():
        check(frame, found.specs[name], name)
        assert set(found.specs[name].sources) <= found.sources.keys()
    check_references(ready, found.specs)
    assert set(ready) == {
        "districts",
        "schools",
        "district_enrollment",
        "school_enrollment",
        "school_enrollment_by_grade",
        "school_enrollment_by_group",
        "district_enrollment_by_grade",
        "spending_schools",
        "school_directory",
        "district_spending",
        "district_spending_by_function",
        "class_size_maxima",
        "consumer_prices",
    }


def test_totals_are_those_of_the_education_unit(found: Federal):
    rows = _rows(found, "school_enrollment", "school_code", "2016-17")
    assert {code: row["students"] for code, row in rows.items()} == {
        OAK: 54,
        ELM: 400,
        ASH: None,
        PINE: None,
        YEW: 120,
    }
    assert {code: row["grades_suppressed"] for code, row in rows.items() if code != ELM} == {
        OAK: 0,
        ASH: 0,
        PINE: 0,
        YEW: 0,
    }
    assert rows[ELM]["grades_suppressed"] == 1
    assert rows[PINE]["school"] == "Peña School"
    assert rows[YEW]["school"] == 'The "Yew", a School'
    assert {row["district_code"] for row in rows.values()} == {ALDER, BIRCH}


def test_grades_leave_out_what_is_none_of_pk_to_12(found: Federal):
    grades = found.frames["school_enrollment_by_grade"].query("school_year == '2016-17'")
    told = grades.set_index(["school_code", "grade"])["students"]
    assert told.dropna().to_dict() == {
        (OAK, "PK"): 20,
        (OAK, "K"): 30,
        (ELM, "9"): 210,
        (YEW, "7"): 60,
        (YEW, "8"): 59,
    }
    assert told[told.isna()].index.tolist() == [(ELM, "10")]


def test_races_add_up_both_sexes_unless_one_is_not_told(found: Federal):
    row = _rows(found, "school_enrollment_by_group", "school_code", "2016-17")[OAK]
    told = ("hispanic", "white", "asian", "black", "free_lunch")
    assert [row[name] for name in told] == [22, None, 0, None, None]


def test_district_is_the_sum_of_its_schools_unless_one_is_not_told(found: Federal):
    counts = found.frames["district_enrollment"].set_index(["school_year", "district_code"])
    students = counts["students"]
    # 54 + 400; Ash has nothing to count.
    assert students["2016-17", ALDER] == 454
    assert pd.isna(students["2016-17", BIRCH])
    # 60 + 410 + 500; 200 + 125.
    assert students["2017-18", ALDER] == 970
    assert students["2017-18", BIRCH] == 325
    assert set(counts["edition"]) == {"annual"}


def test_agency_file_goes_before_the_sum(folder: Path):
    lines = [
        _count(_district(code, "2016-2017"), TOTAL, count)
        for code, count in ((ALDER, 460), (BIRCH, 333))
    ]
    _file(folder, "g.csv", _text(LEA_MEMBERSHIP, lines))
    found = read_federal(folder, ("CT",))
    frames, sources = found.frames, found.sources
    counts = frames["district_enrollment"].set_index(["school_year", "district_code"])["students"]
    assert counts["2016-17", ALDER] == 460
    assert counts["2016-17", BIRCH] == 333
    assert counts["2017-18", ALDER] == 970
    assert "nces-ccd-lea-membership-2016-17" in sources


def test_spending_per_pupil_is_all_funds_over_that_year_s_students(found: Federal):
    rows = _rows(found, "spending_schools", "school_code", "2017-18")
    # (540,000.40 + 60,000) / 60 = 10,000.007; (4,100,000 + 410,000) / 410 = 11,000.
    assert rows[OAK]["dollars_per_pupil"] == 10_000
    assert rows[ELM]["dollars_per_pupil"] == 11_000
    # Told to be less than the state's own part alone.
    assert rows[PINE]["dollars_per_pupil"] is None
    assert rows[PINE]["students"] == 200
    # Nobody runs a school for nothing.
    assert (rows[YEW]["students"], rows[YEW]["dollars_per_pupil"]) == (125, None)
    # Ash has only ungraded students.
    assert set(rows) == {OAK, ELM, PINE, YEW}
    assert (rows[OAK]["low_grade"], rows[OAK]["high_grade"]) == ("PK", "K")
    # Grade 13 is no grade here.
    assert (rows[ELM]["low_grade"], rows[ELM]["high_grade"]) == ("9", "12")
    assert all(row["percent_high_needs"] is None for row in rows.values())
    assert set(found.made_from["spending_schools"]) == {
        "ocr-crdc-school-spending-2017-18",
        "nces-ccd-school-membership-2017-18",
        "nces-ccd-school-directory-2017-18",
    }


def test_grades_come_from_membership_where_there_is_no_directory(folder: Path):
    (folder / "c.csv").unlink()
    rows = _rows(read_federal(folder, ("CT",)), "spending_schools", "school_code", "2017-18")
    assert {code: (row["low_grade"], row["high_grade"]) for code, row in rows.items()} == {
        OAK: ("PK", "K"),
        ELM: ("9", "9"),
    }


def test_collection_of_2015_16_stands_on_its_own(tmp_path: Path):
    spoiled = {
        "LEAID": "900010",
        "SCHID": "1",
        "COMBOKEY": "9.0001E+10",
        "SCH_GRADE_KG": "Yes",
        "SCH_GRADE_G05": "Yes",
        "SCH_GRADE_UG": "Yes",
        "TOT_ENR_M": 30,
        "TOT_ENR_F": 20,
    }
    lines = [
        {**_spent(OAK, (500000, 100000), (1, 1)), **spoiled},
        {**_spent(ELM, (1, 1), (1, 1)), "TOT_ENR_M": "-5", "TOT_ENR_F": 20, "SCH_GRADE_G09": "Yes"},
    ]
    _file(tmp_path, "a.csv", _text(CRDC_2016, lines), "cp1252")
    found = read_federal(tmp_path)
    rows = _rows(found, "spending_schools", "school_code", "2015-16")
    assert (rows[OAK]["students"], rows[OAK]["dollars_per_pupil"]) == (50, 12_000)
    assert (rows[OAK]["low_grade"], rows[OAK]["high_grade"]) == ("K", "5")
    assert (rows[ELM]["students"], rows[ELM]["dollars_per_pupil"]) == (None, None)
    assert found.frames["districts"]["district"].tolist() == ["Alder"]


def test_finances_and_their_marks(found: Federal):
    rows = _rows(found, "district_spending_by_function", "district_code", "2016-17")
    assert set(rows) == {ALDER, BIRCH}
    assert (rows[ALDER]["instructional_staff"], rows[ALDER]["plant"]) == (40_000, 5_000)
    # Over 1,000 students; 600 + 900 + 1,500 for the three kinds of administration.
    assert (rows[ALDER]["plant_per_pupil"], rows[ALDER]["administration"]) == (5, 3_000)
    assert rows[ALDER]["tuition"] is None
    # Birch's plant has a mark, and so have its students, so that nothing of it is per pupil.
    assert (rows[BIRCH]["plant"], rows[BIRCH]["transportation"]) == (None, 0)
    assert rows[BIRCH]["transportation_per_pupil"] is None
    totals = _rows(found, "district_spending", "district_code", "2016-17")
    assert {code: row["dollars_per_pupil"] for code, row in totals.items()} == {ALDER: 78}


@pytest.mark.parametrize(
    ("derived", "total"),
    [((), 12.5), ((("Teachers", "12.75", "Derived - Major Staffing Category"),), 12.75)],
)
def test_staff(tmp_path: Path, derived: tuple[tuple[str, ...], ...], total: float):
    told = {"TOTAL_INDICATOR": TOTAL, "DMS_FLAG": "Reported"}
    lines = [
        {**_school(OAK, "2016-2017"), **told, "TEACHERS": "12.50"},
        {**_school(ELM, "2016-2017"), **told, "TEACHERS": "", "DMS_FLAG": "Missing"},
    ]
    _file(tmp_path, "a.csv", _text(SCHOOL_STAFF, lines))
    kinds = (
        ("Elementary Teachers", "8.00", "Category Set A"),
        ("Secondary Teachers", "4.50", "Category Set A"),
        ("School administrators", "1", "Category Set A"),
        ("Instructional Coordinators and Supervisors to the Staff", "2.25", "Category Set A"),
        ("No Category Codes", "20.25", TOTAL),
        *derived,
    )
    lines = [
        {**_district(ALDER, "2016-2017"), "STAFF": kind, "STAFF_COUNT": count}
        | told
        | {"TOTAL_INDICATOR": indicator}
        for kind, count, indicator in kinds
    ]
    _file(tmp_path, "b.csv", _text(LEA_STAFF, lines))
    found = read_federal(tmp_path)
    rows = _rows(found, "school_staff", "school_code", "2016-17")
    assert {code: row["teachers"] for code, row in rows.items()} == {OAK: 12.5, ELM: None}
    assert {row["special_education_teachers"] for row in rows.values()} == {None}
    rows = _rows(found, "district_staff", "district_code", "2016-17")
    assert rows[ALDER]["teachers"] == total
    told = ("instructional_specialists", "administrators", "librarians", "nurses")
    assert [rows[ALDER][kind] for kind in told] == [2.25, 1, None, None]
    for name, frame in found.frames.items():
        check(_sorted(frame, found.specs[name]), found.specs[name], name)


def test_the_directory_has_kinds_and_places(found: Federal):
    rows = found.frames["school_directory"].set_index("school_code")
    rows = rows.astype(object).where(rows.notna(), None).to_dict("index")
    assert (rows[OAK]["longitude"], rows[OAK]["latitude"]) == (-72.69, 41.765)
    assert (rows[PINE]["longitude"], rows[ELM]["longitude"]) == (None, None)
    assert (rows[OAK]["edition"], rows[OAK]["grades"]) == ("2017-18", "PK K")
    assert (rows[ELM]["kind"], rows[YEW]["kind"], rows[ELM]["town"]) == ("charter", "public", "Ely")
    # Ash's span ends in no grade of PK to 12.
    assert set(rows) == {OAK, ELM, PINE, YEW}


@pytest.mark.parametrize(
    ("heading", "separator", "line", "year"),
    [
        (
            "SURVYEAR,NCESSCH,LATCODE,LONGCODE,LOCALE",
            ",",
            {"SURVYEAR": "2014", "LATCODE": "41.5", "LONGCODE": "-72.5"},
            "2014-15",
        ),
        (
            "NCESSCH,LAT1516,LON1516,LOCALE15",
            "\t",
            {"LAT1516": "41.5", "LON1516": "-72.5", "LOCALE15": "12"},
            "2015-16",
        ),
        (EDGE, ",", {"LAT": "41.5", "LON": "-72.5", "SCHOOLYEAR": "2023-2024"}, "2023-24"),
    ],
)
def test_places_with_a_heading(
    tmp_path: Path, heading: str, separator: str, line: Cells, year: str
):
    # The id has lost the zero of its state.
    cells = {"NCESSCH": OAK[1:], **({} if "LOCALE15" in line else {"LOCALE": "12"}), **line}
    _file(tmp_path, "a.txt", _text(heading, [cells], separator))
    (row,) = _places(tmp_path).to_dict("records")
    expected = {"school_year": year, "longitude": -72.5, "latitude": 41.5, "locale": "12"}
    assert row == {"nces_id": OAK, **expected}


@pytest.mark.parametrize(("without", "year"), [({"LEAID"}, "2017-2018"), (set(), "2020-2021")])
def test_places_without_a_heading_of_earlier_years(tmp_path: Path, without: set[str], year: str):
    columns = EDGE.replace("NMCSA,", "NMCSA,NECTA,NMNECTA,").split(",")
    heading = ",".join(name for name in columns if name not in without)
    cells = {key: cell for key, cell in _place(OAK).items() if key not in without}
    text = _text(heading, [{**cells, "SCHOOLYEAR": year}], "|", headed=False)
    _file(tmp_path, "a.txt", text)
    (row,) = _places(tmp_path).to_dict("records")
    assert (row["nces_id"], row["latitude"], row["locale"]) == (OAK, 41.765, "12")
    assert row["school_year"] == year[:5] + year[-2:]


def test_registers_hold_everything_that_is_named(found: Federal):
    schools = found.frames["schools"].set_index("school_code")
    assert set(schools.index) == set(NAMES)
    assert schools.loc[ASH].tolist() == [ALDER, "Ash Academy", "2016-17", "2017-18"]
    districts = found.frames["districts"].set_index("district_code")["district"]
    # The directory of 2017-18 is later than the survey of 2016-17.
    assert districts.to_dict() == {ALDER: "Alder", BIRCH: "Birch"}


def test_every_file_is_a_source_with_its_checksum(kept: Path, found: Federal):
    # What the project brings to any state: its classes' maxima, and consumer prices.
    carried = {"class-size-maxima", "edsight-hartford-spending-and-prices"}
    own = {name: one for name, one in found.sources.items() if name not in carried}
    assert found.sources.keys() - own.keys() == carried
    assert set(own) == {
        "nces-ccd-school-membership-2016-17",
        "nces-ccd-school-membership-2017-18",
        "nces-ccd-school-directory-2017-18",
        "ocr-crdc-school-spending-2017-18",
        "nces-f33-2016-17",
        "nces-edge-school-places-2017-18",
    }
    assert all(isinstance(source, Source) for source in found.sources.values())
    # As the project checks them: by the file's name, gzipped or not.
    for source in own.values():
        assert source.digest_in(kept) == source.sha256
        assert source.kind == "verbatim"
    plain = hashlib.sha256((kept / "a.csv").read_bytes()).hexdigest()
    first = found.sources["nces-ccd-school-membership-2016-17"]
    assert (first.sha256, first.note) == (plain, "read as cp1252")
    assert found.sources["ocr-crdc-school-spending-2017-18"].publisher.endswith("Civil Rights")


def test_what_is_skipped_is_told(tmp_path: Path):
    _file(tmp_path, "a.csv", _text(SCHOOL_MEMBERSHIP, _of_2016()))
    found = read_federal(tmp_path, ("CT",))
    assert "F-33" in found.skipped["district_spending"]
    assert "CRDC School Expenditures" in found.skipped["spending_schools"]
    assert found.skipped["zone_capacity"] == "no federal file that is known here holds them"
    assert not found.skipped.keys() & found.frames.keys()
    # No file names the districts.
    assert found.frames["districts"]["district"].tolist() == [ALDER, BIRCH]
    assert found.notes == [
        "1 school with students beyond PK to 12 in 2016-17",
        "1 school whose grades don't add up to the total of 2016-17, as published",
        "2 districts without a name in any file, named by code",
    ]


def test_spending_without_that_year_s_students_is_skipped(tmp_path: Path):
    _file(tmp_path, "a.csv", _text(SCHOOL_MEMBERSHIP, _of_2016()))
    _file(tmp_path, "b.csv", _text(CRDC_2018, _of_crdc()))
    found = read_federal(tmp_path)
    assert "ccd_sch_052" in found.skipped["spending_schools"]


def test_what_is_left_out_is_counted(found: Federal):
    assert "1 line of F-33 left out for 2016-17, with a number of the survey's own" in found.notes
    without = "of the Civil Rights Data Collection without known"
    lost = f"1 school {without} grades of PK to 12, left out of spending_schools"
    assert lost in found.notes
    assert not [note for note in found.notes if "in the same year" in note]


def test_contradictions_of_the_files_are_counted(tmp_path: Path):
    # 10,000 + 30,000 + 50,000 is 90,000; amounts in thousands may be off by a little.
    parts = {"TFEDREV": 10_000, "TSTREV": 30_000, "TLOCREV": 50_000}
    lines = [
        _finances(ALDER, **parts, TOTALREV=91_000),
        _finances(BIRCH, **parts, TOTALREV=190_000),
    ]
    found = read_federal(_bad(tmp_path, lines, F33))
    assert found.notes == [
        "1 district whose revenue doesn't add up to the total of 2016-17, as published"
    ]


def test_all_states_without_a_choice(folder: Path):
    found = read_federal(folder)
    assert ELSEWHERE in set(found.frames["districts"]["district_code"])
    assert found.frames["school_enrollment"].query("district_code == @ELSEWHERE")[
        "students"
    ].tolist() == [77, 80]


def test_unknown_state_is_refused(folder: Path):
    with pytest.raises(DmeError, match='"XX" is no state\'s postal code'):
        read_federal(folder, ("xx",))


def test_state_without_lines_is_told(folder: Path):
    found = read_federal(folder, ("WY",))
    assert found.frames == {}
    assert found.skipped["school_enrollment"] == "the files hold no line of the states chosen"


def test_a_study_runs_its_measures_on_the_tables(found: Federal):
    rows = school_sizes.schools(found.frames["school_enrollment"], "2017-18", 100)
    # Alder's schools of 100 or more have 410 and 500 students, Birch's 200 and 125:
    # 1 - 455 / 162.5 = -1.8.
    ours, theirs = (school_sizes.of_districts(rows, code)["students"] for code in (ALDER, BIRCH))
    assert 100 * (1 - ours.mean() / theirs.mean()) == pytest.approx(-180)
    count = school_sizes.district_count(found.frames["district_enrollment"], ALDER, "2017-18")
    assert (count.value, count.low, count.high) == (970, 970, 970)
    spending = school_sizes.of_districts(found.frames["spending_schools"], ALDER)
    small = spending["students"] < 350
    resampling = Resampling(95, 200, 1)
    compared = cost.contrast(spending[small], spending[~small], "students", resampling)
    # 10,000 / 11,000 - 1, to the dollar.
    assert compared.premium.value == pytest.approx(-9.0909, abs=1e-4)


def _alone(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    return _file(folder, "raw.csv", text, encoding).parent


def _bad(folder: Path, lines: Iterable[Cells], heading: str = SCHOOL_MEMBERSHIP) -> Path:
    return _alone(folder, _text(heading, lines, "\t" if heading == F33 else ","))


def _refused(folder: Path, *parts: str) -> None:
    with pytest.raises(TableError) as error:
        read_federal(folder)
    message = str(error.value)
    for part in ("where:", "found:", "expected:", *parts):
        assert part in message


Y = "2016-2017"


@pytest.mark.tried("Bad input", "lines of federal membership that make no sense")
@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        ([_total(OAK, Y, -3)], ["negative", "line 2", '"STUDENT_COUNT"', "'-3'"]),
        ([_total(OAK, Y, "many")], ["no number", "line 2", "'many'"]),
        ([_total(OAK, Y, "4.5")], ["no whole number", "'4.5'"]),
        ([_total(OAK, Y, 1), _total(OAK, Y, 1)], ["stands twice", "line 3", "also in line 2"]),
        (
            [_total(OAK, Y, 9), *[_grade(OAK, Y, "Grade 9", 9)] * 2],
            ["stands twice", f"{OAK} / 9", "line 4"],
        ),
        ([_total(OAK, Y, 9), _grade(OAK, Y, "Year 9", 9)], ["grade is none", "'Year 9'"]),
        ([_grade(OAK, Y, "Grade 9", 9)], ["grades and no total", OAK]),
        (
            [_total(OAK, Y, 1), _total(ELM, "2017-2018", 1)],
            ["two years", "line 3", "2017-2018", "2016-17"],
        ),
        ([{**_total(OAK, Y, 1), "SCHOOL_YEAR": "17"}], ["no school year", "line 2", "17"]),
        ([{**_total(OAK, Y, 1), "SCH_NAME": " "}], ["empty", '"SCH_NAME"']),
        (
            [{**_total(OAK, Y, 1), "NCESSCH": "360001000001"[1:]}],
            ["not the zero of the line's state", '"NCESSCH"', "60001000001"],
        ),
        ([{**_total(OAK, Y, 1), "LEAID": "9010"}], ["not 7 digits", '"LEAID"', "'9010'"]),
        ([{**_total(OAK, Y, 1), "LEAID": "09A0010"}], ["not 7 digits", "'09A0010'"]),
    ],
)
def test_bad_membership_is_refused(tmp_path: Path, lines: list[Cells], parts: list[str]):
    _refused(_bad(tmp_path, lines), "raw.csv", *parts)


def test_lost_zeros_come_back_in_the_state_s_own_codes(tmp_path: Path):
    lost = {**_total(OAK, Y, 12), "LEAID": "900010", "NCESSCH": "90001000001", "FIPST": "9"}
    found = read_federal(_bad(tmp_path, [lost]), ("CT",))
    (row,) = found.frames["school_enrollment"].to_dict("records")
    assert (row["district_code"], row["school_code"], row["students"]) == (ALDER, OAK, 12)


@pytest.mark.tried("Bad input", "lines of federal files that make no sense")
@pytest.mark.parametrize(
    ("heading", "lines", "parts"),
    [
        (CRDC_2018, [_spent(OAK, ("-14", 0), (0, 0))], ["negative", "SCH_SAL_TOTPERS_WFED"]),
        (CRDC_2018, _of_crdc()[:1] * 2, ["school stands twice", "line 3"]),
        (
            CRDC_2018,
            [{**_of_crdc()[0], "COMBOKEY": "9.0001E+10"}],
            ["not 12 digits", '"COMBOKEY"', "9.0001E+10"],
        ),
        (
            CRDC_2018,
            [{**_of_crdc()[0], "LEAID": BIRCH}],
            ["not its district's", '"COMBOKEY"', OAK],
        ),
        (CRDC_2016, [{**_of_crdc()[0], "SCHID": "123456"}], ["number is none", '"SCHID"']),
        (F33, [_finances(ALDER, TOTALEXP="-7")], ["negative", '"TOTALEXP"']),
        (F33, [_finances(ALDER), _finances(BIRCH, YEAR="18")], ["two years", "line 3"]),
        (F33, [_finances(ALDER)] * 2, ["district stands twice"]),
        (EDGE, [_place(OAK, LOCALE="14")], ["locale is none", "'14'"]),
        (EDGE, [_place(OAK, LAT="141.7")], ["coordinate is none", '"LAT"']),
        (EDGE, [_place(OAK), _place(OAK)], ["school stands twice"]),
        (EDGE, [_place("30001000001")], ["of no state", "30001000001"]),
        (
            SCHOOL_DIRECTORY,
            [_directory(OAK, Y, "PK", "KG")] * 2,
            ["school stands twice", "line 3"],
        ),
        (LEA_DIRECTORY, [_district(ALDER, Y)] * 2, ["district stands twice"]),
    ],
)
def test_bad_line_is_refused(tmp_path: Path, heading: str, lines: list[Cells], parts: list[str]):
    _refused(_bad(tmp_path, lines, heading), "raw.csv", *parts)


@pytest.mark.tried("Bad input", "files that are no federal file, or torn")
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "SURVYEAR,NCESSCH,SCH_NAME,G01,G02\n2015,090001000001,Oak,3,4\n",
            ["no federal layout", "line 1", "SURVYEAR, NCESSCH", "CCD school membership", "F-33"],
        ),
        ("<!DOCTYPE html>\n<html>Not found</html>", ["no federal layout", "<!DOCTYPE"]),
        ("", ["no federal layout", "nothing"]),
        ("090001000001|Oak|09\n", ["no federal layout", "3 cells without a heading"]),
        (
            _text(SCHOOL_MEMBERSHIP, [_total(OAK, Y, 1)]) + "2016-2017,09,CONNECTICUT,CT\r\n",
            ["not as many cells", "line 3", "4 cells", "18 cells"],
        ),
        (
            _text(SCHOOL_MEMBERSHIP, [_total(OAK, Y, 1)]).replace("Reported", "Reported,more"),
            ["not as many cells", "line 2", "19 cells"],
        ),
    ],
)
def test_wrong_file_is_refused(tmp_path: Path, text: str, parts: list[str]):
    _refused(_alone(tmp_path, text), "raw.csv", *parts)


def test_byte_of_no_letter_is_refused(tmp_path: Path):
    text = _text(SCHOOL_MEMBERSHIP, [_total(OAK, Y, 1)]).encode().replace(b"Oak", b"O\x81k")
    (tmp_path / "raw.csv").write_bytes(text)
    _refused(tmp_path, "raw.csv", "0x81")


def test_blank_lines_are_passed_over(tmp_path: Path):
    blank = "," * SCHOOL_MEMBERSHIP.count(",") + "\r\n"
    text = _text(SCHOOL_MEMBERSHIP, [_total(OAK, Y, 1)]) + "\r\n" + blank
    assert len(read_federal(_alone(tmp_path, text)).frames["school_enrollment"]) == 1


@pytest.mark.tried("Bad input", "one federal table in two files")
def test_same_table_twice_is_refused(folder: Path):
    _file(folder, "again.csv", _text(SCHOOL_MEMBERSHIP, _of_2016()))
    _refused(folder, "Two files", "2016-17", "a.csv", "again.csv")


def test_folder_without_files_is_refused(tmp_path: Path):
    _refused(tmp_path, "no federal file", "no file", "https://nces.ed.gov/ccd/files.asp")
    _refused(tmp_path / "nowhere", "no federal file", "no such folder")


def test_agency_directory_names_districts(tmp_path: Path):
    _file(tmp_path, "a.csv", _text(SCHOOL_MEMBERSHIP, _members(Y, {OAK: 5, PINE: 6})))
    _file(tmp_path, "b.csv", _text(LEA_DIRECTORY, [_district(ALDER, Y), _district(BIRCH, Y)]))
    names = read_federal(tmp_path).frames["districts"].set_index("district_code")["district"]
    assert names.to_dict() == {ALDER: "Alder", BIRCH: "Birch"}


@pytest.mark.raw
def test_real_geocodes_of_2014_15(raw: Path, tmp_path: Path):
    # Another reader of the same file: Hartford's schools.
    name = "nces_edge_2014-15_public_school_points_national.csv.gz"
    shutil.copy(raw / "derived" / name, tmp_path / name)
    places = _places(tmp_path, ("CT",))
    hartford = places[places["nces_id"].str.startswith("0901920")].set_index("nces_id")
    expected = geography.federal_places(raw / "derived" / name, "0901920")
    assert len(expected) == len(hartford) > 50
    assert (
        hartford.loc[expected.index, [*expected]].to_numpy().tolist()
        == expected.to_numpy().tolist()
    )
    assert set(places["school_year"]) == {"2014-15"}
    assert places["nces_id"].str[:2].unique().tolist() == ["09"]
