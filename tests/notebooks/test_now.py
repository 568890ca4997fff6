"""The notebook "Then and now": its figures against the raw files, and in other districts."""

import re

import numpy as np
import pytest

from dme import paths, template
from dme.errors import Lacking
from dme.findings.ledger import read_notebook
from dme.measures.plan import prices
from dme import passages
from dme.study import Study
from dme.tables import load
from tests.notebooks.declared import declared
from tests.notebooks.in_process import Notebook, recorded, told

QUICK = Study(resamples=200)
NOW = "2024-25"

# Added up from the publisher's files themselves, by a csv reader and plain arithmetic (the adjusted
# premium by numpy's inverse and leverages): students and schools of 100 or more, Hartford's and
# the peers'; students and schools under 350; and of Hartford's own schools the premium, raw and
# adjusted, and its yearly cost in dollars of the year, with and without operation of plant.
SIZES = {
    "2017-18": (19_131, 44, 120_098, 202),
    "2018-19": (18_716, 42, 119_433, 201),
    "2022-23": (15_871, 40, 116_115, 201),
    "2024-25": (15_754, 41, 116_399, 202),
}
SMALL = {
    "2017-18": (3_644, 14, 9_914),
    "2018-19": (3_382, 13, 8_393),
    "2022-23": (4_981, 19, 10_918),
    "2024-25": (5_275, 21, 12_734),
}
MONEY = {
    "2017-18": ((17.304, 20.059, 6_636_345), (16.050, 19.797, 6_124_135)),
    "2018-19": ((13.809, 15.454, 5_251_437), (13.364, 14.776, 4_758_199)),
    "2022-23": ((13.986, 4.372, 10_395_692), (17.403, 8.881, 11_196_114)),
    "2024-25": ((18.867, 15.570, 14_065_592), (20.621, 18.655, 13_552_651)),
}


def of(name, study=QUICK, **options):
    return declared("now")[name](study, **options)


@pytest.mark.parametrize("year", SIZES)
def test_sizes_and_small_schools_agree_with_the_raw_files(year):
    students, schools, theirs, their_schools = SIZES[year]
    found = of("size-gap-now", year=year)
    assert found.value == pytest.approx(100 * (1 - (students / schools) / (theirs / their_schools)))
    assert (found.facts["schools"], found.facts["peer_schools"]) == (schools, their_schools)
    inside, small, theirs_inside = SMALL[year]
    share = of("small-share-now", year=year)
    assert share.value == pytest.approx(100 * (inside / students - theirs_inside / theirs))
    assert share.facts["small"] == small


@pytest.mark.parametrize("year", MONEY)
def test_premium_and_cost_agree_with_the_raw_files(year):
    factor = prices.factors(load("consumer_prices"), NOW)[year]
    for less_plant, (raw, like, dollars) in zip((False, True), MONEY[year], strict=True):
        which = {"year": year, "less_plant": less_plant}
        assert of("small-school-premium-now", **which).value == pytest.approx(raw, abs=6e-4)
        like_figure = of("small-school-premium-now", adjusted=True, **which)
        assert like_figure.value == pytest.approx(like, abs=6e-4)
        cost = of("small-school-cost-now", **which)
        assert cost.facts["nominal"] == pytest.approx(dollars, abs=0.6)
        assert cost.value == pytest.approx(dollars * factor, abs=2)


def test_the_change_of_cost_is_parted_exactly():
    """By hand, in dollars of now: 3,644 pupils at 2,335 dollars, then 5,275 at 2,666."""
    factor = prices.factors(load("consumer_prices"), NOW)["2017-18"]
    then, now = MONEY["2017-18"][0][2] * factor / 3_644, MONEY[NOW][0][2] / 5_275
    found = of("small-school-cost-change")
    assert found.value == pytest.approx(5_275 * now - 3_644 * then, rel=1e-5)
    assert found.facts["by_pupils"] == pytest.approx(1_631 * (then + now) / 2, rel=1e-5)
    assert found.facts["by_pupils"] + found.facts["by_gap"] == pytest.approx(found.value)


def test_the_change_of_size_is_parted_exactly():
    """Both orders by hand: 358.0 less 434.8, and 384.2 less 466.6."""
    by_students = ((15_754 / 44 - 19_131 / 44) + (15_754 / 41 - 19_131 / 41)) / 2
    found = of("size-by-enrollment")
    assert found.value == pytest.approx(by_students)
    rest = of("size-by-enrollment", part="schools").value
    assert found.value + rest == pytest.approx(15_754 / 41 - 19_131 / 44)
    assert of("schools-as-peers-now").value == pytest.approx(15_754 / (116_399 / 202))


def test_schools_of_both_years_are_drawn_together():
    """A school's two counts go together, which makes the interval of their change narrower."""
    change = of("size-gap-change")
    then, now = (of("size-gap-now", year=year) for year in ("2017-18", NOW))
    assert change.value == pytest.approx(now.value - then.value)
    apart = np.hypot(then.high - then.low, now.high - now.low)
    assert change.high - change.low < 0.8 * apart
    assert change.low < 0 < change.high


def test_departures_are_ranked_among_the_districts():
    """Each district's change less the others' mean, by hand: 3 are as far off as Hartford's."""
    changes = {"own": -50.552, "Norwalk": -55.67, "Danbury": 22.62, "Stamford": -1.81}
    changes |= {"Bridgeport": -23.06, "East Hartford": -28.9, "Meriden": -3.37}
    changes |= {"New Britain": -29.58, "New Haven": -24.97, "Waterbury": -17.76}
    found = of("size-since-against-peers")
    peers = [change for name, change in changes.items() if name != "own"]
    assert found.value == pytest.approx(changes["own"] - np.mean(peers), abs=0.1)
    far = [abs(each - (sum(peers) - each) / 8) >= abs(found.value) for each in peers]
    assert found.p == pytest.approx((1 + sum(far)) / 10)
    assert found.facts["least"] == pytest.approx(0.1)


def test_programs_of_the_october_counts_are_left_out_of_all_years():
    """Those of 100 students or more, found by eye in the two files of 2016-17 and 2017-18."""
    rows = load("school_enrollment")
    rows = rows[(rows["school_year"] == "2016-17") & (rows["students"] >= 100)]
    left_out = rows[rows["school_code"].isin(declared("now")["programs"](QUICK))]
    assert set(left_out["school"]) == {
        "Hockanum Pre-K", "Woodland School", "Roosevelt Early Learning Center",
        "Satellite Careers Academy", "Dr. Reginald Mayo Early Learning Center", "Headstart",
        "Apples PreK", "Chase Bilingual", "Bucks Hill Bilingual", "Special Education Preschool",
        "Enlightenment School",
    }  # fmt: skip


def test_peers_whose_accounts_jump_are_told():
    moved = of("administration-since").facts["moved"]
    assert moved == "Danbury, East Hartford, Norwalk, Waterbury"
    assert of("administration-since", steady=True).facts["others"] == 5


def test_growth_against_what_is_taken_for_average():
    """Where the state prints its own figure, the sum over districts misses it by under 0.1."""
    yardstick = declared("now")["yardstick"](QUICK)
    assert list(yardstick) == pytest.approx([60.6, 62.4], abs=0.1)
    districts = load("district_growth")
    printed = districts[
        (districts["school_year"] == "2015-16")
        & (districts["grade"] == "all")
        & (districts["group"] == "all")
    ].dropna(subset=["students", "target_achieved_percent"])
    for subject, own in (("ELA", 63.8), ("Math", 65.0)):
        rows = printed[(printed["subject"] == subject) & (printed["district_code"] != "0000000")]
        mean = np.average(rows["target_achieved_percent"].astype(float), weights=rows["students"])
        assert mean == pytest.approx(own, abs=0.1)
    above = of("growth-above-now")
    assert (above.value, above.facts["schools"]) == (5, 32)
    assert "Sanchez School" in above.facts["names"]
    assert of("growth-now").value == pytest.approx(53.942 - 60.194, abs=2e-3)
    assert of("absence-now").value == pytest.approx(32.696 - 22.805, abs=2e-3)


@pytest.fixture(scope="module")
def page():
    """Give a function that runs the notebook's cells for a study, to its words and figures."""
    notebook = Notebook(paths.home() / "notebooks" / "now.ipynb")

    def words(study):
        shown = notebook.shown(study, others=False)
        measured = {name: one.value for name, one in recorded(shown).items()}
        return "\n".join(text for bundle in shown for _, text in told(bundle)), measured

    return words


def test_the_page_of_hartford_answers_in_five_sentences(page):
    text, measured = page(QUICK)
    assert None not in measured.values()
    answer = text[text.index("- In 2024-25 the average school of Hartford had **384**") :]
    assert answer.count("\n- ") == 4
    assert "26.9% fewer: the gap is 6.4 points wider, no more than chance can bring" in answer
    assert "**21 of 41** schools" in answer
    assert "from $8.5 million to **$14.1 million** (" in answer
    assert "the peers would run **27** schools (" in answer
    assert "without the plan" in answer


@pytest.mark.tried("Every district runs", "then and now, in districts with the same record")
def test_another_district_has_a_page_of_its_own(page):
    new_haven = template.proposed("mine", "0930011", "data/tables") | {"resamples": 200}
    text, measured = page(Study.model_validate(new_haven))
    assert measured["size-gap-now"] == pytest.approx(100 * (1 - 483.9 / 554.4), abs=0.1)
    assert measured["growth-reach-now"] is None
    assert "the plan" not in text
    assert "Hartford" not in re.sub("(East|West) Hartford", "", text)


def test_prose_for_other_districts_speaks_of_no_plan():
    cells = read_notebook(paths.home() / "notebooks" / "now.ipynb")["cells"]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] != "code")
    assert "the plan" in passages.told(prose, claimed=True)
    for word in ("the plan", "Hartford", "no plan"):
        assert word not in passages.told(prose, claimed=False)


def test_a_district_of_larger_schools_than_its_peers_has_no_gap_to_widen():
    stamford = template.proposed("mine", "1350011", "data/tables") | {"resamples": 200}
    study = Study.model_validate(stamford)
    assert of("size-gap-now", study).value < 0
    assert of("size-gap-change", study).facts["moved"].startswith("against theirs it is 5.8 points")
    with pytest.raises(Lacking, match="no school of Stamford falls into one of the two groups"):
        of("small-school-premium-now", study)


@pytest.mark.tried("Every district runs", "then and now, in a district without a later record")
def test_a_district_without_later_years_is_told_so_in_words(page):
    avon = Study(district="0040011", peers=("1280011", "0520011", "1550011"), resamples=200)
    text, measured = page(avon)
    assert set(measured.values()) == {None}
    assert "hold no counts by school of Avon in 2017-18 and a later year" in text
    assert "then and now can't be compared" in text
    with pytest.raises(Lacking, match="too few of the peers"):
        of("size-gap-now", Study(peers=("1280011", "0520011", "0150011")))
