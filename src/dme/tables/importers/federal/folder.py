"""A folder of federal files: what each of them is, and where it comes from."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from dme.tables.importers.federal import ccd, crdc, edge, f33
from dme.tables.importers.federal.layouts import FederalFile, Layout, identify, prefixes
from dme.tables.refusal import refusal
from dme.tables.sources import Source

LAYOUTS: tuple[Layout, ...] = (*ccd.LAYOUTS, *edge.LAYOUTS, f33.LAYOUT, *crdc.LAYOUTS)
_TEXT = {".csv", ".txt", ".tsv"}
_PUBLIC = "Public domain: a work of the United States government"


@dataclass(frozen=True)
class Folder:
    """The federal files of a folder, by year, and the postal codes of the states to keep."""

    path: Path
    files: tuple[FederalFile, ...]
    states: tuple[str, ...] | None

    def of(self, layout: Layout) -> list[FederalFile]:
        """Return the files of a layout; layouts of one key are editions of one table."""
        return [file for file in self.files if file.layout.key == layout.key]

    def ids(self, layout: Layout, years: Collection[str] | None = None) -> list[str]:
        """Return the sources' ids of a layout's files, of some years or all."""
        return [_id(file) for file in self.of(layout) if years is None or file.year in years]

    def sources(self) -> dict[str, Source]:
        """Return every file as a source, by id."""
        return {_id(file): _source(file, self.path) for file in self.files}


def open_folder(path: Path, states: tuple[str, ...] | None = None) -> Folder:
    """Find out what each text file of a folder, and of the folders in it, is.

    Files that are no text (the publishers' workbooks, documents, shapes) are passed over.
    """
    prefixes(states)
    found = [
        identify(file, LAYOUTS, edge.UNHEADED)
        for file in sorted(path.rglob("*"))
        if _is_text(file, path)
    ]
    if not found:
        raise refusal(
            problem="The folder holds no federal file.",
            file=path,
            found="no text file" if path.is_dir() else "no such folder",
            expected=", ".join(dict.fromkeys(layout.title for layout in LAYOUTS)),
            advice="Fetch the files from their publishers' pages and unpack them in one folder.",
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
    return Folder(path, tuple(found), states)


def _is_text(file: Path, folder: Path) -> bool:
    """Return whether a file may be a table; refuse an archive."""
    # Archives leave folders such as __MACOSX, and systems leave hidden files.
    if any(part.startswith((".", "__")) for part in file.relative_to(folder).parts):
        return False
    suffix = Path(file.name.removesuffix(".gz")).suffix.lower()
    if suffix == ".zip":
        raise refusal(
            problem="An archive is not unpacked.",
            file=file,
            found="a .zip file",
            expected="the text file that is in it",
            advice="Unpack it beside the other files, and take the archive out of the folder.",
        )
    return suffix in _TEXT and file.is_file()


def _id(file: FederalFile) -> str:
    return f"{file.layout.key}-{file.year}"


def _source(file: FederalFile, folder: Path) -> Source:
    return Source(
        id=_id(file),
        file=file.path.relative_to(folder).as_posix().removesuffix(".gz"),
        title=f"{file.layout.title}, {file.year}",
        publisher=file.layout.publisher,
        page=file.layout.page,
        address=file.layout.page,
        licence=_PUBLIC,
        kind="verbatim",
        sha256=file.sha256,
        note=f"read as {file.encoding}",
    )
