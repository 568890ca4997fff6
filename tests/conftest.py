"""What several tests share."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from dme import paths
from dme.findings import claims

ROOT = Path(__file__).parents[1]

pytest_plugins = ["tests.tried", "tests.turns"]


def _forget() -> None:
    paths.home.cache_clear()
    claims.yardstick.cache_clear()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a copy of the project without results, which a test may change."""
    home = tmp_path / "project"
    for room in ("data", "params", "notebooks", "pages"):
        shutil.copytree(ROOT / room, home / room, ignore=shutil.ignore_patterns(".*"))
    shutil.copyfile(ROOT / "_quarto.yml", home / "_quarto.yml")
    monkeypatch.setenv("DME_HOME", str(home))
    _forget()
    yield home
    _forget()


@pytest.fixture
def writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a project that reads this one's data, with files of parameters of its own.

    It takes a tenth of the time of a copy, and serves where nothing of the data is changed.
    """
    home = tmp_path / "project"
    shutil.copytree(ROOT / "params", home / "params")
    (home / "data").symlink_to(ROOT / "data")
    (home / "notebooks").mkdir()
    monkeypatch.setenv("DME_HOME", str(home))
    _forget()
    yield home
    _forget()


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a place for the socket of a warm parent of its own, which ends at once when idle.

    The path is short: a socket's may have about a hundred characters.
    """
    with tempfile.TemporaryDirectory(prefix="dme-", dir="/tmp", ignore_cleanup_errors=True) as name:
        monkeypatch.setenv("DME_WARM_IDLE", "1")
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        yield Path(name)


@pytest.fixture(scope="module")
def browser():
    """Give headless Chromium; where there is none, the tests that need it are skipped."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if not program and not os.environ.get("CI"):
        pytest.skip("no Chromium is installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


# The parents of warm kernels that tests start are not to stay long after them.
os.environ.setdefault("DME_WARM_IDLE", "60")

# Examples are counted, not timed: a busy machine is no failure.
settings.register_profile("dme", deadline=None, max_examples=25, derandomize=True)
settings.load_profile("dme")
