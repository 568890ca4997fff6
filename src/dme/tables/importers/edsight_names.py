"""The codes of schools and districts that are printed by name only: looked up by exact names."""

from collections.abc import Iterable

from dme.text import first_year

# How a code was found: in the list of the same school year, or of another.
SAME, OTHER = "same year", "other year"

# The district and, of a school, the school, as printed.
Name = tuple[str, ...]


class Names:
    """Codes by name and year, from EdSight's files that print both.

    A name that a file gives to two codes leads to neither.
    """

    def __init__(self) -> None:
        self._codes: dict[Name, dict[str, str]] = {}

    def learn(self, listed: Iterable[tuple[str, Name, str]]) -> None:
        """Take in the years, names and codes of a file; what an earlier file says stands."""
        found: dict[tuple[Name, str], set[str]] = {}
        for year, name, code in listed:
            found.setdefault((_plain(name), year), set()).add(code)
        for (name, year), codes in found.items():
            if len(codes) == 1:
                self._codes.setdefault(name, {}).setdefault(year, *codes)

    def code(self, name: Name, year: str) -> tuple[str, str] | None:
        """Return the code of a name, and whether its own year or another told it.

        Where its year tells nothing, the nearest year does, the earlier of two. None is returned
        where no year lists the name.
        """
        by_year = self._codes.get(_plain(name))
        if by_year is None:
            return None
        start = first_year(year)
        nearest = min(by_year, key=lambda other: (abs(first_year(other) - start), other))
        return by_year[nearest], SAME if nearest == year else OTHER


def _plain(name: Name) -> Name:
    """Return a name with single blanks: some of EdSight's reports fold double ones."""
    return tuple(" ".join(part.split()) for part in name)
