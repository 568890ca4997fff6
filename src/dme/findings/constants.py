"""Which names of a notebook are constants, read off the cells that assign them.

A constant is written in capitals and names nothing but modules, functions of libraries, other
constants and literals. The verbs of a notebook are not among them: what `load` returns depends on
the study.
"""

import ast
import builtins
import functools
import sys
from collections.abc import Iterable

_VERBS = "dme.notebook"


def definitions(cells: Iterable[str], known: set[str]) -> list[ast.stmt]:
    """Return the statements of cells that define something and compute nothing of the study.

    Imports, functions, classes and constants, in order. A cell that is no Python (with a magic
    of IPython, say) is passed over.

    Parameters
    ----------
    cells : iterable of str
        Their sources.
    known : set of str
        What a constant may name so far; the names that the cells add to it are added here.
    """
    found: list[ast.stmt] = []
    for cell in cells:
        for statement in _parsed(cell):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                if getattr(statement, "module", None) != _VERBS:
                    known |= {(a.asname or a.name).partition(".")[0] for a in statement.names}
                found.append(statement)
            elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
                found.append(statement)
            elif (name := _assigned(statement)) and _names(statement.value) <= known:  # type: ignore[attr-defined]
                known.add(name)
                found.append(statement)
    return found


def computed(name: str) -> bool:
    """Whether a cell of the running notebook gave `name` a value that is no constant's."""
    return name in _computed(cells_run())


def cells_run() -> tuple[str, ...]:
    """Return the sources of the cells that the running notebook has run, the present one last."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return tuple(map(str, shell.user_ns.get("In", []))) if shell else ()


def literals(cell: str) -> list[str]:
    """Return the names that a cell sets, where it sets literals and does nothing else."""
    names = []
    for statement in _parsed(cell):
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            return []
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        try:
            ast.literal_eval(statement.value)
        except ValueError:
            return []
        names += [target.id for target in targets if isinstance(target, ast.Name)]
    return names


@functools.lru_cache(maxsize=1)
def _computed(cells: tuple[str, ...]) -> set[str]:
    constant = {_assigned(statement) for statement in definitions(cells, set(dir(builtins)))}
    assigned = {_assigned(statement) for cell in cells for statement in _parsed(cell)}
    return assigned - constant


@functools.cache
def _parsed(cell: str) -> list[ast.stmt]:
    try:
        return ast.parse(cell).body
    except SyntaxError:
        return []


def _assigned(statement: ast.stmt) -> str:
    """Return the name in capitals to which a statement gives a value; empty for any other."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    if len(targets) == 1 and isinstance(targets[0], ast.Name) and targets[0].id.isupper():
        return targets[0].id
    return ""


def _names(value: ast.expr) -> set[str]:
    bound = {
        node.id for node in ast.walk(value) if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
    }  # fmt: skip
    return {node.id for node in ast.walk(value) if isinstance(node, ast.Name)} - bound
