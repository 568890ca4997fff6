"""One notebook reads no other: what the uses of the money take from the plan is kept in step here."""

import numpy as np
import pytest

from dme import paths
from dme.findings.definitions import namespace_of
from dme.study import Study

from .declared import declared, of


def test_the_money_is_what_the_plan_releases():
    """The two parts in the cell are those of the notebook on the plan."""
    of_plan, costs = of("plan", "released-together"), declared("design")["costs"](Study())
    ends = np.percentile(costs["money"], [2.5, 50, 97.5])
    assert ends == pytest.approx([of_plan.low, of_plan.value, of_plan.high], rel=0.03)
    space = namespace_of(paths.home() / "notebooks" / "design.ipynb")
    assert space["RELEASED_IN_ALL"] == pytest.approx(of_plan.value, abs=0.5)
    low, high = space["RELEASED"]["released_teachers"]
    price = declared("design")["teacher_cost"](Study())
    sections = of("plan", "staffing-released").facts["sections"]
    assert (low + high) / 2 * price.middle == pytest.approx(sections, rel=0.03)
