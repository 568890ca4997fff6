"""What a notebook read unseen, or not as it was published: said, and not passed over."""

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

from dme import paths
from dme.findings import session
from dme.tables import told
from dme.up_to_date import ABSENT, CHANGED

# They open files outside Python, where no audit hook is told of it.
_LIBRARIES = {
    "connectorx", "duckdb", "fiona", "geopandas", "h5py", "netCDF4", "polars", "pyarrow",
    "pyogrio", "rasterio", "subprocess", "tables",
}  # fmt: skip
_READERS = {"read_hdf", "read_parquet"}
_VERB = "noted"


def readers(sources: Iterable[str]) -> list[str]:
    """Return what cells use that reads files unseen; nothing where they name the files.

    Parameters
    ----------
    sources : iterable of str
        The cells.
    """
    found: set[str] = set()
    for source in sources:
        try:
            nodes = list(ast.walk(ast.parse(source)))
        except SyntaxError:
            nodes = []
        for node in nodes:
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names} & _LIBRARIES
            elif isinstance(node, ast.ImportFrom):
                found |= {(node.module or "").partition(".")[0]} & _LIBRARIES
            elif isinstance(node, ast.Attribute):
                found |= {node.attr} & _READERS
            elif isinstance(node, ast.Name) and node.id == _VERB:
                return []
    return sorted(found)


def edited(names: Iterable[str]) -> list[str]:
    """Return those of the study's tables whose bytes are not what their package tells of."""
    folder = session.current().folder
    package = told(folder)
    found = []
    for name in names:
        digest = session.digest_now(paths.relative(folder / f"{name}.csv"))
        session.note_told(name)
        if digest != ABSENT and not (name in package and package[name].sha256 == digest):
            found.append(name)
    return found


def tables_warning(names: Iterable[str]) -> list[str]:
    """Return in words which tables were edited; empty where none was."""
    if not (found := edited(names)):
        return []
    those = ", ".join(found)
    return [
        f"Not as the package of data has it: {those}. The figures below rest on rows that were "
        "changed here, and not on the published ones (dme data check tells more)."
    ]


def warnings(sources: Iterable[str], read: Mapping[str, str]) -> list[str]:
    """Return what must be said of a notebook's inputs, in words.

    Parameters
    ----------
    sources : iterable of str
        The cells that ran, and the modules of the project's own.
    read : mapping of str to str
        What it read; see `dme.observe.inputs`.
    """
    folder = paths.relative(session.current().folder)
    tables = [Path(n).stem for n in read if n.endswith(".csv") and n.rpartition("/")[0] == folder]
    found = tables_warning(tables)
    if unseen := readers(sources):
        found.append(
            f"What {', '.join(unseen)} reads is seen by nobody: a change of such a file runs "
            f'nothing again. Name each file: {_VERB}("data/own/mine.parquet") returns its path.'
        )
    if changing := [name for name, digest in read.items() if digest == CHANGED]:
        found.append(f"Changed while it was read: {', '.join(changing)}. Run again.")
    return found
