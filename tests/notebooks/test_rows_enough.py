"""The rows that a finding tells to have used are enough: with no others it is what it was."""

import pytest

from dme import paths
from dme.errors import Lacking
from dme.findings import functions, lineage, session
from dme.findings.declared import FindingFunction
from dme.findings.memory import Memory
from dme.study import Study
from tests.notebooks.declared import declared
from tests.turns import on_turn

NOTEBOOKS = sorted(path.stem for path in (paths.home() / "notebooks").glob("*.ipynb"))
# Their models are solved anew for each.
DEAR = ("better-plan-saving", "closures-in-every-plan", "students-in-full-schools")


def findings():
    """Return the findings whose turn it is, by notebook and name; the dear ones seldom."""
    every = [
        (notebook, one.id)
        for notebook in NOTEBOOKS
        for one in dict.fromkeys(declared(notebook).values())
        if isinstance(one, FindingFunction)
    ]
    usual = [pair for pair in every if pair[1] not in DEAR]
    return on_turn(usual, 8) + on_turn([pair for pair in every if pair[1] in DEAR], 24)


def evaluated(notebook, name):
    """Return a finding as it is made, or what it lacks, and the rows that it used."""
    with session.evaluating(Study()) as reading:
        try:
            found = repr(declared(notebook)[name](Study()))
        except Lacking as lacking:
            found = str(lacking)
    return found, dict(reading.used.settled())


@pytest.mark.tried("Nothing stale", "a finding made again of nothing but the rows that it names")
def test_the_rows_that_a_finding_used_are_enough(monkeypatch, record_property):
    monkeypatch.setattr(session, "_frames", [])
    monkeypatch.setattr(functions, "_remembered", Memory())
    made = {pair: evaluated(*pair) for pair in findings()}
    read = session.read_table
    for (notebook, name), (found, used) in made.items():

        def cut(table, folder=None, used=used):
            rows = read(table, folder)
            return rows.iloc[lineage.places(used.get(table, 0))].reset_index(drop=True)

        monkeypatch.setattr(functions, "_remembered", Memory())
        monkeypatch.setattr(session, "read_table", cut)
        again, _ = evaluated(notebook, name)
        monkeypatch.setattr(session, "read_table", read)
        assert again == found, f"{notebook}: {name}"
    record_property("times", len(made))


def test_a_finding_hangs_on_the_rows_that_it_tells(monkeypatch):
    """One school fewer, and the mean size of a district's schools is another."""
    monkeypatch.setattr(session, "_frames", [])
    monkeypatch.setattr(functions, "_remembered", Memory())
    whole, used = evaluated("operations", "school-size")
    rows, read = lineage.places(used["school_enrollment"]), session.read_table
    for gone in (rows[0], rows[-1]):

        def fewer(table, folder=None, gone=gone):
            found = read(table, folder)
            return found.drop(gone) if table == "school_enrollment" else found

        monkeypatch.setattr(functions, "_remembered", Memory())
        monkeypatch.setattr(session, "read_table", fewer)
        assert evaluated("operations", "school-size")[0] != whole
