"""The code of a page: what each finding and chart goes through, each definition once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dme.audit.statements import Statement, declaring, resting, statements


class Computations:
    """What a page shows of a notebook's code, each definition once.

    Parameters
    ----------
    cells : sequence of NotebookNode
        The notebook's cells.
    recorded : sequence of str
        Ids of the findings whose cards the page shows, in its order.
    """

    def __init__(self, cells: Sequence[Mapping[str, Any]], recorded: Sequence[str]) -> None:
        self._told = statements(cells)
        # Findings that others are made of have cards of their own.
        self._recorded = {n for n, one in enumerate(self._told) if one.finding in recorded}
        self._taken: set[int] = set()
        self._of_findings = {one: self._take(declaring(self._told, one)) for one in recorded}

    def of_finding(self, finding: str) -> list[Statement]:
        """Return what a finding goes through, less what stands beside an earlier one."""
        return self._of_findings.get(finding, [])

    def of_cell(self, cell: str) -> list[Statement]:
        """Return the code of what a cell shows, less what stands beside findings or earlier."""
        return self._take([n for n, p in enumerate(self._told) if p.cell == cell and not p.speaks])

    def elsewhere(self, shown: Sequence[Statement]) -> list[str]:
        """Return the definitions that code uses at first hand and that findings show elsewhere."""
        here = {name for one in shown for name in one.binds}
        used = {name for one in shown for name in one.uses} - here
        beside = (one for told in self._of_findings.values() for one in told)
        return list(dict.fromkeys(one.name for one in beside if one.name in used))

    def _take(self, starts: Iterable[int]) -> list[Statement]:
        """Return statements, and what they rest on, that were not taken before; they are now."""
        own = [number for number in starts if number not in self._taken]
        places = resting(self._told, own, without=(self._taken | self._recorded) - {*own})
        self._taken |= {*places}
        return [self._told[place] for place in places]
