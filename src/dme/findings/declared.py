"""A finding as a notebook declares it: a function of the study with a name, a unit and a claim."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dme.errors import DmeError, Lacking
from dme.findings import lineage, session, verdicts
from dme.findings.code import digest_of_value
from dme.findings.functions import StudyFunction
from dme.findings.judging import Basis
from dme.findings.ledger import Alternative, Finding
from dme.findings.memory import Kept
from dme.findings.place import WORDS, words_of
from dme.linked import numbers_linked, plain
from dme.measures.estimates.estimate import Estimate, finite, is_number, significant
from dme.study import Study
from dme.text import fields_of, fill

Choice = Mapping[str, Any] | Callable[..., Estimate]
"""Another choice: parameters or options that take other values, or another function."""


_UNTOLD = "a figure that its sentence compares it with can't be worked out"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class FindingFunction(StudyFunction[Estimate]):
    """A finding: evaluated like any function of the study, told in words, held to its claim.

    Its docstring's first paragraph is the finding's method. The function returns an
    `dme.measures.estimate.Estimate`; facts that sentences name are handed over by its ``told``.
    """

    def __init__(
        self,
        function: Callable[..., Estimate],
        name: str,
        title: str,
        *,
        unit: str,
        claim: str | None,
        basis: Basis,
    ) -> None:
        super().__init__(function)
        self.id, self.title, self.unit, self.claim, self.basis = name, title, unit, claim, basis
        self.choices_declared: dict[str, Choice] = {}
        # They are values that cells hand over: who reads them rests on them.
        self._choices = session.offer(f"choices of {name}", self._choices_digest)

    def __declared__(self) -> str:
        """Return title and unit, which a chart of the finding rests on."""
        return repr([self.title, self.unit])

    def _choices_digest(self) -> str:
        """Return the digest of the other choices as they are declared now."""
        choices = [
            (label, choice.code() if isinstance(choice, StudyFunction) else dict(choice))
            for label, choice in self.choices_declared.items()
        ]
        return digest_of_value(choices)

    @property
    def method(self) -> str:
        """How it is measured: the first paragraph of the docstring."""
        text = inspect.getdoc(self.__study_function__) or ""
        return " ".join(text.partition("\n\n")[0].split())

    def varied(self, choices: Mapping[str, Choice]) -> None:
        """Declare other choices that can be defended, each by its label.

        Parameters
        ----------
        choices : mapping of str to mapping or StudyFunction
            What takes another value (parameters of the study, options of the function), or a
            function of the study that stands in for this one. Labels are filled like sentences.
            A choice that is the study's own, or that the study lacks the data for, is left out.

        Raises
        ------
        DmeError
            If a choice is neither, or sets what is no parameter and no option.
        """
        for label, choice in choices.items():
            if isinstance(choice, Mapping):
                self.check_keys(choice)
            elif not callable(choice):
                message = (
                    f'{self.__name__}: the choice "{label}" is {choice!r}. A choice says what '
                    'takes which value, as in {"small_school": 300}, or is a function of the '
                    "study."
                )
                raise DmeError(message)
        self.choices_declared |= {
            label: choice if isinstance(choice, Mapping | StudyFunction) else StudyFunction(choice)
            for label, choice in choices.items()
        }

    def _of(self, study: Study, options: Mapping[str, Any]) -> Estimate:
        return finite(super()._of(study, options))

    def _evaluated(self, study: Study, options: Mapping[str, Any]) -> Kept:
        kept = super()._evaluated(study, options)
        if not isinstance(kept.value, Estimate | Lacking):
            given = "nothing" if kept.value is None else f"a {type(kept.value).__name__}"
            message = (
                f"{self.__name__} returned {given}. A finding returns an Estimate: what "
                "resampled(...) and its like give, or Estimate(value, low, high, interval)."
            )
            raise DmeError(message)
        return kept

    def lacking(self) -> Lacking | None:
        """Return why the finding can't be made for the study; None where it can."""
        try:
            self(session.current())
        except Lacking as lacking:
            return lacking
        return None

    @property
    def measured(self) -> bool:
        """Whether the finding can be made for the study."""
        return self.lacking() is None

    @property
    def has_claim(self) -> bool:
        """Whether a claim about the study's district and time speaks of it."""
        return verdicts.claim_of(self.claim) is not None

    @property
    def estimate(self) -> Estimate:
        """The figure for the study."""
        return self(session.current())

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The figure under each other choice, in the order in which they were declared."""
        return tuple(self._alternatives())

    def _alternatives(self) -> Iterator[Alternative]:
        study = session.current()
        session.note_file(self._choices, session.digest_now(self._choices))
        for label, choice in self.choices_declared.items():
            if isinstance(choice, Mapping) and _is_own(choice, study):
                continue
            try:
                other = (
                    finite(choice(study))
                    if isinstance(choice, StudyFunction)
                    else self.varied_with(choice, study)
                )
            except Lacking:
                continue
            yield Alternative.of(self._filled(label, dict(other.facts)), other, by(choice))

    def says(self, template: str, **more: Any) -> str:
        """Return a sentence filled with the finding's facts.

        Empty where the finding can't be made, or a figure that the sentence names is no number.
        Said by a cell, its numbers carry marks, of which `answer` makes links to the finding.

        Parameters
        ----------
        template : str
            See `dme.text.fill`. Known are the facts that the function told, ``value``, ``low``,
            ``high``, ``ends`` (both), ``title``; the study's parameters as ``study.x``; and the
            words of `dme.findings.place.words_of`.
        **more
            Further facts, such as a cell works out beside the finding.
        """
        return self._said(template, more, "" if session.in_function() else self.id)

    def worded(self, template: str) -> str:
        """Return what `says` does, without marks."""
        return plain(self._said(template, {}, ""))

    def _said(self, template: str, more: Mapping[str, Any], marks: str) -> str:
        if self.lacking():
            return ""
        found = self.estimate
        figure = {"value": found.value, "low": found.low, "high": found.high}
        facts = figure | {"ends": (found.low, found.high)} | dict(found.facts) | more
        if any(_is_odd(facts.get(name)) for name in fields_of(template)):
            return ""
        if marks:
            facts = {
                name: numbers_linked(fact, marks) if isinstance(fact, str) else fact
                for name, fact in facts.items()
            }
        return self._filled(template, {"title": self.title} | facts, marks)

    def _filled(self, template: str, facts: Mapping[str, Any], marks: str = "") -> str:
        words = words_of(session.current(), fields_of(template))
        return fill(template, words | facts, known=WORDS, finding=marks)

    def answered(self, found: Estimate, read: Iterable[str]) -> dict[str, Any]:
        """Return the fields that say how a figure that read parameters answers its claim."""
        told = found.facts
        tests = told.get("tests", {self.title: found.p})
        return verdicts.answer_to(
            self.id,
            self.claim,
            verdicts.Answer(
                estimate=found,
                holds=told.get("holds", ()),
                basis=self.basis_of(found),
                earlier={k: was for k, was in told.get("earlier", {}).items() if _is_told(was)},
                tests={words: significant(p) for words, p in tests.items() if is_number(p)},
            ),
            read,
        )

    def unanswered(self, lacking: Lacking, read: Iterable[str]) -> dict[str, Any]:
        """Return the same fields where the figure can't be made; none where a choice is why."""
        if lacking.by_choice:
            return {}
        return verdicts.untested(self.id, self.claim, str(lacking), read)

    def basis_of(self, found: Estimate) -> Basis:
        """Return what a figure rests on: as declared, unless the function told otherwise."""
        basis: Basis = found.facts.get("basis", self.basis)
        return basis

    def told(self, sentence: str, population: str, year: str, caveat: str = "") -> Finding:
        """Return the finding with all its words, or what it lacks."""
        with session.evaluating(session.current()) as reading:
            lacking = self.lacking()
        said = self.worded(sentence)
        if sentence and not said and not lacking:
            lacking = Lacking(_UNTOLD, by_choice=True)
        if lacking:
            return Finding(
                id=self.id,
                title=self.title,
                sentence=f"Not measured: {str(lacking).rstrip('.')}.",
                value=None,
                unit=self.unit,
                population="",
                year="",
                method="",
                parameters=tuple(sorted(reading.parameters)),
                **self.unanswered(lacking, reading.parameters),
            )
        found = self.estimate
        tables, of = tuple(reading.tables), self.worded(year)
        return Finding(
            id=self.id,
            title=self.title,
            sentence=said,
            value=found.value,
            low=found.low,
            high=found.high,
            interval=found.interval,
            unit=self.unit,
            population=self.worded(population),
            year=of,
            method=self.worded(self.method),
            basis=self.basis_of(found),
            caveat=self.worded(caveat),
            alternatives=self.alternatives,
            tables=tables,
            typed=session.typed(tables, of),
            parameters=tuple(sorted(reading.parameters)),
            rows=tuple((name, lineage.written(rows)) for name, rows in reading.used.settled()),
            **self.answered(found, reading.parameters),
        )


def _is_told(reading: verdicts.Reading) -> bool:
    """Whether what a finding was under an earlier rule can be told."""
    return not isinstance(reading, Estimate) or is_number(reading.value)


def _is_odd(fact: object) -> bool:
    """Whether a fact is a number in kind, and none to tell, such as NaN."""
    return isinstance(fact, float) and not is_number(fact)


def _is_own(choice: Mapping[str, Any], study: Study) -> bool:
    """Whether a choice sets nothing but what the study has already."""
    return all(
        name in Study.model_fields and getattr(study, name) == _plain(value)
        for name, value in choice.items()
    )


def by(choice: Choice) -> str:
    """Return what a choice sets, as who audits the figure reads it."""
    if not isinstance(choice, Mapping):
        return f"function {getattr(choice, '__name__', choice)}"
    return "; ".join(f"{name} = {_in_text(value)}" for name, value in choice.items())


def _in_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_in_text(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return ", ".join(map(_in_text, value)) or "none"
    return "none" if value is None else str(value)


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def finding(
    name: str,
    title: str,
    *,
    unit: str,
    claim: str | None = None,
    basis: Basis = "measured",
) -> Callable[[Callable[..., Estimate]], FindingFunction]:
    """Declare a function of the study as a finding (a decorator).

    Parameters
    ----------
    name, title : str
        A slug that is unique in the study, the finding's address on the site; and a heading.
    unit : str
        The figure's; see `dme.text.quantity`.
    claim : str, optional
        The claim that it answers; a verdict is given only to a study that the claims
        speak of. The function tells of a statement's criteria by ``told(holds=(True, ...))``, of
        what it is under an earlier rule by ``told(earlier={"2026-11-22": ...})``, and of the tests
        that the verdict hangs on, if they are not the figure's own, by ``told(tests={...})``; see
        `dme.findings.verdicts.Answer`.
    basis : {"measured", "proxy", "modelled"}
        What the figure rests on; see `dme.findings.Finding`.

    Raises
    ------
    DmeError
        If the name is no slug.
    """
    if not _SLUG.fullmatch(name):
        message = (
            f'A finding can\'t be named "{name}": the name is its address on the site, of '
            "lower-case letters, digits and hyphens, such as students-per-teacher."
        )
        raise DmeError(message)

    def declare(function: Callable[..., Estimate]) -> FindingFunction:
        return FindingFunction(function, name, title, unit=unit, claim=claim, basis=basis)

    return declare
