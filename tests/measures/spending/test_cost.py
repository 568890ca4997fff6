from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.errors import DmeError, Lacking
from dme.measures.estimates.bootstrap import Resampling
from dme.measures.estimates.estimate import Estimate
from dme.measures.size import school_sizes
from dme.measures.spending import cost
from dme.study import Study
from dme.tables import load

QUICK = Resampling(resamples=400)
HARTFORD = Study().district


@pytest.fixture(scope="module")
def hartford():
    return school_sizes.of_districts(
        school_sizes.schools(load("spending_schools"), "2017-18", 100), HARTFORD
    )


def schools(students, dollars):
    return pd.DataFrame({"students": students, "dollars_per_pupil": dollars}).astype(float)


def test_a_contrast_by_hand():
    small, rest = schools([100, 300], [14000, 10000]), schools([500, 500], [9000, 11000])
    by_pupil = cost.contrast(small, rest, "students", QUICK)
    assert (by_pupil.small_mean, by_pupil.rest_mean) == (11000, 10000)
    assert by_pupil.premium.value == pytest.approx(10)
    assert by_pupil.yearly_cost.value == pytest.approx(400 * 1000)
    by_school = cost.contrast(small, rest, "schools", QUICK)
    assert by_school.small_mean == 12000
    assert by_school.premium.value == pytest.approx(20)


def test_an_empty_group_is_refused():
    with pytest.raises(DmeError, match="no school is among the small schools"):
        cost.contrast(schools([], []), schools([500, 600], [1, 2]), "students", QUICK)


FIGURES = st.lists(
    st.tuples(st.integers(100, 1200), st.integers(6000, 20000)),
    min_size=3,
    max_size=10,
    unique=True,
)


@given(small=FIGURES, rest=FIGURES, factor=st.floats(0.1, 10))
def test_a_premium_does_not_change_with_the_price_of_a_dollar(small, rest, factor):
    quick = Resampling(resamples=200)
    groups = [schools(*zip(*rows, strict=True)) for rows in (small, rest)]
    dearer = [g.assign(dollars_per_pupil=g["dollars_per_pupil"] * factor) for g in groups]
    one = cost.contrast(*groups, "students", quick)
    other = cost.contrast(*dearer, "students", quick)
    assert other.premium.value == pytest.approx(one.premium.value, abs=1e-6)
    assert other.yearly_cost.value == pytest.approx(one.yearly_cost.value * factor, abs=1e-3)


@pytest.mark.parametrize(
    ("low", "high", "level"),
    [
        ("PK", "5", "elementary"),
        ("K", "4", "elementary"),
        ("PK", "PK", "elementary"),
        ("PK", "6", "PK-8"),
        ("K", "8", "PK-8"),
        ("4", "8", "middle"),
        ("6", "8", "middle"),
        ("6", "12", "high"),
        ("PK", "12", "high"),
        ("11", "12", "high"),
    ],
)
def test_levels(low, high, level):
    assert cost.level(low, high) == level


def test_schools_of_one_level():
    rows = pd.DataFrame({
        "school_code": ["a", "b", "c", "d", "e"],
        "low_grade": ["PK", "K", "6", "9", None],
        "high_grade": ["5", "8", "8", "12", "5"],
    })  # fmt: skip
    found = {name: list(cost.of_level(rows, name)["school_code"])
             for name in ("elementary", "PK-8", "middle", "high")}  # fmt: skip
    assert found == {"elementary": ["a"], "PK-8": ["b"], "middle": ["c"], "high": ["d"]}
    assert len(cost.of_level(rows, "all")) == 5


def test_the_levels_of_a_study_are_those_of_its_schools(hartford):
    parts = [
        cost.of_level(hartford, name) for name in get_args(Study.model_fields["level"].annotation)
    ]
    assert len(parts[0]) == sum(map(len, parts[1:])) == len(hartford)
    assert all(map(len, parts))


def regression_rows(premium, seed=0):
    """Schools whose log spending is known: level and need cost, and being small costs `premium`."""
    draw = np.random.default_rng(seed)
    small = np.repeat([True, False], 40)
    need = draw.uniform(20, 95, 80)
    spans = [("PK", "5"), ("PK", "8"), ("6", "8"), ("9", "12")] * 20
    extra = np.tile([0, 0.02, 0.08, 0.15], 20)
    logs = 9.2 + np.log1p(premium) * small + 0.003 * need + extra + draw.normal(0, 0.01, 80)
    return pd.DataFrame(
        {
            "students": np.where(small, 200, 600),
            "dollars_per_pupil": np.exp(logs),
            "small": small,
            "low_grade": [low for low, _ in spans],
            "high_grade": [high for _, high in spans],
            "percent_high_needs": need,
        }
    )


def test_the_adjusted_premium_finds_what_was_put_in():
    found = cost.adjusted_premium(regression_rows(0.12), 95)
    assert found.value == pytest.approx(12, abs=0.7)
    assert found.low < 12 < found.high
    assert "80 schools" in found.interval


def test_the_adjusted_premium_of_hartford_by_plain_least_squares(hartford):
    """The coefficient and its HC3 error, worked out with numpy alone."""
    rows = hartford.assign(small=hartford["students"] < 350)
    found = cost.adjusted_premium(rows, 95)
    spans = zip(rows["low_grade"], rows["high_grade"], strict=True)
    levels = pd.get_dummies([cost.level(*span) for span in spans], drop_first=True).to_numpy(float)
    design = np.column_stack(
        [np.ones(len(rows)), rows["small"], levels, rows["percent_high_needs"]]
    ).astype(float)
    logs = np.log(rows["dollars_per_pupil"].to_numpy(float))
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ logs
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    meat = (design * ((logs - design @ beta) / (1 - leverage))[:, None] ** 2).T @ design
    error = np.sqrt(np.diag(inverse @ meat @ inverse))[1]
    from scipy.stats import t

    reach = t.ppf(0.975, len(rows) - design.shape[1]) * error
    expected = [100 * np.expm1(x) for x in (beta[1], beta[1] - reach, beta[1] + reach)]
    assert [found.value, found.low, found.high] == pytest.approx(expected, rel=1e-6)


def test_without_controls_it_is_the_ratio_of_geometric_means(hartford):
    rows = hartford.assign(small=hartford["students"] < 350)
    found = cost.adjusted_premium(rows, 95, controls=False)
    means = np.log(rows["dollars_per_pupil"].astype(float)).groupby(rows["small"]).mean()
    assert found.value == pytest.approx(100 * np.expm1(means[True] - means[False]))
    assert found.value == pytest.approx(15.8, abs=0.05)  # worked out apart from this program


def test_an_adjusted_premium_takes_three_schools_in_each_group():
    rows = regression_rows(0.1)
    few = pd.concat([rows[rows["small"]].head(2), rows[~rows["small"]]])
    with pytest.raises(Lacking, match="fewer than 3 schools of a group"):
        cost.adjusted_premium(few, 95)


def test_the_cost_of_a_premium_by_hand():
    small = schools([100, 100, 100], [11000, 11000, 11000])
    ten = Estimate(10, 0, 25, "-")
    found = cost.cost_of_premium(small, ten)
    # Of 3.3 million dollars a tenth in eleven, none, and a fifth.
    assert (found.value, found.low, found.high) == pytest.approx((300_000, 0, 660_000))


def test_without_plant_takes_off_the_plant_and_nothing_else():
    spending, parts = load("spending_schools"), load("spending_by_function")
    less = cost.without_plant(spending, parts)
    school = less[(less["school_code"] == "0640411") & (less["school_year"] == "2017-18")]
    functions = parts[(parts["school_code"] == "0640411") & (parts["school_year"] == "2017-18")]
    others = functions[functions["function"] != "plant_operation"]["dollars_per_pupil"].sum()
    assert school["dollars_per_pupil"].item() == pytest.approx(others, abs=3)
    assert len(less) == len(spending)
    assert "plant" not in less


def test_no_school_at_all_is_of_no_level():
    rows = load("spending_schools").head(0)
    assert list(cost.of_level(rows, "high").columns) == list(rows.columns)
