"""A later year's raw files: known by the names of their series, and entered in the list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dme.errors import DmeError
from dme.tables.importers.sheet import lines
from dme.tables.sources import YEAR, Series, Source, growing, read_sources
from dme.text import first_year, shown

_PACKED = ".gz"


@dataclass(frozen=True)
class Later:
    """What a folder holds beyond the list of raw files.

    Attributes
    ----------
    rows : mapping of Source to int
        The files of later years, which join their series, each with its lines below the heading.
    left_out : tuple of str
        Why another file of a series' name does not, a sentence for each.
    """

    rows: Mapping[Source, int] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def later(raw: Path, listing: Path, known: Mapping[str, Source]) -> Later:
    """Find the files in `raw` that go on series which grow, and are not listed.

    A year joins where every series of its group has it: of Hartford alone it would be a year that
    nothing can be compared in, and yet the newest.

    Parameters
    ----------
    raw : Path
        Folder of the publishers' files.
    listing : Path
        The list of raw files.
    known : mapping of str to Source
        What stands in it.
    """
    groups: dict[str, dict[str, Series]] = defaultdict(dict)
    for series in growing(listing):
        groups[series.group][series.id] = series
    listed = {source.file for source in known.values()}
    rows, left_out = {}, []
    for members in groups.values():
        years: dict[str, list[Series]] = defaultdict(list)
        for series in members.values():
            for name, year in _named(raw, series.file):
                if name in listed:
                    continue
                if why := _no_later_year(year, series):
                    left_out.append(f"{name}: {why}.")
                else:
                    years[year].append(series)
        for year, there in sorted(years.items()):
            lacking = [one.of(year).file for one in members.values() if one not in there]
            if lacking:
                named = ", ".join(one.of(year).file for one in there)
                left_out.append(
                    f"{named}: {year} joins the tables when {', '.join(lacking)} is there too."
                )
            else:
                rows |= dict(_read(one.of(year), raw) for one in there)
    return Later(rows, tuple(left_out))


def _named(raw: Path, file: str) -> Iterator[tuple[str, str]]:
    """Yield the files of a series' name, and what stands where the year should."""
    before, _, after = file.partition(YEAR)
    for pattern in (f"{before}*{after}", f"{before}*{after}{_PACKED}"):
        for path in sorted(raw.glob(pattern)):
            name = path.relative_to(raw).as_posix().removesuffix(_PACKED)
            yield name, name.removeprefix(before).removesuffix(after)


def _no_later_year(year: str, series: Series) -> str:
    try:
        first_year(year)
    except DmeError:
        return f'"{shown(year, bare=True)}" is no school year; one reads like "{series.last}"'
    return "" if year > series.last else f"its series has later years, to {series.last}"


def _read(source: Source, raw: Path) -> tuple[Source, int]:
    described = source.model_copy(update={"sha256": source.digest_in(raw)})
    return described, sum(1 for _ in lines(source.file_in(raw))) - 1


def enter(sources: Iterable[Source], listing: Path) -> None:
    """Add the checksums of later years to their series in the list, and change nothing else of it.

    Raises
    ------
    DmeError
        If the list does not say the same as before and the new years besides; it is left as it was.
    """
    sources = tuple(sources)
    text = listing.read_text(encoding="utf-8").splitlines(keepends=True)
    for source in sources:
        series, year = source.id[: -len("-2016-17")], source.id[-len("2016-17") :]
        at = text.index(f"- id: {series}\n")
        at = text.index("  files:\n", at) + 1
        while text[at].startswith("    "):
            at += 1
        text.insert(at, f'    {year}: "{source.sha256}"\n')
    expected = read_sources(listing) | {source.id: source for source in sources}
    draft = listing.with_name(f".{listing.name}")
    draft.write_text("".join(text), encoding="utf-8", newline="\n")
    try:
        if read_sources(draft) != expected:
            message = f"{listing.name} is written in another way than its entries here"
            raise DmeError(message)
        draft.replace(listing)
    finally:
        draft.unlink(missing_ok=True)
