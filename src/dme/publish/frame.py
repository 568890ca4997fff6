"""The frame around a page: the navigation of the site, and the way on to its next page."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from operator import attrgetter
from pathlib import PurePosixPath

from dme.publish.config import Entry
from dme.publish.markup import raw

_MENU = (
    '<button class="site-menu" type="button" popovertarget="site-pages">Menu</button>\n'
    '<ul id="site-pages" popover>'
)


def navigation(entries: Sequence[Entry], page: str, top: str = "") -> str:
    """Return the navigation of a site as HTML.

    A narrow screen shows a button, which opens it without any script; a browser that knows no such
    button shows all of it.

    Parameters
    ----------
    entries : sequence of Entry
        Its pages.
    page : str
        The page that it stands on, as seen from the site's top.
    top : str
        The way from there to the site's top.
    """
    return f"{_MENU}{''.join(_items(entries, page, top))}</ul>"


def _items(entries: Sequence[Entry], page: str, top: str) -> Iterator[str]:
    for menu, members in groupby(entries, attrgetter("menu")):
        items = "".join(f"<li>{_link(entry, page, top)}</li>" for entry in members)
        folded = f"<li><details><summary>{escape(menu)}</summary><ul>{items}</ul></details></li>"
        yield folded if menu else items


def _link(entry: Entry, page: str, top: str) -> str:
    current = ' aria-current="page"' if address(entry) == page else ""
    return f'<a href="{escape(top + address(entry))}"{current}>{escape(entry.text)}</a>'


def address(entry: Entry) -> str:
    """Return where the page of an entry lies when it is built."""
    return str(PurePosixPath(entry.page).with_suffix(".html"))


def turns(entries: Sequence[Entry], page: str) -> str:
    """Return the ways to the page before and the page after one, as Markdown; "" for any other."""
    at = next((n for n, entry in enumerate(entries) if address(entry) == page), None)
    if at is None:
        return ""
    before, after = entries[max(at - 1, 0) : at], entries[at + 1 : at + 2]
    links = "".join(
        f'<a href="{escape(address(entry))}" rel="{way}">'
        f"<span>{words}</span>{escape(entry.text)}</a>"
        for way, words, found in (("prev", "Previous", before), ("next", "Next", after))
        for entry in found
    )
    return raw(f'<nav class="turns" aria-label="Previous and next page">{links}</nav>')
