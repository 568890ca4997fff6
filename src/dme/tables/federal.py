"""Build the tables of another state from federal files."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dme.tables.build import publish, refuse_strangers
from dme.tables.importers.federal.folder import open_folder, states_held
from dme.tables.importers.federal.layouts import STATES, postal_codes
from dme.tables.package import PACKAGE, About, Written
from dme.tables.recipes.federal import read_federal
from dme.tables.refusal import refusal
from dme.tables.schemas import specs


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
        The files as downloaded, or unpacked.
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
    states = postal_codes(states)
    _refuse_place(out)
    found = read_federal(folder, states)
    if "districts" not in found.frames:
        held = states_held(open_folder(folder))
        told = f"lines of {', '.join(held)}" if held else "no line of any state"
        kinds = dict.fromkeys(source.title for source in found.sources.values())
        raise refusal(
            problem="The folder gives no table of districts, which every study needs.",
            file=folder,
            found=f"{told}, in {'; '.join(kinds)}",
            expected=f"lines of {', '.join(states or held or ('a state',))}",
            advice="Name a state that the files hold, or fetch the files of the one that you want "
            "(dme data federal --help lists them).",
        )
    codes = found.frames["districts"]["district_code"].str[:2]
    without = [state for state in states or () if STATES[state] not in set(codes)]
    if without:
        found.notes.insert(0, f"no file holds a line of {', '.join(without)}")
    where = f" of {', '.join(states)}" if states else ""
    about = About(
        "federal-" + "-".join(state.lower() for state in states or ("all",)),
        f"Schools{where} in federal files",
        "Districts and schools in the files of the National Center for Education Statistics and "
        "the Civil Rights Data Collection.",
    )
    written = publish(found.frames, found.specs, found.sources, out, about)
    return Built(written, found.skipped, tuple(found.notes))


def _refuse_place(out: Path) -> None:
    """Refuse a folder whose tables, or whose neighbor's, are others than federal files make."""
    refuse_strangers(out, specs())
    package = out.parent / PACKAGE
    if not package.exists():
        return
    try:
        told = json.loads(package.read_text(encoding="utf-8"))
        name, paths_in = told["name"], [one["path"] for one in told["resources"]]
    except (OSError, ValueError, KeyError, TypeError):
        name, paths_in = "none that can be read", []
    federal = str(name).startswith("federal-")
    if not federal or any(Path(path).parts[0] != out.name for path in paths_in):
        raise refusal(
            problem="Beside the folder lies the package of other tables, which would be lost.",
            file=package,
            found=f"the package {name}",
            expected="a folder of its own, or one that this command made before",
            advice="Choose another folder for --out, such as data/new-york/tables.",
        )
