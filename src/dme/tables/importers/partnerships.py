"""What was typed and coded about partners: organizations at schools, programs, priorities."""

from pathlib import Path

import pandas as pd

from dme.tables.importers import sheet

_BLANK = ("",)


def school_partnerships(path: Path, enrollment: pd.DataFrame) -> pd.DataFrame:
    """Read the partners of schools, each school compared with the state's list.

    Parameters
    ----------
    enrollment : DataFrame
        ``school_enrollment``.

    Returns
    -------
    DataFrame
        The columns of ``school_partnerships``.
    """
    texts = ("printed", "listed", "year", "partner", "kind", "role", "address", "read", "note")
    blanks = ("program", "first_year", "last_year")
    read = sheet.table(path, ("code", *texts, *blanks, "dollars", "doubtful"))
    codes, years, names = read.code("code"), read.text("year"), read.text("listed")
    listed = enrollment.set_index(["school_year", "school_code"])["school"]
    told = listed.reindex(pd.MultiIndex.from_arrays([years, codes])).set_axis(codes.index)
    told = told.fillna("no such code")
    expected = told + ", the name of " + codes + " in " + years
    read.refuse(told != names, "A school is not as the state's list says.", "listed", expected)
    found = {"school_code": codes}
    found |= {column: read.text(column) for column in texts}
    found |= {column: read.blank(column) for column in blanks}
    found |= {"dollars": read.number("dollars", _BLANK), "doubtful": read.flag("doubtful")}
    names = {"listed": "listed_as", "year": "listed_in"}
    return pd.DataFrame(found).rename(columns=names).reset_index(drop=True)


def partnership_programs(path: Path) -> pd.DataFrame:
    """Read the programs in numbers; the columns of ``partnership_programs``."""
    texts = ("program", "period", "address", "note")
    counts = ("organizations", "schools", "partnerships", "students")
    read = sheet.table(path, (*texts, *counts, "dollars"))
    found = {column: read.text(column) for column in texts}
    found |= {column: read.count(column, _BLANK) for column in counts}
    found |= {"dollars": read.number("dollars", _BLANK)}
    return pd.DataFrame(found).reset_index(drop=True)


def codings(path: Path, codebook: pd.DataFrame) -> pd.DataFrame:
    """Read what was coded, each code compared with the codebook."""
    texts, given = ("kind", "subject", "statement", "address"), ("priorities_1", "priorities_2")
    read = sheet.table(path, (*texts, "position", *given))
    known = {*codebook.loc[codebook["scheme"] == "priorities", "code"], "none", ""}
    expected = f"{', '.join(sorted(known - {''}))}, several with ; between"
    for column in given:
        strange = read[column].map(lambda codes: not {*codes.split(";")} <= known)
        read.refuse(strange, "A code is not in the codebook.", column, expected)
    found = {column: read.text(column) for column in texts}
    found |= {column: read.blank(column) for column in given}
    return pd.DataFrame(found | {"position": read.count("position")})


def codebook(path: Path) -> pd.DataFrame:
    """Read the codebook; the columns of the table ``codebook``."""
    columns = ("scheme", "code", "label", "definition", "include", "exclude", "address")
    read = sheet.table(path, columns)
    return pd.DataFrame({column: read.text(column) for column in columns})
