"""The landing page: what was claimed, how much of it holds, one picture, and what became of it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from dme.findings import Entry
from dme.findings.claims import Yardstick
from dme.publish.landing.against import Picture, of_claims, of_peers
from dme.publish.landing.picture import picture
from dme.publish.landing.preview import preview
from dme.publish.landing.sentences import sentences
from dme.publish.landing.since import since
from dme.publish.landing.tally import counted, tally

__all__ = ["file", "parts"]


def parts(entries: Sequence[Entry], claims: Yardstick | None, place: str) -> Mapping[str, str]:
    """Return the generated parts of the landing page's first screens, by the name of their file.

    Parameters
    ----------
    entries : sequence of Entry
        The ledger of a study.
    claims : Yardstick or None
        All claims, where they speak of the study.
    place : str
        The name of its district.
    """
    return {
        "_tally.md": tally(entries, claims) if claims else "",
        "_picture.md": picture(_shown(entries, claims, place)),
        "_sentences.md": sentences(entries, place, claimed=claims is not None),
        "_since.md": since(entries, claimed=claims is not None),
    }


def file(entries: Sequence[Entry], claims: Yardstick | None, place: str, title: str) -> bytes:
    """Return the landing page's picture as a PNG file, under the site's title; see `parts`."""
    counts = counted(entries, claims) if claims else Counter()
    return preview(_shown(entries, claims, place), counts, title)


def _shown(entries: Sequence[Entry], claims: Yardstick | None, place: str) -> Picture:
    return of_claims(entries, claims) if claims else of_peers(entries, place)
