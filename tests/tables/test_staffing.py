"""Staff and its qualifications: the readers, and figures read by eye or known elsewhere."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from dme import paths
from dme.tables import load
from dme.tables.importers import edsight_qualifications, edsight_staff
from dme.tables.importers.edsight_names import Names
from dme.tables.importers.edsight_staff import CATEGORIES, CERTIFIED, NOT_CERTIFIED
from dme.tables.recipe import Frames, RawFolder
from dme.tables.recipes import enrollment, spending, staffing
from dme.tables.recipes.staffing import SCHOOL_FILES
from dme.tables.refusal import TableError
from dme.tables.sources import read_sources

HARTFORD = "0640011"
# Tenths of staff are rounded one by one, so a sum may be off by half a tenth for each.
ROUNDING = 0.05

HEADING = '"FTE Staffing Report for 2015-16"\r\n\r\n'
BY_SCHOOL = HEADING + '"District","School","Assignment Category","Educator Type","FTE Count"\r\n'
BY_DISTRICT = HEADING + '"District","Assignment Category","Educator Type","FTE Count"\r\n'
TEACHERS = '="General Education - Teachers and Instructors",="Certified"'
NURSES = '="School Nurses",="Non-Certified"'
OTHER = '="Other Staff Providing Non-Instructional Services/Support",="Certified/Non-Certified"'
BLOCK = (
    ',,="General Education - Paraprofessional Instructional Assistants",="Non-Certified",2.0\r\n'
    ',,="Library/Media - Support Staff",="Non-Certified",0.0\r\n'
    f",,{NURSES},1.0\r\n"
    ',,="Special Education - Paraprofessional Instructional Assistants",="Non-Certified",3.5\r\n'
)
AVON = f'="Avon School District",="Avon High School",{TEACHERS},71.6\r\n'


def _file(folder: Path, text: str) -> Path:
    path = folder / "raw.csv"
    path.write_bytes(text.encode())
    return path


def _refused(error: pytest.ExceptionInfo[TableError], *parts: str) -> None:
    message = str(error.value)
    for part in ("raw.csv", "found:", "expected:", *parts):
        assert part in message


def _read(folder: Path, lines: str) -> pd.DataFrame:
    return edsight_staff.staff(_file(folder, BY_SCHOOL + lines), "2015-16", by_school=True)


def test_blank_names_are_those_of_the_line_above(tmp_path: Path):
    lines = AVON + BLOCK + f',="High School, Inc.",{TEACHERS},3.0\r\n'
    found = _read(tmp_path, lines + f'="Bolton","Bolton School",{TEACHERS},1.5\r\n')
    assert sorted(found.index) == [
        ("Avon School District", "Avon High School"),
        ("Avon School District", "High School, Inc."),
        ("Bolton", "Bolton School"),
    ]
    high = found.iloc[0]
    assert (high["teachers"], high["nurses"], high["library_support"]) == (71.6, 1.0, 0.0)


def test_a_blank_category_is_a_second_school_of_the_name(tmp_path: Path):
    found = _read(tmp_path, AVON + ",,,,1.2\r\n")
    assert found["teachers"].to_dict() == {("Avon School District", "Avon High School"): 72.8}


def test_unprinted_staff_is_zero_only_where_it_was_counted(tmp_path: Path):
    librarian = ',="A",="Library/Media - Specialists (Certified)",="Certified",1.0\r\n'
    only_other = f',="B",{OTHER},4.0\r\n'
    found = _read(tmp_path, AVON + BLOCK + librarian + only_other)
    a, high, b = (line for _, line in found.iterrows())
    # Certified staff has a line only where there is some; what no school prints is unknown.
    assert (high["librarians"], a["teachers"]) == (0.0, 0.0)
    assert "counselors" not in found
    # The others come as a block of lines, which a school may lack.
    assert a[[*NOT_CERTIFIED]].isna().all()
    assert b.dropna().to_dict() == {"other_staff": 4.0}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (BY_SCHOOL + AVON.replace("71.6", "-71.6"), ["negative or no number", "line 4", "-71.6"]),
        (BY_SCHOOL + AVON.replace("71.6", "*"), ["negative or no number", "'*'"]),
        (BY_SCHOOL + AVON.replace("Teachers and", "Coaches and"), ["category", "unknown"]),
        (BY_SCHOOL + AVON.replace('"Certified"', '"Non-Certified"'), ["another type"]),
        (BY_SCHOOL + AVON * 2, ["stands twice", "line 5", "also in line 4"]),
        (BY_SCHOOL + AVON + BLOCK.splitlines()[0], ["printed in part", "nurses"]),
        (BY_SCHOOL + f",,{TEACHERS},1.0\r\n", ["belongs to nothing", "line 4", '"District"']),
        (BY_SCHOOL + f'="Avon",,{TEACHERS},1.0\r\n', ["without a school", '"School"']),
        (BY_SCHOOL + AVON.removesuffix(",71.6\r\n"), ["not as many cells", "4 cells"]),
        (BY_SCHOOL + ",,,,1.0\r\n", ["belongs to nothing"]),
        (BY_SCHOOL.replace("2015-16", "2014-15") + AVON, ["another year", "line 1", "2014-15"]),
        (BY_SCHOOL.replace("FTE Staffing", "Counts"), ["another report", "line 1"]),
        (BY_SCHOOL.replace("Educator Type", "Kind"), ["column is missing", '"Educator Type"']),
        (BY_DISTRICT, ["column is missing", '"School"']),
        ("<html>Not found</html>", ["web page"]),
        ("", ["another report"]),
    ],
)
def test_bad_report_of_staff_is_refused(tmp_path: Path, text: str, parts: list[str]):
    path = _file(tmp_path, text)
    with pytest.raises(TableError) as error:
        edsight_staff.staff(path, "2015-16", by_school=True)
    _refused(error, *parts)


def test_a_file_of_another_category_is_refused(tmp_path: Path):
    path = _file(tmp_path, BY_SCHOOL + AVON)
    with pytest.raises(TableError) as error:
        edsight_staff.staff(path, "2015-16", by_school=True, only="administrators")
    _refused(error, "another category", "line 4", '"administrators"')


@pytest.fixture
def names() -> Names:
    found = Names()
    found.learn(
        [
            ("2007-08", ("Avon", "The  Academy"), "0040111"),
            ("2014-15", ("Avon", "The Academy"), "0040211"),
            ("2014-15", ("Avon", "Twin"), "0040311"),
            ("2014-15", ("Avon", "Twin"), "0040411"),
        ]
    )
    return found


@pytest.mark.parametrize(
    ("year", "name", "code"),
    [
        ("2007-08", "The Academy", ("0040111", "same year")),
        ("2002-03", "The Academy", ("0040111", "other year")),
        ("2011-12", "The Academy", ("0040211", "other year")),
        ("2014-15", "The academy", None),
        ("2014-15", "Twin", None),
    ],
)
def test_codes_of_names(names: Names, year: str, name: str, code: tuple[str, str] | None):
    assert names.code(("Avon", name), year) == code
    assert names.code(("Bolton", name), year) is None


def test_an_earlier_file_is_believed(names: Names):
    names.learn(
        [
            ("2014-15", ("Avon", "The Academy"), "9999999"),
            ("2014-15", ("Avon", "Twin"), "0040311"),
        ]
    )
    assert names.code(("Avon", "The Academy"), "2014-15") == ("0040211", "same year")
    assert names.code(("Avon", "Twin"), "2014-15") == ("0040311", "same year")


QUALIFIED = (
    '"Classes Taught by High Quality Teachers, 2015-16"\r\n"All Districts, All Schools"\r\n'
    '"Note:"\r\n"* Core academic subjects are Art, Elementary."\r\n\r\n'
    '"",,,,,"Percent of Classes Taught byHighly Qualified Teachers"\r\n'
    '"District Name","District Code","School Name","School Code","Poverty Quartile","2015-16"\r\n'
)
ANDOVER = '"Andover",="0010011","Andover Elementary School",="0010111","Middle",95.0\r\n'


def test_a_school_under_two_spellings_is_taken_once(tmp_path: Path):
    path = _file(tmp_path, QUALIFIED + ANDOVER + ANDOVER.replace("Andover", "Andover, CT", 1))
    (found,) = edsight_qualifications.schools(path, "2015-16").to_dict("records")
    assert (found["school_code"], found["district"]) == ("0010111", "Andover")
    assert (found["poverty_quartile"], found["percent_highly_qualified"]) == ("middle", 95.0)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            QUALIFIED + ANDOVER.replace("95.0", "195.0"),
            ["not between 0 and 100", "line 8", "'195.0'"],
        ),
        (QUALIFIED + ANDOVER.replace("95.0", "-5.0"), ["not between 0 and 100", "'-5.0'"]),
        (QUALIFIED + ANDOVER.replace("95.0", "*"), ["no number", "'*'"]),
        (QUALIFIED + ANDOVER.replace("Middle", "Upper"), ["quartile", "unknown", "'Upper'"]),
        (QUALIFIED + ANDOVER + ANDOVER.replace("95.0", "96.0"), ["stands twice", "line 9"]),
        (QUALIFIED + ANDOVER.replace('"0010111"', '"10111"'), ["lost its leading zero"]),
        (QUALIFIED + ANDOVER.replace(",95.0", ""), ["not as many cells", "5 cells"]),
        (QUALIFIED.replace("2015-16", "2014-15"), ["another year", "line 1"]),
        (QUALIFIED.replace('"2015-16"', '"2014-15"'), ["column is missing", '"2015-16"']),
        (QUALIFIED.replace("Classes", "Lessons"), ["another report"]),
        (QUALIFIED.replace('"District Name"', '"Place"'), ["no heading"]),
    ],
)
def test_bad_report_of_qualifications_is_refused(tmp_path: Path, text: str, parts: list[str]):
    path = _file(tmp_path, text)
    with pytest.raises(TableError) as error:
        edsight_qualifications.schools(path, "2015-16")
    _refused(error, *parts)


# The tables from the raw files ----------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(raw: Path) -> RawFolder:
    return RawFolder(raw, read_sources(paths.home() / "data" / "sources.yml"))


@pytest.fixture(scope="module")
def made(folder: RawFolder) -> Frames:
    frames: Frames = {}
    for recipe in (*spending.RECIPES, *enrollment.RECIPES, *staffing.RECIPES):
        frames |= recipe.make(folder, frames)
    return frames


def _school(made: Frames, year: str, code: str) -> pd.Series:
    rows = made["school_staff"].set_index(["school_year", "school_code"])
    return rows.loc[(year, code)]


@pytest.mark.raw
def test_andover_of_2015_16(made: Frames):
    # staffing-levels__2015-16_all-schools_all_all-categories.csv, the third school.
    row = _school(made, "2015-16", "0010111")
    assert row["code_from"] == "same year"
    assert row[["teachers", "special_education_teachers", "librarians"]].tolist() == [22.8, 3, 1]
    assert row[["paraprofessionals", "nurses", "other_staff"]].tolist() == [1, 1, 15.4]
    assert row["special_education_paraprofessionals"] == 6
    assert row["library_support"] == 0
    # Neither is printed.
    assert row[["administrators", "counselors"]].tolist() == [0, 0]


@pytest.mark.raw
def test_figures_that_cannot_be_stand_as_printed(made: Frames):
    # Burr School, code 0642311: 100.0 nurses in 2002-03.
    assert _school(made, "2002-03", "0642311")["nurses"] == 100
    districts = made["district_staff"].set_index(["school_year", "district_code"])
    assert districts.loc[("2008-09", HARTFORD), "special_education_paraprofessionals"] == 0
    assert districts.loc[("2002-03", HARTFORD), "nurses"] == 135


@pytest.mark.raw
def test_two_codes_of_one_name_are_added_up(made: Frames):
    # New Haven's Fair Haven School 2015-16: 49.2 and 1.0 teachers, 6.1 and 1.0 of special
    # education; Riverside Education Academy 1.0 and 11.4.
    fair_haven = _school(made, "2015-16", "0931611")
    assert fair_haven[["teachers", "special_education_teachers"]].tolist() == [50.2, 7.1]
    assert _school(made, "2015-16", "0939111")["teachers"] == 12.4


@pytest.mark.raw
def test_years_of_single_categories_know_nothing_else(made: Frames):
    rows = made["school_staff"].groupby("school_year")
    counted = rows[[name for name, _ in CATEGORIES.values() if name in made["school_staff"]]]
    printed = counted.count().gt(0)
    assert printed.loc["2003-04"].pipe(lambda row: row.index[row].tolist()) == ["administrators"]
    assert printed.loc["2006-07"].pipe(lambda row: row.index[row].tolist()) == ["teachers"]
    assert printed.loc["2011-12"].sum() == 2
    assert printed.loc["2005-06"].sum() == 4
    assert (printed.sum(axis=1) == 11).sum() == 10
    # A school that one of the four files of 2005-06 lists is 0 in the others, not unknown.
    four = made["school_staff"].query("school_year == '2005-06'")[[*printed.columns]]
    assert four.loc[:, printed.loc["2005-06"]].notna().all(axis=None)


@pytest.mark.raw
def test_schools_never_have_more_than_their_district(made: Frames):
    """The publisher's file by district is made apart from its file by school."""
    key = ["school_year", "district_code"]
    schools = made["school_staff"].groupby(key)
    districts = made["district_staff"].set_index(key)
    slack = 0.01 + ROUNDING * (schools.size() + 1)
    columns = [name for name, _ in CATEGORIES.values() if name != "central_administrators"]
    for column in columns:
        added = schools[column].sum(min_count=1)
        over = added - districts[column].reindex(added.index) - slack
        assert over.max() <= 0, column
        assert over.notna().sum() > 1000


@pytest.mark.raw
def test_unprinted_administrators_are_none(folder: RawFolder):
    """Administrators of schools have no other place to be: where a school prints none, the
    district's count is that of its other schools, so the blank means nobody."""
    unprinted = 0
    for year, ((source, only), *_) in SCHOOL_FILES.items():
        if only is not None:
            continue
        schools: dict[str, set[str]] = {}
        printed: dict[str, list[float]] = {}
        staff = edsight_staff.lines(folder.path(source), year, by_school=True)
        for line in staff.itertuples():
            schools.setdefault(line.name[0], set()).add(line.name[1])
            if line.category == "administrators":
                printed.setdefault(line.name[0], []).append(line.fte)
        path = folder.path(f"edsight-district-staff-{year}")
        district = {
            line.name[0]: line.fte
            for line in edsight_staff.lines(path, year, by_school=False).itertuples()
            if line.category == "administrators"
        }
        for name, listed in schools.items():
            parts = printed.get(name, [])
            slack = 0.01 + ROUNDING * (len(parts) + 1)
            assert district.get(name, 0) == pytest.approx(sum(parts), abs=slack), (year, name)
            unprinted += len(listed) - len(parts)
    assert unprinted == 701


@pytest.mark.raw
def test_single_files_repeat_the_file_of_all_categories(raw: Path, folder: RawFolder):
    """Files of one category also exist for years whose file of all is here: no table is made
    of them."""
    single = raw / "staffing" / "staffing-levels-school"
    whole = edsight_staff.lines(
        folder.path("edsight-school-staff-2014-15"), "2014-15", by_school=True
    )
    wanted = whole.loc[whole["category"] == "counselors", ["name", "fte"]].to_numpy().tolist()
    (path,) = single.glob("staffing-levels__2014-15_*_counselors-*.csv*")
    found = edsight_staff.lines(path, "2014-15", by_school=True)
    assert found[["name", "fte"]].to_numpy().tolist() == wanted
    assert len(wanted) == 1096


@pytest.mark.raw
def test_staff_of_2015_16_is_that_of_an_independent_reading(raw: Path, made: Frames):
    path = raw / "derived" / "ct_school_staff_fte_2015-16_forward_filled.csv"
    rows = made["school_staff"].query("school_year == '2015-16'").set_index("school_code")
    printed = {heading: name for heading, (name, _) in CATEGORIES.items() if name in rows}
    assert len(printed) == 11
    differing, compared = set(), 0
    with path.open(encoding="utf-8-sig") as file:
        for line in csv.DictReader(file):
            if not line["school_code"]:
                continue
            mine = rows.loc[line["school_code"], list(printed.values())].fillna(0)
            # It writes 0 for whatever isn't printed, and drops a second school of one name.
            if any(mine[name] != float(line[heading]) for heading, name in printed.items()):
                differing.add(line["school"])
            compared += 1
    assert compared == 1248
    assert differing == {"Fair Haven School", "Riverside Education Academy"}


@pytest.mark.raw
@pytest.mark.parametrize(
    ("year", "lost", "percent"),
    [("2002-03", 23, 0.99), ("2005-06", 20, 0.71), ("2008-09", 6, 0.03), ("2015-16", 38, 0.12)],
)
def test_names_without_a_code_are_as_few_as_told(
    folder: RawFolder, made: Frames, year: str, lost: int, percent: float
):
    names = staffing.school_names(folder, made)
    everyone = staffing.read_schools(folder, year)
    without = everyone[[names.code(name, year) is None for name in everyone.index]]
    assert len(without) == lost
    share = 100 * without.sum(axis=None) / everyone.sum(axis=None)
    assert share == pytest.approx(percent, abs=0.005)
    assert len(made["school_staff"].query("school_year == @year")) == len(everyone) - lost


@pytest.mark.raw
def test_too_many_names_without_a_code_are_refused(folder: RawFolder, made: Frames):
    few = made | {"school_enrollment": made["school_enrollment"].query("district_code < '05'")}
    with pytest.raises(TableError) as error:
        staffing.RECIPES[1].make(folder, few)
    for part in ("Too much of the staff", "2002-03", "at most 3 percent", "without a code"):
        assert part in str(error.value)


@pytest.mark.raw
def test_qualifications_of_2015_16(made: Frames):
    # educator-qualifications__2015-16_all-schools.csv: 237 + 304 + 647 lines, one of them twice.
    rows = made["educator_qualifications"].query("school_year == '2015-16'")
    counts = rows["poverty_quartile"].value_counts()
    assert (counts["high"], counts["low"], counts["middle"]) == (236, 304, 647)
    found = rows.set_index("school_code")["percent_highly_qualified"]
    assert found[["2880113", "0010111", "0643711"]].tolist() == [73.2, 95.0, 80.0]


# The committed tables ---------------------------------------------------------------------------


def test_hartford_teachers_by_school_and_district():
    # Hartford School District, general education teachers: 1,310.2 in the district in 2015-16,
    # 1,304.3 of them in schools.
    districts = load("district_staff").set_index(["school_year", "district_code"])
    assert districts.loc[("2015-16", HARTFORD), "teachers"] == 1310.2
    schools = load("schools").set_index("school_code")["district_code"]
    rows = load("school_staff").query("school_year == '2015-16'")
    mine = rows[rows["school_code"].map(schools) == HARTFORD]
    assert mine["teachers"].sum() == pytest.approx(1304.3, abs=0.01)


def test_certified_staff_is_known_or_unknown_together():
    table = load("school_staff")
    years = table.groupby("school_year")["librarians"].count()
    rows = table[table["school_year"].isin(years.index[years > 0])]
    certified = rows[[name for name in CERTIFIED if name in rows]]
    assert certified.isna().all(axis=1).eq(certified.isna().any(axis=1)).all()
    others = rows[[*NOT_CERTIFIED]]
    assert others.isna().all(axis=1).eq(others.isna().any(axis=1)).all()


def test_programs_keep_a_name_in_the_register():
    schools = load("schools").set_index("school_code")
    assert schools.loc["0649911", ["school", "district_code"]].tolist() == ["Other", HARTFORD]
    assert load("school_staff")["code_from"].value_counts()["other year"] < 6000
