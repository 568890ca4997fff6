"""The frame of the trail's pages: plain HTML, the same whichever renderer made the site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from dme.publish.config import Config
from dme.publish.markup import link
from dme.publish.trail import places

Ways = Sequence[tuple[str, str]]
"""Pages of the study's site: addresses as seen from its top, and words."""
_TEMPLATE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Page:
    """A page of the trail.

    Attributes
    ----------
    path : str
        Where it lies in the trail's folder.
    title : str
        Its heading, as text.
    description : str
        What it shows, as HTML.
    body : str
        Its HTML.
    ways : sequence of (str, str)
        The pages of the site that it leads back to; the site's first is always among them.
    """

    path: str
    title: str
    description: str
    body: str
    ways: Ways


def write_page(page: Page, folder: Path, site: Config) -> None:
    """Write a page into the trail's folder, in the site's style."""
    top = f"{places.up(page.path)}{places.TOP}"
    sheets = [f'<link rel="stylesheet" href="{top}{escape(sheet)}">' for sheet in site.css]
    if site.favicon:
        sheets.append(f'<link rel="icon" href="{top}{escape(site.favicon)}">')
    ways = [f"<li>{link(f'{top}{address}', words)}</li>" for address, words in page.ways]
    told = _TEMPLATE.substitute(
        lang=escape(site.lang),
        site=escape(site.title),
        head="\n".join(sheets),
        ways="\n".join(ways),
        top=top,
        title=escape(page.title),
        description=page.description,
        body=page.body,
    )
    target = folder / page.path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(told, encoding="utf-8")


def facts(told: Mapping[str, str]) -> str:
    """Return a list of facts: heads, and their HTML; "" where none has anything to say."""
    inner = entries(told)
    return f'<dl class="facts">{inner}</dl>' if inner else ""


def entries(told: Mapping[str, str]) -> str:
    """Return the entries of a list of facts, without those that have nothing to say."""
    return "".join(f"<dt>{head}</dt><dd>{html}</dd>" for head, html in told.items() if html)
