"""Which files of the project a crate takes in: what a study was made of, and what runs it again."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from dme import paths, up_to_date
from dme.study import Study
from dme.study.parameters import OWN_FILES
from dme.tables import own

_PACKAGE = Path(__file__).parents[2]
# What sets the project up, runs it and says how it may be used, as far as it is there.
_TOP = (
    "LICENSE*", "CITATION.cff", "CHANGELOG.md", "Makefile", "pyproject.toml", "requirements.lock",
    "environment.yml", "_quarto.yml", "pages/*", "notebooks/*.ipynb", "data/*.yml",
    "data/*.json", "data/schema/*", "data/typed/*",
)  # fmt: skip


def withheld(study: Study, read: Iterable[str]) -> set[str]:
    """Return the files of a district's own among those that were read.

    They may hold what its people said or what is not public, so no export hands them on.
    """
    named = {getattr(study, key) for key in OWN_FILES} - {""}
    return {name for name in read if name in named or name.startswith(f"{own.FOLDER}/")}


def read_files(record: up_to_date.RunRecord) -> dict[str, str]:
    """Return the files that a study's notebooks read, with their checksums.

    What a data package tells of a table, which files a folder holds and that a file is not there
    are read too, and are no files.
    """
    return {
        name: digest
        for made in record.notebooks.values()
        for name, digest in (made.files or {}).items()
        if "#" not in name and not name.endswith("/") and digest != up_to_date.ABSENT
    }


def gathered(study: Study, record: up_to_date.RunRecord) -> dict[str, Path]:
    """Return the files that a crate of a study takes in, by their path in it, sorted."""
    home, results = paths.home(), paths.results(study.study)
    read = read_files(record)
    kept = read.keys() - withheld(study, read)
    found = {name: home / name for name in kept if not name.startswith("src/dme/")}
    found |= {f"src/dme/{name}": path for name, path in _below(_PACKAGE)}
    every = (
        *_TOP,
        f"params/{study.study}.yml",
        f"params/sweeps/{study.sweep}.yml",
        f"data/record/{study.study}.json",
    )
    found |= {
        path.relative_to(home).as_posix(): path
        for pattern in every
        for path in home.glob(pattern)
        if path.is_file()
    }
    # The parameters are checked against all tables of their folder.
    for folder in (study.folder, results):
        shown = paths.relative(folder)
        found |= {f"{shown}/{name}": path for name, path in _below(folder)}
    package = study.folder.parent / "datapackage.json"
    found[paths.relative(package)] = package
    return dict(sorted(found.items()))


def _below(folder: Path, without: Collection[str] = ("__pycache__",)) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder, each with its path in it; none that is hidden."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part in without or part.startswith(".") for part in parts)
        if path.is_file() and not hidden:
            yield "/".join(parts), path
