"""A notebook's cells executed in this very process, for what they display.

A run of a sweep keeps nothing of a notebook but its findings. It needs no kernel to talk to,
no messages and no executed notebook: IPython's own shell runs the cells, as a kernel's does.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from dme.findings import INJECTED, MIME, Finding, read_notebook

_PARAMETERS = "parameters"
_MAY_FAIL = "raises-exception"


class CellError(Exception):
    """A cell failed."""


def shell() -> InteractiveShell:
    """Return the shell of this process; made before a fork, it is there in every child."""
    return InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))


def findings_of(source: Path, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Execute a notebook's cells in this process and return the findings that they display.

    Meant for a process that ends after it: what the cells leave behind stays.

    Parameters
    ----------
    source : Path
        The notebook.
    parameters : mapping
        What takes the place of the notebook's own parameters.

    Raises
    ------
    CellError
        If a cell fails.
    ValueError
        If a finding holds what JSON does not know.
    """
    found: list[dict[str, Any]] = []
    for cell in _with_parameters(read_notebook(source)["cells"]):
        if cell is None:
            shell().user_ns.update(json.loads(json.dumps(parameters)))
            continue
        code = "".join(cell["source"])
        if cell["cell_type"] != "code" or not code.strip():
            continue
        with capture_output() as shown:
            ended = shell().run_cell(code, store_history=True)
        if not ended.success and _MAY_FAIL not in _tags(cell):
            error = ended.error_before_exec or ended.error_in_exec
            message = f"{type(error).__name__}: {error}"
            raise CellError(message)
        found += [output.data[MIME] for output in shown.outputs if MIME in (output.data or {})]
    told = json.loads(json.dumps(found, allow_nan=False))
    return [Finding.from_json(one).to_json() for one in told]


def _tags(cell: Mapping[str, Any]) -> set[str]:
    return set(cell.get("metadata", {}).get("tags", []))


def _with_parameters(cells: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """Return the cells, and None where the parameters are set: after the cell of them, if any."""
    kept: list[dict[str, Any] | None] = [c for c in cells if INJECTED not in _tags(c)]
    places = [n for n, c in enumerate(kept, start=1) if c and _PARAMETERS in _tags(c)]
    kept.insert(places[0] if places else 0, None)
    return kept
