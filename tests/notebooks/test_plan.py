"""The plan notebook, run whole: Hartford's plan, a district's own, and none."""

import pytest

from dme.errors import DmeError
from dme.tables import load

NOTEBOOK = "plan"


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


def test_each_claim_of_the_plan_has_its_answer(hartford):
    answered = {found.claim for found in hartford.values() if found.claim}
    assert answered >= {f"L{n}" for n in range(1, 11)} | {"B1", "S1"}


def test_what_is_modelled_says_so(hartford):
    for name in ("students-who-stay", "displaced-distance", "teams-under-plan",
                 "students-in-full-schools", "facilities-released", "staffing-released",
                 "released-together"):  # fmt: skip
        assert hartford[name].basis == "modelled", name
        assert hartford[name].caveat, name


def test_a_share_is_judged_by_what_it_leaves(hartford):
    found = hartford["students-who-stay"]
    assert found.verdict == "not reproduced"
    assert "75.8% to 80.2%" in found.reason
    assert found.value == pytest.approx(100 * (20304 - 2892) / 20304, abs=0.1)


def test_the_sum_is_that_of_its_parts(hartford):
    together = hartford["released-together"]
    parts = hartford["facilities-released"].value + hartford["staffing-released"].value
    gross = next(a for a in together.alternatives if a.label == "before buses")
    # Medians don't add up, but nearly.
    assert gross.value == pytest.approx(parts, rel=0.03)
    assert together.value < gross.value


def test_building_quality_is_not_public(hartford):
    found = hartford["displaced-to-better-buildings"]
    assert (found.claim, found.verdict) == ("L5", "not testable with public data")
    assert "dme template buildings" in found.sentence


def test_a_better_plan_is_proved_and_compared(hartford):
    found = hartford["better-plan-saving"]
    assert found.basis == "modelled"
    assert 0 < found.value <= found.high
    assert "gives no worth" in found.caveat
    assert len(found.alternatives) >= 4


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
    assert figures["schools-that-close"].value == 1
    assert "Hill Central" in figures["schools-that-close"].sentence
    assert figures["schools-that-reconfigure"].value == 1
    assert 90 < figures["students-who-stay"].value < 100
    assert 0 <= figures["displaced-to-better-buildings"].value <= 100
    assert figures["students-in-full-schools"].value is None
    assert "no places of schools" in figures["better-plan-saving"].sentence
    assert all(found.verdict is None for found in figures.values())


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
