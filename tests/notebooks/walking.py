"""Walk a built site as a reader does: from a page, by its links, to another."""

import posixpath
import re
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class _Links(HTMLParser):
    """The links of a page's main part, each with the ids of the elements that it stands in."""

    _VOID = frozenset({"br", "img", "hr", "input", "link", "meta", "wbr", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, set[str]]] = []
        self._open: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in self._VOID:
            self._open.append((tag, values.get("id") or ""))
        if tag == "a" and values.get("href") and any(name == "main" for name, _ in self._open):
            self.found.append((values["href"], {one for _, one in self._open}))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass


class Page:
    """A page of a built site."""

    def __init__(self, site: Path, name: str) -> None:
        self.site, self.name = site, name
        self.text = (site / name).read_text(encoding="utf-8")

    @cached_property
    def links(self) -> list[tuple[str, set[str]]]:
        """Each link as seen from the site's top, with the ids that it stands in."""
        read = _Links()
        read.feed(self.text)
        return [(self._whole(way), inside) for way, inside in read.found]

    def _whole(self, way: str) -> str:
        parts = urlsplit(way)
        if parts.scheme or parts.netloc:
            return way
        base = posixpath.dirname(self.name)
        path = posixpath.normpath(posixpath.join(base, unquote(parts.path)))
        page = path if parts.path else self.name
        return f"{page}#{parts.fragment}" if parts.fragment else page

    def leads(self, to: str, inside: str = "") -> bool:
        """Whether a link leads there, from within the element of an id."""
        return any(way == to and (not inside or inside in ids) for way, ids in self.links)

    def raw_files(self) -> dict[str, str]:
        """Return the sha256 of each raw file that the page of a table shows, by the file's id."""
        return dict(re.findall(r'<span id="raw-([^"]*)">.*?<code>([0-9a-f]{64})</code>', self.text))
