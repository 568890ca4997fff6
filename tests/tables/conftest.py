import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dme import paths

Editor = Callable[[str, str, str], None]


@pytest.fixture(scope="session")
def raw() -> Path:
    """Return the folder of the publishers' files, or skip."""
    beside = paths.home().parent / "shared" / "data"
    folder = Path(os.environ.get("DME_RAW", beside))
    if not folder.is_dir():
        pytest.skip("the raw files are not here: set DME_RAW to their folder")
    return folder


@pytest.fixture
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the committed tables from which `load` reads during the test."""
    folder = tmp_path / "data" / "tables"
    shutil.copytree(paths.tables(), folder)
    monkeypatch.setattr(paths, "tables", lambda: folder)
    return folder


@pytest.fixture
def edit(copies: Path) -> Editor:
    """Return a function that replaces text, found once, in a copied table."""

    def replace(name: str, old: str, new: str) -> None:
        path = copies / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    return replace
