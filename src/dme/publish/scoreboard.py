"""The scoreboard: each published claim, its recomputed figure, and the verdict."""

import itertools
import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Sequence
from html import escape

from dme import cards
from dme.findings import Entry, Finding
from dme.findings.claims import Claim, Yardstick
from dme.findings.judging import Verdict
from dme.linked import traced
from dme.publish import config
from dme.publish.many_tests import fragile
from dme.publish.markup import folded, link, raw
from dme.tabled import Cell, grouped, tabled
from dme.text import plural

AREAS = {
    "district": "The district",
    "operations": "Operations",
    "teaching": "Teaching and learning",
    "culture": "Culture and climate",
    "partnerships": "Family and community partnerships",
    "plan": "The plan",
    "design": "Uses of the money and the design of schools",
    "outcomes": "What happened since",
}
_DATA = {
    "public": "public data can test it",
    "modelled": "needs a modelled input",
    "not public": "the data are not public",
}
_HEADS = ("Finding", "Published", "Recomputed, with interval", "Verdict")
_WHY = (
    "Each of these rests on data that the tables don't hold of this district, or asks for groups "
    "of schools that it doesn't have. What a district has itself it can bring in files of its own: "
    "partners, comments, a plan, the condition of buildings (`dme template`)."
)
_CONDITION = re.compile(r"\b(Holds|Does not hold|Can't be told): ")
_FIRST = re.compile(r".+?(?=[.:;]( |$)|$)")
"""The first clause of a reason."""
_LEAD = re.compile(r"^(For this study, |.*? lies (?=within|outside))")
"""What a row says already."""
_CLAIMED = ("Claim", *_HEADS[1:])
_SORTABLE = "stack scoreboard sortable"
_VERDICTS = {each: n for n, each in enumerate(Verdict) if each is not Verdict.NOT_TESTABLE}
"""Ranks of what was tested: what was not comes last, whichever way rows are sorted."""
_FIGURE_HEADS = ("Finding", "Figure, with interval")


def scoreboard(entries: Sequence[Entry], yardstick: Yardstick) -> str:
    """Return the scoreboard as Markdown: a row for each finding that answers a claim, by area.

    Parameters
    ----------
    entries : sequence of Entry
        The ledger of a study that the claims speak of.
    yardstick : Yardstick
        All claims.
    """
    answers = [entry for entry in entries if entry.finding.claim]
    answered = {entry.finding.claim for entry in answers}
    open_claims = [claim for claim in yardstick.claims if claim.id not in answered]
    groups = [
        (escape(area), rows)
        for area, claims in by_area(yardstick.claims)
        if (rows := list(_answers(answers, claims)))
    ]
    parts = [raw(grouped(_CLAIMED, _ranked(groups), "Claims and findings", _SORTABLE))]
    if open_claims:
        parts += ["### Not yet examined\n", raw(_open_list(open_claims))]
    return "\n".join(parts if groups else parts[1:])


def others(entries: Sequence[Entry]) -> str:
    """Return the findings that answer no published claim as Markdown; nothing where none do."""
    rest = [entry for entry in entries if not entry.finding.claim and entry.finding.told]
    if not rest:
        return ""
    rows = [_figure(entry) for entry in rest]
    table = tabled(_FIGURE_HEADS, rows, "Findings without a published claim")
    return folded(f"{plural(len(rows), 'finding')} beside the claims", raw(table), "open-claims")


def without_claims(entries: Sequence[Entry]) -> str:
    """Return the findings of a study that no claims speak of, by page, as Markdown."""
    told = [entry for entry in entries if entry.finding.told]
    words = config.in_navigation(entry.notebook for entry in told)
    groups = [
        (
            escape(words[page]),
            [(_figure(e), (_figure_key(e.finding),)) for e in told if e.notebook == page],
        )
        for page in words
    ]
    table = grouped(_FIGURE_HEADS, _ranked(groups), "Findings of this study", _SORTABLE)
    return f"{raw(table)}\n{lacking(entries)}"


def lacking(entries: Sequence[Entry]) -> str:
    """Return the findings that a study lacks the data for, folded, as Markdown; "" where none."""
    reasons: dict[str, list[Entry]] = {}
    for entry in entries:
        if not entry.finding.told:
            reasons.setdefault(entry.finding.sentence, []).append(entry)
    count = sum(map(len, reasons.values()))
    if not count:
        return ""
    items = "".join(
        f"<li>{'; '.join(map(_unmeasured, those))} "
        f'<span class="place">{escape(because(reason))}</span></li>'
        for reason, those in reasons.items()
    )
    told = folded(
        f"{count} of {plural(len(entries), 'finding')}, and what is lacking",
        raw(f"<ul>{items}</ul>"),
        "open-claims lacking",
    )
    return f"## What could not be measured\n\n{_WHY}\n\n{told}"


def in_short(entries: Sequence[Entry], *, claimed: bool = True) -> str:
    """Return the findings of one notebook in short, as Markdown; nothing where it has none.

    Those that answer a claim stand open; the others are folded beside them.
    """
    if not entries:
        return ""
    answers = [entry for entry in entries if claimed and entry.finding.claim]
    rest = [entry for entry in entries if entry not in answers]
    parts = ["## In short\n"]
    if answers:
        parts.append(raw(_short_table(answers)))
    if rest:
        rows = map(_short_figure, rest)
        table = raw(tabled(_FIGURE_HEADS, rows, "Findings in short", "stack scoreboard"))
        summary = f"{plural(len(rest), 'finding')} beside the claims"
        parts.append(folded(summary, table, "open-claims") if answers else table)
    return "\n".join(parts)


def because(sentence: str) -> str:
    """Return what a finding that was not measured lacks, as a sentence."""
    reason = sentence.removeprefix("Not measured: ")
    return reason[:1].upper() + reason[1:]


def _unmeasured(entry: Entry) -> str:
    trail = link(f"trail/{entry.finding.id}.html", entry.finding.title)
    return f'<span id="{entry.finding.id}">{trail}</span>'


def _figure(entry: Entry) -> list[Cell]:
    figure = _recomputed(entry, entry.link)
    return [_finding(entry), Cell(figure.html + cards.basis_chip(entry.finding), figure.css)]


def _short_figure(entry: Entry) -> list[Cell]:
    address = f"#{entry.finding.id}"
    figure = _recomputed(entry, address)
    title = Cell(link(address, entry.finding.title), "finding-link")
    return [title, Cell(figure.html + cards.basis_chip(entry.finding), figure.css)]


def _short_table(entries: Sequence[Entry]) -> str:
    rows = [
        [
            Cell(link(f"#{entry.finding.id}", entry.finding.title), "finding-link"),
            Cell(escape(entry.finding.published or "–"), "published"),
            _recomputed(entry, f"#{entry.finding.id}"),
            Cell(cards.chips(entry.finding), "verdict"),
        ]
        for entry in entries
    ]
    return tabled(_HEADS, rows, "Findings in short", "stack scoreboard")


def by_area(claims: Sequence[Claim]) -> Iterator[tuple[str, list[Claim]]]:
    """Yield each area in words with its claims; areas in the order of their first claim."""
    for area in dict.fromkeys(claim.area for claim in claims):
        words = AREAS.get(area, area.capitalize())
        yield words, [claim for claim in claims if claim.area == area]


Keyed = tuple[list[Cell], tuple[Hashable, ...]]
"""The cells of a row, and what the cells after the first are sorted by."""


def _answers(answers: Sequence[Entry], claims: Sequence[Claim]) -> Iterator[Keyed]:
    """Yield a row for each answer to each claim, that which gives the verdict first."""
    unsure = fragile(answers)
    for claim in claims:
        for entry in sorted(answers, key=lambda entry: entry.finding.beside):
            if entry.finding.claim != claim.id:
                continue
            found = entry.finding
            cells = [
                Cell(f"{_claim(claim, found)} {_finding(entry).html}", "finding-link"),
                Cell(escape(_published(found)), "published"),
                _recomputed(entry, entry.link),
                Cell(cards.chips(found) + _why(found) + _beside(found, unsure), "verdict"),
            ]
            published = claim.published and (claim.published.unit, sum(claim.published.ends))
            yield cells, (published, _figure_key(found), _VERDICTS.get(found.verdict))


def _figure_key(found: Finding) -> tuple[str, float] | None:
    """Return what figures are sorted by: like ones stand together."""
    return None if found.value is None else (found.unit.partition(" ")[0], found.value)


def _ranked(groups: Sequence[tuple[str, Sequence[Keyed]]]) -> list[tuple[str, list[list[Cell]]]]:
    """Return groups of rows whose cells know their ranks; those without a key have none."""
    keys = list(zip(*(keys for _, rows in groups for _, keys in rows), strict=True))
    ranks = [{key: n for n, key in enumerate(sorted({*column} - {None}))} for column in keys]
    count = itertools.count()
    return [
        (
            title,
            [
                [
                    cells[0]._replace(rank=next(count)),
                    *(
                        cell._replace(rank=rank.get(key))
                        for cell, rank, key in zip(cells[1:], ranks, keys, strict=True)
                    ),
                ]
                for cells, keys in rows
            ],
        )
        for title, rows in groups
    ]


def _claim(claim: Claim, found: Finding | None = None) -> str:
    """Return a claim with its words; beside the finding that judges it, another has its name."""
    name = f'<a class="claim-id" href="rules.html#rule-{claim.id}">{escape(claim.id)}</a>'
    return name if found and found.beside else f"{name} {escape(claim.statement)}"


def _why(finding: Finding) -> str:
    """Return the verdict's reason in few words, which open to all of it; "" without a verdict."""
    if not finding.verdict or not finding.reason:
        return ""
    told = Counter(_CONDITION.findall(finding.reason))
    if told and finding.verdict is Verdict.NOT_TESTABLE:
        short = "The answer could not have been otherwise"
    elif told.total() == 1:
        short = f"Its condition {'holds' if told['Holds'] else 'does not hold'}"
    elif told:
        short = f"{told['Holds']} of {told.total()} conditions hold{'s' * (told['Holds'] == 1)}"
    elif finding.verdict is Verdict.CONSISTENT:
        short = "The published figure lies inside the interval"
    else:
        short = because(_FIRST.match(_LEAD.sub("", finding.reason))[0])
    if finding.verdict is Verdict.SAME_DIRECTION and finding.basis == "proxy":
        short += ", but by a proxy"
    whole = escape(finding.reason)
    return f'<details class="why"><summary>{escape(short)}</summary>{whole}</details>'


def _beside(finding: Finding, unsure: Collection[str]) -> str:
    """Return what a reader of the verdict must know, with the places that tell more."""
    told = []
    if finding.changed:
        words = f"earlier rule: {finding.changed[-1].verdict}"
        told.append(link(f"rules.html#rule-{finding.claim}", words))
    if finding.verdict and finding.claim in unsure:
        words = "might be chance among so many tests"
        told.append(link("rules.html#many-tests-some-false-alarms", words))
    return "".join(f' <span class="place">{words}</span>' for words in told)


def _published(finding: Finding) -> str:
    """Return the published figure that the finding was held against when it ran."""
    return finding.published if finding.published not in {None, "–"} else "a statement"


def _finding(entry: Entry) -> Cell:
    place = f'<span class="place">{escape(entry.notebook.capitalize())}</span>'
    return Cell(f"{link(entry.link, entry.finding.title)} {place}", "finding-link")


def _recomputed(entry: Entry, address: str) -> Cell:
    found = entry.finding
    if found.value is None:
        return Cell("not measured", "recomputed")
    figure = f"<b>{escape(found.value_text)}</b>{interval_of(found)}"
    return Cell(traced(figure, address), "recomputed")


def interval_of(found: Finding) -> str:
    """Return a figure's interval as HTML, with its level where that is another than 95 percent."""
    if found.low is None:
        return ""
    return f' <span class="finding-interval">{escape(found.interval_text + _level(found))}</span>'


def _level(finding: Finding) -> str:
    """Return the level of an interval that is not of 95 percent."""
    named = re.match(r"(\d+(?:\.\d+)?%)", finding.interval)
    return f" ({named[1]})" if named and named[1] != "95%" else ""


def _open_list(claims: Sequence[Claim]) -> str:
    """Return the claims that no finding answers, folded by area."""
    parts = []
    for area, members in by_area(claims):
        items = [_open_item(claim) for claim in members]
        title = f"{area} ({plural(len(items), 'claim')})"
        parts.append(
            f'<details class="open-claims"><summary>{escape(title)}</summary>'
            f"<ul>{''.join(items)}</ul></details>"
        )
    return "\n".join(parts)


def _open_item(claim: Claim) -> str:
    notes = [f"published: {claim.published}" if claim.published else "", _DATA[claim.data]]
    notes.append(f"would take {claim.needs}" if claim.needs else "")
    line = "; ".join(note for note in notes if note)
    return f'<li>{_claim(claim)} <span class="place">{escape(line)}.</span></li>'
