"""The page of a table: what its columns mean, and the raw files that it was made from."""

from collections.abc import Mapping, Sequence
from html import escape

from dme.cards import KINDS
from dme.findings import Finding
from dme.publish.dictionary import raw_files
from dme.publish.markup import link
from dme.publish.own_page import Page, Ways, facts
from dme.publish.trail import places
from dme.tabled import Cell, tabled
from dme.tables import spec
from dme.tables.dictionary import Provenance
from dme.text import plural

Row = Mapping[str, object]


def page(
    origin: Provenance, columns: Sequence[Row], resting: Sequence[Finding], ways: Ways
) -> Page:
    """Return the page of a table.

    Parameters
    ----------
    origin : Provenance
        Where it comes from.
    columns : sequence of mapping
        Its rows of the data dictionary.
    resting : sequence of Finding
        The findings of the study that rest on it.
    ways : sequence of (str, str)
        See `Page`.
    """
    heads = ("Column", "Type", "Meaning", "Rule")
    federal = spec(origin.name).federal
    others = federal.columns if federal and federal.title == origin.title else {}
    rows = [_column(row, others) for row in columns]
    up = places.up(places.table(origin.name))
    files = plural(len(origin.sources), "raw file")
    findings = ", ".join(link(up + places.finding(one.id), one.title) for one in resting)
    told = facts(
        {
            "Rows": f"{origin.rows:,}",
            "Figures": f'<span class="chip kind-{origin.kind}">{KINDS[origin.kind]}</span>',
            "Made from": f'<a href="#raw-files">{files}</a>',
            "Columns": f'<a href="#columns">{len(rows)}</a>',
            "sha256 of the file": f"<code>{origin.sha256}</code>",
            "Findings that rest on it": findings or "none of this study",
        }
    )
    body = (
        f'<h2 id="about">What it holds, and its traps</h2><p>{escape(origin.description)}</p>{told}'
        f'<h2 id="raw-files">The raw files behind it</h2>'
        "<p>The publishers' files that it was made from. Whoever fetches one can hold it against "
        "its sha256.</p>"
        f"{raw_files(origin.sources, f'Raw files of {origin.name}')}"
        f'<h2 id="columns">Its columns</h2>'
        f"{tabled(heads, rows, f'Columns of {origin.name}', 'stack columns')}"
    )
    return Page(
        places.of_site(places.table(origin.name)),
        origin.title,
        f"A table of this project, under the name <code>{origin.name}</code>.",
        body,
        ways,
        places.FOLDER,
    )


def _column(row: Row, others: Mapping[str, str]) -> list[Cell]:
    """Return a column's row; of federal files some mean something else than the state's."""
    rules = (str(row["constraints"]), "may be missing" if row["missing_allowed"] else "")
    key = ' <span class="place">key</span>' if row["key"] else ""
    unit = f'<br><span class="place">{escape(str(row["unit"]))}</span>' if row["unit"] else ""
    meaning = others.get(str(row["column"]), str(row["description"]))
    return [
        Cell(f"<code>{escape(str(row['column']))}</code>{key}"),
        Cell(escape(str(row["type"])) + unit),
        Cell(escape(meaning)),
        Cell(escape("; ".join(rule for rule in rules if rule)) or "–"),
    ]
