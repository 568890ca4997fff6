"""What a page says of itself to those who find or forward it: a description, and Open Graph.

The step is the same for both renderers and for pages of our own: title and description are read off
the built page. Addresses are whole where the settings name the site's (``website: site-url``);
without, many readers show no picture, since they ask for whole addresses alone.
"""

import re
from html import escape, unescape
from pathlib import Path

from dme.publish.config import Config

IMAGE = "figures/preview.png"
"""The landing page's picture, as seen from the top of its study's site."""
SIZE = (1200, 630)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)"')
_ON_PAGE = re.compile(r'<(\w+) class="(?:description|finding-sentence)">(.+?)</\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_LONGEST = 200
"""Characters of a description; readers show no more."""


def describe(folder: Path, site: Config, room: str = "") -> None:
    """Write into each page of a study's site what it says of itself.

    Parameters
    ----------
    folder : Path
        The built pages of the study. A page that has its Open Graph already keeps it.
    site : Config
        The settings of its site.
    room : str
        The folder of its pages as seen from the top of the site; "" for the top.
    """
    for path in folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        title = _TITLE.search(page)
        if title and 'property="og:title"' not in page:
            told = _told(page, title[1], path.relative_to(folder).as_posix(), site, room)
            path.write_text(f"{page[: title.end()]}\n{told}{page[title.end() :]}", encoding="utf-8")


def _told(page: str, title: str, place: str, site: Config, room: str) -> str:
    """Return the elements that a page's head lacks."""
    words = _description(page) or site.description
    shown = {
        "og:type": "website",
        "og:site_name": site.title,
        "og:title": unescape(title).removesuffix(f" – {site.title}"),
        "og:description": words,
        "og:image:width": str(SIZE[0]),
        "og:image:height": str(SIZE[1]),
        "og:image:alt": f"{site.title}: its findings in a picture",
    }
    if site.address:
        top = f"{site.address.rstrip('/')}/{room}"
        shown |= {"og:url": f"{top}{place.removesuffix('index.html')}", "og:image": top + IMAGE}
    else:
        shown["og:image"] = "../" * place.count("/") + IMAGE
    told = [f'<meta property="{name}" content="{escape(text)}">' for name, text in shown.items()]
    told.append('<meta name="twitter:card" content="summary_large_image">')
    if not _DESCRIPTION.search(page):
        told.append(f'<meta name="description" content="{escape(words)}">')
    return "\n".join(told)


def _description(page: str) -> str:
    """Return a page's description as text, no longer than readers show it; "" where it has none."""
    if found := _DESCRIPTION.search(page):
        words = found[1]
    elif found := _ON_PAGE.search(page):
        words = _TAG.sub("", found[2])
    else:
        return ""
    words = " ".join(unescape(words).split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"
