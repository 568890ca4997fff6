"""How each claim is judged, by which rule since when, and what earlier rules gave."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from dme import cards
from dme.findings import Entry, Finding
from dme.findings.claims import Claim, Rule, Yardstick, either
from dme.findings.judging import FIVE_SINCE, Earlier, Verdict
from dme.publish.markup import link, raw
from dme.publish.scoreboard import by_area
from dme.tabled import Cell, tabled

_KNOWN = {
    "unseen": "before the figure was computed",
    "together": "together with the figure: the history can't tell which came first",
    "seen": "after the figure was known",
}


def rules(entries: Sequence[Entry], yardstick: Yardstick) -> str:
    """Return the rules of all claims as Markdown: one folded section a claim, by area.

    Parameters
    ----------
    entries : sequence of Entry
        The ledger of a study that the claims speak of.
    yardstick : Yardstick
        All claims.
    """
    judged = {entry.finding.id: entry for entry in entries if entry.finding.claim}
    parts = []
    for area, claims in by_area(yardstick.claims):
        sections = "\n".join(
            _claim(claim, judged.get(claim.finding), yardstick) for claim in claims
        )
        parts += [f"### {area}\n", raw(sections)]
    return "\n".join(parts)


def written(yardstick: Yardstick) -> str:
    """Return in words how many rules were written before their figure, as Markdown."""
    standing = [claim.rules for claim in yardstick.claims]
    first = sum(history[0].figure == "unseen" for history in standing)
    kept = sum(all(rule.figure == "unseen" for rule in history) for history in standing)
    return (
        f"Of the {len(standing)} claims, {first} had a rule before their figure was computed, as "
        f"the history of the file shows; {kept} of them kept it, or changed it only before. Where "
        "a rule was written or changed together with its figure or after it, it says so, and an "
        "earlier rule that gives another verdict is shown with it."
    )


def terms(yardstick: Yardstick) -> str:
    """Return the terms of every claim as Markdown: the values that fit, or why any does."""
    parts = []
    for entry in yardstick.terms:
        told = {name: either(fit) for name, fit in entry.fit.items()}
        told |= {name: f"any: {why}" for name, why in entry.free.items()}
        rows = [[Cell(f"<code>{name}</code>"), Cell(escape(words))] for name, words in told.items()]
        table = tabled(("Parameter", "Values that fit"), rows, "Terms of every claim")
        parts.append(
            f"<p>Since {entry.date}, written {_KNOWN[entry.figure]}. {escape(entry.why)}</p>"
            f'<details class="table-notes"><summary>The values that fit</summary>{table}</details>'
        )
    return raw("\n".join(parts))


def _claim(claim: Claim, entry: Entry | None, yardstick: Yardstick) -> str:
    found = entry.finding if entry else None
    verdict = cards.chips(found) if found else ""
    named = link(entry.link, entry.finding.title) if entry else "no finding yet"
    rows = [
        [Cell(escape(rule.date)), Cell(_KNOWN[rule.figure]), Cell("".join(told)), Cell(given)]
        for rule, told, given in _history(claim, found, yardstick)
    ]
    heads = ("Since", "Written", "Rule", "Verdict under it")
    table = tabled(heads, rows, f"Rules of claim {claim.id}", "stack rules")
    return (
        f'<details class="table-notes" id="rule-{claim.id}"><summary>'
        f'<span class="claim-id">{claim.id}</span> {escape(claim.statement)} {verdict}</summary>'
        f"<p>Judged by {named}. Published: {escape(_published(claim))}.</p>{table}</details>"
    )


def _published(claim: Claim) -> str:
    return str(claim.published) if claim.published else "a statement"


def _history(
    claim: Claim, found: Finding | None, yardstick: Yardstick
) -> Iterator[tuple[Rule, list[str], str]]:
    """Yield each entry of a claim's rules, what it sets in HTML, and the verdict under it."""
    earlier = {each.date: each for each in found.earlier} if found else {}
    for number, rule in enumerate(claim.rules):
        told = [f"<p>{escape(rule.why)}</p>"] if rule.why else []
        if not number and claim.published and rule.tolerance is None:
            told.append(f"<p>Tolerance: {yardstick.tolerance} of the figure.</p>")
        told += [f"<p>{escape(text)}</p>" for text in rule.told()]
        last = number == len(claim.rules) - 1
        yield rule, told, _verdict(found, earlier, rule, last=last)


def _verdict(
    found: Finding | None, earlier: Mapping[str, Earlier], rule: Rule, *, last: bool
) -> str:
    """Return the chip of the verdict under a rule; by both scales, where they differ."""
    if found is None:
        return ""
    then = earlier.get(rule.date)
    if then is None:
        return cards.chips(found) if last else "not computed"
    if {then.verdict, then.today} == {found.verdict}:
        return cards.chips(found) if last else "the same"
    now = cards.chips(found) if last else _chip(then.today)
    if then.verdict == then.today:
        return now
    of_then = f'<span class="place">by the verdicts of before {FIVE_SINCE}</span>'
    return f'{now} <span class="place">and</span> {_chip(then.verdict)} {of_then}'


def _chip(verdict: Verdict) -> str:
    return cards.chip(cards.class_of(verdict), verdict)
