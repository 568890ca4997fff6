"""Render a staged project with Quarto, where it is installed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from dme.errors import DmeError

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_WARNING = re.compile(r"^\W*(WARN(ING)?|ERROR)\b", re.MULTILINE)


def find() -> Path | None:
    """Return Quarto's program: the one that ``QUARTO`` names, else the one on ``PATH``.

    The folder of this Python goes before ``PATH``: there ``make quarto`` puts it. ``QUARTO=no``
    looks for none.

    Raises
    ------
    DmeError
        If ``QUARTO`` names no program.
    """
    named = os.environ.get("QUARTO")
    if named == "no":
        return None
    beside = shutil.which("quarto", path=str(Path(sys.executable).parent))
    found = shutil.which(named) if named else beside or shutil.which("quarto")
    if named and not found:
        message = (
            f"QUARTO is set to {named}, which is no program that can be run.\n"
            "Set it to Quarto's program, or unset it to use the built-in renderer."
        )
        raise DmeError(message)
    return Path(found) if found else None


def render(project: Path, out: Path, program: Path) -> None:
    """Render the project into `out`.

    Parameters
    ----------
    project : Path
        A staged project.
    out : Path
        Folder of the built pages; it must not exist.
    program : Path
        Quarto.

    Raises
    ------
    DmeError
        If Quarto fails or warns: a broken link is only a warning to it. Its output comes along.
    """
    done = subprocess.run(
        [program, "render", "--output-dir", "_built", "--no-execute"],
        cwd=project,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    said = _ANSI.sub("", done.stdout + done.stderr).strip()
    if done.returncode != 0 or _WARNING.search(said):
        what = f"stopped with status {done.returncode}" if done.returncode else "warned"
        message = (
            f"Quarto {what} while it rendered the site:\n{said}\n"
            "Mend the page, or build with the built-in renderer."
        )
        raise DmeError(message)
    built = project / "_built"
    if not (built / "index.html").is_file():
        message = f"Quarto ended well but built no index.html. It said:\n{said}"
        raise DmeError(message)
    shutil.move(built, out)
