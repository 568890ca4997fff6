"""What an executed notebook was made of, and a result that stands under new parameters."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dme import findings, paths, up_to_date
from dme.errors import DmeError
from dme.findings import (
    INJECTED,
    INPUTS_MIME,
    PARAMETERS_MIME,
    WARNINGS_MIME,
    bundles,
    read_notebook,
)
from dme.study import Study


def record(
    source: Path, result: Path, parameters: Mapping[str, Any], taken: Mapping[str, str]
) -> up_to_date.Record:
    """Return the record of a notebook that has just been executed.

    Parameters
    ----------
    source, result : Path
        The notebook, and its executed copy.
    parameters : mapping
        All of the study's parameters.
    taken : mapping
        What notebooks and modules were before; see `up_to_date.taken`.
    """
    notebook = read_notebook(result)
    read = _read(notebook)
    named = [stored for _, _, stored in bundles(notebook, PARAMETERS_MIME)]
    wanted = set(named[-1]) if named else set(Study.model_fields)
    wanted |= _named_in_code(notebook)
    return up_to_date.Record(
        notebook=taken[paths.relative(source)],
        result=up_to_date.digest(result),
        parameters={name: parameters[name] for name in parameters if name in wanted},
        files=None if read is None else {name: taken.get(name, read[name]) for name in read},
        environment=up_to_date.environment(),
        warnings=[text for _, _, told in bundles(notebook, WARNINGS_MIME) for text in told],
    )


def _read(notebook: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Return what a notebook says that it read; None where a cell may have read more.

    What is read before `dme.notebook` is imported, or after the last word on it, is seen by nobody.
    """
    cells = [cell for _, cell in findings.numbered(notebook["cells"]) if _computes(cell)]
    if not cells or not _watched("".join(cells[0]["source"])):
        return None
    stored = [told for _, _, told in bundles({"cells": cells[-1:]}, INPUTS_MIME)]
    return stored[-1] if stored else None


def _watched(cell: str) -> bool:
    """Whether a cell imports the verbs of a notebook, and nothing but imports stands before."""
    try:
        statements = ast.parse(cell).body
    except SyntaxError:
        return False
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and statement.module == "dme.notebook":
            return True
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            return False
    return False


def _computes(cell: Mapping[str, Any]) -> bool:
    if cell["cell_type"] != "code" or not "".join(cell["source"]).strip():
        return False
    return not _tags(cell) & {"parameters", INJECTED}


def _named_in_code(notebook: Mapping[str, Any]) -> set[str]:
    """Return the parameters that the code names itself, past the study that `begin` returned."""
    found: set[str] = set()
    for _, cell in findings.numbered(notebook["cells"]):
        if not _computes(cell):
            continue
        source = "".join(cell["source"])
        try:
            tree = ast.parse(source)
        except SyntaxError:
            # Magics of IPython are no Python: what they name can't be told.
            return set(Study.model_fields)
        loaded = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
        found |= {node.id for node in loaded if isinstance(node.ctx, ast.Load)}
    return found & set(Study.model_fields)


def carry_over(notebook: dict[str, Any], target: Path, parameters: Mapping[str, Any]) -> None:
    """Write an executed notebook, its cell of parameters telling those of the study as it is now.

    A result stands when the parameters that it read are the same. The cell that papermill added
    holds all of them, so the others in it are brought up to date: what was computed is the same.
    """
    for cell in notebook["cells"]:
        if INJECTED in _tags(cell):
            lines = [f"{name} = {_literal(value)}\n" for name, value in parameters.items()]
            cell["source"] = ["# Parameters\n", *lines[:-1], lines[-1].rstrip("\n")]
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    target.write_text(text, encoding="utf-8")


def with_new_prose(source: Path, result: Path) -> dict[str, Any] | None:
    """Return an executed notebook with the prose of its source as it is now.

    Text stands in Markdown and raw cells, and in what a notebook says of itself; none of it is
    computed, so what the cells of code displayed still holds.

    Returns
    -------
    dict or None
        None where a cell of code changed, or the result can't be read: then it must run.
    """
    try:
        now, before = read_notebook(source), read_notebook(result)
    except DmeError:
        return None
    ran = [cell for cell in before["cells"] if cell["cell_type"] == "code"]
    injected = [n for n, cell in enumerate(ran) if INJECTED in _tags(cell)]
    left = iter([cell for cell in ran if INJECTED not in _tags(cell)])
    written = {cell.get("id"): cell for cell in before["cells"] if cell["cell_type"] != "code"}
    cells: list[dict[str, Any]] = []
    for cell in now["cells"]:
        if cell["cell_type"] != "code":
            known = written.get(cell.get("id"), {})
            cells.append({**cell, "metadata": {**known.get("metadata", {}), **cell["metadata"]}})
            continue
        same = next(left, None)
        if same is None or _code_of(same) != _code_of(cell):
            return None
        cells.append(same)
        if "parameters" in _tags(cell):
            cells += [ran[n] for n in injected]
    told = {key: value for key, value in now["metadata"].items() if key != "language_info"}
    whole = len(cells) == len(now["cells"]) + len(injected) and next(left, None) is None
    return before | {"cells": cells, "metadata": before["metadata"] | told} if whole else None


def _code_of(cell: Mapping[str, Any]) -> tuple[object, ...]:
    return cell.get("id"), "".join(cell["source"]), _tags(cell)


def _tags(cell: Mapping[str, Any]) -> set[str]:
    return set(cell.get("metadata", {}).get("tags", []))


def _literal(value: object) -> str:
    """Return a value as papermill writes it into a cell."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(item) for item in value)}]"
    return json.dumps(value) if isinstance(value, str) else repr(value)
