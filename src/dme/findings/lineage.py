"""Sets of a table's rows, as the bits of a whole number, and in writing: ``3-40,55``."""

import numpy as np
import numpy.typing as npt


def of_places(places: npt.NDArray[np.int64]) -> int:
    """Return the set of the rows at these places, from 0."""
    if not len(places):
        return 0
    held = np.zeros(int(places.max()) + 1, dtype=bool)
    held[places] = True
    return int.from_bytes(np.packbits(held, bitorder="little").tobytes(), "little")


def places(rows: int) -> npt.NDArray[np.int64]:
    """Return where the rows of a set stand, from 0."""
    content = rows.to_bytes((rows.bit_length() + 7) // 8, "little")
    bits = np.unpackbits(np.frombuffer(content, dtype=np.uint8), bitorder="little")
    return np.flatnonzero(bits)


def written(rows: int) -> str:
    """Return the numbers of a set's rows, from 1, such as ``3-40,55``."""
    numbers = places(rows) + 1
    if not len(numbers):
        return ""
    ends = np.flatnonzero(np.diff(numbers) != 1)
    firsts, lasts = numbers[np.r_[0, ends + 1]], numbers[np.r_[ends, len(numbers) - 1]]
    runs = zip(firsts.tolist(), lasts.tolist(), strict=True)
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def numbers_of(ranges: str) -> list[int]:
    """Return the numbers of the rows that are written as ``3-40,55``."""
    found: list[int] = []
    for run in filter(None, ranges.split(",")):
        first, _, last = run.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found
