"""How raw files become tables: a recipe names the tables that it makes, and makes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dme.tables.sources import Source, listed

Frames = dict[str, pd.DataFrame]
_YEAR = len("2016-17")


@dataclass(frozen=True)
class RawFolder:
    """The raw files by the id of their source."""

    folder: Path
    sources: Mapping[str, Source]

    def path(self, source: str) -> Path:
        """Return the raw file of a source: as it is named, or gzipped with ``.gz`` added."""
        return self.sources[source].file_in(self.folder)

    def series(self, source: str) -> dict[str, Path]:
        """Return the raw files of a series by school year, in order."""
        return {one[-_YEAR:]: self.path(one) for one in listed([source], self.sources)}


@dataclass(frozen=True)
class Recipe:
    """One step from raw files to tables.

    Attributes
    ----------
    tables : tuple of str
        The tables that it makes.
    make : callable
        Called with the raw files and the frames made by earlier recipes; returns a frame for
        each of its tables. A frame may carry more columns than its table: those named
        ``district_code`` and ``school`` tell the register of schools what a school is called.
    """

    tables: tuple[str, ...]
    make: Callable[[RawFolder, Frames], Frames]
