"""The errors that are meant for people: they say what was wrong, where, and what to do."""


class DmeError(Exception):
    """An error whose message is complete: the command line prints it and nothing else.

    The first line says what went wrong; further lines say where, what was expected and
    what to do about it.
    """
