"""What moved between two studies, in the words of the page that shows them side by side."""

import re
from html import unescape

import pytest
from tests.audit.test_diff import found, made

from dme.audit.diff import compare
from dme.audit.diff_words import Names
from dme.findings.judging import Verdict
from dme.publish.moved import moved
from dme.tabled import Cell

NAMES = Names("Here, then", "Here, now")
READ = ("district", "peers", "small_school")
SIZE = "school-size"  # what judges O1


def one(value, low=None, high=None, **changes):
    return made({SIZE: found(value, low, high, parameters=READ, **changes)})


def cells(name):
    return Cell(f"Title of {name}"), [Cell("A"), Cell("B")]


def told(before, after, **parameters):
    """Return what is said of two records, the second with other parameters, without marks."""
    after = after.model_copy(update={"parameters": before.parameters | parameters})
    page = moved(compare(before, after), NAMES, cells)
    return " ".join(unescape(re.sub("<svg.*?</svg>|<[^>]*>|```.*", " ", page)).split())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            one(20, 10, 30),
            one(31, 20, 40),
            "+11 students . Outside the interval of Here, then. Computed with:",
        ),
        (
            one(20, 10, 30),
            one(29, 20, 40),
            "+9 students . Inside the interval of Here, then. Computed with:",
        ),
        (one(25), one(20), "−5 students . Computed with:"),
    ],
)
def test_it_says_how_far_and_because_of_which_parameters_that_it_reads(before, after, said):
    page = told(before, after, small_school=400, weighting="schools")
    assert f"{said} small school 350 → 400." in page
    assert "weighting" not in page
    assert "## From Here, then to Here, now" in page


def test_of_two_districts_no_cause_is_named():
    follows = {"district": "0930011", "peers": ["0150011"]}
    page = told(one(20, 10, 30), one(31, 20, 40), **follows, small_school=400)
    assert "## Here, then beside Here, now" in page
    assert "Besides the district differ: small school 350 → 400." in page
    assert "Computed with" not in page


def test_a_verdict_that_differs_comes_first_and_the_largest_movement_next():
    judged = {"claim": "O2", "verdict": Verdict.REPRODUCED, "title": "Judged"}
    before, after = (
        made(
            {
                SIZE: found(value, 0, 10, title="Near", parameters=READ),
                "district-enrollment": found(10 * value, 0, 10, title="Far", parameters=READ),
                "other": found(5.0, **(judged | {"verdict": verdict})),
            }
        )
        for value, verdict in ((5.0, Verdict.REPRODUCED), (6.0, Verdict.NOT_REPRODUCED))
    )
    page = told(before, after, small_school=400)
    assert page.index("Title of other") < page.index("Title of district-enrollment")
    assert page.index("Title of district-enrollment") < page.index(f"Title of {SIZE}")
    assert "The verdict: reproduced, then not reproduced." in page


def test_where_nothing_moved_that_is_said():
    assert told(one(20), one(20)).endswith("Nothing: all figures of 1 finding are the same.")


def test_the_picture_holds_both_intervals_and_zero():
    page = moved(compare(one(-5, -10, 0), one(5, 0, 10)), NAMES, cells)
    # From 6 to 194 for -10 to 10: zero in the middle.
    assert '<path class="zero" d="M100.0 0V32"/>' in page
    assert re.findall(r"<text [^>]*>([^<]+)<", page) == ["-10 students", "10 students"]
    assert "<svg" not in moved(compare(one(-5), one(5)), NAMES, cells)
    assert '<path d="M6.0 8H100.0"/><circle cx="53.0" cy="8"' in page
    assert '<path d="M100.0 24H194.0"/><circle cx="147.0" cy="24"' in page
