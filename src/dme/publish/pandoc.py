"""The built-in renderer: a staged project becomes a site with pandoc alone.

It reads the same ``_quarto.yml`` as Quarto and makes the same pages; what it leaves out is
Quarto's JavaScript.
"""

import json
import re
import shutil
import tempfile
from html import escape
from pathlib import Path
from typing import Any

import pypandoc
import yaml

from dme.errors import DmeError
from dme.publish import config
from dme.publish.config import PAGES, Config
from dme.publish.frame import navigation

_TEMPLATE = Path(__file__).with_name("template.html")
_PAGE_LINK = re.compile(r'(href="[^":#?]*)\.qmd(?=[#"])')
_SOURCES = {".qmd", ".md", ".yml", ".lua"}


def render(project: Path, out: Path) -> None:
    """Render the project into `out`.

    Parameters
    ----------
    project : Path
        A staged project.
    out : Path
        Folder of the built pages; it must not exist.

    Raises
    ------
    DmeError
        If a page can't be rendered.
    """
    settings = config.read(project / config.FILE)
    shutil.copytree(project, out, ignore=_leave_out)
    footer = html(settings.footer) if settings.footer else ""
    for page in sorted(project.glob("*.qmd")):
        told = _convert(page.read_text(encoding="utf-8"), _defaults(settings, page.name, footer))
        target = out / f"{page.stem}.html"
        target.write_text(_PAGE_LINK.sub(r"\1.html", told), encoding="utf-8")


def _leave_out(_: str, names: list[str]) -> set[str]:
    return {n for n in names if Path(n).suffix in _SOURCES or n == PAGES or n.startswith(".")}


def html(markdown: str) -> str:
    """Return the HTML of a piece of Markdown."""
    return _convert(markdown, {})


def _defaults(settings: Config, name: str, footer: str) -> dict[str, Any]:
    """Return pandoc's options for a page of the site."""
    options: dict[str, Any] = {
        "standalone": True,
        "template": str(_TEMPLATE),
        "variables": {
            "lang": settings.lang,
            "site": escape(settings.title),
            "site-description": escape(settings.description),
            "navigation": navigation(settings.navigation, f"{Path(name).stem}.html"),
            "footer": footer,
            "stylesheet": list(settings.css),
            "script": [
                {"file": script.file, **({"waits": "true"} if script.waits else {})}
                for script in settings.scripts
            ],
            "favicon": settings.favicon,
            "toc-title": escape(settings.toc_title),
        },
    }
    if settings.toc_depth:
        options |= {"table-of-contents": True, "toc-depth": settings.toc_depth}
    return options


def _convert(markdown: str, options: dict[str, Any]) -> str:
    """Return pandoc's HTML of a piece of Markdown."""
    shared = {
        "section-divs": bool(options),
        "html-math-method": {"method": "mathml"},
        "wrap": "none",
    }
    with tempfile.TemporaryDirectory() as folder:
        defaults = Path(folder) / "defaults.yaml"
        # JSON is YAML, too, and quotes every string.
        defaults.write_text(json.dumps(shared | options), encoding="utf-8")
        try:
            return pypandoc.convert_text(
                markdown, "html5", format="markdown", extra_args=[f"--defaults={defaults}"]
            )
        except (OSError, RuntimeError, yaml.YAMLError) as error:
            message = f"Pandoc could not render a page:\n{error}"
            raise DmeError(message) from error
