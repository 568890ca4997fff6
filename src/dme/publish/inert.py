"""Text of tables, parameters and outputs as what it is: text, and never markup of a page.

Whatever was computed or read enters a page through one of these; the words of the pages and
notebooks themselves are Markdown.
"""

import re
import string
from html import escape
from html.parser import HTMLParser

from dme.linked import Address, in_html, nowhere

_PUNCTUATION = {ord(mark): f"&#{ord(mark)};" for mark in string.punctuation}
_STARRED = re.compile(
    r"\*\*(?=[^\s*\u2060])(.+?)(?<=\S)\*\*(?!\*)|\*(?=[^\s*\u2060])(.+?)(?<=\S)\*"
)
# What turns the reading direction of all that follows, and what no page can hold.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_SHAPE = frozenset({"class", "role"})
_ELEMENTS = {
    **dict.fromkeys({"b", "code", "del", "em", "i", "ins", "kbd", "s", "samp", "small"}, _SHAPE),
    **dict.fromkeys({"br", "span", "strong", "sub", "sup", "var", "wbr"}, _SHAPE),
    **dict.fromkeys({"blockquote", "div", "hr", "p", "pre", "section"}, _SHAPE),
    **dict.fromkeys({"details", "summary", "h3", "h4", "h5", "h6"}, _SHAPE),
    **dict.fromkeys({"dd", "dl", "dt", "li", "ol", "ul"}, _SHAPE),
    **dict.fromkeys({"caption", "tbody", "tfoot", "thead", "tr"}, _SHAPE),
    "table": _SHAPE | {"aria-label"},
    **dict.fromkeys({"td", "th"}, _SHAPE | {"data-label", "colspan", "rowspan", "scope"}),
}
_VOID = {"br", "hr", "wbr"}
_UNREAD = {"script", "style"}


def visible(text: str) -> str:
    """Return text with a mark in place of each character that would act and not be seen.

    Those that override the direction of writing would turn a page around; controls and lone
    surrogates can't stand in one.
    """
    return _UNSEEN.sub("\ufffd", text)


def literal(text: str) -> str:
    """Return Markdown that reads as `text` and nothing else, in one line.

    Every mark of ASCII is written as a character reference, so that no syntax of pandoc or
    Quarto is left to find. Quarto looks for colons once more when all is read, and would take three
    of them for a block left open: U+2060, which is not seen, keeps them apart.
    """
    apart = visible(" ".join(text.split())).replace("::", ":\u2060:")
    return " ".join(apart.translate(_PUNCTUATION).split())


def prose(text: str, address: Address = nowhere) -> str:
    """Return the HTML of an answer: paragraphs, lists, ``**strong**`` and ``*stressed*`` words.

    Nothing else is markup in it. A star that is followed by U+2060 is none either; see
    `dme.text.fill`.

    Parameters
    ----------
    text : str
        The answer, whose numbers may have the marks of findings (`dme.linked`).
    address : callable, optional
        Gives where the number of a finding leads; nowhere unless given.
    """
    html, items = [], []
    for block in re.split(r"\n\s*\n|\n(?=[-*] )", f"{text.strip()}\n\n"):
        if re.match(r"[-*] ", block):
            items.append(f"<li>{_stressed(block[2:], address)}</li>")
            continue
        if items:
            html.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if block.strip():
            html.append(f"<p>{_stressed(block, address)}</p>")
    return "\n".join(html)


def _stressed(text: str, address: Address) -> str:
    """Return the HTML of words of which some are stressed, and some are numbers that lead on."""

    def marked(found: re.Match[str]) -> str:
        tag, inner = ("strong", found[1]) if found[1] else ("em", found[2])
        return f"<{tag}>{inner}</{tag}>"

    return in_html(_STARRED.sub(marked, escape(" ".join(text.split()))), address)


def tame(html: str) -> str:
    """Return what an output shows as HTML that can do nothing but show it.

    The HTML is written anew, of elements and attributes that hold no address, no style and no
    script. What else it holds is text, or left out.
    """
    writer = _Writer()
    # Python's parser gives up on a marked section, which HTML does not have.
    writer.feed(html.replace("<![", "&lt;!["))
    writer.close()
    return writer.written()


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._open: list[str] = []
        self._unread = False

    def written(self) -> str:
        """Return what was read, with everything closed that was left open."""
        return "".join(self._parts) + "".join(f"</{tag}>" for tag in reversed(self._open))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread = tag in _UNREAD
        if (allowed := _ELEMENTS.get(tag)) is None:
            return
        kept = "".join(f' {k}="{escape(v or "")}"' for k, v in attrs if k in allowed)
        self._parts.append(f"<{tag}{kept}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unread = False
        while tag in self._open:
            last = self._open.pop()
            self._parts.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._parts.append(escape(data))
