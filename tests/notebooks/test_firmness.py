"""The notebook on firmness, without a sweep and with some, their answers worked out by hand."""

import io

import pandas as pd
import pytest
import yaml

from dme import findings, paths
from dme.errors import Lacking
from dme.execute.run import explain
from dme.findings import answer_of, read_notebook, session
from dme.findings.definitions import namespace_of
from dme.study import Study
from dme.sweeps import sealed
from tests.notebooks.declared import of

NOTEBOOK = "firmness"
FIGURES = (
    "school-size",
    "small-school-premium",
    "small-school-cost",
    "small-underused-premium",
    "small-underused-cost",
)


def page(study="hartford-2017"):
    return read_notebook(paths.results(study) / "firmness.ipynb")


def test_it_is_polite_without_a_sweep_and_runs_again_when_there_is_one(home, run):
    ledger = run("hartford-2017")
    assert set(ledger) == {f"{name}-firmness" for name in FIGURES}
    for entry in ledger.values():
        assert entry.finding.value is None
        assert "dme sweep headline" in entry.finding.sentence
    assert "dme sweep headline" in answer_of(page())
    write(home, "headline")
    reasons = explain([home / "hartford-2017.yml"])["hartford-2017"]["firmness"]
    assert reasons == ["results/sweeps/headline/findings.parquet is new"]


def verdict_of(finding, line):
    """What a sweep tells: a figure by size alone is another reading and has none, nor has one
    that departs from the line of the claims O2 and O3."""
    judged = finding == "school-size" or ("underused" in finding and line == 350)
    return "consistent" if judged else None


def write(home, name):
    """Write a sweep of two choices for each finding."""
    rows = [
        {"run": f"{line}-{year}", "small_school": line, "spending_year": year, "finding": finding,
         "claim": "O1", "value": value, "low": value - 5, "high": value + 5,
         "unit": "percent", "basis": "measured", "verdict": verdict_of(finding, line),
         "reason": ""}
        for finding in FIGURES
        for line, year, value in ((300, "2017-18", 28.0), (350, "2017-18", 20.0),
                                  (300, "2018-19", 4.0), (350, "2018-19", 9.0))
    ]  # fmt: skip
    axes = {
        "small_school": {str(n): {"small_school": n} for n in (300, 350)},
        "spending_year": {y: {"spending_year": y} for y in ("2017-18", "2018-19")},
    }
    store(home, name, rows, axes)


def store(home, name, rows, axes, district="0640011"):
    """Store a sweep as its table and its description stand after it has run."""
    folder = home / "results" / "sweeps" / name
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    pd.DataFrame(rows).to_parquet(buffer)
    (folder / "findings.parquet").write_bytes(buffer.getvalue())
    shared = {"district": district, "confidence": 95.0, "enrollment_year": "2016-17"}
    shared = {key: value for key, value in shared.items() if value}
    (folder / "sweep.yml").write_text(
        yaml.safe_dump(
            sealed({"sweep": name, "axes": axes, "shared": shared}, buffer.getvalue())
        )
    )


@pytest.fixture(scope="module")
def swept(home, run):
    if not (home / "results" / "sweeps" / "headline").exists():
        write(home, "headline")
    return run("hartford-2017")


def test_the_shares_are_those_of_the_sweep(swept):
    found = swept["school-size-firmness"].finding
    # Published: 28. Only 28 itself agrees in size; 4, from -1 to 9, not even in its sign.
    assert found.value == 25
    assert found.claim is None
    assert found.verdict is None
    assert "1 of 4 ways to measure it agree with the published 28% in size." in found.sentence
    assert "in size" in found.unit
    assert swept["small-school-premium-firmness"].finding.unit.endswith("in direction")
    # Of 20 and 9, each from 5 below to 5 above, neither; 300 students is not the claim's line.
    apart = swept["small-underused-premium-firmness"].finding
    assert apart.value == 50
    assert (
        "1 of 2 ways to measure it that keep to the claim's terms agree with the published 16% in "
        "size. Over all 4 ways the figure runs from 4% to 28%"
    ) in apart.sentence
    shares = {one.label: one.value for one in found.alternatives}
    assert shares == {"within the tolerance alone": 25,
                      "of the claim's sign, with an interval that excludes zero": 75,
                      "counting the ways without an interval too": 25}  # fmt: skip


def test_each_finding_has_its_curve_and_its_table(swept):
    assert len(swept) == 5
    cells = {cell["id"]: cell for cell in page()["cells"]}
    for name in ("size", "premium", "cost"):
        figure, table = cells[f"{name}-figure"]["outputs"]
        assert "image/png" in figure["data"]
        assert "4 estimates" in figure["metadata"]["alt"]
        html = "".join(table["data"]["text/html"])
        assert "The line below which a school is small" in html
        # Of 28 and 20, 4 and 9, each from 5 below to 5 above: 28 was published of the size. By
        # size alone the premium and its cost have a sign to agree in, and the 4 may be none.
        share = {"size": "50%, 2018-19: 0%"}.get(name, "100%, 2018-19: 50%")
        assert f"2017-18: {share}" in html
    words = (
        "holds clear of zero in 75% of the ways to measure it; 1 of the 4 ways by the claim's terms "
        "agree with it in size"
    )
    assert words in answer_of(page())


@pytest.mark.tried("No false verdict", "a choice of a sweep that departs from a claim's terms")
def test_no_agreement_is_told_of_a_choice_that_departs_from_the_terms(swept):
    cells = {cell["id"]: cell for cell in page()["cells"]}
    table = cells["underused-figure"]["outputs"][2]
    assert "300: no verdict, 350: 50%" in "".join(table["data"]["text/html"])


def test_the_sweep_is_among_its_inputs(swept):
    assert swept
    (_, _, read), *_ = findings.bundles(page(), findings.INPUTS_MIME)
    assert {"results/sweeps/headline/findings.parquet",
            "results/sweeps/headline/sweep.yml"} <= set(read)  # fmt: skip


def test_another_districts_study_does_not_take_hartfords_sweep(swept, run):
    assert swept
    text = 'study: new-haven\ndistrict: "0930011"\npeers: ["0640011", "0150011"]\n'
    for entry in run("new-haven", text).values():
        assert "the sweep headline is of another district" in entry.finding.sentence


AXES = {
    "small_school": {"300": {"small_school": 300}, "350": {"small_school": 350}},
    "weighting": {"students": {"weighting": "students"}, "schools": {"weighting": "schools"}},
    "peers": {"nine": {"peers": list(Study().peers)}, "one": {"peers": ["0930011"]}},
    "level": {"all": {"level": "all"}},
}


def grid(*figures):
    """Return a row for each choice of size and weighting, alike for both choices of peers."""
    choices = [(small, how) for small in (300, 350) for how in ("students", "schools")]
    return [
        {"small_school": small, "weighting": weighting, "peers": peers, "level": "all",
         "finding": "small-school-cost", "claim": "O3", "value": value, "low": low, "high": high,
         "unit": "dollars a year", "basis": "measured", "verdict": "consistent"}
        for (small, weighting), (value, low, high) in zip(choices, figures, strict=True)
        for peers in ("nine", "one")
    ]  # fmt: skip


# Published: 3 to 4 million. Within it; the same sign only; inside the interval; the other sign.
FOUR = grid((3.5e6, 1e6, 5e6), (9e6, 5e6, 12e6), (2e6, -1e6, 4e6), (-1e6, -2e6, -5e5))


@pytest.fixture
def firm(home):
    """Give a function from a sweep's rows to how firm the yearly cost is by them."""

    def of_rows(rows, study=None, name="small-school-cost-firmness", **swept_of):
        store(home, "mine", rows, AXES, **swept_of)
        return of(NOTEBOOK, name, sweep="mine", **(study or {}))

    return of_rows


@pytest.fixture(scope="module")
def notebook(home):
    """Give what the notebook defines, by name."""
    return namespace_of(home / "notebooks" / "firmness.ipynb")


def test_the_share_that_agrees_counts_each_specification_once(firm):
    """Peers change nothing here, so eight runs are four ways to measure it."""
    found = firm(FOUR)
    seen = found.facts["curve"]
    assert (found.value, seen.specifications) == (50, 4)
    assert (seen.within, seen.consistent, seen.direction) == (0.25, 0.25, 0.25)
    assert found.facts["signed"] == 50


def test_what_moves_a_figure_is_its_range_with_the_others_held(firm):
    # Over the line: 1.5 and 10 million; over the weighting: 5.5 and 3.
    assert firm(FOUR).facts["curve"].moves == {"small_school": 5.75e6, "weighting": 4.25e6}


def test_ways_without_an_interval_are_left_out_and_counted_apart(firm, notebook):
    thin = [one | {"low": None, "high": None} if one["small_school"] == 300 else one
            for one in FOUR]  # fmt: skip
    found = firm(thin)
    assert found.value == 50
    assert found.facts["curve"].specifications == 2
    # Of the four runs two are one and the same way, as peers change nothing.
    assert found.facts["unsure"] == 2
    # 3.5 million lies within the tolerance without any interval; 9 million has none to hold it.
    assert notebook["cost"](Study(sweep="mine"), share="every way").value == 50


def test_the_share_in_size_alone_and_none_of_a_proxy(firm, notebook):
    firm(FOUR)
    assert notebook["cost"](Study(sweep="mine"), share="tolerance").value == 25
    assert notebook["cost"](Study(sweep="mine"), share="direction").value == 50
    proxy = firm([one | {"basis": "proxy", "verdict": None} for one in FOUR])
    # 3.5 and 9 million are clear of zero; that one lies within the tolerance counts for no more.
    assert proxy.value == 50
    assert proxy.facts["curve"].within == 0
    for share in ("tolerance", "direction"):
        with pytest.raises(Lacking):
            notebook["cost"](Study(sweep="mine"), share=share)


def test_the_studys_own_choices_are_those_of_its_parameters(firm, notebook):
    firm(FOUR)
    sweep = notebook["ways"](Study(sweep="mine"), figure="small-school-cost")
    own = notebook["own_choices"]
    assert own(Study(), sweep) == {"small_school": 350, "weighting": "students", "peers": "nine",
                                   "level": "all"}  # fmt: skip
    other = Study(small_school=325, peers=("0930011",))
    assert own(other, sweep) == {"weighting": "students", "peers": "one", "level": "all"}


@pytest.mark.parametrize(
    ("whose", "named"), [("0930011", "another district"), (None, "several districts")]
)
def test_a_sweep_of_another_district_is_not_taken(firm, whose, named):
    with pytest.raises(Lacking, match=f"is of {named}; write a file in params/sweeps/"):
        firm(FOUR, district=whose)


def test_a_finding_that_the_sweep_lacks_is_named(firm):
    with pytest.raises(Lacking, match="holds no finding school-size"):
        firm(FOUR, name="school-size-firmness")
    with pytest.raises(Lacking, match="no run of the sweep mine has an interval"):
        firm([one | {"value": None, "low": None, "high": None} for one in FOUR])


def test_for_another_district_a_figure_surely_above_zero_agrees(firm):
    study = {"district": "0930011", "peers": ("0640011",)}
    # 3.5 and 9 million; the interval of 2 million reaches zero.
    found = firm([one | {"verdict": None} for one in FOUR], study, district="0930011")
    assert (found.value, found.facts["sized"]) == (50, False)


def test_the_claims_are_noted_as_read_with_the_sweep(firm, notebook):
    firm(FOUR)
    study = Study(sweep="mine")
    with session.evaluating(study) as reading:
        notebook["cost"](study)
    assert {"data/claims.yml", "results/sweeps/mine/findings.parquet"} <= set(reading.files)
