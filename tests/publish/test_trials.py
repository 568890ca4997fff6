"""The page on what was tried, from a record made here."""

import json

import pytest

from dme import paths
from dme.publish.trials import NOT_TRIED, trials

pytestmark = pytest.mark.usefixtures("home")
RECORD = {
    "ended": "2026-11-28T09:00:00+00:00",
    "trials": [
        {"kind": "Nothing lost", "what": "a kill <at> any time", "times": 1200,
         "tests": ["tests/execute/test_run.py::test_a_kill"], "outcome": "passed"},
        {"kind": "Bad input", "what": "any bytes", "times": 34,
         "tests": ["tests/a.py::test_b", "tests/a.py::test_c"], "outcome": "failed"},
    ],
}  # fmt: skip


def write(record):
    paths.trials().parent.mkdir(exist_ok=True)
    paths.trials().write_text(record if isinstance(record, str) else json.dumps(record))


def test_each_kind_stands_with_how_often_and_how_it_ended():
    write(RECORD)
    page = trials()
    assert "ended on 28 November 2026 at 09:00 UTC made 1,234 attempts of 2 kinds; 1 of" in page
    assert "a kill &lt;at&gt; any time" in page
    assert page.index("1,200") < page.index("withstood") < page.index("Bad input")
    assert page.index("any bytes") < page.index(">broken<")
    assert "b<br><code>tests/a.py</code> c" in page


def test_without_a_record_it_says_how_to_make_one():
    assert trials() == NOT_TRIED
    for wrong in ("", "[]", '{"ended": 3}', '{"ended": "2026-11-28", "trials": [{}]}'):
        write(wrong)
        assert "make test" in trials()
