import shutil
from pathlib import Path

import pytest

from dme import paths, replace
from dme.errors import DmeError
from dme.tables import build as builder
from dme.tables import load, names
from dme.tables.sources import read_sources

SOURCES = paths.home() / "data" / "sources.yml"


def _content(data: Path) -> dict[str, bytes]:
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file()
    }


def _committed() -> dict[str, bytes]:
    data = paths.home() / "data"
    tables = {f"tables/{path.name}": path.read_bytes() for path in paths.tables().iterdir()}
    return tables | {"datapackage.json": (data / "datapackage.json").read_bytes()}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a folder with the committed tables, and their package beside it."""
    folder = tmp_path / "data" / "tables"
    shutil.copytree(paths.tables(), folder)
    shutil.copy(paths.home() / "data" / "datapackage.json", folder.parent)
    return folder


@pytest.fixture
def without_raw(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the build take its rows, shuffled, from the committed tables."""
    frames = {name: load(name).sample(frac=1, random_state=1) for name in names()}
    monkeypatch.setattr(builder, "verify", lambda *_: None)
    monkeypatch.setattr(builder, "assemble", lambda *_: dict(frames))


@pytest.mark.raw
def test_rebuild_gives_the_committed_bytes(raw: Path, tmp_path: Path):
    written = builder.build(raw, tmp_path / "data" / "tables").written
    assert [table.name for table in written] == list(names())
    assert _content(tmp_path / "data") == _committed()


@pytest.mark.usefixtures("without_raw")
def test_rows_in_any_order_give_the_committed_bytes(tmp_path: Path):
    builder.build(tmp_path, tmp_path / "data" / "tables")
    assert _content(tmp_path / "data") == _committed()


@pytest.mark.usefixtures("without_raw")
def test_building_over_former_tables_leaves_nothing_else(out: Path, tmp_path: Path):
    (out / "districts.csv").write_text("old", encoding="utf-8")
    builder.build(tmp_path, out)
    assert _content(out.parent) == _committed()


def test_missing_raw_file_leaves_the_tables(out: Path, tmp_path: Path):
    before = _content(out.parent)
    with pytest.raises(DmeError, match="is missing") as caught:
        builder.build(tmp_path / "nowhere", out)
    assert "Fetch it from https://" in str(caught.value)
    assert _content(out.parent) == before


@pytest.mark.raw
def test_changed_raw_file_is_refused(raw: Path, out: Path, tmp_path: Path):
    before = _content(out.parent)
    known = read_sources(SOURCES)
    for source in known.values():
        if not source.ours:
            path = source.file_in(raw)
            copy = tmp_path / "raw" / path.relative_to(raw)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(path)
    changed = tmp_path / "raw" / known["hartford-zone-capacity-2015-16"].file
    text = changed.read_text(encoding="utf-8").replace("8762", "8763")
    changed.unlink()
    changed.write_text(text, encoding="utf-8")
    with pytest.raises(DmeError, match="not the one described") as caught:
        builder.build(tmp_path / "raw", out)
    assert changed.name in str(caught.value)
    assert _content(out.parent) == before


@pytest.mark.usefixtures("without_raw")
@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("zone_capacity.students", -1, "students: found -1, expected 0 or more"),
        ("spending_schools.district_code", "9990011", 'expected a row of "districts"'),
    ],
)
@pytest.mark.tried("Nothing lost", "a failure while tables are moved in")
def test_broken_rows_leave_the_tables(
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    cell: str,
    value: object,
    said: str,
):
    before = _content(out.parent)
    frames = {name: load(name) for name in names()}
    table, _, column = cell.partition(".")
    frames[table].loc[0, column] = value
    monkeypatch.setattr(builder, "assemble", lambda *_: frames)
    with pytest.raises(DmeError) as caught:
        builder.build(out, out)
    assert said in str(caught.value)
    assert "nothing was written" in str(caught.value)
    assert _content(out.parent) == before


@pytest.mark.usefixtures("without_raw")
@pytest.mark.tried("Nothing lost", "a failure while tables are moved in")
def test_failure_while_moving_restores_the_tables(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (out / "districts.csv").write_text("former", encoding="utf-8")
    before = _content(out.parent)

    exchange = replace._at_once

    def fail(one: Path, other: Path) -> bool:
        if other.name == "datapackage.json":
            raise OSError
        return exchange(one, other)

    monkeypatch.setattr(replace, "_at_once", fail)
    with pytest.raises(OSError):  # noqa: PT011 - raised by the test itself
        builder.build(tmp_path, out)
    assert _content(out.parent) == before


def test_file_of_no_table_is_not_swept_away(out: Path, tmp_path: Path):
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DmeError, match="no table is named after"):
        builder.build(tmp_path, out)
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"


ENTRY = """
- id: a-file
  file: a.csv
  title: A file
  publisher: Somebody
  page: https://example.org/
  address: https://example.org/a.csv
  licence: PDDL-1.0
  kind: verbatim
  sha256: "{digest}"
"""


def _sources(folder: Path, text: str) -> Path:
    path = folder / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY.format(digest="0" * 63), "sha256"),
        (ENTRY.format(digest="0" * 64).replace("verbatim", "guessed"), "kind"),
        (ENTRY.format(digest="0" * 64).replace("  licence: PDDL-1.0\n", ""), "licence"),
        (ENTRY.format(digest="0" * 64).replace("PDDL-1.0", "free"), "expected one of PDDL-1.0"),
        (ENTRY.format(digest="0" * 64) * 2, "another's id"),
        ("just words", "YAML list of entries"),
        ("- [", "could not be read"),
    ],
)
def test_incomplete_sources_are_refused(tmp_path: Path, text: str, said: str):
    with pytest.raises(DmeError) as caught:
        read_sources(_sources(tmp_path, text))
    assert said in str(caught.value)


def test_committed_sources_name_their_terms():
    for source in read_sources(SOURCES).values():
        assert source.kind == "verbatim" or source.note
        assert not Path(source.file).is_absolute()
