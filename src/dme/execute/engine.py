"""The one notebook, executed through papermill with each finished cell reported."""

import contextlib
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from papermill.engines import (
    NBClientEngine,
    NotebookExecutionManager,
    papermill_engines,
)
from papermill.exceptions import PapermillExecutionError, strip_color
from papermill.iorw import papermill_io
from papermill.log import logger
from traitlets.config import Config

from dme import paths
from dme.errors import DmeError
from dme.execute.kernels import Kernels, NotebookClient, Unfinished
from dme.execute.machine import surroundings
from dme.execute.sources import ORDINARY, WARM, wanted_kernel
from dme.findings import INJECTED
from dme.replace import scratch
from dme.warm.room import room

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
    notebook: Any = None


class _ReportingEngine(NBClientEngine):
    """Papermill's own engine, which also tells where it is."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
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
        watch.notebook = nb_man.nb
        with _private() as (place, config):
            return NotebookClient(
                nb_man,
                kernels,
                kernel_name=kernel_name,
                startup_timeout=start_timeout,
                timeout=execution_timeout,
                # A profile of IPython's may run files of its user's: here is one without any.
                extra_arguments=[*_QUIET, f"--ipython-dir={place}"],
                config=config,
                # The kernel's folder; that of this process stays, which threads share.
                resources={"metadata": {"path": str(paths.home())}},
                log=logger,
            ).execute(env=surroundings())


@contextlib.contextmanager
def _private() -> Iterator[tuple[Path, Config]]:
    """Give a folder for a kernel's own, and how to talk to it: not through open ports.

    In that folder lie files that only its user can reach. Where no folder's name is short enough
    for that, ports serve, as in any notebook.
    """
    longest = len("/dme-run-xxxxxxxx/kernel-1")
    short = None if os.name == "nt" else room(tempfile.gettempdir(), longest)
    with scratch("dme-run-", None if short is None else Path(short)) as place:
        # With its key in it, the file by which they meet lies there too, and goes with the folder.
        private = {"connection_file": str(place / "kernel.json")}
        if short is not None:
            private |= {"transport": "ipc", "ip": str(place / "kernel")}
        yield place, Config(KernelManager=private)


papermill_engines.register(_ENGINE, _ReportingEngine)
# Papermill tells of input and output paths and of every kernel: here the progress bar does.
logging.getLogger("papermill").setLevel(logging.CRITICAL)


def _number_in_source(source: Path, cell_id: str) -> int:
    """Return the cell's number in the notebook that people edit (papermill adds a cell)."""
    cells = nbformat.read(source, as_version=4).cells
    return next((n for n, cell in enumerate(cells, start=1) if cell.id == cell_id), 0)


@cache
def _installed() -> frozenset[str]:
    return frozenset(KernelSpecManager().find_kernel_specs())


def kernel_for(source: Path, *, warm: bool = True) -> str:
    """Return the kernel that a notebook runs in.

    A notebook that asks for the environment's ordinary Python gets the one that starts warm,
    where that is installed and wanted; one that asks for another kernel gets what it asks for.
    """
    wanted = wanted_kernel(source, _installed())
    return WARM if warm and wanted == ORDINARY and WARM in _installed() else wanted


def execute(
    source: Path,
    output: Path,
    parameters: Mapping[str, Any],
    on_cell: OnCell,
    kernel: str | None = None,
    *,
    failed: Path | None = None,
    kernels: Kernels | None = None,
    timeout: int | None = None,
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
    timeout : int, optional
        How many seconds a cell may run; without end unless given.

    Raises
    ------
    CellFailure
        If a cell fails, ends the notebook before its last cell, runs or displays too much, or the
        kernel dies.
    DmeError
        If `source` is no notebook, or its kernel can't be started.
    Stopped
        If the run was stopped meanwhile.
    """
    watch, kernels = _Watch(on_cell), kernels or Kernels()
    # Papermill keeps the folder of relative paths for the whole process, and threads that end in
    # another order than they began would leave one there. Paths here are absolute.
    papermill_io.get_handler("local").cwd(None)
    try:
        done = papermill.execute_notebook(
            source,
            output,
            parameters=dict(parameters),
            engine_name=_ENGINE,
            kernel_name=kernel or kernel_for(source),
            request_save_on_cell_execute=False,
            progress_bar=False,
            watch=watch,
            kernels=kernels,
            execution_timeout=timeout,
        )
        if not (text := _ended_early(done)):
            return _timeless(done, output)
    except PapermillExecutionError as error:
        text = strip_color("\n".join(error.traceback[-1:])) or f"{error.ename}: {error.evalue}"
    except Unfinished as error:
        # One that was ended because another failed has nothing to tell.
        kernels.check()
        papermill_io.write(nbformat.writes(watch.notebook), str(output))
        text = str(error)
    except (ValueError, NoSuchKernel, RuntimeError) as error:
        message = f"{paths.relative(source)} could not be run: {error or type(error).__name__}"
        raise DmeError(message) from error
    number = _number_in_source(source, watch.cell)
    raise CellFailure(source.stem, number, watch.cell, text.strip(), _kept(output, failed))


def _ended_early(done: nbformat.NotebookNode) -> str:
    """Return what ended a notebook before its last cell; nothing where all cells ran."""
    if all(
        cell.metadata.papermill.status != NotebookExecutionManager.FAILED for cell in done.cells
    ):
        return ""
    # Papermill takes sys.exit(0) for success.
    return "SystemExit: it ends the notebook, and what stands below it does not run"


def _timeless(done: nbformat.NotebookNode, output: Path) -> nbformat.NotebookNode:
    """Write a notebook without when and where it ran, and how long it took, and return it.

    What is the same study is then the same file; see `dme.lasted` for the times.
    """
    done.metadata.pop("papermill", None)
    for cell in done.cells:
        for traces in ("papermill", "execution"):
            cell.metadata.pop(traces, None)
        if cell.cell_type == "code":
            cell.outputs = [told for told in cell.outputs if not _is_of_solver(told)]
    papermill_io.write(nbformat.writes(done), str(output))
    return done


def _is_of_solver(told: nbformat.NotebookNode) -> bool:
    """Whether an output is what HiGHS writes past Python; a remembered answer comes without."""
    lines = "".join(told.get("text", "")).splitlines()
    return bool(lines) and all(line.startswith("HighsMipSolverData::") for line in lines)


def _kept(output: Path, folder: Path | None) -> Path:
    """Return where the notebook that failed is kept."""
    if folder is None:
        return output
    folder.mkdir(parents=True, exist_ok=True)
    if output.exists():
        shutil.copyfile(output, folder / output.name)
    return folder / output.name
