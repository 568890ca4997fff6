"""Build a study's website: stage, render, check, and only then put it in its place."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dme import paths, strict_yaml
from dme.errors import DmeError
from dme.publish import check, config, not_found, pandoc, quarto, search, side_by_side
from dme.publish.atlas import page as atlas
from dme.publish.fragments import parameters
from dme.publish.opengraph import describe
from dme.publish.place import PROJECT, SITE, filled
from dme.publish.schools import write as schools
from dme.publish.seal import seal
from dme.publish.stage import stage
from dme.publish.trail import write as trail
from dme.replace import scratch
from dme.tables.dictionary import provenances
from dme.tables.licences import LICENCES

FOLDER = "_site"
_HOST = re.compile(r"https?://([\w.-]+)")
Renderer = Literal["auto", "quarto", "builtin"]


@dataclass(frozen=True)
class Built:
    """A site that has been built and checked.

    Attributes
    ----------
    renderer : str
        Who rendered it: ``quarto`` or ``builtin``.
    pages : tuple of str
        Its pages, as seen from its folder, without those of the trail and of schools.
    folder : Path
        Where it stands.
    unhonoured : tuple of str
        The settings of ``_quarto.yml`` that the renderer does not follow.
    """

    renderer: str
    pages: tuple[str, ...]
    folder: Path
    unhonoured: tuple[str, ...] = ()


def build(
    study: str, renderer: Renderer = "auto", out: Path | None = None, beside: Sequence[str] = ()
) -> Built:
    """Build the site of a study, or of several side by side.

    The site is built and checked in a temporary folder and only then put in its place: where
    anything fails, the earlier site stays as it was. What else lies in the folder stays too: the
    site's mark lists the files that are its own.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    renderer : {"auto", "quarto", "builtin"}
        ``auto`` takes Quarto where it is installed, and the built-in renderer elsewhere.
    out : Path, optional
        Folder of the site; ``_site`` in the project's folder if not given.
    beside : sequence of str
        Further studies: the pages of each stand in a folder of its name.

    Raises
    ------
    DmeError
        If something can't be staged, rendered, or is wrong on a page.
    """
    place = (out or paths.home() / FOLDER).resolve()
    site = _together(study, beside)
    program = _program(renderer)
    with scratch("dme-site-") as working, filled(place, SITE) as fresh:
        built = working / "built"
        projects, names = _staged(site, working / "projects")
        pages: list[str] = []
        own: list[str] = []
        for name, project in projects.items():
            room = side_by_side.folder(name, site)
            _render(project, built / room, program)
            settings = config.read(project / config.FILE)
            made = trail.write(name, built / room, settings, names[name])
            made += schools.write(parameters(name), built / room, settings)
            if name == study:
                made += atlas.write(parameters(name), built, settings)
            rendered = [f"{page}.html" for page in names[name]]
            search.write(built / room, [*rendered, *made])
            pages += [f"{room}{page}" for page in rendered]
            own += [f"{room}{page}" for page in made]
            describe(built / room, settings, room)
        not_found.write(built, config.read(projects[study] / config.FILE))
        check.check(built, (*pages, *own), set().union(*map(_hosts, site)))
        seal(built)
        shutil.copytree(built, fresh, dirs_exist_ok=True)
    if program:
        return Built("quarto", tuple(pages), place)
    ours = strict_yaml.read(paths.home() / config.FILE).typed()
    return Built("builtin", tuple(pages), place, tuple(config.unhonoured(ours)))


def keep_staged(study: str, out: Path, beside: Sequence[str] = ()) -> list[Path]:
    """Keep the Quarto project of a study, or of several, to be worked on by hand.

    Parameters
    ----------
    study, beside
        See `build`.
    out : Path
        The folder of the project; of several studies, that of each lies in a folder of its name.

    Returns
    -------
    list of Path
        The projects' folders.

    Raises
    ------
    DmeError
        If the folder holds something else, or a study can't be staged.
    """
    place, site = out.resolve(), _together(study, beside)
    with scratch("dme-site-") as working, filled(place, PROJECT) as fresh:
        projects, _ = _staged(site, working)
        for name, project in projects.items():
            shutil.copytree(project, fresh / name if beside else fresh, dirs_exist_ok=True)
    return [place / name for name in site] if beside else [place]


def _together(study: str, beside: Sequence[str]) -> tuple[str, ...]:
    """Return all studies of a site, the one at its top first."""
    site = (study, *beside)
    for name in beside:
        # Its pages stand in a folder of its name.
        if site.count(name) > 1 or Path(name).name != name:
            message = f'Name each study once, by its name alone, not "{name}".'
            raise DmeError(message)
    return site


def _staged(
    site: Sequence[str], folder: Path
) -> tuple[dict[str, Path], dict[str, tuple[str, ...]]]:
    """Return the staged project of each study, and the names of its pages."""
    projects = {name: folder / name for name in site}
    names = {name: stage(name, project, site) for name, project in projects.items()}
    if len(projects) > 1:
        side_by_side.connect(projects)
    return projects, names


def _render(project: Path, out: Path, program: Path | None) -> None:
    if out.exists():
        message = (
            f'The pages of the study "{out.name}" would lie in a folder that the site\'s first '
            f"study fills itself: {out.name}/.\nGive that study another name, or name it first."
        )
        raise DmeError(message)
    if program:
        quarto.render(project, out, program)
    else:
        pandoc.render(project, out)


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


def _hosts(study: str) -> set[str]:
    """Return the hosts that the project's texts name, the tables' sources and their licences."""
    home = paths.home()
    texts = [home / config.FILE, *(home / "notebooks").glob("*.ipynb")]
    texts += [*(home / config.PAGES).glob("*.qmd"), *(home / "data").glob("*.yml")]
    told = [path.read_text("utf-8") for path in texts]
    told += [licence.address for licence in LICENCES.values()]
    for table in provenances(parameters(study).folder).values():
        told += [f"{source.address} {source.page}" for source in table.sources]
    return {host.rstrip(".") for text in told for host in _HOST.findall(text)}
