"""What the one run record tells of a study: parameters, inputs, environment, times, exhibits."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from dme import paths, strict_yaml, up_to_date
from dme.audit.crate.exhibits import Exhibit, exhibits
from dme.audit.crate.files import read_files, withheld
from dme.errors import DmeError
from dme.findings import notebooks
from dme.findings.claims import yardstick
from dme.study import Study, read
from dme.tables.dictionary import Provenance, provenances


@dataclass(frozen=True)
class Told:
    """A study that has been run, whose results stand.

    Attributes
    ----------
    study : Study
        Its parameters.
    record : RunRecord
        What its results were made of.
    times : mapping of str to (datetime, datetime)
        When each notebook began and ended.
    citation : mapping
        How the project says that it is to be cited.
    """

    study: Study
    record: up_to_date.RunRecord
    times: Mapping[str, tuple[datetime, datetime]]
    citation: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The study's name."""
        return self.study.study

    @property
    def started(self) -> datetime:
        """When the first of its notebooks began."""
        return min(began for began, _ in self.times.values())

    @property
    def ended(self) -> datetime:
        """When the last of its notebooks ended."""
        return max(ended for _, ended in self.times.values())

    @cached_property
    def exhibits(self) -> Sequence[Exhibit]:
        """Its figures, tables and in-text numbers."""
        claimed = yardstick().speak_of(self.study)
        return exhibits(notebooks(self.name), claimed=claimed)

    @cached_property
    def tables(self) -> Mapping[str, Provenance]:
        """The tables that its notebooks read, with the raw files that they were made of."""
        known = provenances(self.study.folder)
        folder = paths.relative(self.study.folder)
        read_by_it = {Path(name).stem for name in self.read if name.startswith(f"{folder}/")}
        return {name: one for name, one in known.items() if name in read_by_it}

    @cached_property
    def read(self) -> Mapping[str, str]:
        """The files that its notebooks read, with their checksums."""
        return read_files(self.record)

    @cached_property
    def withheld(self) -> Sequence[str]:
        """Those of them that no crate takes in."""
        return sorted(withheld(self.study, self.read))


def told(name: str) -> Told:
    """Return what is known of a study that has been run.

    Raises
    ------
    DmeError
        If it has not been run, or something changed since that its results were made of.
    """
    notebooks(name)
    folder = paths.results(name)
    record = up_to_date.read(folder)
    again = f"Run the study: dme run {_parameters_file(name)}"
    if record is None or up_to_date.digest(folder / up_to_date.STUDY) != record.study:
        message = f'The results of "{name}" do not tell what they were made of. {again}'
        raise DmeError(message)
    file = paths.home() / "params" / f"{name}.yml"
    wanted = read(file, content=False).model_dump(mode="json") if file.is_file() else None
    for source in up_to_date.notebooks():
        made = record.notebooks.get(source.stem)
        if why := up_to_date.reasons(made, source, folder / source.name, wanted):
            message = (
                f'The results of "{name}" are of an earlier state than what would be exported with '
                f"them: {source.name}: {up_to_date.told(why)}.\n{again}"
            )
            raise DmeError(message)
    times = {
        name: (_moment(one.started), _moment(one.ended)) for name, one in lasted.read(folder).items()
    }
    if times.keys() != record.notebooks.keys():
        message = f'The results of "{name}" do not tell when they were made. {again} --force'
        raise DmeError(message)
    return Told(read(folder / up_to_date.STUDY, content=False), record, times)


def _parameters_file(name: str) -> Path:
    """Return the file of a study's parameters: the project's, else that beside its results."""
    file = paths.home() / "params" / f"{name}.yml"
    return file if file.is_file() else paths.results(name) / up_to_date.STUDY


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
