"""Which findings each kind of federal file gives to a study of a district of any state."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dme import strict_yaml
from dme.findings import Entry
from dme.publish.markup import escape, link, raw
from dme.tabled import Cell, tabled

FILE = Path("data/federal-findings.yml")


def read_kinds(path: Path) -> list[dict[str, Any]]:
    """Return the kinds of files in their order: ``title``, ``files``, ``findings`` (their ids)."""
    kinds: list[dict[str, Any]] = strict_yaml.read(path).typed()
    return kinds


def by_kind(kinds: Sequence[dict[str, Any]], entries: Sequence[Entry]) -> str:
    """Return a table of the kinds with their findings as Markdown.

    Parameters
    ----------
    kinds : sequence of dict
        See `read_kinds`.
    entries : sequence of Entry
        The ledger of a study that has been run, for the findings' titles and places.
    """
    known = {entry.finding.id: entry for entry in entries}
    rows = []
    for kind in kinds:
        given = [known[name] for name in kind["findings"] if name in known]
        links = [link(entry.link, entry.finding.title) for entry in given]
        told = Cell(f"<b>{escape(kind['title'])}</b><br>{escape(kind['files'])}")
        rows.append([told, Cell("<br>".join(links) or "none by itself")])
    heads = ("Files, beside those above", "Findings")
    return raw(tabled(heads, rows, "Findings by kind of federal file", "stack"))
