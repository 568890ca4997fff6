"""Economies of size: the curve of spending per pupil over school size.

The form is that of Andrews, Duncombe and Yinger (2002), "Revisiting economies of size in American
education: are we any closer to a consensus?", Economics of Education Review 21: log spending per
pupil on log size and its square, with what else costs money held. They review cost functions,
which hold results and prices too; with neither in the data this is a curve of spending.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from dme.errors import Lacking
from dme.measures.estimates.estimate import Estimate, chance_interval
from dme.measures.spending.cost import level

LEAST_FREEDOM = 10
"""Fewest schools beyond the curve's coefficients: with fewer, robust errors say nothing."""

_SIZE = ["size", "size_squared"]


@dataclass(frozen=True)
class SizeCurve:
    """A fitted curve of spending per pupil over size.

    Attributes
    ----------
    schools : int
        How many schools it was fitted to.
    smallest, largest : float
        Their range in students.
    p_value : float
        Of no relation to size at all: the robust F test of both terms.
    """

    schools: int
    smallest: float
    largest: float
    p_value: float
    _center: float
    _coefficients: npt.NDArray
    _covariance: npt.NDArray
    _others: npt.NDArray
    _critical: float
    _confidence: float

    def _terms(self, students: npt.ArrayLike) -> npt.NDArray:
        x = np.log(np.asarray(students, float)) - self._center
        return np.stack([x, x**2], axis=-1)

    def predicted(self, students: npt.ArrayLike) -> pd.DataFrame:
        """Return the curve with its band, at the schools' mean level, need and district.

        Returns
        -------
        DataFrame
            ``students``, ``dollars_per_pupil``, ``low``, ``high``: a geometric mean and its
            interval at each size.
        """
        sizes = np.asarray(students, float)
        rows = np.hstack([self._terms(sizes), np.tile(self._others, (len(sizes), 1))])
        middle = rows @ self._coefficients
        reach = self._critical * np.sqrt(np.einsum("ij,jk,ik->i", rows, self._covariance, rows))
        return pd.DataFrame(
            {
                "students": sizes,
                "dollars_per_pupil": np.exp(middle),
                "low": np.exp(middle - reach),
                "high": np.exp(middle + reach),
            }
        )

    def premium(self, students: float, against: float) -> Estimate:
        """Return how many percent more a school of one size spends than a like one of another."""
        row = self._terms(students) - self._terms(against)
        value = float(row @ self._coefficients[:2])
        reach = self._critical * float(np.sqrt(row @ self._covariance[:2, :2] @ row))
        ends = (100 * float(np.expm1(x)) for x in (value, value - reach, value + reach))
        return Estimate(*ends, self._words)

    def flattest(self) -> Estimate | None:
        """Return the size at which the curve stops falling, by the delta method on its log.

        Returns
        -------
        Estimate or None
            Students; None where the curve has no lowest point, or has it outside the sizes of
            the schools: the data then do not determine it.
        """
        first, second = self._coefficients[:2]
        if second <= 0:
            return None
        lowest = self._center - first / (2 * second)
        if not np.log(self.smallest) <= lowest <= np.log(self.largest):
            return None
        value = float(np.exp(lowest))
        slope = np.array([-1 / (2 * second), first / (2 * second**2)])
        error = float(np.sqrt(slope @ self._covariance[:2, :2] @ slope))
        low, high = (value * float(np.exp(sign * self._critical * error)) for sign in (-1, 1))
        return Estimate(
            value, low, high, f"{self._words[:-1]}, delta method on the log of the size)"
        )

    @property
    def _words(self) -> str:
        how = f"regression of {self.schools} schools, HC3 robust errors"
        return chance_interval(self._confidence, "schools", how)


def size_curve(rows: pd.DataFrame, confidence: float, own: str | None = None) -> SizeCurve:
    """Fit log dollars per pupil on log size and its square, with level and need held.

    Ordinary least squares, each school counted once, with HC3 errors (MacKinnon and White 1985).
    A level, or a district, of a single school explains that school wholly; it is left out.

    Parameters
    ----------
    rows : DataFrame
        ``students``, ``dollars_per_pupil``, ``low_grade``, ``high_grade``,
        ``percent_high_needs``; ``district_code`` too where `own` is given.
    confidence : float
        Level in percent.
    own : str, optional
        With it, the districts' own levels of spending are held as well, and the curve is drawn
        at that of this district.

    Raises
    ------
    Lacking
        If fewer than ten schools are left beyond the coefficients, or they are all of a size.
    """
    data = rows.dropna(subset=["dollars_per_pupil", "percent_high_needs", "students"])
    data = data[data["students"] > 0]
    spans = zip(data["low_grade"], data["high_grade"], strict=True)
    data = data.assign(level=[level(*span) for span in spans])
    for held in ("level", *(["district_code"] if own else [])):
        data = data[data[held].groupby(data[held]).transform("size") > 1]
    log_size = np.log(data["students"].astype(float))
    center = float(log_size.mean()) if len(data) else 0.0
    held = _held(data, own)
    design = pd.concat([_powers(log_size - center), held], axis=1)
    freedom = len(data) - design.shape[1]
    if freedom < LEAST_FREEDOM or np.linalg.matrix_rank(design) < design.shape[1]:
        few = (
            f"a curve over size takes schools of several sizes, at least {LEAST_FREEDOM} more than "
            f"its {design.shape[1]} coefficients, and there are {len(data)} with a printed figure"
        )
        raise Lacking(few)
    logs = np.log(data["dollars_per_pupil"].astype(float))
    fit = sm.OLS(logs, design).fit(cov_type="HC3", use_t=True)
    mean = held.mean()
    for column in held.columns[held.columns.str.startswith("district")]:
        mean[column] = float(column == f"district {own}")
    return SizeCurve(
        len(data),
        float(data["students"].min()),
        float(data["students"].max()),
        float(fit.f_test(np.eye(2, design.shape[1])).pvalue),
        center,
        fit.params.to_numpy(),
        fit.cov_params().to_numpy(),
        mean.to_numpy(float),
        float(stats.t.ppf(0.5 + confidence / 200, freedom)),
        confidence,
    )


def _powers(x: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(_SIZE, (x, x**2), strict=True)))


def _held(data: pd.DataFrame, own: str | None) -> pd.DataFrame:
    """Return what is held: a constant, need, and a column for each level (and district) but one."""
    parts = [
        pd.DataFrame({"const": 1.0, "need": data["percent_high_needs"].astype(float)}),
        pd.get_dummies(data["level"], prefix="level", prefix_sep=" ", drop_first=True),
    ]
    if own:
        parts.append(
            pd.get_dummies(
                data["district_code"], prefix="district", prefix_sep=" ", drop_first=True
            )
        )
    return pd.concat(parts, axis=1).astype(float)
