"""Assemble the project that a renderer turns into the site.

What is staged is Markdown, style, and pictures: no cell is left to execute, so that what a
renderer builds depends on nothing else.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from dme import passages, paths
from dme.errors import DmeError
from dme.findings import notebooks
from dme.findings.claims import yardstick
from dme.publish import config, knobs, side_by_side
from dme.publish.config import PAGES
from dme.publish.fragments import fragments, parameters, preview
from dme.publish.frame import address, turns
from dme.publish.inert import literal
from dme.publish.opengraph import IMAGE
from dme.publish.pagecopy import page_copy
from dme.publish.trail.places import of_site, table
from dme.study import Study
from dme.tables import load
from dme.tables.dictionary import provenances

GUARD = "guard.lua"
_OF_CLAIMS = "rules.qmd"
"""The page that tells how claims are judged, and nothing else."""
_INCLUDE = re.compile(r"^\{\{<\s*include\s+(\S+)\s*>\}\}[ \t]*$", re.MULTILINE)
_SHORTCODE = re.compile(r"\{\{<.*")
_EXECUTABLE = re.compile(r"^\s*(`{3,}|~{3,})\s*\{\s*[A-Za-z]", re.MULTILINE)


def stage(study: str, folder: Path, site: Sequence[str] = ()) -> tuple[str, ...]:
    """Write the project of a study's site into a folder.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    folder : Path
        Where to; it is made if need be. ``quarto render`` or ``quarto preview`` work in it.
    site : sequence of str
        All studies of the site, the one at its top first; this one alone by default.

    Returns
    -------
    tuple of str
        Names of the pages, without suffix.

    Raises
    ------
    DmeError
        If something to publish is absent or unfit; see `page_copy` and `fragments`.
    """
    executed = notebooks(study)
    ran = parameters(study)
    ours = yardstick().speak_of(ran)
    panels = knobs.panels(study, ran)
    tables = {name: of_site(table(name)) for name in provenances(ran.folder)}
    copies = [
        page_copy(path, claimed=ours, panel=panels.get(path.stem), tables=tables)
        for path in executed
    ]
    site = site or (study,)
    parts = fragments(study, site) | side_by_side.parts(study, site)
    folder.mkdir(parents=True, exist_ok=True)
    pages = paths.home() / PAGES
    shutil.copytree(pages, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(GUARD))
    if "_together.md" not in parts:
        (folder / f"{side_by_side.PAGE}.qmd").unlink(missing_ok=True)
    for page in folder.glob("*.qmd"):
        page.write_text(passages.told(page.read_text(encoding="utf-8"), claimed=ours), "utf-8")
    if ours:
        shutil.copy(paths.home() / config.FILE, folder)
    else:
        (folder / _OF_CLAIMS).unlink(missing_ok=True)
        (folder / config.FILE).write_text(_settings(ran), encoding="utf-8")
    # The settings name the guard by its place in the project, so it keeps that place here.
    (folder / PAGES).mkdir(exist_ok=True)
    shutil.copy(pages / GUARD, folder / PAGES)
    for page in folder.glob("*.qmd"):
        page.write_text(_whole(page, parts), encoding="utf-8")
    for copy in copies:
        page = folder / f"{copy.name}.qmd"
        if page.exists():
            message = (
                f'The notebook "{copy.name}" and {PAGES}/{copy.name}.qmd would be one page. '
                "Rename one."
            )
            raise DmeError(message)
        page.write_text(copy.markdown, encoding="utf-8")
        for name, content in copy.files.items():
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
    image = folder / IMAGE
    image.parent.mkdir(exist_ok=True)
    image.write_bytes(preview(study, config.read(folder / config.FILE).title))
    _check(folder, study)
    entries = config.read(folder / config.FILE).navigation
    for entry in entries:
        with (folder / entry.page).open("a", encoding="utf-8") as page:
            page.write("\n" + turns(entries, address(entry)))
    return tuple(sorted(page.stem for page in folder.glob("*.qmd")))


def _settings(ran: Study) -> str:
    """Return the settings of the site of a study that no claims speak of."""
    told = yaml.safe_load((paths.home() / config.FILE).read_text(encoding="utf-8"))
    names = load("districts", ran.folder).set_index("district_code")["district"]
    # Quarto reads these words as Markdown, with its shortcodes.
    district = literal(names.get(ran.district, ran.district))
    site = told["website"]
    site["title"] = f"{district.removesuffix(' School District')}: schools, people and money"
    site["description"] = f"A resource study of {district} on the public record"
    bar = site["navbar"]
    bar["left"] = config.without(bar["left"], {_OF_CLAIMS})
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000)


def _whole(page: Path, parts: Mapping[str, str]) -> str:
    """Return a page of the project's own with the generated parts in their places.

    What is put in is not looked through again, and comes from no file.
    """

    def included(match: re.Match[str]) -> str:
        if match[1] not in parts:
            message = (
                f"{page.name} includes {match[1]}, which is no generated part.\n"
                f"There are: {', '.join(parts)}."
            )
            raise DmeError(message)
        return parts[match[1]]

    return _INCLUDE.sub(included, page.read_text(encoding="utf-8"))


def _check(folder: Path, study: str) -> None:
    """Refuse what the renderers would treat differently: code to run, pages that are absent."""
    for page in sorted(folder.glob("*.qmd")):
        text = page.read_text(encoding="utf-8")
        if found := _SHORTCODE.search(text):
            message = (
                f"{page.name} holds a shortcode that only Quarto knows: {found.group():.80}\n"
                f"The pages of {PAGES}/ can include generated parts; there are no others."
            )
            raise DmeError(message)
        if found := _EXECUTABLE.search(text):
            message = (
                f"{page.name} holds a block of code that would run while the site is built: "
                f"{found.group().strip()}\n"
                "Figures are computed in notebooks; write ```{.python} for code to be shown."
            )
            raise DmeError(message)
    for entry in config.read(folder / config.FILE).navigation:
        if not (folder / entry.page).is_file():
            message = (
                f'The navigation in {config.FILE} names "{entry.page}" ({entry.text}), but the '
                f'study "{study}" has no such page.\n'
                f"Run its notebook (dme run params/{study}.yml), or take the entry out."
            )
            raise DmeError(message)
