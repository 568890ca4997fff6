import inspect

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from dme import notebook
from dme.audit.helpers import helpers, imports, libraries, modules
from dme.audit.statements import declaring, resting, statements
from dme.errors import Lacking
from dme.measures.estimates.bootstrap import resampled
from dme.measures.size import levels, school_sizes

CELLS = [
    new_code_cell(
        "import numpy as np\nimport dme.measures.size.levels\n"
        "from dme.measures.size import school_sizes as sizes\n"
        "from dme.measures.estimates.bootstrap import resampled\n"
        "from dme.notebook import Lacking, finding, load, step",
        id="imports",
    ),
    new_markdown_cell("No code: sizes.trend(rows)"),
    new_code_cell(
        "@step\ndef rows(study):\n"
        "    '''sizes.trend is only named here.'''\n"
        "    return sizes.schools(load('school_enrollment'), study.size_year)\n\n"
        "def unused(study):\n    return sizes.sizes_by_district(rows(study))",
        id="rows",
    ),
    new_code_cell(
        "# Above\n# the finding.\n"
        "@finding('mean', 'The mean', unit='u')\ndef mean(study):\n"
        "    if rows(study).empty:\n        raise Lacking('none')\n"
        "    return resampled(np.mean, dme.measures.size.levels.LEVELS)",
        id="mean",
    ),
]


@pytest.fixture(scope="module")
def told():
    every = statements(CELLS)
    return [every[place] for place in resting(every, declaring(every, "mean"))]


def lines(thing):
    source, first = inspect.getsourcelines(thing)
    return first, first + len(source) - 1


def test_a_finding_goes_through_what_it_names_and_what_that_names(told):
    assert [(one.cell, one.number, one.line) for one in told] == [("rows", 3, 1), ("mean", 4, 1)]
    assert told[1].source.startswith("# Above\n# the finding.\n@finding")


def test_helpers_are_found_where_python_finds_them(told):
    found = {one.called: (one.module, one.first, one.last) for one in helpers(told, imports(CELLS))}
    at = "src/dme/measures/"
    assert found["sizes.schools"] == (f"{at}size/school_sizes.py", *lines(school_sizes.schools))
    assert found["resampled"] == (f"{at}estimates/bootstrap.py", *lines(resampled))
    # What the verbs take over from elsewhere is shown where it is written.
    assert found["load"] == ("src/dme/findings/session.py", *lines(notebook.load))
    assert found["Lacking"] == ("src/dme/errors.py", *lines(Lacking))
    file, first, last = found["dme.measures.size.levels.LEVELS"]
    text = inspect.getsource(levels).splitlines()[first - 1 : last]
    assert file == f"{at}size/levels.py"
    assert text[0].startswith("LEVELS")
    # Neither decorators, nor docstrings, nor code that the finding does not go through.
    assert len(found) == 5


def test_modules_and_libraries_are_those_that_are_imported(told):
    imported = imports(CELLS)
    reached = modules(helpers(told, imported))
    names = set(reached.values())
    assert {"src/dme/measures/estimates/trend.py", "src/dme/tables/load.py"} <= names
    assert not any(name.startswith(("src/dme/publish", "src/dme/figures")) for name in names)
    found = libraries(told, imported, reached)
    assert {"numpy", "pandas", "scipy"} <= found
    assert not found & {"dme", "functools", "matplotlib"}
