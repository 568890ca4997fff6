"""Functions of the study: evaluated under any parameters, and remembered by what they read."""

import functools
import hashlib
import sys
from collections.abc import Callable, Collection, Mapping
from typing import Any, Generic, ParamSpec, TypeVar, cast

import pandas as pd
from pydantic import ValidationError

from dme import paths
from dme.errors import DmeError, Lacking
from dme.findings import memory, session
from dme.findings.code import digest_of, digest_of_value
from dme.findings.memory import Kept, Memory
from dme.findings.traced import released
from dme.study import ParameterError, Study
from dme.study.problems import nearest, of_form

P = ParamSpec("P")
T = TypeVar("T")

_remembered = Memory()


def remembered() -> Memory:
    """Return the memory of this process."""
    return _remembered


def remember_on_disk() -> None:
    """Keep results between runs, in ``results/memory.sqlite``, unless that is switched off."""
    if memory.wanted() and _remembered.disk is None:
        _remembered.disk = memory.Disk(paths.results() / "memory.sqlite")


class StudyFunction(Generic[T]):
    """A function of the study alone, whose results are remembered.

    It reads parameters as ``study.x`` and tables through `load`; what it read decides when its
    result can be used again. A result is shared by all who ask for it: it is not to be changed.

    Parameters
    ----------
    function : callable
        Takes the study, and perhaps options by keyword, each with a default.
    """

    def __init__(self, function: Callable[..., T]) -> None:
        self.__study_function__ = function
        functools.update_wrapper(self, function)
        self._code: tuple[object, str] = (None, "")
        self._own_modules = False

    @functools.cached_property
    def _usual(self) -> Collection[tuple[str, str]]:
        """The options that are taken where none is given, each with the digest of its value."""
        defaults = getattr(self.__study_function__, "__kwdefaults__", None) or {}
        return {(name, digest_of_value(value)) for name, value in defaults.items()}

    def __declared__(self) -> str:
        """Return what else but its code the results of those who use it rest on."""
        return ""

    def code(self) -> str:
        """Return the digest of the code that an evaluation goes through."""
        cells = _cells_run()
        if self._code[0] != cells or not self._code[1]:
            digest, self._own_modules = digest_of(self.__study_function__)
            self._code = (cells, digest)
        return self._code[1]

    def __call__(self, study: "Study | session.Observed", **options: Any) -> T:
        """Return what the function gives of a study.

        Raises
        ------
        Lacking
            If the study lacks what it takes.
        """
        return self._of(session.unwrapped(study), options)

    def _of(self, study: Study, options: Mapping[str, Any]) -> T:
        code = self.code()
        given = {name: digest_of_value(value) for name, value in sorted(options.items())}
        # An option that says what the function takes anyway is none.
        if told := [pair for pair in given.items() if pair not in self._usual]:
            code = hashlib.sha256(f"{code} {told}".encode()).hexdigest()
        kept = _remembered.recall(code, study)
        if kept is None:
            kept = self._evaluated(study, options)
            _remembered.keep(code, study, kept)
        else:
            session.take_over(study, kept.reading)
        if isinstance(kept.value, Lacking):
            raise Lacking(str(kept.value), by_choice=kept.value.by_choice)
        if isinstance(kept.value, pd.DataFrame) or kept.origins:
            # A caller's new columns are the caller's own.
            return session.watched(kept.value.copy(deep=False), kept.origins)
        return kept.value

    def _evaluated(self, study: Study, options: Mapping[str, Any]) -> Kept:
        with session.evaluating(study) as reading:
            if self._own_modules:
                session.note_held()
            try:
                value: Any = self.__study_function__(session.Observed(study), **options)
            except Lacking as lacking:
                value = lacking.with_traceback(None)
            origins = released(value)
        return Kept(value, reading, origins)

    def varied_with(self, overrides: Mapping[str, Any], study: Study) -> T:
        """Return what the function gives under other parameters or options; see `evaluate`."""
        self.check_keys(overrides)
        options = {key: value for key, value in overrides.items() if key not in Study.model_fields}
        sets = {key: value for key, value in overrides.items() if key in Study.model_fields}
        return self._of(with_parameters(study, sets), options)

    def check_keys(self, overrides: Mapping[str, Any]) -> None:
        """Refuse what is neither a parameter of a study nor an option of the function.

        Raises
        ------
        DmeError
            With the keys, the nearest that is known, and the function's options.
        """
        known = list(self._options())
        unknown = sorted(set(overrides) - {*known, *Study.model_fields})
        if unknown:
            message = (
                f"{self.__name__} can't be evaluated with {', '.join(unknown)}: no parameter of a "
                f"study and no option of the function (its options: {', '.join(known) or 'none'}; "
                "an option stands behind the * of its signature and has a default)."
                f"{nearest(unknown[0], [*known, *Study.model_fields])}"
            )
            raise DmeError(message)

    def _options(self) -> dict[str, Any]:
        return dict(self.__study_function__.__kwdefaults__ or {})


def with_parameters(study: Study, sets: Mapping[str, Any]) -> Study:
    """Return the study with other values of some parameters, checked in form.

    Raises
    ------
    ParameterError
        If a value is of no form that the parameter takes.
    """
    if not sets:
        return study
    values = {name: getattr(study, name) for name in Study.model_fields}
    try:
        return Study.model_validate(values | dict(sets))
    except ValidationError as error:
        where = "Another choice of parameters"
        raise ParameterError(where, of_form(error), {}) from error


def step(function: Callable[..., T]) -> StudyFunction[T]:
    """Make a function of the study that others share remember its results (a decorator)."""
    return StudyFunction(function)


def evaluate(function: StudyFunction[T], overrides: Mapping[str, Any] | None = None) -> T:
    """Return what a function of the study gives under other parameters.

    Parameters
    ----------
    function : StudyFunction
        A finding or a step.
    overrides : mapping, optional
        Values by parameter of the study, or by option of the function.

    Raises
    ------
    Lacking
        If that study lacks what it takes.
    DmeError
        If there is no such parameter or option.
    """
    return function.varied_with(overrides or {}, session.current())


def _cells_run() -> object:
    """Return how many cells the notebook has run: a cell may define a function anew."""
    if (ipython := sys.modules.get("IPython")) is None:
        return 0
    shell = cast("Any", ipython).get_ipython()
    return 0 if shell is None else shell.execution_count
