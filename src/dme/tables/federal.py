"""Build the tables of another state from federal files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dme.tables.build import publish, refuse_strangers
from dme.tables.package import About, Written
from dme.tables.recipes.federal import read_federal
from dme.tables.refusal import refusal


@dataclass(frozen=True)
class Built:
    """What a folder of federal files gave.

    Attributes
    ----------
    written : tuple of Written
        The tables.
    skipped : mapping of str to str
        Why a table was not made, by its name.
    notes : tuple of str
        What was left out, and what the files themselves contradict.
    """

    written: tuple[Written, ...]
    skipped: Mapping[str, str]
    notes: tuple[str, ...]


def build_federal(folder: Path, out: Path, states: tuple[str, ...] | None) -> Built:
    """Make the tables that a folder of federal files gives, with their data package.

    Parameters
    ----------
    folder : Path
        The files as downloaded, unpacked.
    out : Path
        Folder of the tables; the package is written beside it.
    states : tuple of str or None
        Postal codes of the states to keep; all where None.

    Raises
    ------
    TableError
        If a file is of no layout that is known, or not as its layout says, or gives no table;
        what stood in `out` before still stands.
    """
    refuse_strangers(out)
    found = read_federal(folder, states)
    if "districts" not in found.frames:
        reasons = "; ".join(f"{name}: {why}" for name, why in found.skipped.items())
        raise refusal(
            problem="The folder gives no table of districts, which every study needs.",
            file=folder,
            found=reasons or "no file",
            expected="school membership (ccd_sch_052) of the states chosen, at least",
            advice="Download it from https://nces.ed.gov/ccd/files.asp and unpack it there.",
        )
    where = f" of {', '.join(states)}" if states else ""
    about = About(
        "federal-" + "-".join(state.lower() for state in states or ("all",)),
        f"Schools{where} in federal files",
        "Districts and schools in the files of the National Center for Education Statistics and "
        "the Civil Rights Data Collection.",
    )
    written = publish(found.frames, found.specs, found.sources, out, about)
    return Built(written, found.skipped, tuple(found.notes))
