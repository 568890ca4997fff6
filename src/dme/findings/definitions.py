"""What a notebook defines, without running it: its findings as functions of any study."""

import ast
import builtins
import linecache
from pathlib import Path
from typing import Any

from dme.errors import DmeError
from dme.findings.code import of_notebook
from dme.findings.constants import definitions
from dme.findings.declared import FindingFunction
from dme.findings.executed import read_notebook

_DECLARING = {"finding", "step"}


def namespace_of(notebook: Path) -> dict[str, Any]:
    """Return what a notebook's cells import and define: modules, functions, constants, findings.

    Nothing else in them is executed, so no study has to begin.

    Raises
    ------
    DmeError
        If the file is no notebook, or a definition fails.
    """
    module = f"notebook_{notebook.stem}"
    of_notebook(module)
    space: dict[str, Any] = {"__name__": module}
    known = set(dir(builtins))
    for number, cell in enumerate(read_notebook(notebook)["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        where = f"<{notebook.name}, cell {number}>"
        # Where the digest of a function's code looks for its text.
        linecache.cache[where] = (len(source), None, source.splitlines(keepends=True), where)
        for statement in definitions([source], known):
            if isinstance(statement, ast.FunctionDef) and not _declares(statement):
                continue
            block = ast.Module([statement], type_ignores=[])
            try:
                exec(compile(block, where, "exec"), space)
            except Exception as error:
                message = f"{notebook.name}, cell {number}: {type(error).__name__}: {error}"
                raise DmeError(message) from error
    return space


def findings_of(notebook: Path) -> tuple[FindingFunction, ...]:
    """Return the findings that a notebook declares, in the order of its cells."""
    return tuple(v for v in namespace_of(notebook).values() if isinstance(v, FindingFunction))


def _declares(function: ast.FunctionDef) -> bool:
    """Whether a function declares a finding or a step, or is a plain one: charts are left out."""
    names = set()
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        names.add(called.id if isinstance(called, ast.Name) else "")
    return not names or bool(names & _DECLARING)
