"""The one notebook, executed through papermill with each finished cell reported."""

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError, strip_color
from papermill.iorw import papermill_io
from papermill.log import logger
from traitlets.config import Config

from dme import paths
from dme.errors import DmeError
from dme.execute.kernels import Kernels, NotebookClient
from dme.execute.machine import surroundings
from dme.execute.sources import ORDINARY, WARM, wanted_kernel
from dme.findings import INJECTED

OnCell = Callable[[int, int], None]
"""Called with the number of cells done and of all cells."""

_ENGINE = "dme"
# The kernel says on stderr that it was interrupted whenever it is told to end.
_QUIET = ["--IPKernelApp.log_level=CRITICAL"]


class CellFailure(DmeError):
    """A cell of a notebook failed: which one, its error, and where its output can be read."""

    def __init__(self, notebook: str, number: int, cell: str, error: str, kept: Path) -> None:
        self.notebook, self.number, self.cell, self.error = notebook, number, cell, error
        super().__init__(
            f'{notebook}.ipynb failed in cell {number} ("{cell}"):\n{error}\n'
            f"The notebook as far as it came: {paths.relative(kept)}"
        )


@dataclass
class _Watch:
    """What is heard of a running notebook: whom to tell, and the cell it is in."""

    on_cell: OnCell
    cell: str = ""


class _ReportingEngine(NBClientEngine):
    """Papermill's own engine, which also tells where it is."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        start_timeout: int = 60,
        *,
        watch: _Watch,
        kernels: Kernels,
        **_: Any,
    ) -> Any:
        for cell in nb_man.nb.cells:
            if INJECTED in cell.metadata.get("tags", []):
                # Papermill draws a name by lot; the same study is to give the same notebook.
                cell.id = INJECTED
        start, complete, total = nb_man.cell_start, nb_man.cell_complete, len(nb_man.nb.cells)

        def on_start(cell: Any, cell_index: int | None = None, **more: Any) -> None:
            watch.cell = cell.id
            start(cell=cell, cell_index=cell_index, **more)

        def on_complete(cell: Any, cell_index: int | None = None, **more: Any) -> None:
            complete(cell=cell, cell_index=cell_index, **more)
            watch.on_cell((cell_index or 0) + 1, total)

        nb_man.cell_start, nb_man.cell_complete = on_start, on_complete
        watch.on_cell(0, total)
        with tempfile.TemporaryDirectory(prefix="dme-") as place:
            return NotebookClient(
                nb_man,
                kernels,
                kernel_name=kernel_name,
                startup_timeout=start_timeout,
                # A profile of IPython's may run files of its user's: here is one without any.
                extra_arguments=[*_QUIET, f"--ipython-dir={place}"],
                config=_private(Path(place)),
                # The kernel's folder; that of this process stays, which threads share.
                resources={"metadata": {"path": str(paths.home())}},
                log=logger,
            ).execute(env=surroundings())


def _private(place: Path) -> Config:
    """Let the kernel be talked to through files that only its user can reach, not open ports."""
    if os.name == "nt":
        return Config()
    return Config(KernelManager={"transport": "ipc", "ip": str(place / "kernel")})


papermill_engines.register(_ENGINE, _ReportingEngine)
# Papermill tells of input and output paths and of every kernel: here the progress bar does.
logging.getLogger("papermill").setLevel(logging.CRITICAL)


def _number_in_source(source: Path, cell_id: str) -> int:
    """Return the cell's number in the notebook that people edit (papermill adds a cell)."""
    cells = nbformat.read(source, as_version=4).cells
    return next((n for n, cell in enumerate(cells, start=1) if cell.id == cell_id), 0)


@cache
def _warm_is_installed() -> bool:
    return WARM in KernelSpecManager().find_kernel_specs()


def kernel_for(source: Path) -> str | None:
    """Return the kernel that a notebook runs in; None leaves it to the notebook.

    A notebook that asks for the environment's ordinary Python gets the one that starts warm,
    where that is installed; one that asks for another kernel gets what it asks for.
    """
    # Of what is no notebook papermill tells.
    return WARM if wanted_kernel(source) == ORDINARY and _warm_is_installed() else None


def execute(
    source: Path,
    output: Path,
    parameters: Mapping[str, Any],
    on_cell: OnCell,
    kernel: str | None = None,
    *,
    failed: Path | None = None,
    kernels: Kernels | None = None,
) -> nbformat.NotebookNode:
    """Execute the notebook `source` with `parameters` and write it to `output`.

    Several threads may do so at once.

    Parameters
    ----------
    source, output : Path
        The notebook, and where its executed copy goes.
    parameters : mapping
        What takes the place of the notebook's own parameters.
    on_cell : callable
        Told of each finished cell.
    kernel : str, optional
        Name of a kernel; see `kernel_for` for what is taken unless it is given.
    failed : Path, optional
        Folder in which the notebook is kept, as far as it came, if a cell fails; it stays at
        `output` unless this is given.
    kernels : Kernels, optional
        The run to which the notebook's kernel belongs, so that it can be stopped.

    Raises
    ------
    CellFailure
        If a cell fails or the kernel dies.
    DmeError
        If `source` is no notebook, or its kernel can't be started.
    Stopped
        If the run was stopped before the kernel started.
    """
    watch = _Watch(on_cell)
    # Papermill keeps the folder of relative paths for the whole process, and threads that end in
    # another order than they began would leave one there. Paths here are absolute.
    papermill_io.get_handler("local").cwd(None)
    try:
        return papermill.execute_notebook(
            source,
            output,
            parameters=dict(parameters),
            engine_name=_ENGINE,
            kernel_name=kernel or kernel_for(source),
            request_save_on_cell_execute=False,
            progress_bar=False,
            watch=watch,
            kernels=kernels or Kernels(),
        )
    except PapermillExecutionError as error:
        text = strip_color("\n".join(error.traceback[-1:])) or f"{error.ename}: {error.evalue}"
    except (DeadKernelError, CellTimeoutError) as error:
        if not watch.cell:
            message = f"{paths.relative(source)} could not be run: its kernel did not start."
            raise DmeError(message) from error
        text = f"the kernel ended while the cell ran ({type(error).__name__})"
    except (ValueError, NoSuchKernel, RuntimeError) as error:
        message = f"{paths.relative(source)} could not be run: {error or type(error).__name__}"
        raise DmeError(message) from error
    number = _number_in_source(source, watch.cell)
    raise CellFailure(source.stem, number, watch.cell, text.strip(), _kept(output, failed))


def _kept(output: Path, folder: Path | None) -> Path:
    """Return where the notebook that failed is kept."""
    if folder is None:
        return output
    folder.mkdir(parents=True, exist_ok=True)
    if output.exists():
        shutil.copyfile(output, folder / output.name)
    return folder / output.name
