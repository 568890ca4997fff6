"""The limits that a plan is held to, each of which can be hard or give way."""

from dataclasses import dataclass, fields, replace
from typing import Any

from dme.errors import DmeError


@dataclass(frozen=True)
class Limits:
    """What a plan must keep; None where nothing is asked.

    Attributes
    ----------
    seats : float
        Most share of a site's seats that may be filled by pupils who move there. A site that
        is fuller than that now keeps its pupils and takes no others.
    closures : int, optional
        Fewest sites that close.
    sites : int, optional
        Fewest sites that stay open.
    displacement : float, optional
        Most share of all pupils who lose their site or its band.
    distance : tuple of float, optional
        Most kilometers to school for a pupil who moves, by band.
    utilization : float, optional
        Least share of all open seats that are filled, the open sites together.
    floor : float, optional
        Least share of its seats that each open site fills.
    full : tuple of float, optional
        Least share of all pupils in sites of at least such a utilization: (share, utilization).
    feeders : float, optional
        Wherever a site ends with a band, the next band is taught within so many kilometers.
    pathways : bool
        Whether each community keeps a site for each band that it has one for today.
    access : float, optional
        Least mean growth of the sites to which pupils of the areas without access go.
    km : float, optional
        Most kilometers to school on average, of pupils whose area has a place.
    dollars : float, optional
        Most dollars a year, of what depends on the plan.
    """

    seats: float = 1.0
    closures: int | None = None
    sites: int | None = None
    displacement: float | None = None
    distance: tuple[float, ...] | None = None
    utilization: float | None = None
    floor: float | None = None
    full: tuple[float, float] | None = None
    feeders: float | None = None
    pathways: bool = False
    access: float | None = None
    km: float | None = None
    dollars: float | None = None

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        for name in ("displacement", "utilization", "floor"):
            share = getattr(self, name)
            if share is not None and not 0 <= share <= 1.5:
                message = f"The limit on {name} is a share from 0 to 1, not {share:g}."
                raise DmeError(message)

    @property
    def asked(self) -> tuple[str, ...]:
        """Names of the limits that are asked for; `seats` always is."""
        return tuple(each.name for each in fields(self) if _asks(getattr(self, each.name)))

    def without(self, *names: str) -> "Limits":
        """Return the limits without those of the given names."""
        return replace(self, **{name: _unset(name) for name in names})

    def only(self, *names: str) -> "Limits":
        """Return the limits of the given names, and no others."""
        return self.without(*(name for name in self.asked if name not in names))


def _asks(value: Any) -> bool:
    return value is not None and value is not False


def _unset(name: str) -> Any:
    return {"seats": float("inf"), "pathways": False}.get(name)


UNITS = {
    "seats": "pupils without a seat",
    "closures": "closures short",
    "sites": "open sites short",
    "displacement": "pupils displaced beyond it",
    "distance": "pupils sent farther",
    "utilization": "open seats too many",
    "floor": "open seats short of pupils",
    "full": "pupils short of it",
    "feeders": "bands of sites without a next one near",
    "pathways": "bands missing in a community",
    "access": "pupil-points of growth short",
    "km": "pupil-kilometers beyond it",
    "dollars": "dollars beyond it",
}
"""What a limit's violation counts."""
