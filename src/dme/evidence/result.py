"""What a section of a notebook found: its figure with all its words, or what it lacks.

The verb `dme.notebook.record` turns either into a finding.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dme.claims import Basis
from dme.findings import Alternative
from dme.measures.estimates.estimate import Estimate
from dme.text import quantity


@dataclass(frozen=True)
class Measured:
    """A figure and its words; the attributes are those of `dme.notebook.finding`."""

    name: str
    title: str
    sentence: str
    estimate: Estimate
    unit: str
    population: str
    year: str
    method: str
    claim: str | None = None
    holds: tuple[bool, ...] = ()
    basis: Basis = "measured"
    caveat: str = ""
    alternatives: tuple[Alternative, ...] = ()
    tables: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[Alternative, ...]:
        """The figure under every specification, the primary one first, for a forest plot."""
        return (Alternative.of("primary specification", self.estimate), *self.alternatives)


@dataclass(frozen=True)
class Lacking:
    """A figure that can't be made; the attributes are those of `dme.notebook.missing`."""

    name: str
    title: str
    lacking: str
    unit: str
    claim: str | None = None


Result = Measured | Lacking


@dataclass(frozen=True)
class Picture:
    """The words of a figure: its title, its note, and what stands in for it.

    Attributes
    ----------
    title, note : str
        What is seen; who is counted, and the source.
    alt : str
        What a reader who can't see it must know.
    """

    title: str
    note: str
    alt: str

    @property
    def words(self) -> dict[str, str]:
        """Title and note, as each function of `dme.figures` takes them."""
        return {"title": self.title, "note": self.note}


def alternatives(estimates: Mapping[str, Estimate]) -> tuple[Alternative, ...]:
    """Return estimates under the names of their specifications, in their order."""
    return tuple(Alternative.of(label, estimate) for label, estimate in estimates.items())


def listed(choices: Iterable[Alternative], unit: str) -> str:
    """Return choices in words, such as ``label 24.1%; label 21.0%``, for a figure's alt text.

    Parameters
    ----------
    choices : iterable of Alternative
        What is listed.
    unit : str
        See `dme.text.quantity`.
    """
    return "; ".join(f"{choice.label} {quantity(choice.value, unit)}" for choice in choices)
