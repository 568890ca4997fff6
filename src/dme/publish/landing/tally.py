"""How much of what was claimed holds: the verdicts counted."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from dme import cards
from dme.findings import Entry, Finding
from dme.findings.claims import Yardstick
from dme.findings.judging import Verdict
from dme.publish.landing import strips
from dme.publish.markup import raw
from dme.text import plural

_MEANS = {
    Verdict.REPRODUCED: "it comes out as published",
    Verdict.CONSISTENT: "it comes out otherwise, but may well be right",
    Verdict.SAME_DIRECTION: "it points the right way; its size is another",
    Verdict.NOT_REPRODUCED: "public data say otherwise",
    Verdict.NOT_TESTABLE: "no public record can tell",
}
_WIDTH = 400
_TALL = 14


def counted(entries: Sequence[Entry], claims: Yardstick) -> Counter[Verdict | None]:
    """Return how often each verdict was given: a claim has one, from the finding it names."""
    return Counter(finding.verdict for finding in _judging(entries, claims))


def _judging(entries: Sequence[Entry], claims: Yardstick) -> list[Finding]:
    judging = {claim.finding for claim in claims.claims}
    return [entry.finding for entry in entries if entry.finding.id in judging]


def tally(entries: Sequence[Entry], claims: Yardstick) -> str:
    """Return how many claims were judged, and how often each verdict was given, as Markdown."""
    counts = counted(entries, claims)
    answers = _judging(entries, claims)
    constructed = Counter(one.verdict for one in answers if one.by_construction)
    items = "".join(
        f'<li>{strips.badge(verdict)} <b class="{cards.class_of(verdict)}" '
        f'data-verdict="{escape(verdict)}">{counts[verdict]} '
        f'{escape(verdict)}</b> <span class="place">{_MEANS[verdict]}'
        f"{_of_which(constructed[verdict], verdict)}</span></li>"
        for verdict in Verdict
        if verdict in counts
    )
    without = f" {plural(counts[None], 'claim')} got no verdict here." if counts[None] else ""
    unknown = counts[Verdict.NOT_TESTABLE]
    tested = f"; public records can test {len(answers) - unknown}" if unknown else ""
    return raw(
        f'<div class="tally"><p><b>{len(answers)} of {len(claims.claims)}</b> published claims '
        f"have been examined{tested}.{without}</p>{_bar(counts)}<ul>{items}</ul></div>"
    )


def _of_which(count: int, verdict: Verdict) -> str:
    """Return of how many of a verdict's claims the answer could not have been otherwise."""
    return f" ({count} true by construction)" if count and verdict is Verdict.NOT_TESTABLE else ""


def _bar(counts: Counter[Verdict | None]) -> str:
    """Return the verdicts as parts of one bar; "" without any."""
    given = [verdict for verdict in Verdict if counts[verdict]]
    if not given:
        return ""
    step = _WIDTH / sum(counts[verdict] for verdict in given)
    parts, start = [], 0.0
    for verdict in given:
        long = step * counts[verdict]
        shape = f'<rect x="{start:.1f}" y="0" width="{long - 2:.1f}" height="{_TALL}"/>'
        parts.append(strips.coloured(cards.class_of(verdict), [shape]))
        start += long
    return strips.drawn(parts, _WIDTH, _TALL)
