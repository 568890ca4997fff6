"""The answer of the notebook on partnerships, in plain words."""

from dme.evidence.partnerships.absence import Absence
from dme.evidence.partnerships.alignment import Alignment
from dme.evidence.partnerships.comments import Comments
from dme.evidence.partnerships.record import Record
from dme.evidence.partnerships.voice import Voice
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured
from dme.text import quantity, span


def answered(
    place: Place,
    record: Record,
    alignment: Alignment,
    absence: Absence,
    voice: tuple[Voice, Comments],
) -> str:
    """Return what was found of partners, community schools and voice, as Markdown.

    Parameters
    ----------
    record, alignment, absence : Record, Alignment, Absence
        What the sections on partners and community schools found.
    voice : tuple of Voice, Comments
        What the sections on the community's voice found.
    """
    parts = [
        _partners(place, record),
        _aligned(place, alignment),
        _absence(place, absence),
        _voice(place, *voice),
    ]
    return "\n\n".join(parts)


def _partners(place: Place, record: Record) -> str:
    head = "**Partners.** "
    if isinstance(record.many, Measured):
        return f"{head}{record.many.sentence}"
    if record.bounds is None:
        return (
            f"{head}The public record that was found is empty: no page names a partner of a "
            f"school of {place.own}. A partner inventory of the district would fill it."
        )
    fewest, most, of = record.bounds
    return (
        f"{head}Public pages name a partner at **{fewest} of {of}** schools of {place.own}; with "
        f"the schools that they count and do not name it could be {most}. The study found many; "
        "the record can't tell whether most schools had one, as no inventory of partners is public."
    )


def _aligned(place: Place, alignment: Alignment) -> str:
    head = "**Alignment.** "
    if isinstance(alignment.none, Measured):
        return f"{head}{alignment.none.sentence}"
    return (
        f"{head}Whether the partners of {place.own} served the district's priorities can't be "
        "told from public pages, which name few of them. The notebook reads a district's own "
        "inventory, coded by one or two people, and answers from it."
    )


def _absence(place: Place, absence: Absence) -> str:
    head = "**Community schools.** "
    test, change, fell = absence.test, absence.change, absence.fell
    if test is None or isinstance(change, Lacking) or isinstance(fell, Lacking):
        return f"{head}The tables name no community school of {place.own} that could be followed."
    found = change.estimate
    return (
        f"{head}{fell.sentence.split('. ')[0].replace('the rate', 'chronic absenteeism')}. "
        "Against other schools of the same level they changed by "
        f"**{found.value:+.1f} percentage points** ({span(found.low, found.high, '')}); chance "
        f"alone gives as much {test.p:.0%} of the time, and with so few schools only an effect of "
        f"about {test.detectable:.0f} points or more would show. The record has no year before "
        "they began."
    )


def _voice(place: Place, voice: "Voice", comments: "Comments") -> str:
    head = "**Voice.** "
    if isinstance(comments.themes, Measured):
        agreed = (
            f" Two coders' kappa: {quantity(round(comments.agreed.estimate.value), 'percent')}."
            if isinstance(comments.agreed, Measured)
            else ""
        )
        return f"{head}The theme of most comments is {comments.themes.sentence}{agreed}"
    if isinstance(voice.areas, Measured):
        return (
            f"{head}{voice.areas.sentence} That is a match, not a proof that the conversations "
            "shaped the plan: the comments themselves are not public."
        )
    return f"{head}No comments of the community of {place.own} are public."
