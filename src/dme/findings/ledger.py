"""Findings: what a notebook's cell measured, and the ledger read back from executed notebooks.

A finding lives in the output of the cell that computed it, as a bundle of its own MIME type, so
that the number, the code that made it and its provenance can't part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Self

from pydantic import ConfigDict

from dme import paths
from dme.errors import DmeError
from dme.findings.executed import MIME, bundles, read_notebook, stored, tells
from dme.findings.judging import Basis, Earlier, Verdict
from dme.measures.estimates.estimate import Estimate, is_number
from dme.text import quantity, span

_FINITE = ConfigDict(allow_inf_nan=False, extra="forbid")


@dataclass(frozen=True)
class Alternative:
    """The same finding under another defensible specification.

    `by` is what the choice sets, for who audits it: ``small_school = 400``, or the function that
    stands in for the finding's own.
    """

    __pydantic_config__ = _FINITE

    label: str
    value: float
    low: float | None = None
    high: float | None = None
    by: str = ""

    @classmethod
    def of(cls, label: str, estimate: Estimate, by: str = "") -> Self:
        """Return an estimate under the name of its specification."""
        return cls(label, estimate.value, estimate.low, estimate.high, by)


@dataclass(frozen=True)
class Finding:
    """One recomputed figure, with all that a reader needs to judge it.

    Attributes
    ----------
    id, title, sentence : str
        A slug that is unique in the study, a heading, and the finding in plain words.
    value, low, high : float or None
        The figure and its interval in `unit`; None where the data it needs are not there.
    unit : str
        See `dme.text.quantity`.
    interval : str
        What the interval is: its level and how it was made.
    population, year, method : str
        Who is counted under which filter, when, and how.
    basis : {"measured", "proxy", "modelled"}
        ``proxy`` leaves out a part of the claim's definition; ``modelled`` rests on a modelled
        input. `caveat` says which.
    claim, statement, published, verdict, reason : str or None
        The claim that it answers, and how it does; None where no claim was published. Of the
        findings that name a claim, one gives its verdict.
    beside : bool
        Whether it is another reading of its claim, whose verdict another finding gives.
    by_construction : str
        Of what in the answer follows from a definition, a rounding or a rule of law: from which.
    earlier : tuple of Earlier
        The verdicts under rules that no longer stand, as far as they can be told.
    tests : tuple of (str, float)
        What is tested that the verdict hangs on, and the p-value of each test.
    alternatives : tuple of Alternative
        The figure under other specifications.
    tables, typed : tuple of str
        The tables that the figure rests on, and those of them whose figures were typed by hand.
    parameters : tuple of str
        The parameters that were read while it was evaluated, or until it lacked something.
    rows : tuple of (str, str)
        The rows of each table that it used, as observed; from 1, the first line below the heading,
        such as ``3-40,55``.
    """

    __pydantic_config__ = _FINITE

    id: str
    title: str
    sentence: str
    value: float | None
    unit: str
    population: str
    year: str
    method: str
    low: float | None = None
    high: float | None = None
    interval: str = ""
    basis: Basis = "measured"
    caveat: str = ""
    claim: str | None = None
    statement: str | None = None
    published: str | None = None
    verdict: Verdict | None = None
    reason: str = ""
    beside: bool = False
    by_construction: str = ""
    earlier: tuple[Earlier, ...] = ()
    tests: tuple[tuple[str, float], ...] = ()
    alternatives: tuple[Alternative, ...] = field(default=())
    tables: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no number, such as NaN.

        Raises
        ------
        ValueError
            With the figure.
        """
        others = ((each.value, each.low, each.high) for each in self.alternatives)
        tests = (p for _, p in self.tests)
        for figure in chain((self.value, self.low, self.high), *others, tests):
            if figure is not None and not is_number(figure):
                message = f"{self.id}: {figure!r} is no number"
                raise ValueError(message)

    @property
    def told(self) -> bool:
        """Whether there is anything to tell of it: a figure, or a verdict."""
        return self.value is not None or self.verdict is not None

    @property
    def value_text(self) -> str:
        """The figure in words."""
        return quantity(self.value, self.unit)

    @property
    def interval_text(self) -> str:
        """The interval in words; a dash where there is none."""
        return span(self.low, self.high, self.unit, self.value)

    @property
    def verdict_text(self) -> str:
        """The verdict in words, or why there is none."""
        if self.verdict:
            return str(self.verdict)
        return "another reading" if self.beside else "no verdict" if self.claim else "no claim"

    @property
    def changed(self) -> list[Earlier]:
        """The verdicts under rules that no longer stand that are other than the present one."""
        return [e for e in self.earlier if {e.verdict, e.today} != {self.verdict}]

    def to_json(self) -> dict[str, Any]:
        """Return the finding as plain objects, as its cell's output stores it."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Rebuild a finding from what its cell stored.

        Raises
        ------
        DmeError
            If the stored object is of another version of this program.
        """
        found: Self = stored(MIME, raw)
        return found


tells(MIME, Finding)


@dataclass(frozen=True)
class Entry:
    """A line of the ledger: a finding and the very cell that computed it."""

    finding: Finding
    notebook: str
    cell: str
    number: int

    @property
    def link(self) -> str:
        """The address of the finding on the built site, relative to the site's top."""
        return f"{self.notebook}.html#{self.finding.id}"

    def row(self) -> dict[str, Any]:
        """Return the line as the flat object that ``dme findings --json`` prints."""
        found = self.finding
        return {
            "finding": found.id,
            "claim": found.claim,
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "unit": found.unit,
            "published": found.published,
            "verdict": found.verdict,
            "by_construction": bool(found.by_construction),
            "earlier": [[each.date, each.verdict] for each in found.earlier],
            "basis": found.basis,
            "tables": list(found.tables),
            "typed": list(found.typed),
            "notebook": self.notebook,
            "cell": self.cell,
            "number": self.number,
        }


def entries(path: Path) -> list[Entry]:
    """Return the findings of one executed notebook, in the order of its cells.

    Raises
    ------
    DmeError
        If the file is no notebook, or holds a finding of another version of this program.
    """
    return [
        Entry(Finding.from_json(raw), path.stem, cell, number)
        for number, cell, raw in bundles(read_notebook(path), MIME)
    ]


def notebooks(study: str) -> list[Path]:
    """Return the study's executed notebooks, by name.

    Raises
    ------
    DmeError
        If the study has no results; the message names the studies that have.
    """
    found = sorted(paths.results(study).glob("*.ipynb"))
    if found:
        return found
    have = sorted({path.parent.name for path in paths.results().glob("*/*.ipynb")})
    known = f"There are results of: {', '.join(have)}." if have else "No study has been run yet."
    message = f'There are no results of a study "{study}". {known}'
    params = paths.home() / "params" / f"{study}.yml"
    if params.is_file():
        message += f"\nRun it: dme run {paths.relative(params)}"
    raise DmeError(message)


def ledger(study: str) -> list[Entry]:
    """Return all findings of a study, in the order of its notebooks and cells.

    Raises
    ------
    DmeError
        If the study has no results, or two cells store a finding of the same id.
    """
    return ledger_of(notebooks(study))


def ledger_of(results: Iterable[Path]) -> list[Entry]:
    """Return all findings of executed notebooks, in their order and that of their cells.

    Raises
    ------
    DmeError
        If one can't be read, or two cells store a finding of the same id.
    """
    found = [entry for path in results for entry in entries(path)]
    seen: dict[str, Entry] = {}
    for entry in found:
        if other := seen.get(entry.finding.id):
            message = (
                f'Two cells store the finding "{entry.finding.id}": {other.notebook}, cell '
                f"{other.number}, and {entry.notebook}, cell {entry.number}. Rename one, or "
                "record it once."
            )
            raise DmeError(message)
        seen[entry.finding.id] = entry
    return found
