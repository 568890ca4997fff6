"""What a function of the study is made of: the digest of its code, and what it must not use.

A result is remembered under the code that made it: the function itself, the functions and
constants of the notebook that it uses, and the modules of this package that it reaches, with all
that they import. A global that a cell computed is refused: a change of parameters would leave
it as it was.
"""

import ast
import builtins
import dis
import functools
import hashlib
import inspect
import sys
import textwrap
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dme import up_to_date
from dme.errors import DmeError
from dme.findings.constants import computed

_PACKAGE = Path(__file__).parents[1]
_MACHINERY = ("findings", "study", "tables", "sweeps.py", "text.py", "errors.py")
"""What every evaluation rests on; those that only build tables are left out below."""
_BUILDING = ("importers", "recipes")
_LITERAL = (str, bytes, int, float, bool, type(None), tuple, frozenset, list, dict, set, range)


def digest_of(function: Callable[..., Any]) -> str:
    """Return the sha256 of all the code that a function of the study goes through.

    Raises
    ------
    DmeError
        If it uses a global that a cell computed; the message names it and says what to do.
    """
    parts = {"machinery": _machinery(), "environment": _environment()}
    _walk(function, function.__name__, parts)
    return _sum(parts)


def _sum(parts: dict[str, str]) -> str:
    return hashlib.sha256(repr(sorted(parts.items())).encode()).hexdigest()


def _walk(function: types.FunctionType, who: str, parts: dict[str, str]) -> None:
    """Add to `parts` the digest of a function, and of what it uses, by name."""
    mark = f"function {function.__module__}.{function.__qualname__}"
    if mark in parts:
        return
    parts[mark] = _source_digest(function)
    defaults = [function.__defaults__, function.__kwdefaults__]
    parts[f"{mark} defaults"] = repr(defaults) if any(defaults) else ""
    for name in _globals_of(function.__code__):
        if name in function.__globals__:
            _add(name, function.__globals__[name], who, parts)
        elif not hasattr(builtins, name):
            raise DmeError(_stale(who, name, "is no import, function or constant"))
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        value = cell.cell_contents
        if isinstance(value, _LITERAL):
            parts[f"{mark} with {name}"] = repr(value)
        else:
            _add(name, value, who, parts)


def _add(name: str, value: object, who: str, parts: dict[str, str]) -> None:
    # A function of the study offers its own code to be looked at.
    inner = getattr(value, "__study_function__", None)
    if inner is not None:
        parts[f"declared {name}"] = value.__declared__()  # type: ignore[attr-defined]
        _walk(inner, who, parts)
    elif isinstance(value, types.ModuleType):
        _add_module(value.__name__, parts)
    elif isinstance(value, types.FunctionType) and value.__module__ in _NOTEBOOKS:
        _walk(value, who, parts)
    elif isinstance(value, type) and value.__module__ in _NOTEBOOKS:
        parts[f"class {name}"] = _source_digest(value)
    elif callable(value):
        # Of a library, or of this package.
        _add_module(getattr(value, "__module__", None) or "", parts)
    elif name.isupper() and isinstance(value, _LITERAL):
        if computed(name):
            raise DmeError(_stale(who, name, "rests on the study or on a table"))
        parts[f"constant {name}"] = repr(value)
    else:
        raise DmeError(_stale(who, name, "a cell gave its value"))


_NOTEBOOKS = {"__main__"}
"""The modules that notebooks are: that of a kernel, and those of `dme.findings.definitions`."""


def _stale(who: str, name: str, why: str) -> str:
    return (
        f'{who} uses "{name}", which {why}: a change of parameters would leave it stale.\n'
        "Inside the function, read parameters as study.x (not run.x) and tables through load(...); "
        "what several functions share is a function of the study of its own (@step).\n"
        "A fixed value is a constant: write it as a literal, with its name in CAPITALS."
    )


@functools.cache
def _globals_of(code: types.CodeType) -> tuple[str, ...]:
    """Return the names that a code object, and those within it, look up among the globals."""
    seen = [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"]
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            seen += _globals_of(inner)
    return tuple(dict.fromkeys(seen))


@functools.cache
def _source_digest(thing: Any) -> str:
    """Return the sha256 of a definition without its decorators, docstring and comments."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(thing))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        # What was typed where nothing keeps the text is not known again: it is never the same.
        return f"{thing!r} {id(thing)}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            node.decorator_list = []
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def _ours(module: str) -> bool:
    return module == "dme" or module.startswith("dme.")


def _add_module(name: str, parts: dict[str, str]) -> None:
    if _ours(name):
        parts.update(_parts_of(name))


@functools.cache
def _parts_of(name: str) -> dict[str, str]:
    """Return the digests of a module's files, or a room's, and of all that they import."""
    path = _file_of(name)
    if path is None or _is_machinery(path):
        return {}
    files = path.parent.rglob("*.py") if path.name == "__init__.py" else (path,)
    return {
        f"module {reached.relative_to(_PACKAGE).as_posix()}": up_to_date.digest(reached)
        for file in files
        for reached in closure(file)
        if not _is_machinery(reached)
    }


@functools.cache
def module_digest(name: str) -> str:
    """Return the sha256 of a module of this package, or of a room, with all that it imports."""
    parts: dict[str, str] = {"environment": _environment()}
    _add_module(name, parts)
    return _sum(parts)


def _is_machinery(path: Path) -> bool:
    first = path.relative_to(_PACKAGE).parts[0]
    # The verbs of a notebook reach every room; what of them a figure rests on is in those above.
    return first in _MACHINERY or first in {
        "notebook.py",
        "observe.py",
        "up_to_date.py",
        "paths.py",
    }


def _file_of(name: str) -> Path | None:
    base = _PACKAGE.joinpath(*name.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@functools.cache
def closure(path: Path) -> frozenset[Path]:
    """Return a module's file with those of all modules of this package that it imports."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += _imports(one)
    return frozenset(found)


@functools.cache
def _imports(path: Path) -> tuple[Path, ...]:
    if path.name == "__init__.py" and path.parent == _PACKAGE:
        return ()
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    files = (_file_of(name) for name in names if _ours(name))
    return tuple(file for file in files if file is not None and not _is_machinery(file))


@functools.cache
def _machinery() -> str:
    """Return the digest of the modules that every evaluation rests on."""
    digest = hashlib.sha256()
    for name in _MACHINERY:
        whole = _PACKAGE / name
        for path in sorted(whole.rglob("*.py")) or [whole]:
            if not {part for part in path.relative_to(_PACKAGE).parts} & set(_BUILDING):
                digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.cache
def _environment() -> str:
    return up_to_date.environment()


def of_notebook(module: str) -> None:
    """Count functions of a module of that name as a notebook's own."""
    _NOTEBOOKS.add(module)
    sys.modules.setdefault(module, types.ModuleType(module))
