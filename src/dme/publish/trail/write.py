"""Write all pages of a study's trail."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from dme.audit.trail import Trail, Trails
from dme.errors import DmeError
from dme.findings.claims import yardstick
from dme.publish.config import Config
from dme.publish.own_page import Page, Ways, write_page
from dme.publish.trail import findings, places, sources, tables
from dme.publish.trail.rows import Tables
from dme.tables import load
from dme.tables.dictionary import dictionary

_NAME = re.compile(r"[\w-]+")
_WAYS = {"audit": "Audit", "methods": "Data and methods"}


def write(study: str, folder: Path, settings: Config, pages: Collection[str]) -> tuple[str, ...]:
    """Write the trail of a study into the folder of its built pages.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    folder : Path
        Where its built pages lie.
    settings : Config
        Those of its site.
    pages : collection of str
        The built pages of the study, without suffix.

    Returns
    -------
    tuple of str
        The pages that were written, as seen from the study's folder.
    Raises
    ------
    DmeError
        If the results can't be read, or a finding's name can be none of a page.
    """
    trails = Trails(study)
    every = list(trails)
    names = load("districts", trails.ran.folder).set_index("district_code")["district"].to_dict()
    read = Tables()
    ways = [(f"{page}.html", words) for page, words in _WAYS.items() if page in pages]
    shared = findings.Shared(trails.ran, names, read, yardstick(), pages, ways, trails.python)
    if odd := [one.finding.id for one in every if not _NAME.fullmatch(one.finding.id)]:
        message = f'The finding "{odd[0]}" can have no page: a name is words with hyphens.'
        raise DmeError(message)
    made = [
        *(findings.page(trail, shared) for trail in every),
        *_tables(trails, every, ways),
        *_sources(trails, every, ways),
    ]
    for page in made:
        write_page(page, folder, settings)
    read.write(folder / places.FOLDER)
    return tuple(page.path for page in made)


def _tables(trails: Trails, every: Sequence[Trail], ways: Ways) -> Iterator[Page]:
    columns = dictionary(trails.provenances).groupby("table")
    resting = defaultdict(list)
    for trail in every:
        for name in {used.table for used in trail.tables}:
            resting[name].append(trail.finding)
    for name, origin in trails.provenances.items():
        yield tables.page(origin, columns.get_group(name).to_dict("records"), resting[name], ways)


def _sources(trails: Trails, every: Sequence[Trail], ways: Ways) -> Iterator[Page]:
    modules, digests, callers = {}, defaultdict(set), defaultdict(dict)
    for trail in every:
        for module in trail.modules:
            modules[module.file] = module.name
            digests[module.name] |= {module.ran} - {""}
        for helper in trail.helpers:
            callers[helper.file][trail.finding.id] = trail.finding.title
    ran = sources.Ran(modules, digests, trails.commit, ways)
    for file in modules:
        yield sources.page(file, ran, callers[file])
