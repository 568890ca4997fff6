"""The statements of a notebook, and which of them a finding or a chart goes through.

A finding is a function of the study; it rests on steps, functions and constants that other cells
define. What it goes through is found by name, in the order of the notebook. Nothing is executed.
"""

import ast
import dis
import textwrap
import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dme.findings import numbered

_SPEAKING = {"answer", "begin", "forest", "inputs", "needs", "record"}
_PARAMETERS = {"parameters", "injected-parameters"}


@dataclass(frozen=True)
class Statement:
    """A statement of a notebook.

    Attributes
    ----------
    cell : str
        Id of its cell.
    number, line : int
        The cell's place in the notebook, and the first line in the cell, both from 1.
    source : str
        Its lines, with the comments above it.
    binds, uses : frozenset of str
        Names that it gives a value, and global names that it reads.
    finding : str
        Id of the finding that it declares; "" for none.
    varies : frozenset of str
        Names of the findings whose other choices it declares.
    speaks : bool
        Whether it only imports, or calls a verb of notebooks whose output speaks for itself.
    """

    cell: str
    number: int
    line: int
    source: str
    binds: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    finding: str = ""
    varies: frozenset[str] = frozenset()
    speaks: bool = False

    @property
    def name(self) -> str:
        """The function or constant that it defines; "" for any other statement."""
        return next(iter(self.binds)) if len(self.binds) == 1 else ""


def statements(cells: Sequence[Mapping[str, Any]]) -> list[Statement]:
    """Return the statements of a notebook's cells of code, but for its parameters."""
    return [
        statement
        for number, cell in numbered(cells)
        if cell["cell_type"] == "code" and not _PARAMETERS & {*cell["metadata"].get("tags", [])}
        for statement in _of_cell(cell, number)
    ]


def declaring(told: Sequence[Statement], finding: str) -> list[int]:
    """Return the places of the statements that declare a finding and its other choices."""
    return [
        place
        for number, one in enumerate(told)
        if one.finding == finding
        for place in (number, *(n for n, other in enumerate(told) if one.binds & other.varies))
    ]


def resting(
    told: Sequence[Statement], starts: Iterable[int], without: Collection[int] = frozenset()
) -> list[int]:
    """Return the places of statements, and of all that they rest on, in order.

    Parameters
    ----------
    told : sequence of Statement
        The notebook's.
    starts : iterable of int
        The places of those that are asked for.
    without : collection of int
        Places that are left out, with what only they rest on.
    """
    found: set[int] = set()
    waiting = [number for number in starts if number not in without]
    while waiting:
        number = waiting.pop()
        found.add(number)
        waiting += [
            other
            for other, one in enumerate(told)
            if one.binds & told[number].uses
            and not one.speaks
            and other not in found
            and other not in without
        ]
    return sorted(found)


def _of_cell(cell: Mapping[str, Any], number: int) -> Iterator[Statement]:
    """Yield the statements of a cell; those of a guard (``if`` without ``else``) one by one.

    A cell that is no Python by itself, such as one with a magic command, is one piece.
    """
    text, name = "".join(cell["source"]), cell.get("id", str(number))
    try:
        body = ast.parse(text).body
    except SyntaxError:
        yield Statement(name, number, 1, text)
        return
    for statement in _flat(body):
        start, source = _lines(text.splitlines(), statement)
        code = compile(ast.Module([statement], type_ignores=[]), "<cell>", "exec")
        stored = {
            node.value.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and not isinstance(statement, ast.FunctionDef)
        }
        binds = {step.argval for step in dis.get_instructions(code) if step.opname == "STORE_NAME"}
        yield Statement(
            name,
            number,
            start,
            source,
            frozenset(binds | stored),
            frozenset(_reads(code)),
            _declared(statement),
            _varies(statement),
            _speaks(statement),
        )


def _flat(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.If) and not statement.orelse:
            yield from _flat(statement.body)
        else:
            yield statement


def _lines(lines: Sequence[str], statement: ast.stmt) -> tuple[int, str]:
    """Return the number of a statement's first line, and its text with the comments above it."""
    decorators = getattr(statement, "decorator_list", [])
    start = min(node.lineno for node in (statement, *decorators)) - 1
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start + 1, textwrap.dedent("\n".join(lines[start : statement.end_lineno]))


def _reads(code: types.CodeType) -> Iterator[str]:
    for step in dis.get_instructions(code):
        if step.opname in {"LOAD_NAME", "LOAD_GLOBAL"}:
            yield step.argval
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _reads(inner)


def _declared(statement: ast.stmt) -> str:
    for decorator in getattr(statement, "decorator_list", []):
        if (
            isinstance(decorator, ast.Call)
            and getattr(decorator.func, "id", "") == "finding"
            and isinstance(decorator.args[0], ast.Constant)
        ):
            return decorator.args[0].value
    return ""


def _varies(statement: ast.stmt) -> frozenset[str]:
    if isinstance(statement, ast.FunctionDef):
        return frozenset()
    varied = [
        node.value
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute) and node.attr == "varied"
    ]
    # In a loop over findings, all that it goes through.
    through = [statement.iter] if varied and isinstance(statement, ast.For) else []
    found = (node for part in (*varied, *through) for node in ast.walk(part))
    return frozenset(node.id for node in found if isinstance(node, ast.Name))


def _speaks(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr | ast.Assign) and isinstance(statement.value, ast.Call):
        return getattr(statement.value.func, "id", "") in _SPEAKING
    return isinstance(statement, ast.Import | ast.ImportFrom)
