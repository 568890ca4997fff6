"""Build a study's website: stage, render, check, and only then put it in its place."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dme import paths
from dme.errors import DmeError
from dme.publish import check, pandoc, quarto
from dme.publish.stage import stage
from dme.replace import replacing, scratch

FOLDER = "_site"
_MARK = ".dme-site"
_MARK_TEXT = "Built by dme: the next build replaces this folder.\n"
Renderer = Literal["auto", "quarto", "builtin"]


@dataclass(frozen=True)
class Built:
    """A site that has been built and checked.

    Attributes
    ----------
    renderer : str
        Who rendered it: ``quarto`` or ``builtin``.
    pages : tuple of str
        File names of its pages.
    folder : Path
        Where it stands.
    """

    renderer: str
    pages: tuple[str, ...]
    folder: Path


def build(study: str, renderer: Renderer = "auto", out: Path | None = None) -> Built:
    """Build the site of a study.

    The site is built and checked in a temporary folder and only then put in its place: where
    anything fails, the earlier site stays as it was.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    renderer : {"auto", "quarto", "builtin"}
        ``auto`` takes Quarto where it is installed, and the built-in renderer elsewhere.
    out : Path, optional
        Folder of the site; ``_site`` in the project's folder if not given.

    Raises
    ------
    DmeError
        If something can't be staged, rendered, or is wrong on a page.
    """
    place = (out or paths.home() / FOLDER).resolve()
    program = _program(renderer)
    _refuse_strangers(place)
    with scratch("dme-site-") as working, replacing(place) as fresh:
        project, built = working / "project", working / "built"
        names = stage(study, project)
        if program:
            quarto.render(project, built, program)
        else:
            pandoc.render(project, built)
        check.check(built, tuple(f"{name}.html" for name in names))
        shutil.copytree(built, fresh, dirs_exist_ok=True)
        (fresh / _MARK).write_text(_MARK_TEXT, encoding="utf-8")
    pages = tuple(f"{name}.html" for name in names)
    return Built("quarto" if program else "builtin", pages, place)


def _program(renderer: Renderer) -> Path | None:
    """Return Quarto's program, or None for the built-in renderer."""
    if renderer == "builtin":
        return None
    program = quarto.find()
    if renderer == "quarto" and not program:
        message = (
            "Quarto was not found on PATH.\n"
            "Install it, or set QUARTO to its program, or build with the built-in renderer."
        )
        raise DmeError(message)
    return program


def _refuse_strangers(place: Path) -> None:
    """Refuse a folder that holds something else than a site, before it is replaced."""
    if not place.exists() or (place.is_dir() and place == paths.home() / FOLDER):
        return
    if not place.is_dir() or (any(place.iterdir()) and not (place / _MARK).is_file()):
        message = (
            f"{place} holds something else than a site, and building would replace it.\n"
            "Name an empty or a new folder."
        )
        raise DmeError(message)
