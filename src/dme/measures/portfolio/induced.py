"""A good answer near a known one, found quickly: the neighborhood that the relaxation induces.

The relaxation of a location model is nearly whole. Where it agrees with a known answer, such as
the district as it is, the small program that is left once these variables are held gives a good
answer in a fraction of the time that the whole takes (Danna, Rothberg and Le Pape, 2005). It
proves nothing of the whole beyond the relaxation's bound.
"""

import numpy as np

from dme.measures.portfolio.program import Answer, Effort, Program, minimize

_SAME = 1e-6


def near_known(
    program: Program,
    objective: np.ndarray,
    known: tuple[np.ndarray, np.ndarray],
    effort: Effort,
    fixed: tuple[np.ndarray, np.ndarray] | None = None,
) -> Answer:
    """Return the best answer that keeps what a known one and the relaxation agree about.

    Parameters
    ----------
    program, objective
        See `dme.measures.portfolio.program.minimize`.
    known : pair of ndarray
        Variables that must be whole, and their values in the known answer, which need not keep
        the program's rows.
    effort : Effort
        When the search of the small program may stop; its time runs for the relaxation too.
    fixed : pair of ndarray, optional
        Variables and the values that they are held at.

    Returns
    -------
    Answer
        ``impossible`` where the relaxation already is; else ``stopped``, or ``nothing found``.
        The bound is the relaxation's.
    """
    effort = effort.begun()
    bound = minimize(program, objective, effort, fixed=fixed, relaxed=True)
    if not bound.found:
        return bound
    variables, values = known
    same = np.abs(bound.values[variables] - values) < _SAME
    held = variables[same], values[same]
    if fixed is not None:
        held = np.concatenate([held[0], fixed[0]]), np.concatenate([held[1], fixed[1]])
    small = minimize(program, objective, effort, fixed=held)
    ended = "stopped" if small.found else "nothing found"
    return Answer(ended, small.values, small.value, bound.bound)
