"""Write the pages of a study's schools."""

from pathlib import Path

from dme.findings import ledger
from dme.publish.config import Config
from dme.publish.own_page import write_page
from dme.publish.schools.entering import entering
from dme.publish.schools.figures import figures
from dme.publish.schools.page import Shared, page
from dme.publish.schools.register import Register
from dme.study import Study

_WAYS = (("schools.html", "Schools"),)
_SIZE = "school-size"


def write(study: Study, folder: Path, settings: Config) -> tuple[str, ...]:
    """Write a page for each school of a study's district into the folder of its built pages.

    Parameters
    ----------
    study : Study
        The parameters that ran.
    folder : Path
        Where the study's built pages lie.
    settings : Config
        Those of its site.

    Returns
    -------
    tuple of str
        The pages that were written, as seen from the study's folder.
    """
    register, entries = Register(study), ledger(study.study)
    if not register.names:
        return ()
    sizes = [f"../{one.link}" for one in entries if one.finding.id == _SIZE and one.finding.told]
    shared = Shared(
        register,
        figures(register),
        entering(entries, study, register.names),
        next(iter(sizes), ""),
        _WAYS,
    )
    for code in register.names:
        write_page(page(code, shared), folder, settings)
    return tuple(register.pages.values())
