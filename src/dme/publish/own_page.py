"""Pages that no renderer makes: plain HTML in the site's style, the same on every site.

There are many of them (a page for each finding, table, module), and a renderer would take hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath
from string import Template

from dme.publish.config import Config
from dme.publish.frame import navigation
from dme.publish.markup import link

Ways = Sequence[tuple[str, str]]
"""Pages of the study's site: addresses as seen from its top, and words."""
_TEMPLATE = Template(Path(__file__).with_name("own_page.html").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes
    ----------
    path : str
        Where it lies, as seen from the top of its study's site.
    title : str
        Its heading, as text.
    description : str
        What it shows, as HTML.
    body : str
        Its HTML.
    ways : sequence of (str, str)
        The pages of the site that it belongs to, which stand above its heading.
    kind : str
        A class of its body, for style.
    """

    path: str
    title: str
    description: str
    body: str
    ways: Ways
    kind: str


def write_page(page: Page, folder: Path, site: Config) -> None:
    """Write a page into the folder of its study's site, in the site's style."""
    top = "../" * (len(PurePosixPath(page.path).parts) - 1)
    head = [f'<link rel="stylesheet" href="{top}{escape(sheet)}">' for sheet in site.css]
    head += [
        f'<script src="{top}{escape(script.file)}"{" defer" * script.waits}></script>'
        for script in site.scripts
    ]
    if site.favicon:
        head.append(f'<link rel="icon" href="{top}{escape(site.favicon)}">')
    ways = "".join(f"<li>{link(f'{top}{address}', words)}</li>" for address, words in page.ways)
    told = _TEMPLATE.substitute(
        lang=escape(site.lang),
        site=escape(site.title),
        head="\n".join(head),
        navigation=navigation(site.navigation, page.path, top),
        ways=f'<nav class="ways" aria-label="Belongs to"><ul>{ways}</ul></nav>' if ways else "",
        top=top,
        kind=escape(page.kind),
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
