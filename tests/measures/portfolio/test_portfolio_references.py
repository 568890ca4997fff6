"""Instances of the literature whose best answers are known."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import portfolio_brute as brute
import pytest

from dme.measures.portfolio import Effort, Limits, best_plan

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.raw
# Whole numbers are the answers: half a unit below one is a proof.
WHOLE = Effort(gap=1e-6, absolute_gap=0.5)


@pytest.fixture(scope="module")
def instances() -> Path:
    folder = Path(os.environ.get("DME_RAW", ROOT.parent / "shared" / "data")) / "reference"
    if not folder.is_dir():
        pytest.skip("the reference instances are not here: set DME_RAW to the raw files' folder")
    return folder


def test_the_p_median_of_san_francisco(instances):
    """PySAL spopt's example: 205 tracts, 16 stores, four of which open."""
    distances = pd.read_csv(
        instances / "SF_network_distance_candidateStore_16_censusTract_205_new.csv"
    )
    people = pd.read_csv(instances / "SF_demand_205_centroid_uniform_weight.csv")
    cost = distances.pivot_table(index="DestinationName", columns="name", values="distance")
    demand = people.set_index("NAME")["POP2000"].reindex(cost.index).to_numpy(float)
    assert cost.shape == (205, 16)
    plan = best_plan(
        brute.located(demand, cost.to_numpy()), Limits(closures=12), effort=Effort(gap=1e-9)
    )
    assert plan.proven
    assert plan.open.sum() == 4
    assert plan.value == pytest.approx(2_848_268_129.7145, abs=0.01)
    assert plan.value / demand.sum() == pytest.approx(2982.12686, abs=1e-5)
    assert plan.bound <= plan.value * (1 + 1e-9)


def holmberg(path: Path):
    numbers = iter(np.fromstring(path.read_text(), sep=" "))
    sites, customers = int(next(numbers)), int(next(numbers))

    def take(count: int) -> np.ndarray:
        return np.array([next(numbers) for _ in range(count)])

    seats, fixed, demand = take(sites), take(sites), take(customers)
    cost = take(sites * customers).reshape(customers, sites)
    return brute.located(demand, cost / demand[:, None], seats, fixed)


@pytest.mark.parametrize(("name", "best"), [("p1", 8848), ("p2", 7913), ("p3", 9314)])
def test_the_single_source_instances_of_holmberg(instances, name, best):
    """Holmberg, Rönnqvist and Yuan (1999): each customer is served by one site."""
    portfolio = holmberg(instances / f"holmberg_{name}.txt")
    plan = best_plan(portfolio, Limits(), effort=WHOLE, whole=True)
    assert plan.proven
    assert plan.value == pytest.approx(best, abs=1e-6)
    assert best - 0.5 <= plan.bound <= best + 1e-6
    served = (plan.moved > 0).reshape(len(portfolio.areas), -1).sum(axis=1)
    assert (served == 1).all()
