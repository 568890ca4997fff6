"""Check the built pages before anyone sees them.

Every link leads somewhere, nothing is asked of another host, no text of a study has become a
script, and nothing tells of the machine that built them.
"""

import posixpath
import re
import socket
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dme import paths
from dme.errors import DmeError

# Attributes whose address the browser asks for by itself while it shows the page.
_LOADED = {
    "src": None,
    "poster": None,
    "data": {"object"},
    "srcset": None,
    "background": None,
    "href": {"link", "image", "use"},
    "xlink:href": {"image", "use"},
}
# A link element of these kinds is not asked for.
_NOT_LOADED = {"canonical", "next", "prev", "alternate", "author", "license", "help"}
_CSS_ADDRESS = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)|@import\s*['\"]([^'\"]+)['\"]")
# What a page's main part, where all text of a study stands, has no use for; pictures that are drawn
# here are of shapes and words, and bear a class of their own.
_ACTING = {"script", "style", "iframe", "object", "embed", "base", "form", "link", "meta", "svg"}
_ACTING |= {"animate", "animatemotion", "animatetransform", "foreignobject", "set"}
_PICTURES = {"flow", "chart", "strip"}
_ADDRESSES = {"href", "xlink:href", "src", "action", "formaction", "data"}
_LINKED = {"", "http", "https", "mailto"}
_SCHEMES = _LINKED | {"data"}
_EMBEDDED = re.compile(rb'"[A-Za-z0-9+/=\\n]{120,}"')
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass
class _Page(HTMLParser):
    """What is on a page: its ids, links, loaded addresses, headings and images."""

    ids: Counter[str] = field(default_factory=Counter)
    links: list[tuple[str, str]] = field(default_factory=list)
    loaded: list[tuple[str, str]] = field(default_factory=list)
    h1: int = 0
    without_alt: list[str] = field(default_factory=list)
    acting: list[str] = field(default_factory=list)
    mains: int = 0
    _main: bool = False
    _css: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        element = self.get_starttag_text() or tag
        self._css = tag == "style"
        self.mains += tag == "main"
        self._main = self._main or tag == "main"
        picture = tag == "svg" and values.get("class") in _PICTURES
        acts = (tag in _ACTING and not picture) or any(name.startswith("on") for name in values)
        schemes = {_scheme(values[name]) for name in _ADDRESSES & values.keys()}
        if (self._main and acts) or schemes - (_LINKED if tag in {"a", "area"} else _SCHEMES):
            self.acting.append(element)
        self.h1 += tag == "h1"
        if identity := values.get("id") or (values.get("name") if tag == "a" else ""):
            self.ids[identity] += 1
        if tag in {"a", "area"} and "href" in values:
            self.links.append((values["href"], element))
        if tag == "img" and not values.get("alt", "").strip():
            self.without_alt.append(element)
        self.loaded += [(address, element) for address in _addresses(tag, values)]

    def handle_endtag(self, tag: str) -> None:
        self._css = self._css and tag != "style"
        self._main = self._main and tag != "main"

    def handle_data(self, data: str) -> None:
        if self._css:
            self.loaded += [(address, "<style>") for address in _css_addresses(data)]


def _scheme(address: str) -> str:
    """Return the scheme of an address as a browser reads it, through blanks and controls."""
    head = re.match(r"([a-z][a-z0-9+.-]*):", re.sub(r"[\x00-\x20]", "", address).lower())
    return head[1] if head else ""


def _addresses(tag: str, values: dict[str, str]) -> Iterator[str]:
    """Yield the addresses that an element makes the browser ask for."""
    for name, tags in _LOADED.items():
        if name not in values or (tags is not None and tag not in tags):
            continue
        if tag == "link" and set(values.get("rel", "").split()) & _NOT_LOADED:
            continue
        if name == "srcset":
            yield from (part.split()[0] for part in values[name].split(",") if part.strip())
        else:
            yield values[name]
    yield from _css_addresses(values.get("style", ""))


def _css_addresses(css: str) -> Iterator[str]:
    for match in _CSS_ADDRESS.finditer(_CSS_COMMENT.sub("", css)):
        yield match.group(1) or match.group(2)


def check(folder: Path, pages: tuple[str, ...], hosts: Collection[str] | None = None) -> None:
    """Check a built site.

    Parameters
    ----------
    folder : Path
        The built site.
    pages : tuple of str
        The pages that it must hold, as seen from its folder.
    hosts : collection of str, optional
        The hosts that links may lead to; any where none are given.

    Raises
    ------
    DmeError
        If a page is absent; a link, an anchor, an image or a style sheet leads nowhere; the
        browser would ask another host for something; a link leads to a host that is not among
        `hosts`; something in a page's main part would act; a file tells where on which machine it
        was built; a page has not exactly one main heading;
        an image has no words that stand in for it; or two elements share an id. It lists all.
    """
    rooms = {folder, *((folder / name).parent for name in pages)}
    parsed = {
        path.relative_to(folder).as_posix(): _parse(path)
        for room in sorted(rooms)
        for path in sorted(room.glob("*.html"))
    }
    problems = [f"{name}: the page was not built" for name in pages if name not in parsed]
    for name, page in parsed.items():
        problems += [f"{name}: {text}" for text in _problems(folder, name, page, parsed)]
        problems += [f"{name}: {text}" for text in _foreign(page, hosts)]
    for path in sorted(folder.rglob("*.css")):
        where = path.relative_to(folder).as_posix()
        css = path.read_text(encoding="utf-8")
        found = [(address, "in the style sheet") for address in _css_addresses(css)]
        problems += [f"{where}: {text}" for text in _unloadable(path.parent, found)]
    problems += _traces(folder)
    if problems:
        listed = "\n".join(f"  {text}" for text in problems)
        message = (
            f"The built pages have {len(problems)} faults, so they were not put in place:\n{listed}"
        )
        raise DmeError(message)


def _parse(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def _problems(folder: Path, name: str, page: _Page, pages: dict[str, _Page]) -> Iterator[str]:
    if page.h1 != 1:
        yield f"{page.h1} main headings (h1), where there must be one"
    for element in page.without_alt:
        yield f"an image without alternative text: {element}"
    for identity, count in page.ids.items():
        if count > 1:
            yield f'{count} elements have the id "{identity}"'
    for address, element in page.links:
        yield from _dead(folder, name, address, element, pages)
    yield from _unloadable((folder / name).parent, page.loaded)
    if page.mains > 1:
        yield f"{page.mains} main parts, where there must be one"
    for element in page.acting:
        yield f"holds what could act, where only text belongs: {element}"


def _foreign(page: _Page, hosts: Collection[str] | None) -> Iterator[str]:
    """Yield the links to hosts that no text of the project names."""
    for address, element in page.links:
        host = urlsplit(address).hostname
        if host and hosts is not None and host not in hosts:
            yield f"a link to {host}, which neither the pages nor the sources name: {element}"


def _traces(folder: Path) -> Iterator[str]:
    """Yield the files that tell of the machine or its user.

    A host's name counts where it is no plain word: a school may be called like a machine.
    """
    places = {str(Path.home()), str(paths.home()), tempfile.gettempdir(), *_host()} - {"/"}
    words = "|".join(re.escape(place) for place in sorted(places))
    told = re.compile(rf"(?<![\w.])(?:{words})(?![\w.-])".encode())
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (found := told.search(_EMBEDDED.sub(b"", path.read_bytes()))):
            where = path.relative_to(folder).as_posix()
            yield (
                f"{where}: tells of the machine that it was built on: {found[0].decode()}. Take it "
                "out of the notebook or the parameters, and run the study again"
            )


def _host() -> set[str]:
    name = socket.gethostname()
    return set() if name.isalpha() or name == "localhost" else {name}


def _dead(
    folder: Path, name: str, address: str, element: str, pages: dict[str, _Page]
) -> Iterator[str]:
    """Yield what is wrong with a link."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or address in {"", "#"}:
        return
    path = unquote(parts.path)
    # An address that begins with a slash is seen from the site's top; any other from its page.
    there = (
        path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(name), path)
    )
    target = posixpath.normpath(there) if path else name
    if target.startswith("..") or not _page(folder / target).is_file():
        yield f'a link to "{target}", which is not there: {element}'
    elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
        yield f'a link to "{address}", but {target} has no such anchor: {element}'


def _unloadable(folder: Path, loaded: list[tuple[str, str]]) -> Iterator[str]:
    """Yield what the browser would load in vain, or from another host."""
    for address, element in loaded:
        parts = urlsplit(address.strip())
        if parts.scheme == "data" or (not parts.path and parts.fragment):
            continue
        if parts.scheme or parts.netloc:
            yield f'asks another host for "{address}": {element}'
        elif not (folder / unquote(parts.path)).is_file():
            yield f'loads "{address}", which is not there: {element}'


def _page(path: Path) -> Path:
    """Return the page itself for a folder's address."""
    return path / "index.html" if path.is_dir() else path
