"""The plan notebook, run whole: Hartford's plan, a district's own, and none."""

import pytest

from dme import paths
from dme.errors import DmeError, Lacking
from dme.findings import answer_of, read_notebook
from dme.study import Study
from dme.tables import load
from tests.notebooks.declared import declared, of

NOTEBOOK = "plan"
ASIAN_STUDIES = "0640711"
STEPS = declared("plan")


def test_whom_each_closed_school_displaces():
    rows = STEPS["planned"](Study())
    leaving = rows[~rows["stays"]].groupby("school_code")["students"].sum()
    assert leaving.sum() == 2892
    # Batchelder, Simpson-Waverly, Capital Community College, Culinary Arts: all of them.
    closed = ["0640411", "0642611", "0643911", "0646011"]
    assert leaving[closed].tolist() == [433, 314, 57, 168]
    assert sorted(STEPS["closing"](Study())) == closed
    # Global Communications, K to 12 until then, gives up its high school.
    assert leaving["0643611"] == 150


def test_only_the_school_that_has_not_changed_is_assumed():
    assert STEPS["assumed"](Study()) == (ASIAN_STUDIES,)
    spans = STEPS["spans_after"](Study())
    assert spans[ASIAN_STUDIES] == "PK-5"
    assert spans["0642311"] == "6-8"  # Burr, "to middle school" as printed


def test_everyone_displaced_in_hartford_finds_a_school():
    assert STEPS["displaced"](Study())["students"].sum() == 2892
    assert STEPS["after_plan"](Study())["students"].sum() == pytest.approx(20304)


def test_students_without_a_seat_release_no_teacher():
    """Where no school is large enough to take anybody, nobody's sections are spared."""
    nowhere = Study(smallest_school=5000)
    assert STEPS["displaced"](nowhere).empty
    assert (STEPS["sections_drawn"](nowhere) == 0).all()


def test_buildings_by_hand():
    """Plant charged to 42 schools in 2018-19: $13,909,604, in 37 buildings by their addresses.

    In prices of 2017-18: times 251.1 over 255.653.
    """
    found = of("plan", "facilities-released")
    told = found.facts
    assert (told["year"], told["schools"], told["buildings"]) == ("2018-19", 42, 37)
    assert 12 * told["mean"] == pytest.approx(12 * 13_909_604 / 37 * 251.1 / 255.653, rel=1e-5)
    assert found.value == pytest.approx(12 * told["mean"], rel=0.03)
    assert found.low < found.value < found.high
    assert told["upkeep"] == 800_000  # a year, as published of the school that stands empty


def test_buildings_as_first_measured():
    """Twelve times the mean of 42 rows of 2018-19, in dollars of that year: $331,181."""
    before = of("plan", "facilities-released").facts["earlier"]["2026-11-22"]
    assert before.value == pytest.approx(12 * 331_181, rel=0.03)


def test_the_year_of_the_accounts_decides_more_than_the_draw():
    """39 schools of 2021-22: $29,745,606 at 39 or fewer places, prices 251.1 over 292.626."""
    years, found = STEPS["average_by_year"](Study()), of("plan", "facilities-released")
    assert years["2021-22"] >= 12 * 29_745_606 / 39 * 251.1 / 292.626
    assert years["2021-22"] > found.high


def test_the_hardest_hit_zone_worked_out_apart():
    """896 of 2,974 students in zone 2's schools; 1,996 of 16,322 in the three others."""
    found = of("plan", "displaced-by-zone")
    assert found.facts["hardest"] == "Zone 2"
    assert found.value == pytest.approx(100 * (896 / 2974 - 1996 / 16322), abs=0.01)
    assert 0.2 < found.facts["p"] < 0.45


def test_the_hardest_hit_zone_ranges_over_the_readings_of_the_grades():
    """As the record shows alone, and by the rule, from the planned rows with other code."""
    found, gaps = of("plan", "displaced-by-zone"), []
    places = load("school_zones").set_index("school_code")["zone"]
    for reading in ("as told or assumed", "as the record shows", "by the rule"):
        rows = STEPS["planned"](Study(), grades_after=reading)
        zones = rows["school_code"].map(places)
        rows, zones = (each[zones.str.startswith("Zone", na=False)] for each in (rows, zones))
        gone = rows["students"].where(~rows["stays"], 0.0)
        every = rows["students"].groupby(zones).sum()
        left = gone.groupby(zones).sum()
        apart = left / every - (left.sum() - left) / (every.sum() - every)
        gaps.append(100 * apart.max())
    assert (found.low, found.high) == pytest.approx((min(gaps), max(gaps)))
    assert "three readings" in found.interval


def test_who_is_displaced_worked_out_apart():
    """Each school's displaced times its share of the group; withheld counts between their bounds."""
    black = of("plan", "displaced-by-group").facts
    assert black["of_displaced"] == pytest.approx(35.1, abs=0.1)
    assert black["of_all"] == pytest.approx(29.8, abs=0.3)
    white = STEPS["displaced-by-group"](Study(), group="White")
    assert white.value < white.high < 0
    assert white.facts["rate"] == pytest.approx(4.5, abs=0.4)
    least, most = white.facts["bounds"]
    assert least < white.facts["gone"] < most


def test_the_district_said_how_many_leave(hartford):
    found = hartford["students-said-to-stay"]
    assert (found.value, found.claim, found.verdict) == (80, "L4", None)


def test_buses_by_hand():
    """294 of the displaced past the walking distance; $25,295,126 over 12,000 students carried.

    In prices of 2017-18: times 251.1 over 236.715. The last year of Hartford with dollars by
    function is 2013-14.
    """
    found = of("plan", "released-together")
    expected = 294 * 25_295_126 / 12_000 * 251.1 / 236.715
    assert found.facts["buses"] == pytest.approx(expected, rel=1e-4)
    assert found.facts["account_year"] == "2013-14"
    assert "of 2013-14 in prices of 2017-18" in found.facts["teacher"]
    gross = STEPS["released-together"](Study(), net=False)
    assert gross.value - found.value == pytest.approx(expected, rel=1e-4)


def test_the_plant_of_later_years_is_told_beside_the_sum(hartford):
    """By the plant of four of six later years the sum lies in 13.5 to 16.5 million."""
    found = hartford["released-together"]
    later = [a.value for a in found.alternatives if "as charged in" in a.label]
    assert sum(13.5e6 <= value <= 16.5e6 for value in later) == 4
    words = f"with those of later years ${min(later) / 1e6:.1f} to ${max(later) / 1e6:.1f} million"
    agree = f"{words}, in 4 of 6 of them close"
    assert f"with the building costs of 2018-19; {agree}" in found.sentence
    assert words in answer_of(read_notebook(paths.results("hartford-2017") / "plan.ipynb"))
    facilities = hartford["facilities-released"]
    above = [a.low > 4e6 for a in facilities.alternatives if a.label.startswith("as charged in")]
    assert f"By the accounts of {sum(above)} of 6 later years even the interval" in facilities.sentence


def test_full_schools_worked_out_apart():
    found = of("plan", "students-in-full-schools")
    assert found.value == pytest.approx(63.79, abs=0.01)
    assert found.facts["seats_year"] == "2015-16"
    other = {
        seats: STEPS["students-in-full-schools"](Study(), seats=seats).value
        for seats in ("published totals", "plain seats")
    }
    assert other["published totals"] == pytest.approx(50.57, abs=0.01)
    # Plain seats are more, so fewer schools are full.
    assert other["plain seats"] < found.value


def test_the_interval_of_full_schools_is_the_range_of_the_models():
    """Published totals give least, worked out apart; the model of sites most.

    Its plans within the gap are many: it was 77.33 before the same numbers went into its search on
    every processor.
    """
    found = of("plan", "students-in-full-schools")
    assert (found.low, found.high) == pytest.approx((50.57, 78.33), abs=0.01)
    assert "no sampling error" in found.interval
    drawn = of("plan", "share_with_errors")
    assert found.low < drawn.low < drawn.value < drawn.high < found.high


def test_communities_with_a_school_of_each_level_became_fewer():
    """Read off the grades and places of the directory by eye: zone 2 and zone 4 have no high school."""
    found = of("plan", "pathways")
    assert (found.value, found.facts["whole_before"]) == (2, 3)
    assert found.facts["holds"] == (False, True)
    assert [found.facts[name] for name in ("long", "short", "middle", "closed", "still")] == [
        14, 7, 3, 2, 2,
    ]  # fmt: skip
    # With magnets, all zones have a school of each level, as they had before: the first rule.
    assert found.facts["earlier"] == {"2026-11-22": (True,), "2026-11-25": (False, True)}
    assert STEPS["pathways"](Study(), magnets=True).value == 4
    assert STEPS["pathways"](Study(), old_places=True).value == 3


def test_the_zone_that_a_school_was_moved_to_is_said():
    """Bulkeley stands in zone 4; the directory of 2022 has it in a building in zone 1."""
    told = of("plan", "pathways").facts["elsewhere"]
    assert "Bulkeley High School (from Zone 4 to Zone 1)" in told


def test_the_counts_of_the_proposal(hartford):
    """Counted by eye in the printed list."""
    for name, count, claim, verdict in (
        ("schools-that-close", 4, "L1", "reproduced"),
        ("schools-that-reconfigure", 12, "L2", "reproduced"),
        ("schools-that-move", 9, "L3", "not reproduced"),
    ):
        found = hartford[name]
        assert (found.value, found.claim, found.verdict) == (count, claim, verdict)


def test_the_vote_is_on_record(hartford):
    found = hartford["board-vote"]
    assert (found.value, found.claim, found.verdict) == (0, "B1", "reproduced")
    assert "published_facts" in found.typed


def test_fullness_is_judged_under_each_rule_it_had(hartford):
    """63.8 of today's seats, 50.6 of published totals: by 10 percent of 70, then by 3 points."""
    found = hartford["students-in-full-schools"]
    assert found.verdict == "consistent"  # 70 lies in 50.6 to 77.3
    then = {each.date: each.verdict for each in found.earlier}
    assert then == {"2026-11-22": "reproduced", "2026-11-25": "not reproduced"}
    pathways = hartford["pathways"]
    assert pathways.verdict == "not reproduced"
    assert "true by construction" in pathways.caveat


def test_each_claim_of_the_plan_has_its_answer(hartford):
    answered = {found.claim for found in hartford.values() if found.claim}
    assert answered >= {f"L{n}" for n in range(1, 11)} | {"B1", "S1"}


def test_what_is_modelled_says_so(hartford):
    for name in ("students-who-stay", "displaced-distance", "teams-under-plan",
                 "students-in-full-schools", "facilities-released", "staffing-released",
                 "released-together", "displaced-by-zone", "displaced-by-group"):  # fmt: skip
        assert hartford[name].basis == "modelled", name
        assert hartford[name].caveat, name


def test_a_share_is_judged_by_what_it_leaves(hartford):
    found = hartford["students-who-stay"]
    assert found.verdict == "not reproduced"
    assert "75.8% to 80.2%" in found.reason
    first = found.earlier[0]
    assert (first.date, first.verdict) == ("2026-11-22", "reproduced")
    assert found.value == pytest.approx(100 * (20304 - 2892) / 20304, abs=0.1)
    assert found.low < found.value < found.high < 90


def test_money_that_cannot_be_negative_agrees_with_no_claim_by_its_sign(hartford):
    for name in ("staffing-released", "released-together"):
        assert hartford[name].verdict == "not reproduced", name
        assert hartford[name].earlier[-1].verdict == "same direction only", name


def test_the_sum_is_that_of_its_parts(hartford):
    together = hartford["released-together"]
    parts = hartford["facilities-released"].value + hartford["staffing-released"].value
    gross = next(a for a in together.alternatives if a.label == "before buses")
    # Medians don't add up, but nearly.
    assert gross.value == pytest.approx(parts, rel=0.03)
    assert together.value < gross.value


def test_building_quality_is_not_public(hartford):
    found = hartford["displaced-to-better-buildings"]
    assert (found.claim, found.verdict) == ("L5", "not testable")
    assert "dme template buildings" in found.sentence


def test_a_better_plan_is_proved_and_compared(hartford):
    found = hartford["better-plan-saving"]
    assert found.basis == "modelled"
    assert found.low < found.value < found.high
    assert "gives no worth" in found.caveat
    choices = {each.label: each for each in found.alternatives}
    # Without the moves of the district's own plan, its buildings are those of four schools.
    assert choices["the buildings of its closing schools alone"].low > 0
    assert len(choices) >= 10


def test_every_schools_fate_in_nearly_best_plans_is_settled(hartford):
    found = hartford["closures-in-every-plan"]
    assert found.low == found.value == found.high
    assert found.interval == "every school's answer is proved"


def test_a_district_without_a_plan_says_so(run):
    text = 'study: bridgeport\ndistrict: "0150011"\npeers: ["0640011"]\nresamples: 300\n'
    figures = {name: entry.finding for name, entry in run("bridgeport", text).items()}
    assert all(found.value is None for found in figures.values())
    assert "no plan of Bridgeport" in figures["schools-that-close"].sentence


@pytest.fixture
def own_room(home):
    """Give the project a folder of data that the test may write into."""
    own = home / "data" / "own"
    if (home / "data").is_symlink():
        shared = (home / "data").resolve()
        (home / "data").unlink()
        own.mkdir(parents=True)
        for path in shared.iterdir():
            if path.name != "own":
                (home / "data" / path.name).symlink_to(path)
    return own


def test_a_district_brings_its_own_plan_and_buildings(own_room, run):
    """Made up: in New Haven one PK-8 school closes and the largest gives up its upper grades."""
    (own_room / "plan_actions.csv").write_text(
        "place,school_code,action,by,grades\n"
        "Hill Central,0930711,close,2026-06,\n"
        "Fair Haven,0931611,reconfigure,2026-06,PK-5\n"
        "The old depot,,open,2026-06,\n"
    )
    codes = sorted(set(code_list()))
    rows = "".join(f"{code},{number % 5}\n" for number, code in enumerate(codes))
    (own_room / "buildings.csv").write_text(f"school_code,condition\n{rows}")
    text = (
        'study: new-haven\ndistrict: "0930011"\npeers: ["0640011"]\nresamples: 300\n'
        "plan_actions: data/own/plan_actions.csv\nbuildings: data/own/buildings.csv\n"
    )
    figures = {name: entry.finding for name, entry in run("new-haven", text).items()}
    close = figures["schools-that-close"]
    assert close.value == 1
    assert "Hill Central" in close.sentence
    assert "district's file" in close.population
    assert "approval" not in " ".join(choice.label for choice in close.alternatives)
    assert figures["board-vote"].value is None
    assert figures["schools-that-reconfigure"].value == 1
    assert 90 < figures["students-who-stay"].value < 100
    assert "proposal" not in figures["students-who-stay"].caveat
    facilities = figures["facilities-released"]
    assert "1 building, drawn" in facilities.sentence
    assert "the one whose cost is published" not in facilities.caveat
    assert not any("stays empty" in choice.label for choice in facilities.alternatives)
    assert figures["displaced-by-zone"].value is None
    assert figures["displaced-by-group"].value is not None
    assert figures["staffing-released"].value > 0
    assert "New Haven who go by bus" in figures["released-together"].sentence
    assert 0 <= figures["displaced-to-better-buildings"].value <= 100
    assert figures["students-in-full-schools"].value is None
    assert "no places of schools" in figures["better-plan-saving"].sentence
    assert all(found.verdict is None for found in figures.values())


@pytest.mark.usefixtures("home")
def test_a_plan_of_its_own_is_evaluated_on_the_schools_of_today(own_room):
    """SAND closes: 266 of 15,754 students, by the report on spending, change their school."""
    (own_room / "plan_actions.csv").write_text(
        "place,school_code,action,by,grades\nSAND,0640111,close,2027-06,\n"
    )
    today = {"enrollment_year": "2024-25", "plan_actions": "data/own/plan_actions.csv"}
    found = of("plan", "students-who-stay", **today)
    assert found.value == pytest.approx(100 * (1 - 266 / 15_754))
    assert "2024-25: each school's are spread evenly" in found.facts["modelled"]
    assert of("plan", "displaced-distance", **today).facts["students"] == pytest.approx(266)


PLANS = {
    "relocate a school": ("Burns,0640611,relocate,2026-06,", ["teams-under-plan"]),
    "close a building alone": ("The old depot,,close,2026-06,", ["teams-under-plan"]),
    "open a building alone": ("The old depot,,open,2026-06,", ["teams-under-plan"]),
    "close every school": (
        "every",
        ["teams-under-plan", "staffing-released", "released-together", "better-plan-saving",
         "closures-in-every-plan", "students-in-full-schools"],
    ),
}  # fmt: skip


@pytest.mark.tried("Nothing lost", "a plan that closes every school, or a building alone")
@pytest.mark.parametrize(("plan", "lacking"), PLANS.values(), ids=PLANS)
@pytest.mark.usefixtures("home")
def test_a_plan_that_leaves_nothing_to_measure_costs_no_run(own_room, plan, lacking):
    codes = sorted(set(load("school_enrollment").query("district_code == '0640011'")["school_code"]))
    lines = [f"{code},{code},close,2026-06," for code in codes] if plan == "every" else [plan]
    (own_room / "plan_actions.csv").write_text(
        "\n".join(["place,school_code,action,by,grades", *lines]) + "\n"
    )
    for name in lacking:
        with pytest.raises(Lacking) as caught:
            of("plan", name, plan_actions="data/own/plan_actions.csv")
        # The plan is why, and not the record: there is no verdict.
        assert caught.value.by_choice


def code_list():
    rows = load("school_enrollment")
    mine = rows[(rows["district_code"] == "0930011") & (rows["school_year"] == "2016-17")]
    return mine["school_code"]


def test_a_plan_in_another_form_is_refused_with_its_line(own_room, run):
    (own_room / "plan_actions.csv").write_text(
        "place,school_code,action,by,grades\nHill Central,0930711,shut,2026-06,\n"
    )
    text = 'study: bad\ndistrict: "0930011"\npeers: ["0640011"]\nplan_actions: data/own/plan_actions.csv\n'
    with pytest.raises(DmeError, match=r"line 2(.|\n)*action"):
        run("bad", text)
