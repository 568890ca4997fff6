"""Teaching and learning: teacher teams, breadth of programs, support for teachers' learning."""

from dme.evidence.place import place
from dme.evidence.teaching.answer import answer
from dme.evidence.teaching.pooled import conversion
from dme.evidence.teaching.schools import Rolls, schools
from dme.evidence.teaching.sections import sections
from dme.evidence.teaching.services import arts_access, services
from dme.evidence.teaching.specialists import specialists
from dme.evidence.teaching.staff import teachers, teachers_per_grade
from dme.evidence.teaching.support import CURRICULA, SURVEY, coaches, improvement, qualified

__all__ = [
    "CURRICULA",
    "SURVEY",
    "Rolls",
    "answer",
    "arts_access",
    "coaches",
    "conversion",
    "improvement",
    "place",
    "qualified",
    "schools",
    "sections",
    "services",
    "specialists",
    "teachers",
    "teachers_per_grade",
]
