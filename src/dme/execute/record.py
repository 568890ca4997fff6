"""What an executed notebook was made of, and a result that stands under new parameters."""

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dme import findings, fresh
from dme.findings import INJECTED, INPUTS_MIME, PARAMETERS_MIME, bundles, read_notebook
from dme.study import Study


def record(source: Path, result: Path, parameters: Mapping[str, Any]) -> fresh.Record:
    """Return the record of a notebook that has just been executed.

    Parameters
    ----------
    source, result : Path
        The notebook, and its executed copy.
    parameters : mapping
        All of the study's parameters.
    """
    notebook = read_notebook(result)
    read = [stored for _, _, stored in bundles(notebook, INPUTS_MIME)]
    named = [stored for _, _, stored in bundles(notebook, PARAMETERS_MIME)]
    wanted = set(named[-1]) if named else set(Study.model_fields)
    wanted |= _named_in_code(notebook)
    return fresh.Record(
        notebook=fresh.digest(source),
        result=fresh.digest(result),
        parameters={name: parameters[name] for name in parameters if name in wanted},
        files=read[-1] if read else None,
        environment=fresh.environment(),
    )


def _named_in_code(notebook: Mapping[str, Any]) -> set[str]:
    """Return the parameters that the code names itself, past the study that `begin` returned."""
    found: set[str] = set()
    for _, cell in findings.numbered(notebook["cells"]):
        tags = set(cell.get("metadata", {}).get("tags", []))
        if cell["cell_type"] != "code" or tags & {"parameters", INJECTED}:
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


def carry_over(result: Path, target: Path, parameters: Mapping[str, Any]) -> None:
    """Copy an executed notebook, its cell of parameters telling those of the study as it is now.

    A result stands when the parameters that it read are the same. The cell that papermill added
    holds all of them, so the others in it are brought up to date: what was computed is the same.
    """
    notebook = read_notebook(result)
    for cell in notebook["cells"]:
        if INJECTED in cell.get("metadata", {}).get("tags", []):
            lines = [f"{name} = {_literal(value)}\n" for name, value in parameters.items()]
            cell["source"] = ["# Parameters\n", *lines[:-1], lines[-1].rstrip("\n")]
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    target.write_text(text, encoding="utf-8")


def _literal(value: object) -> str:
    """Return a value as papermill writes it into a cell."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(item) for item in value)}]"
    return json.dumps(value) if isinstance(value, str) else repr(value)
