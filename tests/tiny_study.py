"""A study of one finding, written as a run would: it used two rows of 2016-17."""

from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from dme import up_to_date
from dme.findings import MIME, Alternative, Finding

TABLE = "data/tables/school_enrollment.csv"
MODULE = "src/dme/measures/size/school_sizes.py"
CELLS = [
    "from dme.measures.size import school_sizes\nfrom dme.notebook import finding, load, record",
    '@finding("mean-size", "Mean school size", unit="students", claim="O1")\n'
    "def mean_size(study):\n"
    '    rows = school_sizes.schools(load("school_enrollment"), study.size_year)\n'
    '    return rows["students"].mean()',
    "record(mean_size)",
]


def write(home: Path) -> Path:
    """Write the study "tiny" into a project, and return the folder of its results."""
    lines = (home / TABLE).read_text().splitlines()
    numbers = [n for n, line in enumerate(lines) if line.startswith("2016-17,0640011,")][:2]
    assert len(numbers) == 2
    found = Finding(
        id="mean-size",
        title="Mean school size",
        sentence="Schools have 442 students.",
        value=442.0,
        unit="students",
        population="-",
        year="2016-17",
        method="-",
        claim="O1",
        alternatives=(Alternative("of the year before", 440.0, by="size_year = 2015-16"),),
        tables=("school_enrollment",),
        parameters=("size_year",),
        rows=(("school_enrollment", f"{numbers[0]}-{numbers[1]}"),),
    )
    shown = new_output("display_data", {MIME: found.to_json(), "text/plain": "-"})
    cells = [new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(CELLS)]
    cells[-1]["outputs"] = [shown]
    folder = home / "results" / "tiny"
    folder.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), folder / "size.ipynb")
    (folder / "study.yml").write_text("study: tiny\n")
    read = {TABLE: up_to_date.digest(home / TABLE), MODULE: "b" * 64}
    record = up_to_date.Record("n", "r", {}, read, "e", [])
    run = up_to_date.RunRecord("p", "s", {"size": record}, "c0ffee", [], {"pandas": "9.9"}, "X 3")
    up_to_date.write(folder, run)
    return folder
