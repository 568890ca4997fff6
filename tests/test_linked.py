"""Numbers that know their finding: the marks travel, and leave the words as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dme import linked
from dme.text import fill

FIELDS = (
    "{n:# school}", "{n:# city|cities}", "{x:=percent}", "{x:=dollars}", "{x:=percent fewer|more}",
    "{ends:~percent}", "{ends:(percent fewer|more)}", "{none:(points)}", "{x:.0f}%", "${x:,.0f}",
    "{x:.{digits}f}", "{words}", "{parts[share]:.1f}",
)  # fmt: skip
WORDS = (
    "the ",
    "The ",
    " of ",
    "**",
    "*",
    ". ",
    "(",
    ") ",
    "; ",
    " 1 of the ",
    "x",
    " schools",
    "%",
)


@given(
    st.lists(st.sampled_from(FIELDS + WORDS), max_size=12),
    st.sampled_from([0, 1, 2, 41]),
    st.floats(-3e6, 3e6),
)
def test_a_sentence_has_the_same_words_with_marks_as_without(template, n, x):
    facts = {"n": n, "x": x, "ends": (x - 1, x + 1), "none": (None, None), "digits": 1}
    facts |= {"words": "in 2010-11 it was *38.5%*", "parts": {"share": x}}
    plain = fill("".join(template), facts)
    marked = fill("".join(template), facts, finding="school-size")
    assert linked.plain(marked) == plain
    text, places = linked.taken(marked)
    assert text == plain
    assert {name for *_, name in places} <= {"school-size"}
    assert linked.taken(linked.marked(text, places)) == (text, places)


def numbers_of(marked):
    """Return the numbers in a text with marks, each with its finding."""
    text, places = linked.taken(marked)
    return [(text[start:end], name) for start, end, name in places]


@pytest.mark.parametrize(
    ("template", "numbers"),
    [
        ("Of the {n:# school} {x:.0f}% are small.", ["24%"]),
        ("The {n:# school} is small{ends:(percent)}.", ["3% to 7.5%"]),
        ("${x:,.0f} a year, {x:=dollars more|less}.", ["$24", "$24 more"]),
        ("{n} of the {n:# school}; {none:~points}, {named}.", []),
    ],
)
def test_each_number_is_marked_with_its_signs_and_nothing_else_is(template, numbers):
    facts = {"n": 1, "x": 24.4, "ends": (3.0, 7.5), "none": (None, None), "named": "no number"}
    told = fill(template, facts, finding="school-size")
    assert [n for n, _ in numbers_of(told) if any(map(str.isdigit, n))] == numbers


def test_marks_outlast_what_notebooks_do_with_sentences():
    one = fill("{x:.0f} schools.", {"x": 3}, finding="one")
    other = fill(f"Of these {{x}}: {one.removesuffix('.')}", {"x": 2}, finding="other")
    told = f"- {other[:1].lower()}{other[1:]}" + " ".join(["", one])
    assert linked.plain(told) == "- of these 2: 3 schools 3 schools."
    assert numbers_of(told) == [("2", "other"), ("3", "one"), ("3", "one")]


def test_years_grades_and_names_are_no_numbers_of_a_finding():
    told = linked.numbers_linked(
        "In 2010-11, for PK-8 and 6-8, it was 38.5% or -$1,250, 4, of O1.", "f"
    )
    assert [number for number, _ in numbers_of(told)] == ["38.5%", "-$1,250", "4"]


def test_a_number_without_a_place_to_lead_to_is_no_link():
    told = linked.linked("24%", "school-size")
    assert linked.in_html(f"<b>{told}</b>", lambda _: "") == "<b>24%</b>"
    link = linked.in_html(told, lambda name: f"#{name}&")
    assert link == (
        '<a class="number" href="#school-size&amp;" title="How this was computed">24%</a>'
    )
