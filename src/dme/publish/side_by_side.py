"""Several studies on one site: the ways between their pages, and what they found side by side.

The first study's pages stand at the site's top, each other's in a folder of its name.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from dme import cards, paths
from dme.audit.diff import compare
from dme.audit.diff_words import Names
from dme.audit.record import Record
from dme.findings import PARAMETERS_MIME, Entry, Finding, bundles, entries, notebooks, read_notebook
from dme.linked import traced
from dme.publish import config, scoreboard
from dme.publish.fragments import in_html, parameters
from dme.publish.markup import folded, link, raw
from dme.publish.moved import moved
from dme.study import Study
from dme.tabled import Cell, grouped, tabled
from dme.tables import load
from dme.text import plural

PAGE = "side-by-side"
"""The page at the site's top that shows the findings of all its studies."""
_ALL, _SOME = "What all of them measure", "What some measure"
_SAME, _NONE = "What is the same in all", "What none of them measures"
_FOLDED = {_SAME, _NONE}
_FRONT = "\n---\n"
_MANY = 4
"""As many studies stand in a row; more are folded, so that the page begins with its own words."""
_CURRENT = ' aria-current="page"'


class _Ran(NamedTuple):
    """A study that ran, the pages that read each parameter, its findings, names of districts."""

    called: str
    study: Study
    readers: Mapping[str, Sequence[str]]
    found: Mapping[str, Entry]
    names: Mapping[str, str]


def parts(study: str, site: Sequence[str]) -> dict[str, str]:
    """Return the generated parts of a study's pages that tell of the site's other studies.

    Parameters
    ----------
    study : str
        One of the site's.
    site : sequence of str
        The studies of the site, whose results are all there; the first one's pages are its top.
    """
    if len(site) == 1:
        return {"_beside.md": ""}
    names = called(site)
    others = " and ".join(
        f"<strong>{escape(names[name])}</strong>" for name in site if name != study
    )
    page = link(f"{_way(study, site[0], site)}{PAGE}.html", "Side by side")
    told = {"_beside.md": raw(f"<p>{page} shows these findings beside those of {others}.</p>")}
    if study != site[0]:
        return told
    ran = [_read(name, words) for name, words in names.items()]
    return told | {
        "_moved.md": _moved(ran),
        "_differing.md": _differing(ran),
        "_together.md": _together(ran),
    }


def called(site: Sequence[str]) -> dict[str, str]:
    """Return each study's name in words: its district and year, with its own name where it must."""
    words = {}
    for name in site:
        ran = parameters(name)
        names = load("districts", ran.folder).set_index("district_code")["district"]
        district = names.get(ran.district, ran.district).removesuffix(" School District")
        words[name] = f"{district}, {ran.enrollment_year}"
    told = list(words.values())
    return {name: f"{one} ({name})" if told.count(one) > 1 else one for name, one in words.items()}


def connect(projects: Mapping[str, Path]) -> None:
    """Put onto each staged page of a site the ways to the same page of its other studies.

    Parameters
    ----------
    projects : mapping of str to Path
        The staged project of each study, the one at the site's top first.
    """
    pages = {
        name: {page.stem for page in project.glob("*.qmd")} for name, project in projects.items()
    }
    names = called(tuple(projects))
    for study, project in projects.items():
        for page in project.glob("*.qmd"):
            head, front, text = page.read_text(encoding="utf-8").partition(_FRONT)
            ways = raw(_ways(study, page.stem, pages, names))
            page.write_text(f"{head}{front}\n{ways}{text}", encoding="utf-8")


def _ways(study: str, page: str, pages: Mapping[str, set[str]], names: Mapping[str, str]) -> str:
    """Return the navigation of a page to the same page of each other study, or to its first."""
    site = tuple(pages)
    ways = {
        name: (f"{_way(study, name, site)}{page if page in there else 'index'}.html", names[name])
        for name, there in pages.items()
    }
    here = PAGE if page == PAGE else study
    ways[PAGE] = (f"{_way(study, site[0], site)}{PAGE}.html", "Side by side")
    items = "".join(
        f'<li><a href="{escape(address)}"{_CURRENT * (name == here)}>{escape(words)}</a></li>'
        for name, (address, words) in ways.items()
    )
    listed = f"<ul>{items}</ul>"
    if len(site) > _MANY:
        summary = f"{escape(ways[here][1])}: choose another of {len(site)} studies"
        listed = f"<details><summary>{summary}</summary>{listed}</details>"
    return f'<nav class="studies" aria-label="Studies">{listed}</nav>'


def folder(study: str, site: Sequence[str]) -> str:
    """Return the folder of a study's pages as the start of an address; "" for the site's top."""
    return "" if study == site[0] else f"{study}/"


def _way(study: str, other: str, site: Sequence[str]) -> str:
    """Return the folder of another study's pages as seen from those of a study."""
    if study == other:
        return ""
    return f"{'' if study == site[0] else '../'}{folder(other, site)}"


def _read(study: str, words: str) -> _Ran:
    readers: dict[str, list[str]] = {}
    found: dict[str, Entry] = {}
    for path in notebooks(study):
        for _, _, read in bundles(read_notebook(path), PARAMETERS_MIME):
            for name in read:
                readers.setdefault(name, []).append(path.stem)
        found |= {entry.finding.id: entry for entry in entries(path)}
    ran = parameters(study)
    names = load("districts", ran.folder).set_index("district_code")["district"]
    return _Ran(words, ran, readers, found, names.to_dict())


def _moved(ran: Sequence[_Ran]) -> str:
    """Return what moved from the site's first study to each other."""
    first, *others = ran
    record = Record.of_results(paths.results(first.study.study))
    site = [one.study.study for one in ran]

    def between(other: _Ran) -> str:
        comparison = compare(record, Record.of_results(paths.results(other.study.study)))

        def cells(name: str) -> tuple[Cell, list[Cell]]:
            told = [_cell(one, name, folder(one.study.study, site)) for one in (first, other)]
            return _title(name, ran), told

        return moved(comparison, Names(first.called, other.called), cells)

    return "\n".join(map(between, others))


def _apart(ran: Sequence[_Ran]) -> list[str]:
    """Return the parameters that are not the same in all studies."""
    return [
        name
        for name in Study.model_fields
        if name != "study"
        and any(getattr(one.study, name) != getattr(ran[0].study, name) for one in ran)
    ]


def _differing(ran: Sequence[_Ran]) -> str:
    """Return a table of the parameters in which studies differ."""
    rows = [
        [
            Cell(f'<code>{name}</code> <span class="place">{_meaning(name)}</span>'),
            *(Cell(_value(getattr(one.study, name), one.names)) for one in ran),
        ]
        for name in _apart(ran)
    ]
    if not rows:
        return "In nothing but their names.\n"
    return raw(tabled(("Parameter", *_heads(ran)), rows, "Differing parameters", "stack side"))


def _value(value: object, names: Mapping[str, str]) -> str:
    """Return a parameter's value as HTML, a list of districts in few words."""
    if isinstance(value, tuple) and value and all(one in names for one in value):
        return escape(", ".join(names[one].removesuffix(" School District") for one in value))
    return in_html(value, names) or "none"


def _meaning(name: str) -> str:
    return escape(Study.model_fields[name].description or "")


def _heads(ran: Sequence[_Ran]) -> list[str]:
    return [one.called for one in ran]


def _together(ran: Sequence[_Ran]) -> str:
    """Return the findings of all studies, those whose figures differ first."""
    kinds: dict[str, list[str]] = {heading: [] for heading in (_ALL, _SOME, _SAME, _NONE)}
    for name in dict.fromkeys(name for one in ran for name in one.found):
        found = [one.found[name].finding for one in ran if name in one.found]
        kinds[_kind(found, len(ran))].append(name)
    blocks = []
    for heading, ids in kinds.items():
        table = _table(heading, ids, ran)
        if heading in _FOLDED:
            table = folded(plural(len(ids), "finding"), table, "open-claims")
        blocks += [f"## {heading}\n\n{table}"] if ids else []
    return "\n".join(blocks)


def _kind(found: Sequence[Finding], studies: int) -> str:
    """Return the heading under which a finding stands, by what it is in each study that has it."""
    figures = {(one.value_text, one.interval_text, one.year) for one in found}
    measuring = sum(one.value is not None for one in found)
    if not measuring:
        return _NONE
    if measuring < studies:
        return _SOME
    return _ALL if len(figures) > 1 else _SAME


def _table(label: str, ids: Sequence[str], ran: Sequence[_Ran]) -> str:
    pages = config.in_navigation(e.notebook for one in ran for e in one.found.values())
    groups = [
        (_over(words, page, ran), [_row(name, ran) for name in those])
        for page, words in pages.items()
        if (those := [name for name in ids if _first(name, ran).notebook == page])
    ]
    return raw(grouped(("Finding", *_heads(ran)), groups, label, "stack side"))


def _over(words: str, page: str, ran: Sequence[_Ran]) -> str:
    """Return the heading over a page's findings, with the differing parameters that it reads."""
    read = [name for name in _apart(ran) if any(page in one.readers.get(name, ()) for one in ran)]
    codes = ", ".join(f"<code>{name}</code>" for name in read)
    apart = f' <span class="place">differ in {codes}</span>' if codes else ""
    return f"<b>{escape(words)}</b>{apart}"


def _first(name: str, ran: Sequence[_Ran]) -> Entry:
    return next(one.found[name] for one in ran if name in one.found)


def _row(name: str, ran: Sequence[_Ran]) -> list[Cell]:
    units = {one.found[name].finding.unit for one in ran if name in one.found}
    odd = ' <span class="place">in different units: no comparison</span>' if len(units) > 1 else ""
    title = _title(name, ran)
    site = [one.study.study for one in ran]
    return [
        title._replace(html=title.html + odd),
        *(_cell(one, name, folder(one.study.study, site)) for one in ran),
    ]


def _title(name: str, ran: Sequence[_Ran]) -> Cell:
    """Return a finding's title, which leads to its card in the first study that has it."""
    site = [one.study.study for one in ran]
    one = next(one for one in ran if name in one.found)
    entry = one.found[name]
    way = f"{folder(one.study.study, site)}{entry.link}"
    return Cell(link(way, entry.finding.title), "finding-link")


def _cell(one: _Ran, name: str, way: str) -> Cell:
    """Return a study's figure with interval, year and label, or why there is none."""
    if name not in one.found:
        return Cell("not among its findings")
    entry = one.found[name]
    found = entry.finding
    address, measured = f"{way}{entry.link}", found.value is not None
    figure = f"<b>{escape(found.value_text)}</b>{scoreboard.interval_of(found)}"
    value = traced(figure, address) if measured else f"<b>{link(address, 'not measured')}</b>"
    about = escape(found.year if measured else scoreboard.because(found.sentence))
    return Cell(f'{value} <span class="place">{about}</span>{cards.basis_chip(found)}')
