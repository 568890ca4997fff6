"""The landing page: what was claimed, how much of it holds, one picture, and what became of it."""

from collections.abc import Mapping, Sequence

from dme.findings import Entry
from dme.findings.claims import Yardstick
from dme.publish.landing.against import of_claims, of_peers
from dme.publish.landing.picture import picture
from dme.publish.landing.sentences import sentences
from dme.publish.landing.since import since
from dme.publish.landing.tally import tally

__all__ = ["parts"]


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
    shown = of_claims(entries, claims) if claims else of_peers(entries, place)
    return {
        "_tally.md": tally(entries, claims) if claims else "",
        "_picture.md": picture(shown),
        "_sentences.md": sentences(entries, place, claimed=claims is not None),
        "_since.md": since(entries),
    }
