"""What the one run record tells of a study: parameters, inputs, environment, times, exhibits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from dme import lasted, paths, strict_yaml, up_to_date
from dme.audit import record
from dme.audit.crate.exhibits import Exhibit, exhibits
from dme.audit.crate.files import read_files, withheld
from dme.errors import DmeError
from dme.findings import notebooks
from dme.findings.claims import yardstick
from dme.study import Study, read
from dme.tables.dictionary import Provenance, provenances
from dme.up_to_date import STUDY

CITATION = "CITATION.cff"


@dataclass(frozen=True)
class Told:
    """A study that has been run, and whose results stand.

    Attributes
    ----------
    study : Study
        Its parameters.
    record : RunRecord
        What its results were made of.
    times : mapping of str to (datetime, datetime)
        When each notebook began and ended.
    """

    study: Study
    record: up_to_date.RunRecord
    times: Mapping[str, tuple[datetime, datetime]]

    @property
    def name(self) -> str:
        """The study's name."""
        return self.study.study

    @property
    def title(self) -> str:
        """What it is called."""
        return f"A district's resource study, recomputed: {self.name}"

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
        return exhibits(notebooks(self.name), claimed=yardstick().speak_of(self.study))

    @cached_property
    def read(self) -> Mapping[str, str]:
        """The files that its notebooks read, with their checksums."""
        return read_files(self.record)

    @cached_property
    def withheld(self) -> Sequence[str]:
        """Those of them that no crate takes in."""
        return sorted(withheld(self.study, self.read))

    @property
    def verifiable(self) -> bool:
        """Whether there is a record to verify the study by, or its results can be one."""
        alone = not any(name.startswith("results/") for name in self.read)
        return record.place(self.name).is_file() or alone

    @cached_property
    def tables(self) -> Mapping[str, Provenance]:
        """The tables that its notebooks read, by path in the project, with their raw files."""
        folder = paths.relative(self.study.folder)
        every = provenances(self.study.folder).items()
        return {path: one for name, one in every if (path := f"{folder}/{name}.csv") in self.read}

    @cached_property
    def citation(self) -> Mapping[str, Any]:
        """How the project says that it is to be cited; empty where it does not."""
        file = paths.home() / CITATION
        told = strict_yaml.read(file).typed() if file.is_file() else {}
        return told if isinstance(told, dict) else {}


def known(name: str) -> Told:
    """Return what is known of a study that has been run.

    Raises
    ------
    DmeError
        If it has not been run, or something changed since that its results were made of.
    """
    notebooks(name)
    folder, file = paths.results(name), paths.home() / "params" / f"{name}.yml"
    again = f"Run it again: dme run {paths.relative(file if file.is_file() else folder / STUDY)}"
    ran = up_to_date.read(folder)
    if ran is None or up_to_date.digest(folder / STUDY) != ran.study:
        message = f'The results of "{name}" do not tell what they were made of. {again}'
        raise DmeError(message)
    wanted = read(file, content=False).model_dump(mode="json") if file.is_file() else None
    for source in up_to_date.notebooks():
        made = ran.notebooks.get(source.stem)
        if why := up_to_date.reasons(made, source, folder / source.name, wanted):
            message = (
                f'The results of "{name}" are of an earlier state than the files that would go '
                f"with them.\n{source.stem}: {up_to_date.told(why)}.\n{again}"
            )
            raise DmeError(message)
    took = {n: (_moment(one.started), _moment(one.ended)) for n, one in lasted.read(folder).items()}
    if not ran.notebooks.keys() <= took.keys():
        message = f'The results of "{name}" do not tell when they were made. {again} --force'
        raise DmeError(message)
    return Told(read(folder / STUDY, content=False), ran, took)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
