"""A mixed-integer program as arrays, and its solution with the solver's own bound.

The solver is HiGHS (Huangfu and Hall, 2018) through OR-Tools' MathOpt. Its answer is kept with
the bound that it proved itself; whether the answer is good enough follows from these two alone.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
    solution_pb2,
)
from ortools.math_opt.core.python import solver

from dme.errors import DmeError

SEED = 2017
_ENDED = {
    result_pb2.TERMINATION_REASON_OPTIMAL: "solved",
    result_pb2.TERMINATION_REASON_FEASIBLE: "stopped",
    result_pb2.TERMINATION_REASON_NO_SOLUTION_FOUND: "nothing found",
    result_pb2.TERMINATION_REASON_INFEASIBLE: "impossible",
    result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED: "impossible",
}


@dataclass(frozen=True)
class Effort:
    """When a search may stop.

    Attributes
    ----------
    gap : float
        Share of the answer's value by which the bound may lie below it.
    absolute_gap : float
        The same as an amount; the search stops at whichever comes first.
    seconds : float
        A safety net, for all phases of a search together (see `begun`): an answer that it cut
        short says so (`Answer.proven`).
    clock : callable
        Gives the seconds that have passed since some moment.
    ends : float, optional
        What the clock shows when a search that has begun must be over.
    """

    gap: float = 1e-4
    absolute_gap: float = 1e-6
    seconds: float = 600.0
    clock: Callable[[], float] = time.monotonic
    ends: float | None = None

    def begun(self) -> Self:
        """Return the same effort with its time running; one that runs already runs on."""
        if self.ends is not None:
            return self
        return replace(self, ends=self.clock() + self.seconds)

    @property
    def left(self) -> float:
        """Seconds left: all of them where the time isn't running."""
        return self.seconds if self.ends is None else max(0.0, self.ends - self.clock())


@dataclass(frozen=True)
class Answer:
    """What a search came to.

    Attributes
    ----------
    ended : str
        ``solved`` (within the gap asked for), ``stopped`` (out of time, with an answer),
        ``nothing found`` (out of time) or ``impossible``.
    values : ndarray, shape (V,)
        The variables; empty without an answer.
    value, bound : float
        The objective, and what no answer can be below; NaN and -inf without one.
    """

    ended: str
    values: np.ndarray
    value: float
    bound: float

    @property
    def found(self) -> bool:
        """Whether there is an answer."""
        return len(self.values) > 0

    @property
    def gap(self) -> float:
        """How far the bound lies below the value, as a share of the value."""
        if not self.found:
            return np.inf
        return max(0.0, self.value - self.bound) / max(abs(self.value), 1e-9)


def sum_of(numbers: np.ndarray, weights: np.ndarray) -> float:
    """Return the sum of numbers by their weights, to the same last digit on every processor.

    BLAS adds in another order on each: where a limit is what a plan of today comes to, the search
    would take another way.
    """
    return float((numbers * weights).sum())


@dataclass
class Program:
    """Minimize a linear objective under linear rows; add variables and rows block by block."""

    _lower: list[np.ndarray] = field(default_factory=list)
    _upper: list[np.ndarray] = field(default_factory=list)
    _integer: list[np.ndarray] = field(default_factory=list)
    _rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)
    _least: list[np.ndarray] = field(default_factory=list)
    _most: list[np.ndarray] = field(default_factory=list)
    variables: int = 0
    rows: int = 0

    def add(
        self,
        count: int,
        *,
        lower: float | np.ndarray = 0.0,
        upper: float | np.ndarray = 1.0,
        integer: bool = False,
    ) -> np.ndarray:
        """Add variables and return their indices."""
        self._lower.append(np.broadcast_to(np.asarray(lower, float), count))
        self._upper.append(np.broadcast_to(np.asarray(upper, float), count))
        self._integer.append(np.full(count, integer))
        self.variables += count
        return np.arange(self.variables - count, self.variables)

    def require(
        self,
        parts: list[tuple[np.ndarray, np.ndarray, np.ndarray | float]],
        *,
        least: float | np.ndarray = -np.inf,
        most: float | np.ndarray = np.inf,
        rows: int = 1,
    ) -> None:
        """Add rows: each part is (row within the block, variable, coefficient)."""
        for row, variable, coefficient in parts:
            coefficients = np.broadcast_to(np.asarray(coefficient, float), np.shape(variable))
            at = np.broadcast_to(np.asarray(row, int), np.shape(variable)) + self.rows
            self._rows.append((at, np.asarray(variable), coefficients))
        self._least.append(np.broadcast_to(np.asarray(least, float), rows))
        self._most.append(np.broadcast_to(np.asarray(most, float), rows))
        self.rows += rows

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the variables' lower and upper bounds."""
        return np.concatenate(self._lower), np.concatenate(self._upper)

    def matrix(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the rows' entries by row and variable; entries of one place are summed."""
        row, variable, coefficient = (
            np.concatenate(part) for part in zip(*self._rows, strict=True)
        )
        key = row.astype(np.int64) * self.variables + variable
        place, inverse = np.unique(key, return_inverse=True)
        summed = np.bincount(inverse, weights=coefficient, minlength=len(place))
        kept = summed != 0
        place, summed = place[kept], summed[kept]
        return place // self.variables, place % self.variables, summed

    def limits(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows' lower and upper limits."""
        return np.concatenate(self._least), np.concatenate(self._most)

    def integers(self) -> np.ndarray:
        """Return which variables must be whole."""
        return np.concatenate(self._integer)


def _proto(
    program: Program,
    objective: np.ndarray,
    bounds: tuple[np.ndarray, np.ndarray],
    integers: np.ndarray,
) -> model_pb2.ModelProto:
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(program.variables))
    proto.variables.lower_bounds.extend(bounds[0].tolist())
    proto.variables.upper_bounds.extend(bounds[1].tolist())
    proto.variables.integers.extend(integers.tolist())
    priced = np.flatnonzero(objective)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(objective[priced].tolist())
    least, most = program.limits()
    proto.linear_constraints.ids.extend(range(program.rows))
    proto.linear_constraints.lower_bounds.extend(least.tolist())
    proto.linear_constraints.upper_bounds.extend(most.tolist())
    row, variable, coefficient = program.matrix()
    proto.linear_constraint_matrix.row_ids.extend(row.tolist())
    proto.linear_constraint_matrix.column_ids.extend(variable.tolist())
    proto.linear_constraint_matrix.coefficients.extend(coefficient.tolist())
    return proto


def minimize(
    program: Program,
    objective: np.ndarray,
    effort: Effort | None = None,
    *,
    fixed: tuple[np.ndarray, np.ndarray] | None = None,
    hint: np.ndarray | None = None,
    relaxed: bool = False,
) -> Answer:
    """Minimize an objective over a program.

    Parameters
    ----------
    program : Program
        Variables and rows.
    objective : ndarray, shape (V,)
        Coefficients of the variables.
    effort : Effort, optional
        When to stop.
    fixed : pair of ndarray, optional
        Variables and the values that they are held at.
    hint : ndarray, shape (V,), optional
        Values of an answer to start from; an empty one is none.
    relaxed : bool
        Whether variables that must be whole may be parts: a bound at a fraction of the time.

    Raises
    ------
    DmeError
        If the solver ends in a way that says nothing of the program (a numerical failure).
    """
    effort = effort or Effort()
    lower, upper = (each.copy() for each in program.bounds())
    if fixed is not None:
        lower[fixed[0]] = upper[fixed[0]] = fixed[1]
    integers = program.integers() & (not relaxed)
    result = _solved(_proto(program, objective, (lower, upper), integers), effort, hint)
    ended = _ENDED.get(result.termination.reason)
    if ended is None:
        reason = result_pb2.TerminationReasonProto.Name(result.termination.reason)
        message = f"The solver failed: {reason} {result.termination.detail}"
        raise DmeError(message)
    bound = result.termination.objective_bounds.dual_bound
    first = result.solutions[0].primal_solution if result.solutions else None
    if not first or first.feasibility_status != solution_pb2.SOLUTION_STATUS_FEASIBLE:
        return Answer(ended, np.empty(0), np.nan, bound)
    values = np.zeros(program.variables)
    values[np.array(first.variable_values.ids)] = np.array(first.variable_values.values)
    return Answer(ended, values, sum_of(objective, values), bound)


def _solved(
    model: model_pb2.ModelProto, effort: Effort, hint: np.ndarray | None
) -> result_pb2.SolveResultProto:
    """Give a program to the solver as it is: MathOpt's own objects take longer than the search."""
    left = effort.left
    whole = int(left)
    parameters = parameters_pb2.SolveParametersProto(
        time_limit={"seconds": whole, "nanos": int((left - whole) * 1e9)},
        relative_gap_tolerance=effort.gap,
        absolute_gap_tolerance=effort.absolute_gap,
        random_seed=SEED,
    )
    given = model_parameters_pb2.ModelSolveParametersProto()
    if hint is not None and len(hint):
        values = given.solution_hints.add().variable_values
        values.ids.extend(range(len(hint)))
        values.values.extend(hint.tolist())
    return solver.solve(
        model,
        parameters_pb2.SOLVER_TYPE_HIGHS,
        parameters_pb2.SolverInitializerProto(),
        parameters,
        given,
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )
