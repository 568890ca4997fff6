"""The partnerships notebook, run whole: Hartford, other districts, and a district's own files.

The inventory and the comments here are made up for these tests.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dme import findings, paths
from dme.audit.crate import export
from dme.errors import Lacking
from dme.study import ParameterError, Study
from dme.tables import load

from .declared import declared, of
from tests.audit.validator import issues
from tests.turns import on_turn

NOTEBOOK = "partnerships"
ROOT = Path(__file__).parents[2]
NOT_TESTABLE = "not testable"
INVENTORY = "id,partner,school_code,kind,purpose,students,dollars,priorities_1,priorities_2\n"
COMMENTS = "id,date,zone,speaker,comment,themes_1,themes_2\n"


@pytest.fixture(scope="module")
def studied(run):
    """Give a function that runs a study of its own quickly to a page, with further parameters."""

    def findings_of(name, text):
        entries = run(name, f"study: {name}\n{text}resamples: 300\n")
        return {n: entry.finding for n, entry in entries.items()}

    return findings_of


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a project whose room of data can take a district's own files."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "data").mkdir()
    for item in (ROOT / "data").iterdir():
        if item.name != "own":  # a developer's own files stay out of it
            (folder / "data" / item.name).symlink_to(item)
    (folder / "data" / "own").mkdir()
    (folder / "params").symlink_to(ROOT / "params")
    (folder / "notebooks").mkdir()
    source = f"{NOTEBOOK}.ipynb"
    (folder / "notebooks" / source).symlink_to(ROOT / "notebooks" / source)
    patch = pytest.MonkeyPatch()
    patch.setenv("DME_HOME", str(folder))
    paths.home.cache_clear()
    yield folder
    patch.undo()
    paths.home.cache_clear()


def answer_of(home, name):
    page = findings.read_notebook(home / "results" / name / f"{NOTEBOOK}.ipynb")
    ((_, _, told),) = findings.bundles(page, findings.ANSWER_MIME)
    return told["text"]


def test_each_claim_is_answered_and_none_beyond_the_record(hartford):
    claims = {f.claim: f for f in hartford.values() if f.claim}
    assert set(claims) == {"F1", "F2", "V1"}
    assert claims["F1"].verdict == claims["F2"].verdict == NOT_TESTABLE
    # A match of wishes and areas is a proxy: it can't show that one shaped the other.
    assert claims["V1"].verdict == "same direction only"
    assert (claims["V1"].value, claims["V1"].basis) == (4, "proxy")
    # Three of the four areas hang on one wish each.
    assert [choice.value for choice in claims["V1"].alternatives] == [3, 4]


@pytest.mark.skipif(not on_turn(["crate"], 5), reason="on another day's turn")
@pytest.mark.usefixtures("hartford")
def test_the_study_of_this_page_is_exported_as_a_valid_crate(home, tmp_path):
    export("hartford-2017", tmp_path / "crate")
    assert not issues(tmp_path / "crate", tmp_path)
    page = (home / "results" / "hartford-2017" / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8")
    exhibits = pd.read_csv(tmp_path / "crate" / "exhibits.csv")
    assert (exhibits["kind"] == "figure").sum() == page.count('"image/png": "') > 2
    assert set(exhibits["exhibit"]) >= {
        entry.finding.id for entry in findings.ledger("hartford-2017")
    }


def test_the_floor_and_the_ceiling_lie_on_both_sides_of_half(hartford):
    share, many = hartford["partners-named"], hartford["partnerships-many"]
    # Counted by eye in the typed file: eleven of the 45 schools, Clark School has gone.
    assert share.value == pytest.approx(100 * 11 / 45)
    assert share.low < share.value < share.high < 50
    assert "11 of 45 schools" in many.sentence
    # Four without a name, 12 of 19, 5 of 6 and 8 of 8 schools that programs count alone.
    assert f"raise that to {11 + 4 + 12 + 5 + 8}" in many.sentence
    others = {choice.label: choice.value for choice in share.alternatives}
    assert others["lead agencies that pages do not name too"] == pytest.approx(100 * 15 / 45)
    assert all(value < 50 for value in others.values())
    assert "school_partnerships" in share.typed
    assert "school_partnerships" in hartford["partners-and-need"].typed


def test_the_change_at_community_schools_is_that_of_the_state_s_figures(hartford):
    rates = load("school_chronic_absenteeism")
    rates = rates[(rates["group"] == "all")].set_index(["school_code", "school_year"])["percent"]
    community = ["0640611", "0640711", "0641911", "0642111", "0642311", "0642411", "0645411"]
    change = np.mean([rates[c, "2015-16"] - rates[c, "2011-12"] for c in community])
    found = hartford["community-schools-absence"]
    assert f"changed by {change:+.1f} points" in found.sentence
    assert found.low < found.value < found.high
    assert found.low < 0 < found.high
    assert "no year before" in found.caveat
    fell = hartford["community-schools-fell"]
    assert fell.value == pytest.approx(100 * 4 / 7)
    assert "Since 2014-15 it fell at 5, those where it had been highest." in fell.sentence


def test_the_change_is_that_within_levels_by_another_way():
    schools = declared("partnerships")["followed"](Study())
    rates = load("school_chronic_absenteeism").query("group == 'all' and part == 1")
    wide = rates.pivot(index="school_code", columns="school_year", values="percent")
    schools["change"] = wide["2015-16"] - wide["2011-12"]
    schools = schools[schools["alike"]]
    # Least squares with levels held would weight levels otherwise, so: level by level.
    means = schools.groupby(["level", "community"])["change"].mean().unstack()
    treated = schools["level"][schools["community"]].value_counts()
    expected = ((means[True] - means[False]) * treated).sum() / treated.sum()
    assert of("partnerships", "community-schools-absence").value == pytest.approx(expected)


def test_a_claim_is_settled_where_all_that_could_be_lies_on_one_side():
    # Pages of 2008-09 to 2012-13 name and count partners at eight schools at most.
    found = of("partnerships", "partnerships-many", enrollment_year="2012-13")
    assert found.facts["holds"] == (False,)
    assert (found.low, found.high) == pytest.approx((100 * 4 / 45, 100 * 8 / 45))
    with pytest.raises(Lacking, match="on both sides of half"):
        of("partnerships", "partnerships-many")


def test_the_answer_says_that_the_record_is_thin(hartford, home):  # noqa: ARG001
    told = answer_of(home, "hartford-2017")
    assert "**11 of 45**" in told
    assert "no inventory of partners is public" in told
    assert "comments themselves are not public" in told


@pytest.mark.parametrize(
    ("name", "district"),
    on_turn([("new-haven", "0930011"), ("bridgeport", "0150011"), ("one-school", "2610013")], 3),
)
def test_another_district_is_told_that_its_record_is_empty(studied, home, name, district):
    found = studied(name, f'district: "{district}"\npeers: ["1510011"]\n')
    assert all(one.value is None and one.verdict is None for one in found.values())
    assert "no public page that names a partner" in found["partnerships-many"].sentence
    assert "no community school" in found["community-schools-absence"].sentence
    assert "No page that names a partner of the schools of" in answer_of(home, name)


def _inventory(home, rows, name="inventory.csv"):
    path = home / "data" / "own" / name
    path.write_text(INVENTORY + "".join(f"{at},{row}\n" for at, row in enumerate(rows)))
    return f"data/own/{name}"


def _schools(district, year="2016-17"):
    rows = load("school_enrollment")
    rows = rows[(rows["school_year"] == year) & (rows["district_code"] == district)]
    return sorted(rows.loc[rows["students"].ge(100).fillna(False), "school_code"])


def test_hartford_s_own_inventory_decides_both_claims(studied, home):
    codes = _schools("0640011")
    rows = [
        f"Club {at % 7},{code},youth and family,made up,,,{'TL' if at % 3 else 'XX'},"
        f"{'TL' if at % 3 and at % 5 else 'none'}"
        for at, code in enumerate(codes[:30])
    ]
    name = _inventory(home, [*rows, "Whole District,,other,made up,,,CC,CC"])
    found = studied("own-hartford", f"partner_inventory: {name}\n")
    many, none = found["partnerships-many"], found["partners-serving-none"]
    assert many.value == pytest.approx(100 * 30 / 45)
    assert many.verdict == "reproduced"
    assert "one or more at 30 of 45 schools" in many.sentence
    # A code that is no priority of the district serves none.
    # Ten of thirty clubs and none of the whole district serve nothing: the claim says most do.
    assert none.value == pytest.approx(100 * 10 / 31)
    assert none.verdict == "not reproduced"
    kappa = found["inventory-agreement"]
    assert 0 < kappa.value < 100
    # Clubs 5, 10, 20 and 25, of 31 rows with four codes each.
    assert f"agreed in {100 - 100 * 4 / 124:.1f}% of decisions on 31 partnerships" in kappa.sentence
    assert "1 partnership of the whole district left out" in many.population
    assert kappa.low < kappa.value < kappa.high
    assert "Rare codes" in kappa.caveat
    assert "CC" in kappa.caveat
    # Where the partners are follows the inventory too.
    assert "partner on record" in found["partners-and-need"].population


def test_any_district_s_own_files_are_read(studied, home):
    codes = _schools("0930011")
    inventory = _inventory(
        home, [f"Club,{code},other,made up,,,AA;BB," for code in codes[:4]], "other.csv"
    )
    zones = ["East", "East", "West", ""]
    rows = [
        f"{at},,{zones[at % 4]},family,Made up.,{'ROOM' if at % 3 else 'BUS;ROOM'},"
        f"{'ROOM' if at % 4 else 'BUS'}\n"
        for at in range(24)
    ]
    (home / "data" / "own" / "said.csv").write_text(COMMENTS + "".join(rows))
    text = (
        'district: "0930011"\npeers: ["1510011"]\n'
        f"partner_inventory: {inventory}\ncomments: data/own/said.csv\n"
    )
    found = studied("own-new-haven", text)
    assert found["partnerships-many"].value == pytest.approx(100 * 4 / len(codes))
    assert found["partners-serving-none"].value == 0
    assert found["inventory-agreement"].value is None
    assert "two coders" in found["inventory-agreement"].sentence
    theme = found["comment-themes"]
    assert (theme.value, theme.sentence) == (100, "ROOM: 24 of 24 comments.")
    assert found["comment-agreement"].low < found["comment-agreement"].high
    assert all(one.verdict is None for one in found.values())
    told = answer_of(home, "own-new-haven")
    assert "ROOM: 24 of 24 comments" in told
    assert "kappa" in told
    page = findings.read_notebook(home / "results" / "own-new-haven" / f"{NOTEBOOK}.ipynb")
    ((_, _, read),) = findings.bundles(page, findings.INPUTS_MIME)
    assert {"data/own/other.csv", "data/own/said.csv"} <= set(read)


def test_comments_without_themes_and_zones_are_no_error(studied, home):
    (home / "data" / "own" / "bare.csv").write_text(
        COMMENTS + "1,,,family,Made up.,none,none\n2,,,family,Made up.,none,\n"
    )
    found = studied("bare", "comments: data/own/bare.csv\n")
    assert "no comment in the file has a theme" in found["comment-themes"].sentence
    assert "chance leaves nothing" in found["comment-agreement"].sentence


def test_a_changed_own_file_runs_the_study_again(studied, home):
    name = _inventory(home, [f"Club,{_schools('0640011')[0]},other,made up,,,TL,"], "one.csv")
    text = f"partner_inventory: {name}\n"
    before = studied("changing", text)["partnerships-many"].value
    _inventory(
        home, [f"Club,{code},other,made up,,,TL," for code in _schools("0640011")[:2]], "one.csv"
    )
    assert studied("changing", text)["partnerships-many"].value == pytest.approx(2 * before)


def test_a_bad_own_file_stops_the_study_with_its_place(studied, home):
    name = _inventory(home, ["Club,640611,other,made up,,,TL,"], "bad.csv")
    with pytest.raises(Exception, match="line 2, school_code") as error:
        studied("bad", f"partner_inventory: {name}\n")
    assert "bad.csv" in str(error.value)
    with pytest.raises(ParameterError, match="there is no file"):
        studied("absent", "comments: data/own/none.csv\n")


def test_without_the_oldest_years_of_absence_there_is_nothing_to_follow(studied):
    found = studied("early", 'enrollment_year: "2011-12"\n')
    assert found["community-schools-absence"].value is None
    assert found["community-schools-absence"].verdict is None
    assert isinstance(found["partners-named"].value, float)
    assert pd.notna(found["partners-named"].low)
