"""Build a study's website: stage, render, check, and only then put it in its place."""

import os
import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dme import paths
from dme.errors import DmeError
from dme.publish import check, config, pandoc, quarto, side_by_side
from dme.publish.atlas import page as atlas
from dme.publish.fragments import parameters
from dme.publish.seal import seal
from dme.publish.stage import stage
from dme.publish.trail.write import write
from dme.replace import replacing, scratch
from dme.tables.dictionary import provenances
from dme.tables.licences import LICENCES

FOLDER = "_site"
_MARK = ".dme-site"
_MARK_TEXT = "Built by dme: the next build replaces these files, and leaves all others."
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
        Its pages, as seen from its folder, without those of the trail.
    folder : Path
        Where it stands.
    """

    renderer: str
    pages: tuple[str, ...]
    folder: Path


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
    site = (study, *beside)
    for name in beside:
        # Its pages stand in a folder of its name.
        if site.count(name) > 1 or Path(name).name != name:
            message = f'Name each study once, by its name alone, not "{name}".'
            raise DmeError(message)
    program = _program(renderer)
    strangers = _strangers(place)
    with scratch("dme-site-") as working, replacing(place) as fresh:
        built = working / "built"
        projects = {name: working / "projects" / name for name in site}
        names = {name: stage(name, project, site) for name, project in projects.items()}
        if beside:
            side_by_side.connect(projects)
        pages: list[str] = []
        trails: list[str] = []
        for name, project in projects.items():
            room = side_by_side.folder(name, site)
            _render(project, built / room, program)
            settings = config.read(project / config.FILE)
            pages += [f"{room}{page}.html" for page in names[name]]
            trails += [f"{room}{page}" for page in write(name, built / room, settings, names[name])]
        first = config.read(projects[study] / config.FILE)
        pages += atlas.write(parameters(study), built, first, names[study])
        check.check(built, [*pages, *trails], set().union(*map(_hosts, site)))
        seal(built)
        shutil.copytree(built, fresh, dirs_exist_ok=True)
        own = sorted(path.relative_to(fresh).as_posix() for path in _files(fresh))
        (fresh / _MARK).write_text("\n".join([_MARK_TEXT, *own, ""]), encoding="utf-8")
        _keep(strangers, place, fresh)
    return Built("quarto" if program else "builtin", tuple(pages), place)


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


def _files(folder: Path) -> Iterator[Path]:
    """Yield what lies below a folder: files, links wherever they lead, and empty folders."""
    for top, folders, names in os.walk(folder):
        linked = [name for name in folders if (Path(top) / name).is_symlink()]
        yield from (Path(top) / name for name in [*names, *linked])
        if not folders and not names and Path(top) != folder:
            yield Path(top)


def _strangers(place: Path) -> list[Path]:
    """Return the files of a folder that no build made.

    Raises
    ------
    DmeError
        If it is no folder, or holds something else than a site.
    """
    if not place.exists():
        return []
    mark = place / _MARK
    marked = mark.is_file()
    beside = [] if marked or not place.is_dir() else [path.name for path in place.iterdir()]
    if not place.is_dir() or not all(map(_kept_for_a_site, beside)):
        message = (
            f"{place} holds something else than a site.\n"
            "Name an empty folder, a new one, or one that this command made."
        )
        raise DmeError(message)
    first, *listed = mark.read_text("utf-8").splitlines() or [""] if marked else [_MARK_TEXT]
    own = {_MARK, *listed}
    found = [path.relative_to(place) for path in _files(place)]
    if first != _MARK_TEXT:
        # A build of before the list: all was its own, but for what is kept for a site.
        own |= {path.as_posix() for path in found if not _kept_for_a_site(path.parts[0])}
    return [path for path in found if path.as_posix() not in own]


def _kept_for_a_site(name: str) -> bool:
    return name.startswith(".") or name == "CNAME"


def _keep(strangers: Collection[Path], place: Path, fresh: Path) -> None:
    """Put what no build made into the folder that takes the place of another.

    Raises
    ------
    DmeError
        If the new site has a file of that name.
    """
    for path in strangers:
        target = fresh / path
        if os.path.lexists(target):
            message = (
                f"{place / path} was not made by this command, and the new site has a file of "
                "that name.\nMove yours, and build again. The folder is as it was."
            )
            raise DmeError(message)
        target.parent.mkdir(parents=True, exist_ok=True)
        _link(place / path, target)


def _link(source: Path, target: Path) -> None:
    """Give a file a second name, or where the disk knows no such thing, copy it."""
    if source.is_dir() and not source.is_symlink():
        target.mkdir()
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
