"""What ``_quarto.yml`` says of the site: the one file that both renderers obey."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from dme import paths, strict_yaml
from dme.errors import DmeError

FILE = "_quarto.yml"
PAGES = "pages"
_HONOURED = {
    "project",
    "lang",
    *("website.title", "website.description", "website.favicon", "website.navbar.left"),
    *("website.page-footer", "website.site-url"),
    *("format.html.css", "format.html.include-in-header"),
    *("format.html.toc", "format.html.toc-depth", "format.html.toc-title"),
}
_ANYWAY: Mapping[str, object] = {
    "search": False,
    "website.search": False,
    "format.html.theme": "default",
    "format.html.toc-expand": True,
    "format.html.html-math-method": "mathml",
    "format.html.html-table-processing": "none",
    "format.html.code-copy": False,
    "format.html.anchor-sections": True,
}
"""What the built-in renderer's pages are like in any case."""
_SCRIPT = re.compile(r'<script src="([^"]+)"( defer)?></script>')


@dataclass(frozen=True)
class Entry:
    """An entry of the navigation: its words, the page (``.qmd``) that it leads to, its menu."""

    text: str
    page: str
    menu: str = ""


@dataclass(frozen=True)
class Script:
    """A script of the site's own: its file, and whether it waits until the page is read."""

    file: str
    waits: bool


@dataclass(frozen=True)
class Config:
    """The settings that the built-in renderer follows.

    Attributes
    ----------
    title, description : str
        Of the website; marks may stand in the file as character references, as Quarto reads them.
    navigation : tuple of Entry
        The navigation bar, from the left; the entries of a menu stand where it stands.
    address : str
        Where the site is published; "" where the file does not say.
    footer : str
        Markdown of the footer.
    css : tuple of str
        Style sheets.
    scripts : tuple of Script
        What its header loads.
    favicon : str
        Icon of the site; "" for none.
    lang : str
        Language of the pages.
    toc_depth : int
        Levels of headings in a page's table of contents; 0 for none.
    toc_title : str
        Its heading.
    """

    title: str
    description: str
    address: str
    navigation: tuple[Entry, ...]
    footer: str
    css: tuple[str, ...]
    scripts: tuple[Script, ...]
    favicon: str
    lang: str
    toc_depth: int
    toc_title: str


def read(path: Path) -> Config:
    """Read ``_quarto.yml``.

    Raises
    ------
    DmeError
        If the file is absent, no YAML, or lacks the website.
    """
    try:
        raw = strict_yaml.read(path).typed()
        website, html = raw["website"], raw["format"]["html"]
        return Config(
            title=unescape(website["title"]),
            description=unescape(website.get("description", "")),
            address=website.get("site-url", ""),
            navigation=tuple(_entries(website["navbar"]["left"])),
            footer=_footer(website.get("page-footer", "")),
            css=_listed(html.get("css", ())),
            scripts=tuple(
                Script(file, bool(waits))
                for file, waits in _SCRIPT.findall(str(html.get("include-in-header", "")))
            ),
            favicon=website.get("favicon", ""),
            lang=raw.get("lang", "en"),
            toc_depth=html.get("toc-depth", 3) if html.get("toc") else 0,
            toc_title=html.get("toc-title", "On this page"),
        )
    except (OSError, DmeError, KeyError, TypeError, AttributeError) as error:
        message = (
            f"{path.name} can't be read as the settings of the website "
            f"({type(error).__name__}: {error}).\n"
            "Expected: website (title, navbar: left: a list of text with href, or with a menu of "
            "such) and format: html."
        )
        raise DmeError(message) from error


def unhonoured(raw: Mapping[str, Any], above: str = "") -> list[str]:
    """Return the settings that Quarto follows and the built-in renderer leaves out, by their keys.

    Parameters
    ----------
    raw : mapping
        What ``_quarto.yml`` holds, or the settings below one of its keys.
    above : str
        That key, with a point behind it.
    """
    found: list[str] = []
    for key, value in raw.items():
        name = f"{above}{key}"
        if name in _HONOURED or (name in _ANYWAY and _ANYWAY[name] == value):
            continue
        inner = isinstance(value, Mapping) and any(one.startswith(f"{name}.") for one in _HONOURED)
        found += unhonoured(value, f"{name}.") if inner else [name]
    return found


def navigation() -> tuple[Entry, ...]:
    """Return the navigation of the project's own site."""
    return read(paths.home() / FILE).navigation


def in_navigation(pages: Iterable[str]) -> dict[str, str]:
    """Return pages with their words in the navigation, in its order; then any others."""
    left = dict.fromkeys(pages)
    known = [(Path(one.page).stem, one.text) for one in navigation()]
    found = {page: words for page, words in known if page in left}
    return found | {page: page.capitalize() for page in left if page not in found}


def without(bar: Sequence[dict[str, Any]], pages: Collection[str]) -> list[dict[str, Any]]:
    """Return a navigation bar, as the file has it, without pages and menus of nothing else."""
    left = [
        item | {"menu": without(item["menu"], pages)} if "menu" in item else item for item in bar
    ]
    return [item for item in left if item.get("href") not in pages and item.get("menu") != []]


def _entries(bar: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
    for item in bar:
        if "menu" in item:
            yield from (Entry(one["text"], one["href"], item["text"]) for one in item["menu"])
        else:
            yield Entry(item["text"], item["href"])


def _listed(value: str | list[str] | tuple[()]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _footer(value: str | Mapping[str, Any]) -> str:
    """Return the footer as one piece of Markdown, whichever way it was written."""
    if isinstance(value, str):
        return value
    return " ".join(str(value[side]) for side in ("left", "center", "right") if side in value)
