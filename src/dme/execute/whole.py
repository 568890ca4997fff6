"""What new results must hold before they take the place of those before."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dme.errors import DmeError
from dme.findings import answer_of, ledger_of, numbered, read_notebook


def check(folder: Path, sources: Sequence[Path]) -> None:
    """Read new results as those who show them will, and hold them to what notebooks declare.

    Parameters
    ----------
    folder : Path
        The executed notebooks.
    sources : sequence of Path
        The notebooks as people edit them.

    Raises
    ------
    DmeError
        If a finding can't be read or is recorded twice, or one that is declared is not recorded.
    """
    results = [folder / source.name for source in sources]
    recorded = {(entry.notebook, entry.finding.id) for entry in ledger_of(results)}
    for source, result in zip(sources, results, strict=True):
        answer_of(read_notebook(result))
        for number, function, name in _declared(read_notebook(source)):
            if (source.stem, name) not in recorded:
                message = (
                    f'{source.name}, cell {number}, declares the finding "{name}", and no cell '
                    f"records it: add record({function}, ...), or take the declaration out."
                )
                raise DmeError(message)


def _declared(notebook: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Yield cell number, function and name of each finding that a notebook declares.

    One that is recorded under a condition, as where a district has brought a file, is left out.
    """
    found, conditional = [], set()
    for number, cell in numbered(notebook["cells"]):
        if cell["cell_type"] != "code":
            continue
        try:
            tree = ast.parse("".join(cell["source"]))
        except SyntaxError:  # magics of IPython are no Python
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                found += [(number, node.name, name) for name in _names(node.decorator_list)]
            elif isinstance(node, ast.If):
                conditional |= {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return (each for each in found if each[1] not in conditional)


def _names(decorators: Iterable[ast.expr]) -> Iterator[str]:
    """Yield the name of the finding where a decorator declares one."""
    for each in decorators:
        match each:
            case ast.Call(
                func=ast.Name("finding") | ast.Attribute(attr="finding"),
                args=[ast.Constant(str(name)), *_],
            ):
                yield name
