"""A study of two tiny notebooks, run where something goes wrong, and what is left of it."""

import errno
import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from dme import findings, up_to_date
from dme.execute.run import run_studies
from dme.warm import client
from dme.warm.provisioner import WarmProvisioner

PARAMETERS = 'study = "mine"\nseed = 2017'
FINDING = findings.Finding(
    id="size", title="t", sentence="s", value=1.0, unit="percent", population="p", year="y",
    method="m",
).to_json()  # fmt: skip
SHOW = """
import json, random
from IPython.display import display
random.seed(seed)
stored = json.loads('''{}''')
display({{"application/vnd.dme.finding+json": stored}}, raw=True)
print(random.random())
"""
# A parent of processes that have imported what a run takes, so that many are cheap.
LIBRARIES = ("dme.execute.run", "dme.execute.engine", "tests.execute.fault_sample")
RUN = "from tests.execute import fault_sample as here; here.{}"
ROOT = Path(__file__).parents[2]


def finding_cell(name: str, **changed: Any) -> str:
    """Return a cell that displays a finding as `dme.notebook.record` does."""
    return SHOW.format(json.dumps(FINDING | {"id": name} | changed))


def write(project: Path, **cells: str) -> Path:
    """Put tiny notebooks in the place of the real ones; return the file of their study."""
    for path in (project / "notebooks").glob("*.ipynb"):
        path.unlink()
    for name, source in cells.items():
        made = nbformat.v4.new_notebook()
        made.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
        for each, text, tags in (("parameters", PARAMETERS, ["parameters"]), ("odd", source, [])):
            made.cells.append(nbformat.v4.new_code_cell(text, id=each, metadata={"tags": tags}))
        nbformat.write(made, project / "notebooks" / f"{name}.ipynb")
    path = project / "params" / "mine.yml"
    path.write_text("study: mine\nseed: 7\n", encoding="utf-8")
    return path


def run(project: Path, jobs: int = 2) -> None:
    """Run the study, with kernels that import little."""
    WarmProvisioner.libraries = ["json"]
    run_studies([project / "params" / "mine.yml"], lambda *_: None, jobs=jobs)


def left(project: Path) -> dict[str, Any]:
    """Return what is left of a study's results, but for when and how fast it ran.

    Raises
    ------
    AssertionError
        If its record is not that of its results.
    """
    folder = project / "results" / "mine"
    record = up_to_date.read(folder)
    assert record is not None, f"no record among {sorted(folder.glob('*'))}"
    found: dict[str, Any] = {"study": (folder / "study.yml").read_bytes()}
    for path in sorted(folder.glob("*.ipynb")):
        assert record.notebooks[path.stem].result == up_to_date.digest(path), path
        cells = json.loads(path.read_bytes())["cells"]
        found[path.stem] = [(cell["id"], cell["source"], cell["outputs"]) for cell in cells]
    assert set(found) - {"study"} == set(record.notebooks)
    found["findings"] = [
        entry.row() for entry in findings.ledger_of(sorted(folder.glob("*.ipynb")))
    ]
    return found


def forked(code: str, home: Path, streams: tuple[int, int]) -> client.ForkedKernel:
    """Start a process that runs one of these functions."""
    env = os.environ | {"DME_HOME": str(home)}
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    return client.fork(
        sys.executable, ["-c", RUN.format(code)], env, str(home), libraries=LIBRARIES,
        streams=streams,
    )  # fmt: skip


class _Writes:
    """What is written in this process: counted, and one refused."""

    def __init__(self) -> None:
        self.met: list[str] = []
        self.refused: Callable[[int, str], bool] = lambda *_: False
        self.error = errno.ENOSPC

    def __call__(self, event: str, told: tuple[Any, ...]) -> None:
        if not _writes(event, told):
            return
        path = os.fsdecode(told[0]) if isinstance(told[0], str | bytes | os.PathLike) else ""
        if not path or path.startswith("/dev/"):
            return
        self.met.append(f"{event} {path}")
        if self.refused(len(self.met), path):
            raise OSError(self.error, os.strerror(self.error), path)


def _writes(event: str, told: tuple[Any, ...]) -> bool:
    if event == "open":
        return bool((told[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    return event in {"os.mkdir", "os.rename", "os.link", "os.symlink"}


def refuse_each_write(home: str) -> None:
    """Run the study once for each write that it makes, which fails; print what came of each."""
    writes = _Writes()
    sys.addaudithook(writes)
    run(Path(home), jobs=1)
    for number in range(1, len(writes.met) + 1):
        writes.met.clear()
        writes.refused = lambda met, _, number=number: met == number
        outcome = _outcome(Path(home))
        refused = writes.met[number - 1] if number <= len(writes.met) else ""
        print(json.dumps([refused, *outcome]), flush=True)  # noqa: T201


def refuse_below(home: str, *folders: str) -> None:
    """Run the study where nothing can be written below a folder, as on a read-only disk."""
    writes = _Writes()
    sys.addaudithook(writes)
    writes.error = errno.EROFS
    for folder in folders:
        below = str(Path(home, folder))
        writes.refused = lambda _, path, below=below: path.startswith(below)
        print(json.dumps(_outcome(Path(home))), flush=True)  # noqa: T201


def _outcome(home: Path) -> list[Any]:
    """Run the study; return how it ended, and whether the results are as they were, to the byte."""
    folder = home / "results" / "mine"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    try:
        run(home, jobs=1)
    except BaseException as raised:
        how = f"{type(raised).__name__}: {raised}"
    else:
        how = ""
    after = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}
    return [how, before == after]


def limited(home: Path, size: int) -> None:
    """Run the study where no file may get larger than a number of bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    run(home)
