"""The work of a sweep: the findings that notebooks declare, evaluated under many parameter sets.

The same function does it here, in another process, or on another machine.
"""

import functools
import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dme import paths, up_to_date
from dme.errors import DmeError, Lacking
from dme.findings import functions, session
from dme.findings.declared import FindingFunction
from dme.findings.definitions import findings_of
from dme.findings.memory import Entry, Memory
from dme.study import Study

Row = tuple[Any, ...]
"""``id``, ``claim``, ``value``, ``low``, ``high``, ``unit``, ``basis``, ``verdict``, ``reason``."""


class Worked(NamedTuple):
    """What came of a part of a sweep.

    Attributes
    ----------
    rows : dict of int to list of Row
        The findings of each run, by its number.
    errors : dict of int to str
        Why a run failed.
    learned : list of Entry
        What was computed and can be used again.
    codes, files : dict of str to str
        The digests of the code behind each finding, and of the files that were read.
    machine : str
        Where it was computed.
    """

    rows: dict[int, list[Row]]
    errors: dict[int, str]
    learned: list[Entry]
    codes: dict[str, str]
    files: dict[str, str]
    machine: str


@functools.lru_cache(maxsize=32)
def _declared(path: Path, _digest: str) -> tuple[FindingFunction, ...]:
    return findings_of(path)


def declared(notebooks: Iterable[str], only: Sequence[str] = ()) -> list[FindingFunction]:
    """Return the findings that notebooks declare, in the order of notebooks and cells.

    Parameters
    ----------
    notebooks : iterable of str
        By name.
    only : sequence of str, optional
        The findings that are wanted, by name; all of them where none is named.

    Raises
    ------
    DmeError
        If a notebook declares none, two findings have one name, or one that is wanted is not there.
    """
    found: list[FindingFunction] = []
    for name in notebooks:
        path = paths.home() / "notebooks" / f"{name}.ipynb"
        mine = _declared(path, up_to_date.digest(path))
        if not mine:
            message = f"{paths.relative(path)} declares no finding (@finding), so nothing varies."
            raise DmeError(message)
        found += mine
    ids = [one.id for one in found]
    if repeated := sorted({name for name in ids if ids.count(name) > 1}):
        message = f"Two cells declare the same finding: {', '.join(repeated)}. Rename one."
        raise DmeError(message)
    if unknown := sorted(set(only) - set(ids)):
        message = (
            f"No notebook of the sweep declares the finding {', '.join(unknown)}. "
            f"There are: {', '.join(ids)}."
        )
        raise DmeError(message)
    return [one for one in found if not only or one.id in only]


def codes_of(findings: Iterable[FindingFunction]) -> dict[str, str]:
    """Return the digest of the code behind each finding, by its name."""
    return {one.id: one.code() for one in findings}


def work(
    notebooks: Sequence[str], sets: Mapping[int, Mapping[str, Any]], only: Sequence[str] = ()
) -> Worked:
    """Evaluate findings of notebooks under parameter sets.

    Results of this process are remembered from one call to the next.

    Parameters
    ----------
    notebooks : sequence of str
        By name.
    sets : mapping of int to mapping
        Whole parameter sets by the number of their run.
    only : sequence of str, optional
        See `declared`.
    """
    findings = declared(notebooks, only)
    memory = functions.remembered()
    memory.fresh = []
    rows: dict[int, list[Row]] = {}
    errors: dict[int, str] = {}
    for number, parameters in sets.items():
        try:
            rows[number] = evaluated(findings, Study.model_validate(parameters))
        # One run must not end a sweep of thousands, whatever it met.
        except Exception as error:
            errors[number] = str(error) if isinstance(error, DmeError) else (
                f"{type(error).__name__}: {error}"
            )  # fmt: skip
    learned, memory.fresh = memory.fresh, None
    files = {name: session.digest_now(name) for name in memory.files()}
    return Worked(rows, errors, learned, codes_of(findings), files, platform.node())


def evaluated(findings: Iterable[FindingFunction], study: Study) -> list[Row]:
    """Return a row for each finding of a study."""
    with session.evaluating(study):
        return [_row(one, study) for one in findings]


def _row(one: FindingFunction, study: Study) -> Row:
    lacking = None
    with session.evaluating(study) as reading:
        try:
            found = one(study)
        except Lacking as error:
            lacking = error
    if lacking:
        answers = one.unanswered(lacking, reading.parameters)
        figure, basis = (None, None, None), one.basis
    else:
        answers, basis = one.answered(found, reading.parameters), one.basis_of(found)
        figure = (found.value, found.low, found.high)
    verdict = answers.get("verdict")
    why = answers.get("reason") or str(lacking or "")
    told = (basis, verdict and str(verdict), why)
    return (one.id, answers.get("claim"), *figure, one.unit, *told)


def is_known(findings: Iterable[FindingFunction], study: Study, memory: Memory) -> bool:
    """Whether every finding of a study can be told without computing anything."""
    return all(memory.recall(one.code(), study) is not None for one in findings)
