"""The generated parts of the pages, which the pages include by name."""

import re
from collections.abc import Mapping

from dme import paths
from dme.errors import DmeError
from dme.findings import answer_of, ledger, notebooks, read_notebook
from dme.findings.claims import yardstick
from dme.publish import config, dictionary, many_tests, other_states, rules, scoreboard, timings
from dme.publish.markup import escape, raw
from dme.study import Study, read
from dme.tabled import Cell, tabled
from dme.tables import load
from dme.text import plural


def fragments(study: str) -> dict[str, str]:
    """Return the Markdown of each generated part by the name of its file.

    Parameters
    ----------
    study : str
        Name of a study that has been run.

    Raises
    ------
    DmeError
        If the study has no results, or its parameters are not stored with them.
    """
    ran = parameters(study)
    entries = ledger(study)
    claims = yardstick()
    names = load("districts", ran.folder).set_index("district_code")["district"].to_dict()
    ours = ran.district == claims.district
    board = scoreboard.scoreboard(entries, claims) if ours else _NO_CLAIMS
    tally = scoreboard.tally(entries, claims) if ours else ""
    return {
        "_study.md": edition(ran, names) + ("" if ours else _OTHER_DISTRICT),
        "_tally.md": tally,
        "_answers.md": answers(study),
        "_scoreboard.md": f"{board}\n{scoreboard.others(entries)}",
        "_rules.md": rules.rules(entries, claims) if ours else _NO_CLAIMS,
        "_written.md": rules.written(claims),
        "_tests.md": many_tests.many_tests(entries) if ours else _NO_CLAIMS,
        "_parameters.md": parameters_table(ran, names),
        "_federal.md": other_states.by_kind(
            other_states.read_kinds(paths.home() / other_states.FILE), entries
        ),
        "_dictionary.md": dictionary.tables(ran.folder),
        "_timings.md": timings.timings(),
        "_sources.md": dictionary.publications(claims) + dictionary.data_sources(ran.folder),
    }


_NO_CLAIMS = "No claims were published about the district of this study: its figures stand alone.\n"
_OTHER_DISTRICT = (
    "\nThe words on these pages were written for the Hartford study, whose methods this study "
    "follows; the figures are its own.\n"
)


def answers(study: str) -> str:
    """Return the first of what each notebook answers, in the order of the navigation.

    Empty where none gives an answer. The whole answer opens the notebook's own page.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    """
    said = {f"{path.stem}.qmd": answer_of(read_notebook(path)) for path in notebooks(study)}
    parts = [
        f"**[{entry.text}]({entry.page}).** {_first(said[entry.page])}\n"
        for entry in config.read(paths.home() / config.FILE).navigation
        if said.get(entry.page)
    ]
    return "\n".join(["## In plain words\n", *parts]) if parts else ""


def _first(text: str) -> str:
    """Return the first paragraph of an answer, or the first entry of its list."""
    block = re.split(r"\n\s*\n|\n(?=[-*] )", text.strip())[0]
    return re.sub(r"^[-*] ", "", block)


def parameters(study: str) -> Study:
    """Return the parameters that a study ran with, as stored with its results.

    Raises
    ------
    DmeError
        If they are absent or of another version of this program.
    """
    path = paths.results(study) / "study.yml"
    try:
        # They ran: what the tables say today is not asked.
        return read(path, content=False)
    except DmeError as error:
        message = (
            f"The parameters that the study ran with can't be read. {error}\n"
            f"Run it again: dme run params/{study}.yml"
        )
        raise DmeError(message) from error


def edition(study: Study, names: Mapping[str, str]) -> str:
    """Return a paragraph that says which study these pages show.

    Parameters
    ----------
    study : Study
        The parameters that ran.
    names : mapping of str to str
        Names of districts by code.
    """
    district = names.get(study.district, study.district)
    return (
        f"These pages show the study **{study.study}**: {district}, compared with "
        f"{plural(len(study.peers), 'other district')}, with enrollment of "
        f"{study.enrollment_year} and spending of {study.spending_year}.\n"
    )


def parameters_table(study: Study, names: Mapping[str, str]) -> str:
    """Return a table of all parameters: the value that ran, the default if other, the meaning.

    Parameters
    ----------
    study : Study
        The parameters that ran.
    names : mapping of str to str
        Names of districts by code.
    """
    rows = []
    for key, field in Study.model_fields.items():
        value, default = getattr(study, key), field.get_default()
        shown = _value(value, names)
        if value != default:
            shown += f' <span class="changed">changed; the default: {_value(default, names)}</span>'
        meaning = escape(field.description or "")
        rows.append([Cell(f"<code>{key}</code>"), Cell(shown), Cell(meaning)])
    heads = ("Parameter", "This study", "Meaning")
    return raw(tabled(heads, rows, "Parameters of this study", "stack parameters"))


def _value(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, tuple):
        return "<br>".join(_value(item, names) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if value in names:
        return f"{escape(str(value))} {escape(names[str(value)])}"
    return escape(str(value))
