"""The codes of schools that EdSight prints by name only: looked up by the names it prints."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dme.text import first_year

SAME, OTHER = "same year", "other year"


def plain(name: str) -> str:
    """Return a name with single blanks: some of EdSight's reports fold double ones."""
    return " ".join(name.split())


@dataclass(frozen=True)
class Listed:
    """A school or district as one of EdSight's files names it.

    Attributes
    ----------
    year : str
        The school year of the file.
    name : tuple of str
        The district and, of a school, the school, as printed.
    code : str
        Its code.
    """

    year: str
    name: tuple[str, ...]
    code: str


@dataclass
class Names:
    """Codes by name and year, from EdSight's files that print both.

    A name that a file gives to two codes leads to neither.
    """

    _codes: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)

    def learn(self, listed: Iterable[Listed]) -> None:
        """Take in a file; what an earlier file says of a name and year stands."""
        found: dict[tuple[tuple[str, ...], str], set[str]] = {}
        for one in listed:
            name = tuple(plain(part) for part in one.name)
            found.setdefault((name, one.year), set()).add(one.code)
        for (name, year), codes in found.items():
            if len(codes) == 1:
                self._codes.setdefault(name, {}).setdefault(year, next(iter(codes)))

    def code(self, name: tuple[str, ...], year: str) -> tuple[str, str] | None:
        """Return the code of a name, and whether its own year or another told it.

        Parameters
        ----------
        name : tuple of str
            The district and, of a school, the school.
        year : str
            The school year; where it tells nothing, the nearest year does, the earlier of two.

        Returns
        -------
        tuple of str, or None
            The code and ``same year`` or ``other year``; None where no year lists the name.
        """
        by_year = self._codes.get(tuple(plain(part) for part in name))
        if by_year is None:
            return None
        if year in by_year:
            return by_year[year], SAME
        start = first_year(year)
        nearest = min(by_year, key=lambda other: (abs(first_year(other) - start), other))
        return by_year[nearest], OTHER
