"""The helpers that a notebook's statements call, each with the lines where it is written."""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from dme import paths
from dme.audit.statements import Statement, declaring, resting, statements
from dme.findings.code import closure, file_of

_PACKAGE = Path(__file__).parents[1]
_VERBS = _PACKAGE / "notebook.py"


@dataclass(frozen=True)
class Helper:
    """A function, class or constant of this package, or of the project's own modules.

    Attributes
    ----------
    called : str
        As the notebook writes it.
    file : Path
        The module that defines it.
    name : str
        What it is called there; "" for a module as a whole.
    first, last : int
        Its lines there, from 1.
    """

    called: str
    file: Path
    name: str
    first: int
    last: int

    @property
    def module(self) -> str:
        """The module's file, by its path in the project."""
        return in_project(self.file)


Imports = Mapping[str, tuple[str, str]]
"""By the name that a notebook gives it: a module, and what of it is imported; "" for all of it."""


class Through(NamedTuple):
    """What a finding goes through: of its notebook, of the project, and of installed packages."""

    statements: tuple[Statement, ...]
    helpers: tuple[Helper, ...]
    modules: dict[Path, str]
    libraries: set[str]


class Code:
    """The code of a notebook.

    Parameters
    ----------
    cells : sequence of mapping
        Its cells.
    """

    def __init__(self, cells: Sequence[Mapping[str, Any]]) -> None:
        self._told, self._imported = statements(cells), imports(cells)

    def of(self, finding: str) -> Through:
        """Return what a finding of it goes through."""
        told = [self._told[n] for n in resting(self._told, declaring(self._told, finding))]
        used = helpers(told, self._imported)
        reached = modules(used)
        brought = libraries(told, self._imported, reached)
        return Through(tuple(told), tuple(used), reached, brought)


def imports(cells: Iterable[Mapping[str, Any]]) -> Imports:
    """Return what a notebook's cells import, by the name that it bears there."""
    found: dict[str, tuple[str, str]] = {}
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        try:
            tree = ast.parse("".join(cell["source"]))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    whole = alias.name if alias.asname else alias.name.partition(".")[0]
                    found[alias.asname or whole] = (whole, "")
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    found[alias.asname or alias.name] = (node.module, alias.name)
    return found


def helpers(told: Sequence[Statement], imported: Imports) -> list[Helper]:
    """Return what statements use of the project's modules, in the order in which they do."""
    found = (
        helper
        for one in told
        for chain in _chains(one.source)
        if chain[0] in imported and (helper := _resolved(chain, imported)) is not None
    )
    return list(dict.fromkeys(found))


def libraries(told: Sequence[Statement], imported: Imports, reached: Iterable[Path]) -> set[str]:
    """Return the packages that statements, and the modules that they reach, import."""
    direct = {imported[name][0] for one in told for name in one.uses if name in imported}
    every = {name for path in reached for name in _imported_by(path)} | direct
    return {name.partition(".")[0] for name in every} - {"dme", *sys.stdlib_module_names}


def in_project(module: Path) -> str:
    """Return a module's file as the record of a run names it."""
    if module.is_relative_to(_PACKAGE):
        return f"src/dme/{module.relative_to(_PACKAGE).as_posix()}"
    return paths.relative(module)


def modules(found: Iterable[Helper]) -> dict[Path, str]:
    """Return the modules of the project that helpers reach, by file, each with its path in it."""
    files = {path for helper in found for path in closure(helper.file)}
    return {path: in_project(path) for path in sorted(files)}


@cache
def _chains(source: str) -> tuple[tuple[str, ...], ...]:
    """Return the names that code uses, each with the attributes that are taken of it."""
    return tuple(_named(source))


def _named(source: str) -> Iterator[tuple[str, ...]]:
    tree = ast.parse(source)
    # A decorator declares what the statement is, and computes nothing.
    declaring = (one for node in ast.walk(tree) for one in getattr(node, "decorator_list", []))
    inner = {node for one in declaring for node in ast.walk(one)}
    for node in ast.walk(tree):
        if node in inner or not isinstance(node, ast.Name | ast.Attribute):
            continue
        names: list[str] = []
        whole: ast.expr = node
        while isinstance(whole, ast.Attribute):
            inner.add(whole)
            names.append(whole.attr)
            whole = whole.value
        if isinstance(whole, ast.Name):
            inner.add(whole)
            yield (whole.id, *reversed(names))


def _resolved(chain: Sequence[str], imported: Imports) -> Helper | None:
    """Return the helper that a name with attributes is; None for what is not the project's."""
    module, name = imported[chain[0]]
    parts = [(name, 1)] if name else []
    for part, taken in (*parts, *((attribute, n + 1) for n, attribute in enumerate(chain) if n)):
        if file_of(f"{module}.{part}") is None:
            found = _defined(module, part)
            return None if found is None else Helper(".".join(chain[:taken]), *found)
        module = f"{module}.{part}"
    return None


@cache
def _defined(module: str, name: str) -> tuple[Path, str, int, int] | None:
    """Return file, name and lines of what a module defines, or takes over from another."""
    path = _VERBS if module == "dme.notebook" else file_of(module)
    if path is None:
        return None
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name and node.module and not node.level:
                    return _defined(node.module, alias.name)
        elif name in _bound(node):
            starts = [node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))]
            return path, name, min(starts), node.end_lineno or node.lineno
    return None


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return {
            one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)
        }
    return set()


@cache
def _imported_by(path: Path) -> frozenset[str]:
    """Return the modules that a module imports, wherever it does."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return frozenset(found)
