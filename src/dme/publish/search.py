"""An index of a study's built pages, which a reader searches without a server.

It is a script that sets one name, since a page that was opened from the disk can load nothing else.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

FILE = "search-index.js"
KINDS = ("School", "Finding", "Page", "Section", "Table", "Code")
"""What can be found, in the order in which it is shown."""
_FOLDERS = {"school/": "School", "trail/table/": "Table", "trail/source/": "Code"}
_OWN = "trail/"
_HEADINGS = {"h2", "h3"}
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}
# What is no reading: code, rows of the dictionary, checksums, navigation, labels of charts.
_UNREAD = {"pre", "code", "script", "style", "nav", "svg", "button"}
_UNREAD_CLASSES = {"code", "sources", "tables", "columns", "inputs", "chip", "place", "download"}
_UNREAD_CLASSES |= {"table-notes"}
_WORD = re.compile(r"[a-z]{2,}")
_COMMON = 0.25
"""A word in more of the texts than this share tells none of them from the others."""
_FEW = 10
"""It does among so few."""


@dataclass
class _Place:
    """Something that can be found: its kind, address, words that name it, and its text."""

    kind: str
    address: str
    title: list[str] = field(default_factory=list)
    detail: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


@dataclass
class _Open:
    """An element that is open: its tag and id, where its text goes, whether that is read."""

    tag: str
    name: str
    into: list[str]
    read: bool


class _Reader(HTMLParser):
    """What can be found on a page."""

    def __init__(self, kind: str, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = _Place(kind, address)
        self.places = [self.page]
        # The text of a heading's section goes on where a finding's card in it ends.
        self._section = self.page
        self._open = [_Open("", "", self.page.text, read=True)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        classes = set(values.get("class", "").split())
        around, name = self._open[-1], values.get("id", "")
        last = self.places[-1]
        into = self._section.text if around.into is self.page.text else around.into
        if tag == "section" and "finding" in classes:
            into = self._add("Finding", name).text
        elif tag in _HEADINGS and (name or around.tag == "section"):
            self._section = self._add("Section", name or around.name)
            into = self._section.title
        elif tag == "h1":
            into = self.page.title
        elif "description" in classes:
            into = self.page.detail
        elif around.into is last.text and last.kind == "Finding":
            into = last.title if tag == "strong" and not last.title else around.into
            into = last.detail if "finding-value" in classes else into
        read = around.read and tag not in _UNREAD and not classes & _UNREAD_CLASSES
        if tag not in _VOID:
            self._open.append(_Open(tag, name, into, read))

    def handle_endtag(self, tag: str) -> None:
        if tag in {one.tag for one in self._open}:
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        around = self._open[-1]
        if around.read:
            into = self._section.text if around.into is self.page.text else around.into
            into.append(data)

    def _add(self, kind: str, name: str) -> _Place:
        self.places.append(_Place(kind, f"{self.page.address}#{name}"))
        return self.places[-1]


def write(folder: Path, pages: Iterable[str]) -> None:
    """Write the index of a study's pages into their folder.

    Parameters
    ----------
    folder : Path
        Where they lie.
    pages : iterable of str
        The pages, as seen from there. Of those of the trail, tables and modules are found.
    """
    places = [place for page in sorted(pages) for place in _places(folder, page)]
    told = [
        [KINDS.index(place.kind), _joined(place.title), _joined(place.detail), place.address]
        for place in places
    ]
    words: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(places):
        for word in sorted(set(_words(" ".join(place.text)))):
            words[word].append(number)
    most = max(_FEW, _COMMON * sum(bool(place.text) for place in places))
    listed = {
        word: ",".join(map(str, numbers)) if len(numbers) <= most else ""
        for word, numbers in sorted(words.items())
    }
    index = {"kinds": KINDS, "places": told, "words": listed}
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    (folder / FILE).write_text(f"globalThis.searchIndex = {text};\n", encoding="utf-8")


def _places(folder: Path, page: str) -> Iterator[_Place]:
    kind = next((kind for start, kind in _FOLDERS.items() if page.startswith(start)), "Page")
    if kind == "Page" and page.startswith(_OWN):
        # A finding's card leads to the page of its trail.
        return
    html = (folder / page).read_text(encoding="utf-8")
    html = html[html.find("<main") :].partition("</main>")[0]
    if page.startswith(_OWN):
        html = html.partition("</header>")[0]
    reader = _Reader(kind, page)
    reader.feed(html)
    reader.close()
    for place in reader.places:
        if place.kind == "Section":
            place.detail = reader.page.title
        elif place.kind == "School":
            # What else its page tells, all of them do.
            place.detail = [_joined(place.detail).partition(": ")[0]]
        yield place


def _joined(parts: list[str]) -> str:
    return " ".join("".join(parts).split())


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text in plain lower-case letters."""
    plain = unicodedata.normalize("NFD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return (word[0] for word in _WORD.finditer(plain))
