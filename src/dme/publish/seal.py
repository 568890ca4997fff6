"""A policy in each built page that lets it do what it came to do, and nothing else.

The step is the same for both renderers. What a page brings is read off the page: its own files, and
the scripts and styles that the renderer wrote into it, by their hashes. A browser refuses all else.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from dme.publish.inert import visible

_HEAD = re.compile(r"<head\b[^>]*>\s*(?:<meta charset=[^>]*>)?", re.IGNORECASE)
_NOTHING = "'none'"


@dataclass
class _Brought(HTMLParser):
    """What a page brings: inline scripts and styles, handlers and styles in attributes."""

    inline: dict[str, list[str]] = field(default_factory=lambda: {"script": [], "style": []})
    handlers: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    loads_scripts: bool = False
    _inside: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self._inside = tag if tag in self.inline else ""
        if tag == "script" and "src" in names:
            self.loads_scripts = True
        elif self._inside:
            self.inline[tag].append("")
        self.handlers += [value or "" for name, value in attrs if name.startswith("on")]
        self.styles += [value or "" for name, value in attrs if name == "style"]

    def handle_endtag(self, _: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self.inline[self._inside]:
            self.inline[self._inside][-1] += data


def policy(page: str) -> str:
    """Return the Content-Security-Policy of a page: what it brings, and nothing else."""
    brought = _Brought()
    brought.feed(page)
    brought.close()
    scripts = _allowed(brought.inline["script"], brought.handlers)
    styles = _allowed(brought.inline["style"], brought.styles)
    if brought.loads_scripts:
        # Quarto's anchors make an empty style sheet, and fill it with a font that they hold.
        scripts, styles = ["'self'", *scripts], [*styles, *_hashes([""])]
    rules = {
        "default-src": _NOTHING,
        "script-src": " ".join(scripts) or _NOTHING,
        "style-src": " ".join(["'self'", *styles]),
        "img-src": "'self' data:",
        "font-src": "'self' data:" if brought.loads_scripts else _NOTHING,
        "base-uri": _NOTHING,
        "form-action": _NOTHING,
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def _allowed(inline: Iterable[str], attributes: Iterable[str]) -> list[str]:
    """Return the hashes of elements and attributes, and what makes those of attributes count."""
    in_attributes = _hashes(attributes)
    return [*_hashes(inline), *(["'unsafe-hashes'"] if in_attributes else []), *in_attributes]


def _hashes(texts: Iterable[str]) -> list[str]:
    digests = {hashlib.sha256(text.encode()).digest() for text in texts}
    return sorted(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def seal(folder: Path) -> None:
    """Write into each built page the policy that a browser holds it to.

    Parameters
    ----------
    folder : Path
        The built site, whose pages were checked: no text of a study brought a script.
    """
    for path in folder.rglob("*.html"):
        page = visible(path.read_text(encoding="utf-8"))
        told = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy(page))}">'
        head = _HEAD.search(page)
        at = head.end() if head else 0
        path.write_text(f"{page[:at]}\n{told}{page[at:]}", encoding="utf-8")
