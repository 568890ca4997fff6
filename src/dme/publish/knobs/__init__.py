"""Turning the knobs: the choices of a sweep on the page whose findings it tried.

Nothing is computed in the browser. A panel shows rows of the sweep's own table, each the figure of
one combination of choices; `grid` reads them, `panel` writes what the page shows of them without a
script, `data` the file that the script ``knobs.js`` reads.
"""

from collections.abc import Mapping

from dme.findings import ledger
from dme.publish.knobs.data import PATH, script
from dme.publish.knobs.grid import Grid, grids, sweeps_of
from dme.publish.knobs.panel import Panel, markdown
from dme.study import Study

__all__ = ["Panel", "panels"]

_FIRM = "firmness"
"""The notebook that weighs all combinations of the study's own sweep."""


def panels(study: str, ran: Study) -> Mapping[str, Panel]:
    """Return the panel of each page whose findings a sweep of this study tried, by page.

    Where several sweeps tried findings of a page, it shows the study's own, else the first by name.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    ran : Study
        The parameters that it ran with.

    Raises
    ------
    DmeError
        If the study has no results.
    """
    sweeps = sweeps_of(ran)
    entries = ledger(study) if sweeps else []
    where = {entry.finding.id: entry.notebook for entry in entries}
    firm = any(entry.notebook == _FIRM and entry.finding.told for entry in entries)
    found: dict[str, Panel] = {}
    for sweep in sweeps:
        tried: dict[str, list[Grid]] = {}
        for grid in grids(sweep, [entry.finding for entry in entries], ran):
            tried.setdefault(where[grid.finding.id], []).append(grid)
        more = f"{_FIRM}.html" if firm and sweep.name == ran.sweep else ""
        for page in tried.keys() - found.keys():
            file = {PATH.format(page): script(tried[page], ran).encode()}
            found[page] = Panel(markdown(page, tried[page], sweep, ran, more), file)
    return found
