"""The three lists of packages say the same."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PYTHON_311 = {"python_full_version": "3.11.9", "python_version": "3.11", "sys_platform": "linux"}


def locked(name: str) -> dict[str, str]:
    """Return the versions that a lock gives to Python 3.11 on Linux, by package."""
    pins = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[.*?\])?==(\S+)(?: ; (.*?))?(?: \\)?$", line):
            package, version, marker = match.groups()
            if not marker or Marker(marker).evaluate(PYTHON_311):
                pins[canonicalize_name(package)] = version
    return pins


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def conda() -> tuple[dict[str, str], dict[str, str]]:
    """Return the versions that environment.yml takes from conda, and those from pip."""
    entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    (pip,) = (entry["pip"] for entry in entries if isinstance(entry, dict))
    names = [entry for entry in entries if isinstance(entry, str)]
    return (
        dict(entry.split("=") for entry in names if re.fullmatch(r"[\w-]+=[\d.]+", entry)),
        dict(entry.split("==") for entry in pip if "==" in entry),
    )


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_each_dependency_is_locked_at_a_version_that_the_project_allows(lock):
    pins = locked(lock)
    for line in project()["project"]["dependencies"]:
        wanted = Requirement(line)
        assert Version(pins[canonicalize_name(wanted.name)]) in wanted.specifier, line


def test_what_only_tests_need_is_in_its_own_lock():
    groups = project()["dependency-groups"]
    own, light = locked("requirements-test.lock"), locked("requirements.lock")
    assert {Requirement(line).name for line in groups["test"]} <= set(own)
    assert "pytest" not in light
    assert "playwright" not in light


def test_the_test_lock_adds_to_the_other_and_changes_nothing():
    light, full = locked("requirements.lock"), locked("requirements-test.lock")
    assert {name: full.get(name) for name in light} == light


def test_conda_users_get_the_same_versions_and_quarto():
    from_conda, from_pip = conda()
    pins = locked("requirements.lock")
    named = {canonicalize_name(Requirement(d).name) for d in project()["project"]["dependencies"]}
    listed = {canonicalize_name(n): v for n, v in (from_conda | from_pip).items()}
    assert listed.pop("python") == "3.11"
    assert set(listed) == named
    assert listed == {name: pins[name] for name in named}
    assert "quarto" in (ROOT / "environment.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    pinned = [block for block in blocks if "==" in block.splitlines()[0]]
    assert len(pinned) > 50
    assert all("--hash=sha256:" in block for block in pinned)
