"""What the notebook on partnerships presents: partners, priorities, absence, community voice."""

from dme.evidence.partnerships.absence import absence
from dme.evidence.partnerships.alignment import alignment, shown_codebook
from dme.evidence.partnerships.answer import answered
from dme.evidence.partnerships.cohort import community_schools, followed
from dme.evidence.partnerships.comments import comments
from dme.evidence.partnerships.coverage import coverage
from dme.evidence.partnerships.record import partners_on_record
from dme.evidence.partnerships.voice import wishes
from dme.evidence.place import place
from dme.measures.partnerships.partner_record import magnets

__all__ = [
    "absence",
    "alignment",
    "answered",
    "comments",
    "community_schools",
    "coverage",
    "followed",
    "magnets",
    "partners_on_record",
    "place",
    "shown_codebook",
    "wishes",
]
