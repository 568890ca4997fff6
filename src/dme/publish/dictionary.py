"""What the tables hold and who published their figures, as parts of a page."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

import pandas as pd

from dme.cards import KINDS
from dme.findings.claims import Yardstick
from dme.publish.markup import link, raw
from dme.tabled import Cell, tabled
from dme.tables.dictionary import Provenance, dictionary, provenances
from dme.tables.licences import LICENCES
from dme.tables.sources import Source, by_terms
from dme.text import plural

_FILE_KINDS = {
    "verbatim": "the publisher's file as it was",
    "transcribed": "typed by hand",
    "derived": "cut or worked out from other files",
}


def tables(folder: Path) -> str:
    """Return the data dictionary as Markdown: a folded section for each table.

    Parameters
    ----------
    folder : Path
        Folder of the tables.
    """
    origins = provenances(folder)
    columns = dictionary(origins)
    return raw(
        "\n".join(
            _table(origin, columns[columns["table"] == name]) for name, origin in origins.items()
        )
    )


def _table(origin: Provenance, columns: pd.DataFrame) -> str:
    rows = map(_column, columns.to_dict("records"))
    heads = ("Column", "Type", "Meaning", "Rule")
    label = f"Columns of {origin.name}"
    return (
        f'<details class="table-notes" id="table-{escape(origin.name)}">'
        f"<summary><code>{escape(origin.name)}</code> {escape(origin.title)} "
        f'<span class="chip kind-{origin.kind}">{KINDS[origin.kind]}</span></summary>'
        f"<p>{escape(origin.description)}</p>"
        f'<p class="place">{plural(origin.rows, "row")}; {_publishers(origin.sources)}; '
        f"sha256 of the file <code>{origin.sha256[:16]}</code></p>"
        f"{tabled(heads, rows, label, 'stack columns')}</details>"
    )


def _column(row: dict[str, object]) -> list[Cell]:
    rules = (str(row["constraints"]), "may be missing" if row["missing_allowed"] else "")
    key = ' <span class="place">key</span>' if row["key"] else ""
    unit = f'<br><span class="place">{escape(str(row["unit"]))}</span>' if row["unit"] else ""
    return [
        Cell(f"<code>{escape(str(row['column']))}</code>{key}"),
        Cell(escape(str(row["type"])) + unit),
        Cell(escape(str(row["description"]))),
        Cell(escape("; ".join(rule for rule in rules if rule)) or "–"),
    ]


def _publishers(sources: Sequence[Source]) -> str:
    counts = Counter(source.publisher for source in sources)
    return "from " + ", ".join(
        f"{plural(count, 'file')} of {escape(name)}" for name, count in counts.items()
    )


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
            Cell(plural(len(files), "file")),
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
    rows = [
        [
            Cell(f"{link(source.address, source.title)} {_note(source)}"),
            Cell(escape(_FILE_KINDS[source.kind])),
            Cell(_licence(source.licence)),
            Cell(f"<code>{source.sha256[:16]}</code>"),
        ]
        for source in sources
    ]
    heads = ("File", "Kind", "Terms", "sha256 (first 16)")
    return (
        f'<details class="table-notes"><summary>{escape(name)} '
        f'<span class="place">{plural(len(sources), "file")}</span></summary>'
        f"{tabled(heads, rows, f'Files of {name}', 'stack sources')}</details>"
    )


def _note(source: Source) -> str:
    return f'<span class="place">{escape(source.note)}</span>' if source.note else ""
