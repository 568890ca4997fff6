"""What the teaching notebook's functions give of small made-up tables, worked out by hand."""

import pandas as pd
import pytest

from dme import paths
from dme.errors import Lacking
from dme.findings import functions
from dme.findings.declared import FindingFunction
from dme.findings.definitions import namespace_of
from dme.findings.memory import Memory
from dme.study import Study
from dme.tables import empty, load

OWN, NEXT = "0150011", "0340011"
STUDY = Study(district=OWN, peers=(NEXT,), resamples=300, small_school=300)
K_TO_8 = ("K", *map(str, range(1, 9)))
SMALL, LARGE = (tuple(f"{kind}{n}" for n in range(4)) for kind in "sl")
# Four PK-8 schools with one section a grade, four with two, and a large one of a neighbor.
TOWN = {
    **{code: (OWN, K_TO_8, 20) for code in SMALL},
    **{code: (OWN, K_TO_8, 40) for code in LARGE},
    "n1": (NEXT, K_TO_8, 60),
}
STAFF = pd.DataFrame(
    {
        "school_year": "2015-16",
        "school_code": [*SMALL, *LARGE],
        "teachers": [9.0, 10.0, 10.5, 11.0, 18.0, 20.0, 22.0, 23.0],
        "special_education_teachers": 1.0,
        "counselors": 1.0,
        "librarians": [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        "instructional_specialists": 1.0,
        "administrators": 1.0,
    }
)


def rolls(schools):
    """Return the tables of enrollment for schools: code -> (district, grades, students a grade)."""
    rows = [
        (year, district, code, f"School {code}", grade, each)
        for year in ("2015-16", "2016-17")
        for code, (district, grades, each) in schools.items()
        for grade in grades
    ]
    keys = ["school_year", "district_code", "school_code", "school"]
    cells = pd.DataFrame(rows, columns=[*keys, "grade", "students"]).astype({"students": "Int64"})
    return {
        "school_enrollment": cells.groupby(keys, as_index=False)["students"].sum(),
        "school_enrollment_by_grade": cells.drop(columns=["district_code", "school"]),
        "class_size_maxima": load("class_size_maxima"),
    }


@pytest.fixture
def of(monkeypatch):
    """Return a function to what a finding or step gives of made-up tables: (name, tables)."""
    space = namespace_of(paths.home() / "notebooks" / "teaching.ipynb")
    by_id = {one.id: one for one in space.values() if isinstance(one, FindingFunction)}

    def given(name, tables, study=STUDY, **options):
        monkeypatch.setattr(functions, "_remembered", Memory())
        space["load"] = lambda table: tables.get(table, empty(table))
        return (by_id | space)[name](study, **options)

    return given


def test_teachers_for_each_grade(of):
    tables = rolls(TOWN) | {"school_staff": STAFF}
    assert of("teachers-per-grade", tables).value == pytest.approx((40.5 - 83) / 4 / 9)


def test_a_school_of_prekindergarten_alone_stands_beside(of):
    alone = STAFF.iloc[:1].assign(school_code="p", teachers=7.0)
    tables = rolls(TOWN | {"p": (OWN, ("PK",), 110)})
    tables["school_staff"] = pd.concat([STAFF, alone])
    assert of("teachers-per-grade", tables).value == pytest.approx((40.5 - 83) / 4 / 9)
    with_it = of("teachers-per-grade", tables, youngest=True).value
    assert with_it == pytest.approx((40.5 / 9 + 7) / 5 - 83 / 4 / 9)


def test_both_criteria_of_teams(of):
    tables = rolls(TOWN) | {"school_staff": STAFF}
    found = of("two-sections", tables)
    assert (found.value, found.facts["holds"]) == (-100, (True, True))
    assert of("within_spans", tables).value == pytest.approx(-100)
    assert of("two-sections", rolls(TOWN)).facts["holds"] == (True, False)
    first = found.facts["earlier"]
    assert first == {"2026-11-22": (True,), "2026-11-25": (True, True)}


def test_small_schools_of_other_districts(of):
    """Three schools of two grades in one district, three of nine grades in another."""
    pairs = {f"p{n}": (NEXT, ("7", "8"), 60) for n in range(3)}
    whole = {f"w{n}": ("0890011", K_TO_8, 20) for n in range(3)}
    few = {f"f{n}": ("1510011", K_TO_8, 20) for n in range(2)}
    found = of("small-schools-elsewhere", rolls(TOWN | pairs | whole | few))
    # None of the own four; of the others three of six, as two schools are too few to count.
    assert found.value == pytest.approx(0 - 50)
    assert (found.facts["rest"].hits, found.facts["rest"].of) == (3, 6)
    assert (found.facts["districts"], found.facts["full"], found.facts["lower"]) == (2, 1, 0)
    # Within grade spans the schools that compare have nine grades each.
    tables = rolls(TOWN | pairs | whole)
    assert of("small-schools-elsewhere", tables, within_a_span=True).value == pytest.approx(0)
    with pytest.raises(Lacking, match="no small schools are counted to compare"):
        of("small-schools-elsewhere", rolls(TOWN))


def test_size_alone_makes_no_team_where_grades_are_few(of):
    """Small schools of two grades have teams; large ones of nine have none."""
    tables = rolls(
        {f"a{n}": (OWN, ("7", "8"), 60) for n in range(4)}
        | {f"b{n}": (OWN, K_TO_8, 23) for n in range(4)}
    )
    found = of("two-sections", tables, STUDY.model_copy(update={"small_school": 200}))
    assert found.value == 100
    assert found.facts["holds"][0] is False


def test_without_maxima_sections_lack(of):
    tables = rolls(TOWN) | {"class_size_maxima": empty("class_size_maxima")}
    for name in ("two-sections", "specialist-cost", "specialist-enrollment", "pooled-teams"):
        with pytest.raises(Lacking, match="no class-size maxima"):
            of(name, tables)


def test_pairs_of_schools(of):
    magnets = {"edition": "2015", "school_code": LARGE, "interdistrict_magnet": "yes"}
    tables = rolls(TOWN) | {"school_directory": pd.DataFrame(magnets)}
    # Two pairs of schools with 20 pupils a grade: 40 in each grade of half as many schools.
    assert of("pooled-teams", tables).value == 100
    assert of("pooled-sections", tables).value == 4 * 9 - 2 * 9 * 2
    assert of("pooled-teams", tables, magnets=True).value == pytest.approx(50)
    zones = {"school_code": SMALL, "zone": [f"Zone {n}" for n in range(4)]}
    tables["school_zones"] = pd.DataFrame(zones)
    with pytest.raises(Lacking, match="no two PK-8 schools in one area"):
        of("pooled-teams", tables)


def test_what_specialists_cost(of):
    tables = rolls(TOWN)
    # Nine sections: one post in each; eighteen: one in art and music, two in PE (1.44).
    expected = 100 * ((3 / 180) / (4 / 360) - 1)
    assert of("specialist-cost", tables).value == pytest.approx(expected)
    # Shared, a section costs the same everywhere, and these sections are alike.
    assert of("specialist-cost", tables, posts="need").value == pytest.approx(0)
    assert of("specialist-cost", tables, posts="unrounded").value == pytest.approx(0)
    # Three posts for 1.44 full-time teachers' lessons.
    assert of("specialist-cost", tables).facts["idle"] == pytest.approx(52)
    full = of("specialist-enrollment", tables)
    assert full.value == pytest.approx(25 * 20)
    assert full.facts["enough"] == {"arts": 0, "pe": 4}
    halved = of("specialist-enrollment", tables, subject="pe")
    assert halved.value == pytest.approx(full.value / 2) == full.facts["pe_students"]


def test_prekindergarten_counts_in_posts_and_pupils_or_in_neither(of):
    grades = ("PK", *K_TO_8)
    tables = rolls({f"s{n}": (OWN, grades, 18) for n in range(3)} | {
        f"l{n}": (OWN, grades, 40) for n in range(3)})  # fmt: skip
    # Ten sections of 18: three posts; twenty of 40: one, one and two.
    assert of("specialist-cost", tables).value == pytest.approx(100 * ((3 / 180) / (4 / 400) - 1))
    upper = {"grades": K_TO_8}
    assert of("specialist-cost", tables, **upper).value == pytest.approx(
        100 * ((3 / 162) / (4 / 360) - 1)
    )


def test_the_premium_of_other_districts(of):
    others = {f"{kind}{n}x": (NEXT, K_TO_8, size) for kind, size in (("s", 10), ("l", 40))
              for n in range(4)}  # fmt: skip
    tables = rolls({code: of_town for code, of_town in TOWN.items() if code != "n1"} | others)
    every_row = STUDY.model_copy(update={"smallest_school": 0})
    found = of("specialist-cost-elsewhere", tables, every_row)
    # 3 posts for 90 pupils against 4 for 360 there, for 180 and 360 here.
    assert found.value == pytest.approx(100 * (3 / 180 - 3 / 90) / (4 / 360))
    assert (found.facts["positive"], found.facts["all"], found.facts["above"]) == (2, 2, 1)


def test_librarians_and_counselors(of):
    tables = rolls(TOWN) | {"school_staff": STAFF}
    assert of("full-time-librarian", tables).value == pytest.approx(25 - 100)
    # One counselor for 180 pupils against one for 360.
    assert of("counselors-per-pupil", tables).value == pytest.approx(100)
    with pytest.raises(Lacking, match="no staff by school"):
        of("full-time-librarian", rolls(TOWN))


def test_the_districts_teachers(of):
    counts = {
        "school_year": ["2014-15", "2015-16"],
        "district_code": OWN,
        "teachers": [90.0, 100.0],
        "special_education_teachers": [None, 20.0],
        "instructional_specialists": [5.0, 5.0],
    }
    tables = rolls(TOWN) | {"school_staff": STAFF, "district_staff": pd.DataFrame(counts)}
    assert of("classroom-teachers", tables).value == 120
    assert of("teachers_of_its_schools", tables).value == pytest.approx(123.5 + 8)
    with pytest.raises(Lacking, match="no teachers"):
        of("classroom-teachers", tables, STUDY.model_copy(update={"staff_year": "2014-15"}))


def test_support_against_peers(of):
    spent = {
        "school_year": "2016-17",
        "district_code": [OWN, NEXT],
        "instruction_and_media_per_pupil": pd.array([300, 400], dtype="Int64"),
    }
    table = pd.DataFrame(spent)
    found = of("improvement-of-instruction", {"district_spending_by_function": table})
    assert found.value == pytest.approx(-25)
    assert (found.facts["mine"], found.facts["theirs"]) == (300, 400)
    with pytest.raises(Lacking, match="no spending by function"):
        of("improvement-of-instruction", {"district_spending_by_function": table.iloc[1:]})


@pytest.mark.parametrize(
    "name",
    [
        "classroom-teachers",
        "teachers-per-grade",
        "counselors-per-pupil",
        "arts-access",
        "improvement-of-instruction",
        "instructional-specialists",
        "qualified-teachers",
    ],
)
def test_nothing_at_all_lacks(of, name):
    with pytest.raises(Lacking, match="the tables hold no"):
        of(name, {})
