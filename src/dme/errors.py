"""The errors that are meant for people: they say what was wrong, where, and what to do."""

import linecache
import traceback


class DmeError(Exception):
    """An error whose message is complete: the command line prints it and nothing else.

    The first line says what went wrong; further lines say where, what was expected and
    what to do about it.
    """

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: its own lines that led here, and the message."""
        led = [
            f"{frame.f_code.co_name.replace('<module>', 'the cell')}, line {line}: "
            f"{linecache.getline(frame.f_code.co_filename, line).strip()}"
            for frame, line in traceback.walk_tb(self.__traceback__)
            if frame.f_globals.get("__name__") == "__main__"
        ]
        return [*led, f"{type(self).__name__}: {self}"]


class Lacking(DmeError):
    """A figure can't be made; the message says what it lacks, as the rest of a sentence.

    Raised by whatever notices it first, and turned into "not measured" in one place
    (`dme.findings.declared`). Where the record lacks the data, a claim is "not testable"; where
    the parameters leave a group empty, other parameters would do and no verdict is given.

    Parameters
    ----------
    what : str
        Such as "no school of Hartford has 100 students or more".
    by_choice : bool
        Whether the parameters are the cause and not the record.
    """

    def __init__(self, what: str, *, by_choice: bool = False) -> None:
        super().__init__(what)
        self.by_choice = by_choice
