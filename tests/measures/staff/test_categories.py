import pandas as pd
import pytest

from dme.measures.staff import categories


def test_a_record_that_jumps_within_a_year_is_told_by_hand():
    rows = [
        ("2014-15", "falls", 25.2, 3.3), ("2015-16", "falls", 3.0, 1.0),
        ("2014-15", "rises", 10.0, 0.0), ("2015-16", "rises", 20.5, 0.0),
        ("2014-15", "halves", 10.0, 0.0), ("2015-16", "halves", 5.0, 0.0),
        ("2013-14", "once", 90.0, 0.0), ("2015-16", "once", 9.0, 0.0),
        ("2014-15", "none", 9.0, None), ("2015-16", "none", 99.0, 1.0),
    ]  # fmt: skip
    staff = pd.DataFrame(rows, columns=["school_year", "district_code", *categories.CLASSROOM])
    found = categories.jumps(staff, "2015-16")
    assert found == {
        "falls": (pytest.approx(28.5), pytest.approx(4)),
        "rises": (pytest.approx(10), pytest.approx(20.5)),
    }
