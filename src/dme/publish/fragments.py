"""The generated parts of the pages, which the pages include by name."""

from collections.abc import Mapping, Sequence

from dme import paths
from dme.errors import DmeError
from dme.findings import ledger, notebooks
from dme.findings.claims import yardstick
from dme.publish import (
    citation,
    config,
    dictionary,
    flow,
    landing,
    many_tests,
    other_states,
    rules,
    scoreboard,
    steps,
    timings,
    trials,
)
from dme.publish.atlas import page as atlas
from dme.publish.inert import literal
from dme.publish.markup import escape, fence, folded, link, raw
from dme.publish.pagecopy import described
from dme.publish.schools.listing import listing
from dme.study import Study, read
from dme.tabled import Cell, tabled
from dme.tables import load
from dme.tables.dictionary import provenances
from dme.text import plural


def fragments(study: str, site: Sequence[str]) -> dict[str, str]:
    """Return the Markdown of each generated part by the name of its file.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    site : sequence of str
        All studies of the site, this one among them.

    Raises
    ------
    DmeError
        If the study has no results, or its parameters are not stored with them.
    """
    ran = parameters(study)
    entries = ledger(study)
    claims = yardstick()
    claimed = claims.speak_of(ran)
    names = _names(ran)
    judged = {
        "_scoreboard.md": scoreboard.scoreboard(entries, claims)
        + "\n"
        + scoreboard.others(entries),
        "_rules.md": rules.rules(entries, claims),
        "_written.md": rules.written(claims),
        "_terms.md": rules.terms(claims),
        "_tests.md": many_tests.many_tests(entries),
    }
    unjudged = {"_scoreboard.md": scoreboard.without_claims(entries)}
    return (judged if claimed else unjudged) | {
        **landing.parts(entries, claims if claimed else None, _place(ran, names)),
        "_study.md": edition(ran, names),
        "_answers.md": answers(study, claimed=claimed),
        "_atlas.md": atlas.way(parameters(site[0]), "" if study == site[0] else "../"),
        "_again.md": again(study, site),
        "_parameters.md": folded("All parameters", parameters_table(ran, names), "part"),
        "_federal.md": other_states.by_kind(
            other_states.read_kinds(paths.home() / other_states.FILE), entries
        ),
        "_dictionary.md": dictionary.tables(ran.folder),
        "_timings.md": timings.timings(),
        "_verified.md": timings.verified(),
        "_schools.md": listing(ran),
        "_trials.md": trials.trials(),
        "_flow.md": flow.flow(entries, provenances(ran.folder), claimed=claimed),
        **steps.parts(study, entries),
        "_sources.md": (dictionary.publications(claims) if claimed else "")
        + dictionary.data_sources(ran.folder),
        "_data-terms.md": folded("All terms", dictionary.data_terms(ran.folder), "part"),
        "_citation.md": citation.citation(),
    }


def preview(study: str, title: str) -> bytes:
    """Return the landing page's picture as a PNG file, under the site's title."""
    ran = parameters(study)
    claims = yardstick() if yardstick().speak_of(ran) else None
    return landing.file(ledger(study), claims, _place(ran, _names(ran)), title)


def _names(ran: Study) -> dict[str, str]:
    """Return the names of districts by their codes."""
    return load("districts", ran.folder).set_index("district_code")["district"].to_dict()


def _place(ran: Study, names: Mapping[str, str]) -> str:
    return names.get(ran.district, ran.district).removesuffix(" School District")


def again(study: str, site: Sequence[str]) -> str:
    """Return the commands that run this study and build these pages, as Markdown."""
    files = " ".join(f"params/{name}.yml" for name in site)
    return fence(f"dme run {files}\ndme findings {study}\ndme site {' '.join(site)}", "{.bash}")


def answers(study: str, *, claimed: bool) -> str:
    """Return what each notebook's page answers, in the order of the navigation.

    Parameters
    ----------
    study : str
        Name of a study that has been run.
    claimed : bool
        Whether the claims speak of it.
    """
    said = {path.stem: described(path, claimed=claimed) for path in notebooks(study)}
    items = "".join(
        f"<li><strong>{link(f'{page}.html', words)}.</strong> {escape(said[page])}</li>"
        for page, words in config.in_navigation(said).items()
    )
    return raw(f'<h2 id="pages">What each page answers</h2>\n<ul class="sentences">{items}</ul>')


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
        f"These pages show the study **{literal(study.study)}**: {literal(district)}, compared "
        f"with {plural(len(study.peers), 'other district')}, with enrollment of "
        f"{literal(study.enrollment_year)} and spending of {literal(study.spending_year)}.\n"
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
        shown = in_html(value, names)
        # Another district's lists and schools are no default for this one.
        ours = study.district == Study().district
        comparable = ours or not (isinstance(value, tuple) or key == "district")
        if value != default and comparable:
            shown += (
                f' <span class="changed">changed; the default: {in_html(default, names)}</span>'
            )
        meaning = escape(field.description or "")
        rows.append([Cell(f"<code>{key}</code>"), Cell(shown), Cell(meaning)])
    heads = ("Parameter", "This study", "Meaning")
    return raw(tabled(heads, rows, "Parameters of this study", "stack parameters"))


def in_html(value: object, names: Mapping[str, str]) -> str:
    """Return a parameter's value as HTML; a code of a district with its name."""
    if isinstance(value, tuple):
        return "<br>".join(in_html(item, names) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if value in names:
        return f"{escape(str(value))} {escape(names[str(value)])}"
    return escape(str(value))
