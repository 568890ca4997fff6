"""The page that a server shows where there is none: whole in itself, for it may stand anywhere."""

from html import escape
from pathlib import Path
from string import Template

from dme.publish.config import Config

FILE = "404.html"
_TEMPLATE = Template(Path(__file__).with_name("not_found.html").read_text(encoding="utf-8"))


def write(folder: Path, site: Config) -> None:
    """Write the page into the folder of the built site."""
    told = _TEMPLATE.substitute(lang=escape(site.lang), site=escape(site.title))
    (folder / FILE).write_text(told, encoding="utf-8")
