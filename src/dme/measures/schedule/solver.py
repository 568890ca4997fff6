"""The solver's settings: one thread, a fixed seed, an effort that no clock measures."""

from ortools.sat.python import cp_model


def solver(effort: float) -> cp_model.CpSolver:
    """Return a CP-SAT solver that gives the same answer on every machine.

    Parameters
    ----------
    effort : float
        Limit on the solver's deterministic time, roughly seconds on an idle machine.
    """
    engine = cp_model.CpSolver()
    engine.parameters.num_workers = 1
    engine.parameters.random_seed = 1
    engine.parameters.max_deterministic_time = effort
    return engine
