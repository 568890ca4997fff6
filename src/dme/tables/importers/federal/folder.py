"""A folder of federal files: what each of them is, and where it comes from."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

from dme.tables.importers.federal import ccd, crdc, edge, elsi, f33, files
from dme.tables.importers.federal.content import Content, contents, probe
from dme.tables.importers.federal.layouts import (
    FederalFile,
    Layout,
    NoLayout,
    Prose,
    identify,
    postal_codes,
)
from dme.tables.refusal import refusal
from dme.tables.sources import Source

LAYOUTS: tuple[Layout, ...] = (*ccd.LAYOUTS, *edge.LAYOUTS, f33.LAYOUT, *crdc.LAYOUTS)
_PUBLIC = "a work of the United States government"


@dataclass(frozen=True)
class Folder:
    """The federal files of a folder.

    Attributes
    ----------
    path : Path
        The folder.
    files : tuple of FederalFile
        By year.
    states : tuple of str, optional
        Postal codes of the states to keep.
    passed : tuple of str
        Files in it that were passed over.
    """

    path: Path
    files: tuple[FederalFile, ...]
    states: tuple[str, ...] | None
    passed: tuple[str, ...] = ()

    def of(self, layout: Layout) -> list[FederalFile]:
        """Return the files of a layout; layouts of one key are editions of one table."""
        return [file for file in self.files if file.layout.key == layout.key]

    def ids(self, layout: Layout, years: Collection[str] | None = None) -> list[str]:
        """Return the sources' ids of a layout's files, of some years or all."""
        return [_id(file) for file in self.of(layout) if years is None or file.year in years]

    def sources(self) -> dict[str, Source]:
        """Return every file as a source, by id."""
        return {_id(file): _source(file, self.path) for file in self.files}


def open_folder(path: Path, states: Sequence[str] | None = None) -> Folder:
    """Find out what each text file of a folder, of the folders and of the archives in it, is.

    Passed over are files that are no text (the publishers' workbooks, documents, shapes), prose,
    and what an archive holds besides.
    """
    kept = postal_codes(states)
    texts, passed = contents(path)
    found: list[FederalFile] = []
    for _, together in groupby(texts, key=lambda content: content.file):
        members = [*together]
        known, strange = _identified(members)
        wrong = [error for error in strange.values() if not isinstance(error, Prose)]
        if wrong and not known:
            raise wrong[0]
        # An archive may hold a table in several forms: one is enough, and CSV goes first.
        known.sort(key=lambda file: file.path.suffix.lower() != ".csv")
        kept_of = {_id(file): file for file in reversed(known)} if members[0].member else {}
        again = [file.content for file in known if kept_of.get(_id(file), file) is not file]
        found += [file for file in known if file.content not in again]
        passed += [str(content.path.relative_to(path)) for content in (*strange, *again)]
    if not found:
        raise refusal(
            problem="The folder holds no federal file.",
            file=path,
            found=_some(passed) or ("no file" if path.is_dir() else "no such folder"),
            expected="\n".join(guide()),
            advice="Fetch the files from their publishers' pages into one folder.",
        )
    found.sort(key=lambda file: (file.year, file.layout.key))
    for before, after in pairwise(found):
        if _id(before) == _id(after):
            raise refusal(
                problem="Two files hold the same table of the same year.",
                file=after.path,
                found=f"{after.layout.title} of {after.year}, as {before.path.name}",
                expected="one of them",
                advice="Keep the later edition, and take the other out of the folder.",
            )
    return Folder(path, tuple(found), kept, tuple(passed))


def _identified(members: list[Content]) -> tuple[list[FederalFile], dict[Content, NoLayout]]:
    """Return what a file, or the texts of an archive, are; and those that are none."""
    known: list[FederalFile] = []
    strange: dict[Content, NoLayout] = {}
    for content in members:
        try:
            probed = probe(content)
            if elsi.is_export(probed):
                known += elsi.identify(content, probed)
            else:
                known.append(identify(content, probed, LAYOUTS, edge.UNHEADED))
        except NoLayout as error:
            strange[content] = error
    return known, strange


def guide() -> Iterator[str]:
    """Yield what is read, of which years, and where it is published."""
    for layout in {one.title: one for one in LAYOUTS}.values():
        yield f"{layout.title}: {layout.years}, {layout.page}"
    yield f"{elsi.TITLE}: {elsi.YEARS}, {elsi.PAGE}"


def states_held(folder: Folder) -> list[str]:
    """Return the postal codes of the states of which a folder's files hold lines."""
    return sorted({state for file in folder.files for state in files.states_of(file)})


def notes(folder: Folder) -> list[str]:
    """Return what is to be told of a folder: the files that were passed over."""
    return [f"passed over, as no federal table: {_some(folder.passed)}"] if folder.passed else []


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more


def _id(file: FederalFile) -> str:
    return f"{file.layout.key}-{file.year}"


def _source(file: FederalFile, folder: Path) -> Source:
    inside = file.content.member
    return Source(
        id=_id(file),
        file=file.content.file.relative_to(folder).as_posix().removesuffix(".gz"),
        title=f"{file.layout.title}, {file.year}",
        publisher=file.layout.publisher,
        page=file.layout.page,
        address=file.layout.page,
        licence="other-pd",
        terms=_PUBLIC,
        kind="verbatim",
        sha256=file.probe.sha256,
        note=f"read as {file.probe.encoding}{inside and f', from {inside}'}",
    )
