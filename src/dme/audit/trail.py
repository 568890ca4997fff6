"""The trail of a number: all that it was made of, back to the publishers' files.

It is read off a study's results: the executed notebooks, where each finding is stored with what it
read, and the record of the run. Nothing is executed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import packages_distributions
from pathlib import Path

import pandas as pd

from dme import paths, up_to_date
from dme.audit import rows
from dme.audit.helpers import Code, Helper
from dme.audit.statements import Statement
from dme.errors import DmeError
from dme.findings import Entry, Finding, ledger, read_notebook
from dme.findings.claims import Claim, yardstick
from dme.study import Study, read
from dme.study.problems import nearest
from dme.tables.dictionary import Provenance, provenances
from dme.tables.sources import Source

NONE_USED = "none: the table was looked into, and the figure rests on no row of it"


@dataclass(frozen=True)
class Used:
    """A table, or an edition of one, as a finding used it.

    Attributes
    ----------
    name, file : str
        The table as the finding names it (``name/edition`` for one edition), and its path in the
        project.
    sha256 : str
        Of the file as it was read; "" where the run's record does not tell.
    rows : str
        The numbers of the rows that were used, from 1, such as ``3-40,55``; "" for none.
    told : bool
        Whether the finding tells which rows it used.
    provenance : Provenance or None
        Where the table comes from, with its raw files; None for a table of no package.
    folder : Path
        Folder of the tables.
    """

    name: str
    file: str
    sha256: str
    rows: str
    told: bool
    provenance: Provenance | None
    folder: Path

    @property
    def table(self) -> str:
        """The table's name, without an edition."""
        return self.name.partition("/")[0]

    @property
    def frame(self) -> pd.DataFrame:
        """The rows that were used, with their numbers; none where they are unknown."""
        return _rows(self.table, self.rows, self.folder)[0]

    @property
    def in_words(self) -> str:
        """The filter that these rows come through, in words; "" where they are unknown."""
        if self.rows:
            return _rows(self.table, self.rows, self.folder)[1]
        return NONE_USED if self.told else ""

    @property
    def sources(self) -> tuple[list[Source], list[Source]]:
        """The raw files that the rows can be from, and those of other years."""
        told = self.provenance.sources if self.provenance else ()
        return rows.by_years(told, self.frame) if self.rows else ([*told], [])


@cache
def _rows(table: str, ranges: str, folder: Path) -> tuple[pd.DataFrame, str]:
    """Return rows of a table, and their filter in words; several findings may share them."""
    found = rows.used(table, ranges, folder)
    return found, _whole(table, folder).in_words(found)


@cache
def _whole(table: str, folder: Path) -> rows.Whole:
    return rows.Whole(rows.whole_of(table, folder), folder)


@dataclass(frozen=True)
class Module:
    """A module that a finding's helpers reach: its file, and its sha256 when it ran and now."""

    name: str
    file: Path
    ran: str
    now: str

    @property
    def changed(self) -> bool:
        """Whether the file is another than the one that ran, as far as the record tells."""
        return bool(self.ran) and self.ran != self.now


@dataclass(frozen=True)
class Trail:
    """The chain behind a finding.

    Attributes
    ----------
    study, commit : str
        Name of the study, and the commit at which it ran; "" where there was none.
    entry : Entry
        The finding and its cell.
    claim : Claim or None
        The claim that it answers, with its rules; None where the study has none for it.
    statements : tuple of Statement
        What it goes through in the notebook, in order.
    helpers : tuple of Helper
        What those statements use of the project's modules.
    modules : tuple of Module
        The modules that helpers reach, by name.
    parameters : mapping
        The parameters that it read, with their values.
    tables : tuple of Used
        The tables that it read.
    files : mapping of str to str
        The district's own files that it may have read, with their sha256.
    packages : mapping of str to str
        Versions of the packages that statements and modules import.
    """

    study: str
    commit: str
    entry: Entry
    claim: Claim | None
    statements: tuple[Statement, ...]
    helpers: tuple[Helper, ...]
    modules: tuple[Module, ...]
    parameters: Mapping[str, object]
    tables: tuple[Used, ...]
    files: Mapping[str, str]
    packages: Mapping[str, str]

    @property
    def finding(self) -> Finding:
        """The finding itself."""
        return self.entry.finding


class Trails:
    """The trails of a study's findings, with what they share read once.

    Parameters
    ----------
    study : str
        Name of a study that has been run.

    Raises
    ------
    DmeError
        If the study has no results, or they can't be read.
    """

    def __init__(self, study: str) -> None:
        self.study = study
        self.entries = ledger(study)
        self._folder = paths.results(study)
        self._record = up_to_date.read(self._folder)
        self.commit = self._record.commit if self._record else ""
        self.python = self._record.python if self._record else ""
        self.ran: Study = read(self._folder / up_to_date.STUDY, content=False)
        self._values = self.ran.model_dump(mode="json")
        self._notebooks: dict[str, Code] = {}
        self._digest = cache(up_to_date.digest)

    def __iter__(self) -> Iterator[Trail]:
        """Yield the trail of every finding, in the order of notebooks and cells."""
        return map(self.of, self.entries)

    def __getitem__(self, name: str) -> Trail:
        """Return the trail of a finding, by its id or by that of the claim that it judges.

        Raises
        ------
        DmeError
            If there is none; the message names the nearest.
        """
        for entry in self.entries:
            found = entry.finding
            if name == found.id or (name == found.claim and not found.beside):
                return self.of(entry)
        known = [entry.finding.id for entry in self.entries]
        message = (
            f'The study "{self.study}" has no finding "{name}".{nearest(name, known)}\n'
            f"All of them: dme findings {self.study}"
        )
        raise DmeError(message)

    def of(self, entry: Entry) -> Trail:
        """Return the trail of a line of the ledger."""
        through = self._code(entry.notebook).of(entry.finding.id)
        read_files = self._files(entry.notebook)
        found = entry.finding
        return Trail(
            study=self.study,
            commit=self.commit,
            entry=entry,
            claim=yardstick()[found.claim] if found.claim else None,
            statements=through.statements,
            helpers=through.helpers,
            modules=tuple(
                Module(name, file, read_files.get(name, ""), self._digest(file))
                for file, name in through.modules.items()
            ),
            parameters={name: self._values[name] for name in found.parameters},
            tables=tuple(self._used(name, found, read_files) for name in found.tables),
            files=self._own(found, read_files),
            packages=self._versions(through.libraries),
        )

    def _code(self, notebook: str) -> Code:
        if notebook not in self._notebooks:
            cells = read_notebook(self._folder / f"{notebook}.ipynb")["cells"]
            self._notebooks[notebook] = Code(cells)
        return self._notebooks[notebook]

    def _files(self, notebook: str) -> Mapping[str, str]:
        """Return what a notebook read, with the sha256 of then."""
        made = self._record and self._record.notebooks.get(notebook)
        return (made and made.files) or {}

    def _used(self, name: str, found: Finding, files: Mapping[str, str]) -> Used:
        table = name.partition("/")[0]
        file = paths.relative(self.ran.folder / f"{table}.csv")
        known = dict(found.rows)
        return Used(
            name,
            file,
            files.get(file, ""),
            known.get(name, known.get(table, "")),
            bool(known),
            self.provenances.get(table),
            self.ran.folder,
        )

    def _own(self, found: Finding, files: Mapping[str, str]) -> dict[str, str]:
        named = (getattr(self.ran, name) for name in found.parameters)
        return {name: files[name] for name in named if isinstance(name, str) and name in files}

    @cached_property
    def provenances(self) -> Mapping[str, Provenance]:
        """Where the study's tables come from, by name."""
        return provenances(self.ran.folder)

    def _versions(self, imported: set[str]) -> dict[str, str]:
        """Return the packages of which modules are imported, with the versions that ran."""
        known = self._record.packages if self._record else {}
        names = sorted({one for top in imported for one in distributions().get(top, ())})
        return {name: known[name] for name in names if name in known}


@cache
def distributions() -> dict[str, set[str]]:
    """Return the installed distributions by the top name of their modules."""
    return {
        top: {re.sub(r"[-_.]+", "-", name).lower() for name in names}
        for top, names in packages_distributions().items()
    }
