"""The notebooks as they stand in the project: which there are, and what they say of themselves."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from dme import paths, up_to_date
from dme.errors import DmeError
from dme.findings import read_notebook
from dme.records import parsed

ORDINARY = "python3"
WARM = "dme"
"""Name of the kernel that starts warm; see `dme.warm`."""


def sources() -> list[Path]:
    """Return the notebooks that a study runs, by name: those with a cell of parameters.

    Raises
    ------
    DmeError
        If there is none, or a file is no notebook.
    """
    if found := [path for path in up_to_date.notebooks() if _takes_parameters(path)]:
        return found
    message = f"There is no notebook in {paths.relative(paths.home() / 'notebooks')}/."
    raise DmeError(message)


def passed_over() -> list[Path]:
    """Return the notebooks that no study runs: those without a cell tagged ``parameters``.

    JupyterLab's ``Untitled.ipynb`` is one.
    """
    return [path for path in up_to_date.notebooks() if not _takes_parameters(path)]


def _takes_parameters(source: Path) -> bool:
    """Whether a notebook has a cell of parameters.

    Raises
    ------
    DmeError
        If the file is no notebook, or one of before nbformat 4.
    """
    try:
        cells = read_notebook(source)["cells"]
        return any("parameters" in cell["metadata"].get("tags", []) for cell in cells)
    except (DmeError, AttributeError, KeyError, TypeError) as error:
        shown = paths.relative(source)
        what = str(error) if isinstance(error, DmeError) else f"{shown} is damaged ({error!r})"
        message = (
            f"{what}\n"
            "A file that is empty or damaged comes back from the project's history; one of before "
            "nbformat 4 becomes one of today by jupyter nbconvert --to notebook --inplace "
            f"{shown}; what is no part of a study belongs outside {paths.relative(source.parent)}/."
        )
        raise DmeError(message) from error


def wanted_kernel(source: Path, installed: Collection[str]) -> str:
    """Return the kernel that a notebook is to run in.

    It is what it asks for; but Python kernels are named after the environment that they were
    installed in, and another machine's names mean this environment's Python here.
    """
    asked = _of(_metadata(source) or {}, "kernelspec")
    name, language = str(asked.get("name", ORDINARY)), asked.get("language", "python")
    return ORDINARY if language == "python" and name not in installed else name


def expected_seconds(source: Path) -> float | None:
    """Return about how long a notebook says that its cells take; None where it says nothing.

    It stands in the notebook's metadata as ``dme.seconds``, and tells no more than in which order
    to begin where nothing has been run yet.
    """
    seconds = _of(_metadata(source) or {}, "dme").get("seconds")
    return float(seconds) if isinstance(seconds, int | float) else None


def _metadata(source: Path) -> dict[str, Any] | None:
    try:
        metadata = parsed(source.read_bytes())["metadata"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return metadata if isinstance(metadata, dict) else None


def _of(metadata: dict[str, Any], key: str) -> dict[str, Any]:
    part = metadata.get(key, {})
    return part if isinstance(part, dict) else {}
