"""The record of a study: what it found and what that was made of, as one small file.

`dme verify` holds a fresh run against the one that is committed, `dme diff` holds two against each
other. It is made by the program alone, from the results of a run.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dme import paths, records
from dme.audit.helpers import Code
from dme.audit.trail import distributions
from dme.errors import DmeError
from dme.findings import INPUTS_MIME, Entry, Finding, bundles, entries, read_notebook
from dme.findings.judging import Basis, Verdict
from dme.strict_yaml import clipped_path
from dme.up_to_date import RECORD, STUDY

FOLDER = "data/record"
"""Where the records lie in the project, a file a study."""
_FORM = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
_WIDTH = 100
Scalar = str | bool | int | float | None


class Figure(NamedTuple):
    """A figure and the ends of its interval; None where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Choice(NamedTuple):
    """A finding under another choice."""

    label: str
    value: float
    low: float | None
    high: float | None

    @property
    def figure(self) -> Figure:
        """Its figure."""
        return Figure(*self[1:])


class Recorded(BaseModel):
    """A finding, and what of the notebook and the study it goes through.

    Attributes
    ----------
    statements : str
        sha256 of the statements of the notebook that it goes through.
    modules, packages : tuple of str or None
        What else it reaches; the file tells that of each notebook, so None for what was read there.
    """

    model_config = _FORM

    title: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    claim: str | None
    verdict: Verdict | None
    reason: str
    basis: Basis
    notebook: str
    cell: str
    statements: str
    parameters: tuple[str, ...]
    tables: tuple[str, ...]
    alternatives: tuple[Choice, ...]
    modules: tuple[str, ...] | None = Field(None, exclude=True)
    packages: tuple[str, ...] | None = Field(None, exclude=True)

    @property
    def figure(self) -> Figure:
        """Its figure."""
        return Figure(self.value, self.low, self.high)

    @property
    def choices(self) -> dict[str, Figure]:
        """Its figures under other choices, by label."""
        return {each.label: each.figure for each in self.alternatives}


class Page(BaseModel):
    """What the findings of a notebook reach of modules and packages."""

    model_config = _FORM

    modules: tuple[str, ...]
    packages: tuple[str, ...]


class Record(BaseModel):
    """What a study found, and what that was made of.

    Attributes
    ----------
    made_by : str
        For who opens the file.
    study : str
        Its name.
    python : str
        Version of the interpreter; "" where that was not kept.
    packages : dict of str to str
        Versions of the installed packages that findings reach.
    parameters : dict
        The study's.
    files, modules : dict of str to str
        sha256 of what notebooks read and loaded of the project, by path.
    notebooks : dict of str to Page
        By name.
    findings : dict of str to Recorded
        By id.
    """

    model_config = _FORM

    made_by: str = ""
    study: str
    python: str
    packages: dict[str, str]
    parameters: dict[str, Scalar | list[Scalar]]
    files: dict[str, str]
    modules: dict[str, str]
    notebooks: dict[str, Page]
    findings: dict[str, Recorded]

    @classmethod
    def of_results(cls, folder: Path) -> Self:
        """Return the record of the results that lie in a folder.

        Raises
        ------
        DmeError
            If they can't be read.
        """
        kept = records.read(folder / RECORD) or {}
        installed = kept.get("packages") or {}
        inputs: dict[str, str] = {}
        pages: dict[str, Page] = {}
        found: dict[str, Recorded] = {}
        for path in sorted(folder.glob("*.ipynb")):
            notebook, told = read_notebook(path), entries(path)
            for _, _, read in bundles(notebook, INPUTS_MIME):
                inputs |= read
            mine = dict(_recorded(notebook["cells"], told))
            found |= mine
            pages[path.stem] = Page(
                modules=_together(one.modules or () for one in mine.values()),
                packages=_together(one.packages or () for one in mine.values()),
            )
        if not pages:
            message = f"There are no results in {paths.relative(folder)}/."
            raise DmeError(message)
        reached = {name for page in pages.values() for name in page.packages}
        try:
            return cls(
                study=folder.name,
                python=kept.get("python") or "",
                packages={name: installed[name] for name in sorted(installed) if name in reached},
                parameters=_parameters(folder / STUDY),
                files=_part(inputs, modules=False),
                modules=_part(inputs, modules=True),
                notebooks=pages,
                findings=dict(sorted(found.items())),
            )
        except ValidationError as error:
            message = f"The results in {paths.relative(folder)}/ can't be read: {_fault(error)}"
            raise DmeError(message) from error


def place(study: str) -> Path:
    """Return the file of a study's record."""
    return paths.home() / FOLDER / f"{study}.json"


def read(path: Path) -> Record:
    """Read a record.

    Raises
    ------
    DmeError
        If the file is absent or no record; the message names file and key.
    """
    where = paths.relative(path)
    try:
        return parsed(path.read_bytes(), where)
    except FileNotFoundError as error:
        study = path.stem
        message = (
            f"{where} is not there: nothing is recorded of {study} to hold it against.\n"
            f"dme verify {study} --record runs the study and writes it; commit it then."
        )
        raise DmeError(message) from error


def parsed(content: bytes, where: str) -> Record:
    """Return the record that a file's bytes are.

    Raises
    ------
    DmeError
        If they are none; the message names file and key.
    """
    try:
        return Record.model_validate_json(content, strict=True)
    except ValidationError as error:
        message = (
            f"{where} is no record of a study: {_fault(error)}\n"
            "Nobody but the program writes it (dme verify STUDY --record); git checkout "
            f"{where} brings back what was committed."
        )
        raise DmeError(message) from error


def _fault(error: ValidationError) -> str:
    """Return the first thing that is wrong, with its key."""
    first = error.errors()[0]
    key = clipped_path(first["loc"])
    return f"{key}: {first['msg']}" if key else first["msg"]


def text(record: Record) -> str:
    """Return the text of a record's file: sorted, and a line for whatever fits into one."""
    told = record.model_dump(mode="json")
    told["made_by"] = f"dme verify {record.study} --record"
    return f"{_written(told)}\n"


def _recorded(
    cells: Sequence[Mapping[str, Any]], told: Sequence[Entry]
) -> Iterator[tuple[str, Recorded]]:
    """Yield each finding of a notebook, by id, with what it goes through there."""
    code = Code(cells)
    for entry in told:
        found = entry.finding
        through = code.of(found.id)
        source = "\n".join(one.source for one in through.statements)
        yield (
            found.id,
            Recorded(
                **_told(found),
                notebook=entry.notebook,
                cell=entry.cell,
                statements=hashlib.sha256(source.encode()).hexdigest(),
                modules=tuple(sorted(through.modules.values())),
                packages=_together(distributions().get(name, ()) for name in through.libraries),
            ),
        )


def _told(found: Finding) -> dict[str, Any]:
    """Return what is recorded of a finding as its cell stored it."""
    return {
        "title": found.title,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "unit": found.unit,
        "claim": found.claim,
        "verdict": found.verdict,
        "reason": found.reason,
        "basis": found.basis,
        "parameters": found.parameters,
        "tables": tuple(dict.fromkeys(name.partition("/")[0] for name in found.tables)),
        "alternatives": tuple(Choice(a.label, a.value, a.low, a.high) for a in found.alternatives),
    }


def _together(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({name for one in lists for name in one}))


def _part(inputs: Mapping[str, str], *, modules: bool) -> dict[str, str]:
    """Return those of a study's inputs that are modules, or those that are not.

    What a package of data tells of a table is left out, as it follows from the table.
    """
    named = (name for name in sorted(inputs) if "#" not in name)
    return {name: inputs[name] for name in named if name.endswith(".py") is modules}


def _parameters(file: Path) -> dict[str, Any]:
    """Return the parameters that a study ran with, as a version of then has them."""
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        message = f"The parameters of the results can't be read: {paths.relative(file)}: {error}"
        raise DmeError(message) from error
    return told if isinstance(told, dict) else {}


def _written(value: Any, indent: str = "") -> str:
    """Return JSON in which what fits stands in one line, and so does a list in a list."""
    line = json.dumps(value, ensure_ascii=False)
    fits = bool(indent) and len(indent) + len(line) <= _WIDTH
    if fits or not value or not isinstance(value, dict | list):
        return line
    inner = f"{indent} "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_written(one, inner)}" for key, one in value.items()]
    elif isinstance(value[0], list):
        parts = [json.dumps(one, ensure_ascii=False) for one in value]
    else:
        words = ", ".join(json.dumps(one, ensure_ascii=False).replace(" ", "\0") for one in value)
        lines = wrap(words, _WIDTH - len(inner), break_long_words=False, break_on_hyphens=False)
        parts = [one.rstrip(",").replace("\0", " ") for one in lines]
    body = f",\n{inner}".join(parts)
    return f"{line[0]}\n{inner}{body}\n{indent}{line[-1]}"
