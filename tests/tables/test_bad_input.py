"""Raw files that went wrong in the ways files do: refused at their place, the tables unharmed."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from dme import paths
from dme.errors import DmeError
from dme.tables.build import build
from dme.tables.sources import read_sources

SOURCES = paths.home() / "data" / "sources.yml"
GRADES = "edsight-school-grades-2007-08"
SPENDING = "edsight-school-spending-2017-18"

Edit = Callable[[bytes], bytes]


def _truncated(content: bytes) -> bytes:
    return content[: content.rindex(b"\n", 0, len(content) - 200) + 30]


def _latin(content: bytes) -> bytes:
    return content.replace(b"Hartford School District", b"Hartf\xf6rd School District", 1)


def _renamed(content: bytes) -> bytes:
    return content.replace(b'"Grade 3"', b'"Third"', 1)


def _without_column(content: bytes) -> bytes:
    return content.replace(b',"Total"', b"", 1)


def _twice(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    first = next(line for line in lines if b"0640" in line)
    return content + first


def _negative(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if b"0640" in line)
    head, comma, _ = lines[at].rpartition(b",")
    return b"".join([*lines[:at], head, comma, b"-5\n", *lines[at + 1 :]])


def _lost_zero(content: bytes) -> bytes:
    return content.replace(b'"=""0640011"""', b'"=""640011"""', 1)


def _page(_: bytes) -> bytes:
    return b"<!DOCTYPE html>\n<html><body>We moved.</body></html>\n"


def _too_high(content: bytes) -> bytes:
    assert content.count(b",64.0,") >= 1
    return content.replace(b",64.0,", b",164.0,", 1)


CASES = {
    "truncated": (GRADES, _truncated, ("has not as many cells", "line ")),
    "wrong encoding": (GRADES, _latin, ("UTF-8", "line ")),
    "renamed column": (GRADES, _renamed, ("Grade 3", "line ")),
    "missing column": (GRADES, _without_column, ("Total", "line ")),
    "duplicate school-year": (GRADES, _twice, ("twice", 'column "School Code"', "line ")),
    "count below zero": (GRADES, _negative, ("A count is negative", 'column "Total"', "'-5'")),
    "lost leading zero": (GRADES, _lost_zero, ("lost its leading zero", "0640011", "line ")),
    "page saved as CSV": (GRADES, _page, ("a web page", "line 1")),
    "percentage above 100": (
        SPENDING,
        _too_high,
        ("164.0", "0 to 100", 'column "pct_high_needs"', "line "),
    ),
}


def _described(tmp_path: Path, changed: dict[str, str]) -> Path:
    """Return a list of sources that describes the changed files as they now are."""
    known = read_sources(SOURCES)
    entries = [
        source.model_dump() | ({"sha256": changed[name]} if name in changed else {})
        for name, source in known.items()
    ]
    path = tmp_path / "sources.yml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    return path


def _with(raw: Path, tmp_path: Path, name: str, content: bytes) -> Path:
    """Return a folder of links to the raw files, one of them replaced."""
    folder = tmp_path / "raw"
    for one, source in read_sources(SOURCES).items():
        if not source.ours:
            there = source.file_in(raw)
            here = folder / there.relative_to(raw)
            here.parent.mkdir(parents=True, exist_ok=True)
            if one == name:
                here.write_bytes(content)
            else:
                here.symlink_to(there)
    return folder


@pytest.mark.raw
@pytest.mark.parametrize("case", CASES)
@pytest.mark.tried("Bad input", "a publisher's file that went wrong")
def test_bad_file_is_refused_and_the_tables_stand(raw: Path, tmp_path: Path, case: str):
    name, edit, said = CASES[case]
    source = read_sources(SOURCES)[name]
    before = source.file_in(raw).read_bytes()
    content = edit(before)
    assert content != before
    folder = _with(raw, tmp_path, name, content)
    out = tmp_path / "data" / "tables"
    out.mkdir(parents=True)
    (out / "districts.csv").write_text("as it stood", encoding="utf-8")
    listed = _described(tmp_path, {name: hashlib.sha256(content).hexdigest()})
    with pytest.raises(DmeError) as caught:
        build(folder, out, listed)
    message = str(caught.value)
    for part in (Path(source.file).name, *said):
        assert part in message, message
    assert [path.name for path in out.iterdir()] == ["districts.csv"]
    assert (out / "districts.csv").read_text(encoding="utf-8") == "as it stood"
    assert [path.name for path in out.parent.iterdir()] == ["tables"]
