"""What the tables hold and who published their figures, as parts of a page."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from dme.cards import KINDS
from dme.findings.claims import Yardstick
from dme.publish.markup import link, raw
from dme.publish.trail import places
from dme.tabled import Cell, tabled
from dme.tables.dictionary import provenances
from dme.tables.licences import LICENCES
from dme.tables.sources import Source, by_terms
from dme.text import plural

_FILE_KINDS = {
    "verbatim": "the publisher's file as it was",
    "transcribed": "typed by hand",
    "derived": "cut or worked out from other files",
}


def tables(folder: Path) -> str:
    """Return the list of a folder's tables as Markdown; each leads to the page of its columns."""
    rows = [
        [
            Cell(link(places.of_site(places.table(one.name)), one.name)),
            Cell(escape(one.title)),
            Cell(f"{one.rows:,}"),
            Cell(f'<span class="chip kind-{one.kind}">{KINDS[one.kind]}</span>'),
        ]
        for one in provenances(folder).values()
    ]
    heads = ("Table", "What it holds", "Rows", "Figures")
    return raw(tabled(heads, rows, "Tables of this study", "stack tables"))


def publications(yardstick: Yardstick) -> str:
    """Return the list of publications that the claims were taken from, as Markdown.

    Parameters
    ----------
    yardstick : Yardstick
        All claims and their sources.
    """
    items = "".join(
        f"<li>{link(source.address, source.title)}, {escape(source.publisher)}</li>"
        for source in yardstick.sources.values()
    )
    return f"### Publications of the study\n\n{raw(f'<ul>{items}</ul>')}\n"


def data_sources(folder: Path) -> str:
    """Return the raw files behind the tables as Markdown, folded by publisher.

    Parameters
    ----------
    folder : Path
        Folder of the tables.
    """
    sources = _raw_files(folder)
    publishers = dict.fromkeys(source.publisher for source in sources)
    sections = "\n".join(
        _publisher(name, [source for source in sources if source.publisher == name])
        for name in publishers
    )
    return f"### Publishers of the data\n\n{raw(sections)}"


def _raw_files(folder: Path) -> list[Source]:
    """Return the raw files behind the tables, each once."""
    return list({one.id: one for at in provenances(folder).values() for one in at.sources}.values())


def data_terms(folder: Path) -> str:
    """Return what each licence of the data allows and asks, and which publisher's files have it.

    Parameters
    ----------
    folder : Path
        Folder of the tables.
    """
    groups = by_terms(_raw_files(folder))
    used = {licence for _, licence, _ in groups}
    meanings = [
        [Cell(_licence(name)), Cell(escape(one.allows)), Cell(escape(one.asks))]
        for name, one in LICENCES.items()
        if name in used
    ]
    rows = [
        [
            Cell(escape(publisher)),
            Cell(str(len(files))),
            Cell(f'{_licence(licence)} <span class="place">{escape(terms)}</span>'),
        ]
        for (publisher, licence, terms), files in groups.items()
    ]
    explained = tabled(("Licence", "Allows", "Asks"), meanings, "What the licences mean")
    listed = tabled(("Publisher", "Files", "Licence, and who states it"), rows, "Terms of the data")
    return raw(explained + listed)


def _licence(name: str) -> str:
    licence = LICENCES[name]
    title = escape(licence.title)
    return link(licence.address, licence.title) if licence.address else title


def _publisher(name: str, sources: Sequence[Source]) -> str:
    return (
        f'<details class="table-notes"><summary>{escape(name)} '
        f'<span class="place">{plural(len(sources), "file")}</span></summary>'
        f"{raw_files(sources, f'Files of {name}')}</details>"
    )


def raw_files(sources: Sequence[Source], label: str) -> str:
    """Return a table of raw files, each with its address, its terms and its whole sha256."""
    rows = [
        [
            Cell(f"{_named(source)}{_note(source)}"),
            Cell(f"{link(source.page, source.publisher)}{_terms(source)}"),
            Cell(f"<code>{source.sha256}</code>"),
        ]
        for source in sources
    ]
    heads = ("File", "Publisher and terms", "sha256")
    return tabled(heads, rows, label, "stack sources")


def _named(source: Source) -> str:
    return f'<span id="raw-{source.id}">{link(source.address, source.title)}</span>'


def _terms(source: Source) -> str:
    terms = f"{_licence(source.licence)} {escape(source.terms)}".rstrip()
    return f' <span class="place">{_FILE_KINDS[source.kind].capitalize()}. Terms: {terms}</span>'


def _note(source: Source) -> str:
    return f' <span class="place">{escape(source.note)}</span>' if source.note else ""
