from nbformat.v4 import new_code_cell

from dme.publish.computation import Computations

CELLS = [
    new_code_cell("import numpy as np\nrun = begin(globals())", id="begin"),
    new_code_cell(
        "# A tenth.\nSHARE = 0.1\n\n"
        "@step\ndef rows(study):\n    return np.arange(study.n)\n\n"
        '@finding("mean", "The mean", unit="u")\ndef mean(study):\n    return rows(study).mean()',
        id="mean",
    ),
    new_code_cell(
        '@finding("part", "A part", unit="u")\ndef part(study):\n'
        "    SIZE = 3\n    return SHARE * mean(study) * len(rows(study)) * SIZE\n\n"
        "SIZE = 4\nOTHER = {'n': SIZE}\n"
        "if part.measured:\n"
        "    words = 'a sentence'\n"
        "    part.varied({'more': OTHER} | mean.choices_declared)\n"
        "    record(part, words)",
        id="part",
    ),
    new_code_cell("@show\ndef chart(study):\n    return SHARE, rows(study), HEADS", id="chart"),
    new_code_cell("HEADS = ('a', 'b')", id="heads"),
]


def sources(pieces):
    return [piece.source.splitlines()[0] for piece in pieces]


def test_a_finding_shows_what_it_goes_through_in_the_order_of_the_notebook():
    found = Computations(CELLS, ["mean", "part"])
    assert sources(found.of_finding("mean")) == ["@step", '@finding("mean", "The mean", unit="u")']
    assert found.of_finding("mean")[0].name == "rows"


def test_later_findings_show_what_is_new_and_tell_the_rest():
    found = Computations(CELLS, ["mean", "part"])
    part = found.of_finding("part")
    # SIZE is a local of the function, and a constant of its other choices.
    assert sources(part) == [
        "# A tenth.",
        '@finding("part", "A part", unit="u")',
        "SIZE = 4",
        "OTHER = {'n': SIZE}",
        "part.varied({'more': OTHER} | mean.choices_declared)",
    ]
    assert found.elsewhere(part) == ["rows", "mean"]


def test_choices_of_another_finding_that_only_mention_it_are_not_its_own():
    found = Computations(CELLS, ["mean", "part"])
    assert not any(piece.varies for piece in found.of_finding("mean"))


def test_a_chart_shows_what_no_finding_shows():
    found = Computations(CELLS, ["mean", "part"])
    chart = found.of_cell("chart")
    assert sources(chart) == ["@show", "HEADS = ('a', 'b')"]
    assert found.elsewhere(chart) == ["rows", "SHARE"]
    assert found.of_cell("begin") == []


def test_a_loop_over_findings_belongs_to_each():
    loop = new_code_cell("for one in (mean, part):\n    one.varied(OTHER)", id="loop")
    found = Computations([*CELLS, loop], ["part", "mean"])
    assert "for one in (mean, part):" in sources(found.of_finding("part"))


def test_a_cell_that_is_no_python_is_shown_whole():
    found = Computations([new_code_cell("%%time\nx = 1 2", id="magic")], [])
    assert sources(found.of_cell("magic")) == ["%%time"]
