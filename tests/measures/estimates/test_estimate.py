"""A figure as it is stored: alike where processors differ in the last digits, and exact enough."""

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme.measures.estimates.estimate import DIGITS, Estimate, finite

SIZES = st.floats(1e-9, 1e12)


def stored(value, low=None, high=None, p=None):
    found = finite(Estimate(value, low, high, "", p=p))
    return found.value, found.low, found.high, found.p


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((1e-17,), (0.0, None, None, None)),
        ((-3e-18, -20.123456789012345, 30.0), (0.0, -20.12345679, 30.0, None)),
        # A difference of large sums that is nothing is nothing beside its interval.
        ((2.3e-10, -1.5e6, 1.5e6), (0.0, -1.5e6, 1.5e6, None)),
        ((9_999_999_999.99,), (1e10, None, None, None)),
        ((1_234_567_890.4,), (1_234_567_890.0, None, None, None)),
        ((np.float64(18_123.456789012),), (18_123.45679, None, None, None)),
        ((0.0, 0.0, 0.0, 3.21e-19), (0.0, 0.0, 0.0, 3.21e-19)),
        ((1 / 3, None, None, 1 / 3), (0.3333333333, None, None, 0.3333333333)),
        ((7, 3, 9), (7, 3, 9, None)),
    ],
)
def test_figures_as_they_are_stored(given, told):
    assert stored(*given) == told
    assert str(stored(*given)[0]) != "-0.0"


@given(SIZES, st.floats(-1, 1), st.floats(0, 1))
def test_a_stored_figure_is_exact_to_its_digits(scale, part, wide):
    value, low, high = part * scale, (part - wide) * scale, (part + wide) * scale
    largest = max(abs(value), abs(low), abs(high))
    found = stored(value, low, high)
    assert found[1] <= found[0] <= found[2]
    for told, real in zip(found, (value, low, high), strict=False):
        assert abs(told - real) <= max(largest * 10.0 ** (1 - DIGITS), 10.0**-DIGITS) / 1.99


@given(SIZES, st.integers(-8, 8))
def test_what_two_processors_may_differ_by_is_stored_alike(scale, steps):
    # In the middle of a step of the last digit, where no difference of the 13th could show.
    exponent = Decimal(scale).adjusted() - DIGITS + 1
    step = Decimal(1).scaleb(max(exponent, -DIGITS))
    at = float((Decimal(scale) / step).quantize(Decimal(1), ROUND_HALF_EVEN) * step)
    assert stored(at * (1 + steps * 1e-13))[0] == stored(at)[0]
