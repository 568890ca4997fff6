"""What the sections of the design notebook assemble, on small made-up tables."""

from dataclasses import replace

import pandas as pd
import pytest

from dme.evidence import design
from dme.evidence.design.schools import bounded
from dme.evidence.design.weeks import SchoolWeek, week_of
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.estimates.estimate import Estimate
from dme.measures.plan.prices import Price
from dme.study import Study
from dme.tables import empty, load

STUDY = Study(district="0000001", peers=("0000002",), resamples=300, design_schools=("11",))
PLACE = Place("Town", pd.Series({"0000001": "Town"}), "EdSight", "rows", Resampling())


def rolls(grades, each=40, year="2016-17"):
    schools = pd.DataFrame(
        {"school_code": ["11"], "district_code": ["0000001"], "school": ["Small School"]}
    )
    enrollment = schools.assign(school_year=year, students=each * len(grades))
    by_grade = pd.DataFrame(
        {"school_year": year, "school_code": "11", "grade": grades, "students": each}
    )
    return design.Rolls(
        schools, enrollment, by_grade, empty("spending_schools"), load("class_size_maxima")
    )


def accounts(tables, **changes):
    staff = pd.DataFrame(
        {"school_year": ["2013-14"], "district_code": ["0000001"], "teachers": [20.0],
         "special_education_teachers": [5.0], "instructional_specialists": [0.0],
         "paraprofessionals": [5.0], "special_education_paraprofessionals": [0.0]}
    )  # fmt: skip
    spending = pd.DataFrame(
        {"school_year": ["2013-14"], "district_code": ["0000001"], "instructional_staff": [3e6]}
    )
    given = {
        "enrollment": tables.enrollment, "by_grade": tables.by_grade, "maxima": tables.maxima,
        "staff": staff, "spending": spending, "prices": load("consumer_prices"),
        "results": empty("district_smarter_balanced"),
    }  # fmt: skip
    return design.Accounts(**(given | changes))


def test_a_school_is_designed_from_its_last_count():
    found = design.designs(STUDY, PLACE, rolls(["1", "2", "3"]))
    assert found.chosen
    (school,) = found.schools
    assert school.name == "Small"
    assert found.table["Sections"].tolist() == [2, 2, 2]
    assert "none in 2018-19" in found.modelled


def test_codes_of_no_school_of_the_district_are_told():
    study = STUDY.model_copy(update={"design_schools": ("11", "99")})
    assert "99" in design.designs(study, PLACE, rolls(["1"])).lacking
    study = STUDY.model_copy(update={"design_schools": ("99",)})
    found = design.designs(study, PLACE, rolls(["1", "2", "3"]))
    assert not found.chosen
    assert [school.code for school in found.schools] == ["11"]


def test_without_maxima_there_is_nothing_to_design():
    tables = replace(rolls(["1"]), maxima=empty("class_size_maxima"))
    found = design.designs(STUDY, PLACE, tables)
    assert found.schools == ()
    weeks = design.weeks(STUDY, PLACE, found, tables)
    assert isinstance(weeks.findings[0], Lacking)
    assert "no class-size maxima" in weeks.findings[0].lacking
    cost = design.planning_cost(found, PLACE, None)
    assert all(isinstance(one, Lacking) for one in cost.findings)
    told = design.answer(
        STUDY, PLACE, designs=found, weeks=weeks, cost=cost,
        uses=design.uses(STUDY, PLACE, accounts(tables), None),
    )  # fmt: skip
    assert told == "The tables hold too little of Town to answer."


@pytest.fixture(scope="module")
def made():
    tables = rolls(["1", "2", "6", "7", "8"])
    found = design.designs(STUDY, PLACE, tables)
    return found, design.weeks(STUDY, PLACE, found, tables)


def test_the_finding_counts_the_teams_that_share(made):
    found, weeks = made
    shared, staff = weeks.findings
    assert shared.estimate.value == found.teams == 5
    assert shared.claim is None
    assert shared.alternatives == ()  # the grades were counted, not divided
    assert staff.estimate.value == weeks.schools[0].week.specialists


def test_where_the_bounds_meet_there_is_no_interval():
    assert bounded(8.6, 4.6 + 4.0, 43 / 5, "between") == Estimate(
        8.6, None, None, "none: proved, as the bounds of the solver meet"
    )
    assert bounded(8.6, 8.4, 8.6, "between") == Estimate(8.6, 8.4, 8.6, "between")


def test_a_breach_counts_against_its_team(made):
    one = made[1].schools[0]
    broken = replace(one, breaches=("Grade 1 shares 90 consecutive minutes on 0 days; 1 wished.",))
    assert broken.sharing == one.sharing - 1
    assert not broken.kept


def test_what_is_drawn_is_the_week(made):
    one = made[1].schools[0]
    grid = design.grid(one)
    assert len(grid) == 5 * 5 * 8
    blocks = grid[grid["kind"] == "block"]
    assert (blocks.groupby("team").size() == 2).all()
    assert set(blocks["team"]) == {team.name for team in one.school.teams}
    assert (grid.loc[grid["kind"] == "lunch"].groupby("team").size() == 5).all()
    # As many letters as there are specials.
    letters = grid["text"].str.replace(" ", "").str.len().sum()
    subjects = one.week.wish.subjects
    assert letters == one.week.lessons["activity"].isin(subjects).sum()
    assert (grid.loc[grid["kind"] == "class", "text"] == "").all()


def test_the_tables_hold_every_special(made):
    one = made[1].schools[0]
    by_class = design.class_table(one)
    specials = one.week.lessons["activity"].isin(one.week.wish.subjects).sum()
    cells = by_class[["Mon", "Tue", "Wed", "Thu", "Fri"]].stack()
    assert sum(len(cell.split(", ")) for cell in cells) == specials
    assert design.staff_table(made[1])["Week"].sum() == specials


def test_a_school_without_a_week_is_told_and_not_drawn():
    study = STUDY.model_copy(update={"planning_minutes": 180, "planning_times": 5})
    (school,) = design.designs(study, PLACE, rolls(["1", "2"])).schools
    one = week_of(school)
    assert (one.week, one.sharing, one.kept) == (None, 0, False)
    assert "can't all hold" in one.why
    assert design.grid(one).empty
    assert design.class_table(one).empty
    empty_handed = design.staff_table(design.weeks(study, PLACE, *_of(study, ["1", "2"])))
    assert empty_handed.empty
    assert "Shared planning: ." in design.picture(one).alt
    assert isinstance(one, SchoolWeek)


def _of(study, grades):
    tables = rolls(grades)
    return design.designs(study, PLACE, tables), tables


def test_what_can_not_be_priced_is_lacking():
    tables = rolls(["1", "2"])
    held = accounts(tables)
    price = design.price_of(STUDY, held)
    assert isinstance(price, Price)
    found = design.uses(STUDY, PLACE, held, price)
    by_name = {one.name: one for one in found.findings}
    assert isinstance(by_name["groups-use"], Lacking)
    assert "no test results of Town" in by_name["groups-use"].lacking
    assert isinstance(by_name["college-use"], Lacking)
    assert isinstance(by_name["planning-use"], Measured)
    assert len(found.table) == 4
    # 80 students in four classes, two positions short of a million: far within the sum.
    assert all(by_name["planning-use"].holds)
    bare = accounts(tables, spending=empty("district_spending_by_function"))
    assert design.price_of(STUDY, bare) is None
    none = design.uses(STUDY, PLACE, bare, None)
    assert {one.claim for one in none.findings} == {None, "R1", "R2", "R3", "R4", "R5", "R6"}
    assert none.choices == ()


def test_the_sum_leaves_out_what_lacks_its_data():
    tables = rolls(["1", "2"])
    held = accounts(tables)
    found = design.uses(STUDY, PLACE, held, design.price_of(STUDY, held))
    whole = found.findings[-1]
    parts = sum(one.estimate.value for one in found.findings[:-1] if isinstance(one, Measured))
    assert whole.estimate.value == pytest.approx(parts, rel=0.1)
