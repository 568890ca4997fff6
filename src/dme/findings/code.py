"""What a function of the study is made of: the digest of its code, and what it must not use.

A result is remembered under the code that made it: the function itself, the functions and
constants of the notebook that it uses, and the modules of this package that it reaches, with all
that they import. A global that a cell computed is refused: a change of parameters would leave
it as it was.
"""

import ast
import builtins
import contextlib
import dis
import functools
import hashlib
import importlib.util
import inspect
import pickle
import sys
import textwrap
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dme import observe, paths, up_to_date
from dme.errors import DmeError
from dme.findings.constants import computed

_PACKAGE = Path(__file__).parents[1]
_MACHINERY = ("dme.findings.declared", "dme.findings.functions", "dme.findings.session")
"""What every evaluation goes through, with all that it imports."""
# The verbs of a notebook reach every room; what of them a figure rests on is in others.
_VERBS = "dme.notebook"
_LITERAL = (str, bytes, int, float, bool, type(None), tuple, frozenset, list, dict, set, range)


def digest_of(function: Callable[..., Any]) -> tuple[str, bool]:
    """Return the sha256 of all the code that a function of the study goes through.

    Returns
    -------
    str, bool
        The digest, and whether modules of the project's own are among it.

    Raises
    ------
    DmeError
        If it uses a global that a cell computed; the message names it and says what to do.
    """
    walk = _Walk(function.__name__)
    for name in _MACHINERY:
        walk.module(name)
    walk.function(function)
    own = any(not path.is_relative_to(_PACKAGE) for path in walk.modules)
    return _sum(walk.parts | {"environment": _environment()}, walk.modules), own


def digest_of_value(value: object) -> str:
    """Return the sha256 of what a cell hands over: literals, functions with their code, tables."""
    walk = _Walk("A value that is handed over")
    return _sum(walk.parts | {"value": walk.told(value)}, walk.modules)


def _sum(parts: Mapping[str, str], modules: Iterable[Path]) -> str:
    """Return the sha256 of parts, and of modules with all that they import.

    Modules are those that this process has loaded: a file that was edited since is another.
    """
    reached = frozenset[Path]().union(*map(_reached, modules))
    parts = dict(parts) | {f"module {_shown(one)}": observe.as_loaded(one) for one in reached}
    return hashlib.sha256(repr(sorted(parts.items())).encode()).hexdigest()


class _Walk:
    """Gathers the digests of functions and of what they use, and the modules that they reach.

    Functions go by the order in which they are met: two may bear one name, as lambdas do.
    """

    def __init__(self, who: str) -> None:
        self._who = who
        self.parts: dict[str, str] = {}
        self.modules: set[Path] = set()
        self._met: list[object] = []

    def module(self, name: str) -> None:
        """Add a module by name, where it is this package's or the project's own."""
        if (path := file_of(name)) is not None:
            self.modules.add(path)

    def function(self, function: types.FunctionType) -> str:
        """Add a function, and what it uses; return what it is called among the parts."""
        known = [one is function for one in self._met]
        if True in known:
            return f"function {known.index(True)}"
        mark = f"function {len(known)}"
        self._met.append(function)
        self.parts[mark] = f"{function.__module__} {_code_digest(function.__code__)}"
        self.parts[f"{mark} defaults"] = self.told(
            [function.__defaults__ or (), function.__kwdefaults__ or {}]
        )
        for name in _globals_of(function.__code__):
            if name in function.__globals__:
                self.parts[f"{mark} uses {name}"] = self._named(name, function.__globals__[name])
            elif not hasattr(builtins, name):
                raise DmeError(_stale(self._who, name, "is no import, function or constant"))
        held = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        for name, cell in held:
            self.parts[f"{mark} holds {name}"] = self.told(cell.cell_contents)
        return mark

    def _named(self, name: str, value: object) -> str:
        """Add what a function finds under a global name."""
        if isinstance(value, types.ModuleType) or callable(value):
            return self.told(value)
        if name.isupper() and isinstance(value, _LITERAL):
            if computed(name):
                raise DmeError(_stale(self._who, name, "rests on the study or on a table"))
            return self.told(value)
        raise DmeError(_stale(self._who, name, "a cell gave its value"))

    def told(self, value: Any) -> str:
        """Return a value as text that no other value has; add the code that it goes through."""
        if isinstance(value, types.ModuleType):
            self.module(value.__name__)
            return value.__name__
        ours = getattr(value, "__module__", None) in _NOTEBOOKS
        # A function of the study offers its own code to be looked at, one that caches what it does.
        inner = getattr(value, "__study_function__", getattr(value, "__wrapped__", None))
        if isinstance(value, types.FunctionType) and ours:
            return self.function(value)
        if hasattr(value, "__study_function__") or (inner and ours):
            declared = getattr(value, "__declared__", str)()
            return f"{type(value).__name__} {declared} of {self.function(inner)}"
        if hasattr(value, "__qualname__"):
            return _class_digest(value) if ours else self._of_module(value)
        return self._plain(value)

    def _of_module(self, value: Any) -> str:
        """Return what tells a function or class of a library, or of this package, from others."""
        module = getattr(value, "__module__", None) or ""
        self.module(module)
        of: list[Any] = [getattr(value, "__self__", None)]
        if isinstance(value, types.FunctionType) and file_of(module) and value not in self._met:
            # A module may make several of one name.
            self._met.append(value)
            cells = (cell.cell_contents for cell in value.__closure__ or ())
            of += [_code_digest(value.__code__), *cells]
        return f"{module}.{value.__qualname__} of {self.told(of)}"

    def _plain(self, value: Any) -> str:
        if isinstance(value, functools.partial):
            return f"partial {self.told([value.func, value.args, value.keywords])}"
        if isinstance(value, dict):
            return f"dict {[(self.told(key), self.told(one)) for key, one in value.items()]}"
        if isinstance(value, set | frozenset):
            return f"set {sorted(map(self.told, value))}"
        if isinstance(value, list | tuple):
            return f"{type(value).__name__} {[self.told(one) for one in value]}"
        return repr(value) if isinstance(value, _LITERAL) else self._pickled(value)

    def _pickled(self, value: object) -> str:
        try:
            held = hashlib.sha256(pickle.dumps(value)).hexdigest()
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            message = f"{self._who}: a {type(value).__name__} can't be told from another: {error}."
            raise DmeError(message) from error
        return f"{held} of {self.told(type(value))}"


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
def _code_digest(code: types.CodeType) -> str:
    """Return the sha256 of what a function does, whatever its comments, docstring and place."""
    steps = []
    for step in dis.get_instructions(code):
        value: Any = step.argval
        if isinstance(value, types.CodeType):
            value = _code_digest(value)
        elif isinstance(value, frozenset):
            value = sorted(map(repr, value))
        steps.append((step.opname, value))
    form = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    whole = (form, code.co_varnames, code.co_freevars, code.co_exceptiontable, steps)
    return hashlib.sha256(repr(whole).encode()).hexdigest()


@functools.cache
def _class_digest(thing: type) -> str:
    """Return the sha256 of a class's definition without decorators, docstrings and comments."""
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


@functools.cache
def _reached(path: Path) -> frozenset[Path]:
    """Return a module's files, or a room's, and those of all that they import."""
    room = path.name == "__init__.py" and path.is_relative_to(_PACKAGE)
    files = path.parent.rglob("*.py") if room else (path,)
    return frozenset[Path]().union(*map(closure, files))


@functools.cache
def _shown(path: Path) -> str:
    if path.is_relative_to(_PACKAGE):
        return path.relative_to(_PACKAGE.parent).as_posix()
    return paths.relative(path)


@functools.cache
def module_digest(name: str) -> str:
    """Return the sha256 of a module of this package, or of a room, with all that it imports."""
    path = file_of(name)
    return _sum({"environment": _environment()}, [] if path is None else [path])


@functools.cache
def file_of(name: str) -> Path | None:
    """Return a module's file, where it is this package's or the project's own."""
    if name in {_VERBS, "__main__"}:
        return None
    if not _ours(name):
        with contextlib.suppress(ImportError, ValueError):
            found = importlib.util.find_spec(name) if name else None
            if found and found.has_location and found.origin and observe.of_project(found.origin):
                return Path(found.origin)
        return None
    base = _PACKAGE.joinpath(*name.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


@functools.cache
def closure(path: Path) -> frozenset[Path]:
    """Return a module's file with those of all modules of the project that it imports."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += imported(one)
    return frozenset(found)


@functools.cache
def imported(path: Path) -> tuple[Path, ...]:
    """Return the files of the project's modules that a module imports itself."""
    if path.suffix != ".py" or (path.name == "__init__.py" and path.parent == _PACKAGE):
        return ()
    ours = path.is_relative_to(_PACKAGE)
    names: set[str] = set()
    beside: set[Path] = set()
    with observe.unseen():
        tree = ast.parse(path.read_bytes())
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names |= {f"{node.module}", *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.ImportFrom):
            place = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            beside |= {place, *(place / alias.name for alias in node.names)}
    # The package imports no module of the project's: only the project's own may.
    files = [file_of(name) for name in names if _ours(name) or not ours]
    files += [
        file for one in beside for file in (one.with_suffix(".py"), one / "__init__.py")
        if file.is_file()
    ]  # fmt: skip
    return tuple(file for file in files if file is not None)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements below a node; in none of their expressions anything is imported."""
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        for one in getattr(node, part, ()):
            yield one
            yield from _statements(one)


@functools.cache
def _environment() -> str:
    return up_to_date.environment()


def of_notebook(module: str) -> None:
    """Count functions of a module of that name as a notebook's own."""
    _NOTEBOOKS.add(module)
    sys.modules.setdefault(module, types.ModuleType(module))
