"""The computation of each finding and chart, gathered from a notebook's cells.

A finding is a function of the study; it rests on steps, functions and constants that other cells
define. What it goes through is found by name, in the order of the notebook, so that a page can
show it beside the figure. Nothing is executed.
"""

import ast
import dis
import textwrap
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import nbformat

_SPEAKING = {"answer", "begin", "forest", "inputs", "needs", "record"}
_PARAMETERS = {"parameters", "injected-parameters"}


@dataclass(frozen=True)
class Piece:
    """A statement of a notebook.

    Attributes
    ----------
    cell : str
        Id of its cell.
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
    source: str
    binds: frozenset[str]
    uses: frozenset[str]
    finding: str = ""
    varies: frozenset[str] = frozenset()
    speaks: bool = False

    @property
    def name(self) -> str:
        """The function or constant that it defines; "" for any other statement."""
        return next(iter(self.binds)) if len(self.binds) == 1 else ""


class Computations:
    """What a page shows of a notebook's code, each definition once.

    Parameters
    ----------
    cells : sequence of NotebookNode
        The notebook's cells.
    recorded : sequence of str
        Ids of the findings whose cards the page shows, in its order.
    """

    def __init__(self, cells: Sequence[nbformat.NotebookNode], recorded: Sequence[str]) -> None:
        self._pieces = [
            piece
            for cell in cells
            if cell.cell_type == "code" and not _PARAMETERS & set(cell.metadata.get("tags", []))
            for piece in pieces(cell)
        ]
        self._recorded = frozenset(recorded)
        self._taken: set[int] = set()
        self._of_findings = {one: self._take(self._of_finding(one)) for one in recorded}

    def of_finding(self, finding: str) -> list[Piece]:
        """Return what a finding goes through, less what stands beside an earlier one."""
        return self._of_findings.get(finding, [])

    def of_cell(self, cell: str) -> list[Piece]:
        """Return the code of what a cell shows, less what stands beside findings or earlier."""
        own = (i for i, p in enumerate(self._pieces) if p.cell == cell and not p.speaks)
        return self._take(own)

    def elsewhere(self, shown: Sequence[Piece]) -> list[str]:
        """Return the definitions that pieces use at first hand and that findings show elsewhere."""
        here = {name for piece in shown for name in piece.binds}
        used = {name for piece in shown for name in piece.uses} - here
        beside = (piece for told in self._of_findings.values() for piece in told)
        return list(dict.fromkeys(piece.name for piece in beside if piece.name in used))

    def _of_finding(self, finding: str) -> Iterator[int]:
        for number, piece in enumerate(self._pieces):
            if piece.finding == finding:
                yield number
                yield from (
                    other
                    for other, choice in enumerate(self._pieces)
                    if piece.binds & choice.varies
                )

    def _take(self, starts: Iterable[int]) -> list[Piece]:
        """Return pieces, and what they rest on, that were not taken before; they are now."""
        found: set[int] = set()
        waiting = [number for number in starts if number not in self._taken]
        while waiting:
            number = waiting.pop()
            found.add(number)
            uses = self._pieces[number].uses
            waiting += [
                other
                for other, piece in enumerate(self._pieces)
                if piece.binds & uses
                and not piece.speaks
                and piece.finding not in self._recorded
                and other not in found | self._taken
            ]
        self._taken |= found
        return [self._pieces[number] for number in sorted(found)]


def pieces(cell: nbformat.NotebookNode) -> Iterator[Piece]:
    """Yield the statements of a code cell; those of a guard (``if`` without ``else``) one by one.

    A cell that is no Python by itself, such as one with a magic command, is one piece.
    """
    try:
        body = ast.parse(cell.source).body
    except SyntaxError:
        yield Piece(cell.id, cell.source, frozenset(), frozenset())
        return
    for statement in _flat(body):
        source = _lines(cell.source.splitlines(), statement)
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
        yield Piece(
            cell.id,
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


def _lines(lines: Sequence[str], statement: ast.stmt) -> str:
    decorators = getattr(statement, "decorator_list", [])
    start = min(node.lineno for node in (statement, *decorators)) - 1
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return textwrap.dedent("\n".join(lines[start : statement.end_lineno]))


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
