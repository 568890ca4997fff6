"""Numbers in a sentence that know which finding they came from.

Marks that no one sees stand around them, so that they survive whatever a notebook does with its
sentences: joining, formatting, putting one into another. Whoever stores or shows a text takes them
out, with where they stood.
"""

import re
from collections.abc import Callable, Sequence
from html import escape

Place = tuple[int, int, str]
"""Where a number begins and ends in a text, and the id of the finding that it came from."""

Address = Callable[[str], str]
"""Gives where the number of a finding leads; "" for nowhere."""

_OPEN, _NAMED, _CLOSE = "\ue000", "\ue001", "\ue002"
OPEN, CLOSE = f"(?:{_OPEN}[^{_NAMED}]*{_NAMED})", _CLOSE
"""Patterns of the marks before and after a number."""
# The sign of a dollar or percent beside it belongs to a number, in whichever template it stands.
_MARKED = re.compile(rf"(\$?){_OPEN}([^{_NAMED}]*){_NAMED}([^{_OPEN}{_CLOSE}]*){_CLOSE}(%?)")
_MARK = re.compile(f"{OPEN}|[{_OPEN}{_NAMED}{_CLOSE}]")
# No school year, no span of grades, no part of a name.
_NUMBER = re.compile(r"(?<![\w.,-])[-+]?\$?\d+(?:,\d{3})*(?:\.\d+)?(?:%| million)?(?![\w-])")


def linked(text: str, finding: str) -> str:
    """Return a number in words with the marks of its finding; nothing else has any."""
    return f"{_OPEN}{finding}{_NAMED}{text}{_CLOSE}" if re.search(r"\d", text) else text


def numbers_linked(text: str, finding: str) -> str:
    """Return words in which each number has the marks of a finding."""
    return _NUMBER.sub(lambda found: linked(found[0], finding), text)


def plain(text: str) -> str:
    """Return a text without marks."""
    return _MARK.sub("", text)


def taken(text: str) -> tuple[str, list[Place]]:
    """Return a text without marks, and where they stood."""
    told, places, end = "", [], 0
    for found in _MARKED.finditer(text):
        told += plain(text[end : found.start()])
        number = found[1] + found[3] + found[4]
        places.append((len(told), len(told) + len(number), found[2]))
        told += number
        end = found.end()
    return told + plain(text[end:]), places


def marked(text: str, places: Sequence[Place]) -> str:
    """Return a text with marks around the numbers that stand in these places."""
    for start, end, finding in sorted(places, reverse=True):
        text = f"{text[:start]}{linked(text[start:end], finding)}{text[end:]}"
    return text


def traced(html: str, address: str, title: str = "How this was computed") -> str:
    """Return a figure's HTML as a link to where it comes from; as it is without an address."""
    if not address:
        return html
    return f'<a class="number" href="{escape(address)}" title="{title}">{html}</a>'


def nowhere(_: str) -> str:
    """Return the address of findings that none is known of."""
    return ""


def in_html(html: str, address: Address) -> str:
    """Return HTML that holds marks with links in their place."""
    return plain(_MARKED.sub(lambda n: traced(n[1] + n[3] + n[4], address(n[2])), html))
