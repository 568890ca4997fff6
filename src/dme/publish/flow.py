"""The picture of the whole flow: raw files, tables, notebooks, findings, verdicts.

It is drawn from what was observed while the study ran: the tables that each finding read, the raw
files that these were made of, the claim that it answers.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from dme.cards import class_of
from dme.findings import Entry
from dme.findings.judging import Verdict
from dme.publish import config
from dme.publish.bands import Band, Box, picture
from dme.publish.markup import folded, link, raw
from dme.tabled import Cell, tabled
from dme.tables.dictionary import Provenance
from dme.text import plural

NO_TABLE = "no table"
"""What a finding rests on that read none: a simulation, a sweep, or what was not to be had."""
_SIMULATED = ": simulated, of a sweep, or not testable"
NO_CLAIM = "no claim"


@dataclass(frozen=True)
class Flow:
    """What each told finding of a study rests on, and what became of it.

    Attributes
    ----------
    entries : sequence of Entry
        The findings that have something to tell.
    origins : mapping of str to Provenance
        Where the tables come from, by name.
    claimed : bool
        Whether the claims speak of the study.
    """

    entries: Sequence[Entry]
    origins: Mapping[str, Provenance]
    claimed: bool

    @cached_property
    def tables(self) -> dict[str, frozenset[str]]:
        """The findings that rest on each table, the table of most findings first."""
        return _grouped((table, one.finding.id) for one in self.entries for table in _tables(one))

    @cached_property
    def publishers(self) -> dict[str, frozenset[str]]:
        """The findings that rest on a raw file of each publisher."""
        return _grouped(
            (publisher, finding)
            for table, findings in self.tables.items()
            for publisher in self.files(table)
            for finding in findings
        )

    @cached_property
    def notebooks(self) -> dict[str, frozenset[str]]:
        """The findings of each notebook."""
        return _grouped((one.notebook, one.finding.id) for one in self.entries)

    @cached_property
    def verdicts(self) -> dict[str, frozenset[str]]:
        """The findings of each verdict, and those that have none."""
        found = _grouped((_verdict(one), one.finding.id) for one in self.entries)
        return {verdict: found[verdict] for verdict in sorted(found, key=_rank)}

    @cached_property
    def titles(self) -> dict[str, str]:
        """What the findings are called."""
        return {one.finding.id: one.finding.title for one in self.entries}

    def files(self, table: str) -> dict[str, int]:
        """Return how many raw files of each publisher a table was made of."""
        sources = self.origins[table].sources if table in self.origins else ()
        return dict(Counter(source.publisher for source in sources))

    def page(self, table: str) -> str:
        """Return the page of a table; "" where the package tells of none."""
        return f"trail/table/{table}.html" if table in self.origins else ""

    def raw_files(self, publisher: str) -> int:
        """Return how many raw files of a publisher stand behind the findings."""
        return len(
            {
                source.id
                for table in self.tables
                if table in self.origins
                for source in self.origins[table].sources
                if source.publisher == publisher
            }
        )


def _grouped(pairs: Iterator[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, finding in pairs:
        found.setdefault(name, set()).add(finding)
    names = sorted(found, key=lambda name: (-len(found[name]), name))
    return {name: frozenset(found[name]) for name in names}


def _tables(entry: Entry) -> list[str]:
    """Return the tables that a finding read, those of which it read an edition among them."""
    return [name.partition("/")[0] for name in entry.finding.tables] or [NO_TABLE]


def _verdict(entry: Entry) -> str:
    return entry.finding.verdict_text if entry.finding.claim else NO_CLAIM


def _rank(verdict: str) -> tuple[int, str]:
    """Return the place of a verdict: in the order of the five, then those that are none."""
    five = [str(one) for one in Verdict]
    return (five.index(verdict) if verdict in five else len(five) + (verdict == NO_CLAIM), verdict)


def flow(entries: Sequence[Entry], origins: Mapping[str, Provenance], *, claimed: bool) -> str:
    """Return the picture and a table that says the same, as Markdown."""
    told = Flow([one for one in entries if one.finding.told], origins, claimed)
    if not told.entries:
        return "This study measured nothing, so nothing flows.\n"
    count = len(told.entries)
    label = (
        f"From the files of {plural(len(told.publishers), 'publisher')} over "
        f"{plural(len(told.tables) - (NO_TABLE in told.tables), 'table')} and "
        f"{plural(len(told.notebooks), 'notebook')} to {plural(count, 'finding')}"
    )
    shown = raw(
        f'<div class="scroll flow" tabindex="0" role="region" aria-label="{label}">'
        f"{_picture(told, label)}</div>"
    )
    in_words = folded("The same as tables", raw(_as_tables(told)), "open-claims flow")
    return f"{shown}\n{in_words}"


def _picture(told: Flow, label: str) -> str:
    cards = {one.finding.id: one.link for one in told.entries}
    publishers = [
        Box(
            name,
            findings,
            "methods.html#publishers-of-the-data",
            note=f" rest on {plural(told.raw_files(name), 'raw file')} of it",
        )
        for name, findings in told.publishers.items()
    ]
    tables = [
        Box(name, told.tables[name], told.page(name), note=_SIMULATED * (name == NO_TABLE))
        for name in _by_publisher(told)
    ]
    pages = config.in_navigation(sorted(told.notebooks))
    books = [Box(words, told.notebooks[page], f"{page}.html") for page, words in pages.items()]
    columns = [publishers, tables, books]
    between = [
        [
            Band(publisher, table, findings)
            for table, findings in told.tables.items()
            for publisher in told.files(table)
        ],
        _shared(tables, books),
    ]
    if told.claimed:
        ends = [
            Box(verdict, findings, css=class_of(verdict), parts=_claims(told, verdict, cards))
            for verdict, findings in told.verdicts.items()
        ]
        columns.append(ends)
        between.append(_shared(books, ends))
    return picture(columns, between, told.titles, label)


def _by_publisher(told: Flow) -> list[str]:
    """Return the tables in the order of the publishers of most of their files."""
    order = list(told.publishers)

    def place(table: str) -> tuple[int, int, str]:
        files = told.files(table)
        first = max(files, key=lambda one: (files[one], -order.index(one)), default="")
        at = order.index(first) if first else len(order)
        return at, -len(told.tables[table]), table

    return sorted(told.tables, key=place)


def _shared(left: Sequence[Box], right: Sequence[Box]) -> list[Band]:
    """Return a band between each two boxes that hold a finding in common."""
    return [
        Band(one.name, other.name, common)
        for one in left
        for other in right
        if (common := one.findings & other.findings)
    ]


def _claims(told: Flow, verdict: str, cards: Mapping[str, str]) -> dict[str, str]:
    """Return the claims that have a verdict, each with the card that gives it."""
    return {
        one.finding.claim: cards[one.finding.id]
        for one in told.entries
        if one.finding.claim and one.finding.verdict and _verdict(one) == verdict
    }


def _as_tables(told: Flow) -> str:
    books = config.in_navigation(sorted(told.notebooks))
    rows = [
        [
            Cell(_named(name, told.page(name))),
            Cell("<br>".join(f"{escape(who)}: {many}" for who, many in told.files(name).items())),
            Cell(str(len(findings))),
            Cell(
                ", ".join(
                    f"{link(f'{page}.html', words)} {len(common)}"
                    for page, words in books.items()
                    if (common := told.notebooks[page] & findings)
                )
            ),
        ]
        for name, findings in told.tables.items()
    ]
    heads = ("Table", "Raw files, by publisher", "Findings", "Of these, by notebook")
    tables = tabled(heads, rows, "Tables and the findings that rest on them", "stack")
    if not told.claimed:
        return tables
    ends = [
        [
            Cell(link(f"{page}.html", words)),
            Cell(str(len(told.notebooks[page]))),
            *(
                Cell(str(len(told.notebooks[page] & findings)))
                for findings in told.verdicts.values()
            ),
        ]
        for page, words in books.items()
    ]
    heads = ("Notebook", "Findings", *map(str.capitalize, told.verdicts))
    return tables + tabled(heads, ends, "Notebooks and the verdicts on their findings", "stack")


def _named(table: str, page: str) -> str:
    name = NO_TABLE + _SIMULATED if table == NO_TABLE else table
    return link(page, name) if page else escape(name)
