"""What a record holds in which years, where a study chose one that it does not hold."""

from collections.abc import Iterable

from dme.errors import Lacking
from dme.text import years_held


def lacking_in(held: Iterable[str], what: str, when: str) -> Lacking:
    """Return the error that a record has nothing of a time, with the years that it has.

    Where it has others, the choice of the year is the cause; where it has none, the record.

    Parameters
    ----------
    held : iterable of str
        The school years in which the record has it.
    what, when : str
        What is sought, and of whom; such as ``in 2015-16`` or ``up to 2015-16``.
    """
    if not (years := years_held(held)):
        return Lacking(f"the tables hold no {what}")
    return Lacking(f"the tables hold no {what} {when}; they have {years}", by_choice=True)
