"""Long pages in short: of each section its question, its findings in a line, and one picture.

The rest of it is folded. It opens where a link leads into it, where a browser finds a word in it,
and on paper.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from dme import cards
from dme.findings import Finding
from dme.linked import traced
from dme.publish.markup import link, raw
from dme.publish.scoreboard import interval_of
from dme.text import plural

MANY = 5
"""Findings from which on a page is long."""
_DEEP = 3
"""The level of headings whose sections show no picture while they are folded."""
# A paragraph of words, which no list, table or box goes on from.
_PLAIN = re.compile(r"[\w*_\"'“‘(\[`$]")
# Its last words, where a list follows that they announce.
_ANNOUNCED = re.compile(r"\s+(\*[^*]+:\*)$")
_FIGURE, _TABLE = "<figure", '<div class="output scroll">'


@dataclass(frozen=True)
class Piece:
    """What a page shows of a cell.

    Attributes
    ----------
    blocks : sequence of str
        Its Markdown; of a text the anchor, and the text itself.
    heading : str
        The marks of the heading that it begins with; "" where there is none.
    findings : sequence of Finding
        Those whose cards it shows.
    """

    blocks: Sequence[str]
    heading: str = ""
    findings: Sequence[Finding] = ()


def fold(pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield the Markdown blocks of a page's sections, each with its rest folded."""
    starts = [number for number, piece in enumerate(pieces) if piece.heading]
    if not starts:
        yield from _blocks(pieces)
        return
    yield from _blocks(pieces[: starts[0]])
    for start, end in zip(starts, [*starts[1:], len(pieces)], strict=True):
        yield from _section(pieces[start], pieces[start + 1 : end])


def _section(head: Piece, rest: Sequence[Piece]) -> Iterator[str]:
    found = [finding for piece in rest for finding in piece.findings]
    picture = next((block for block in _blocks(rest) if _FIGURE in block), "")
    if not found and not picture:
        yield from _blocks([head, *rest])
        return
    *anchor, text = head.blocks
    lead, more = _lead(text)
    yield from (*anchor, f"{lead}\n", _in_lines(found))
    folded = [*([f"{more}\n"] if more else []), *_blocks(rest)]
    if len(head.heading) < _DEEP and picture:
        yield picture
        folded.remove(picture)
    yield raw(f'<details class="part"><summary>{_summary(more, found, folded)}</summary>')
    yield from folded
    yield raw("</details>")


def _lead(text: str) -> tuple[str, str]:
    """Return the heading of a text with its first paragraph, and what follows."""
    heading, _, body = text.strip("\n").partition("\n")
    first, _, more = body.strip("\n").partition("\n\n")
    if first and not _PLAIN.match(first):
        return heading, body.strip("\n")
    if announced := _ANNOUNCED.search(first):
        first, more = first[: announced.start()], f"{announced[1]}\n\n{more}"
    return f"{heading}\n\n{first}", more.strip("\n")


def _in_lines(found: Sequence[Finding]) -> str:
    """Return findings as a list, each in a line that leads to its card."""
    items = "".join(
        f"<li>{link(f'#{one.id}', one.title)} {_figure(one)} {_chips(one)}</li>" for one in found
    )
    return raw(f'<ul class="in-lines">{items}</ul>') if found else ""


def _figure(finding: Finding) -> str:
    if finding.value is None:
        return ""
    figure = f"<b>{escape(finding.value_text)}</b>{interval_of(finding)}"
    return traced(figure, f"#{finding.id}")


def _chips(finding: Finding) -> str:
    """Return the verdict on a claim, and the basis where not measured: the card has the others."""
    if not finding.verdict:
        return cards.basis_chip(finding)
    verdict = cards.chip(cards.verdict_class(finding), finding.verdict)
    return f"{verdict}{cards.basis_chip(finding)}"


def _summary(more: str, found: Sequence[Finding], folded: Sequence[str]) -> str:
    text = "".join(folded)
    counts = {
        "finding": len(found),
        "chart": text.count(_FIGURE),
        "table": text.count(_TABLE),
    }
    parts = [plural(count, what) for what, count in counts.items() if count]
    parts = (["the specification"] if more else []) + parts
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"More of this section: {listed}" if listed else "More of this section"


def _blocks(pieces: Sequence[Piece]) -> list[str]:
    return [block for piece in pieces for block in piece.blocks]
