"""Readers of partners, programs and codings on tiny files, and the tables made of them."""

from pathlib import Path

import pandas as pd
import pytest

from dme.tables import load
from dme.tables.importers import partnerships
from dme.tables.refusal import TableError

PAGE = "https://example.org/page"
PARTNERS = (
    "code,printed,listed,year,partner,kind,role,program,first_year,last_year,dollars,address,"
    "read,doubtful,note\n"
    f"0640111,Alpha,Alpha School,2016-17,Club,youth and family,program,,,,,{PAGE},whole,false,x\n"
)
LISTED = pd.DataFrame(
    {"school_year": ["2016-17"], "school_code": ["0640111"], "school": ["Alpha School"]}
)
CODEBOOK = (
    "scheme,code,label,definition,include,exclude,address\n"
    f"priorities,TL,Teaching,What,a,b,{PAGE}\npriorities,CC,Culture,What,a,b,{PAGE}\n"
    f"themes,BLDG,Buildings,What,a,b,{PAGE}\n"
)
CODINGS = (
    "kind,position,subject,statement,priorities_1,priorities_2,address\n"
    f"partner,1,Club,tutors,TL;CC,,{PAGE}\n"
)


def _file(folder: Path, text: str) -> Path:
    path = folder / "typed.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _refused(error: pytest.ExceptionInfo[TableError], *parts: str) -> None:
    for part in ("typed.csv", "found:", "expected:", *parts):
        assert part in str(error.value)


def test_a_partner_is_read_with_its_blanks(tmp_path: Path):
    found = partnerships.school_partnerships(_file(tmp_path, PARTNERS), LISTED)
    assert found.loc[0, ["school_code", "partner"]].tolist() == ["0640111", "Club"]
    assert found.loc[0, ["program", "first_year", "dollars"]].isna().all()
    assert not found.loc[0, "doubtful"]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("Alpha School", "Beta School", ["line 2", "Alpha School, the name of 0640111"]),
        ("0640111", "0640222", ["no such code"]),
        ("0640111", "640111", ["leading zero"]),
        (",false,", ",no,", ["true, false"]),
        (",Club,", ",,", ["empty"]),
        ("2016-17,Club", "2015-16,Club", ["no such code"]),
    ],
)
def test_a_bad_partner_is_refused(tmp_path: Path, old: str, new: str, parts: list[str]):
    with pytest.raises(TableError) as error:
        partnerships.school_partnerships(_file(tmp_path, PARTNERS.replace(old, new)), LISTED)
    _refused(error, *parts)


def test_codes_are_held_against_the_codebook(tmp_path: Path):
    book = partnerships.codebook(_file(tmp_path, CODEBOOK))
    assert book["code"].tolist() == ["TL", "CC", "BLDG"]
    found = partnerships.codings(_file(tmp_path, CODINGS), book)
    assert found["priorities_1"].tolist() == ["TL;CC"]
    assert found["priorities_2"].isna().all()
    with pytest.raises(TableError) as error:
        # A theme is no priority.
        partnerships.codings(_file(tmp_path, CODINGS.replace("TL;CC", "TL;BLDG")), book)
    _refused(error, "line 2", "priorities_1", "CC, TL, none")


def test_a_program_without_a_count_keeps_it_missing(tmp_path: Path):
    text = (
        "program,period,organizations,schools,partnerships,students,dollars,address,note\n"
        f"Grant,2014,15,,,1100,375000,{PAGE},x\n"
    )
    found = partnerships.partnership_programs(_file(tmp_path, text))
    assert found.loc[0, ["organizations", "students"]].tolist() == [15, 1100]
    assert found.loc[0, ["schools", "partnerships"]].isna().all()


def test_the_seven_community_schools_are_those_of_the_published_fact():
    rows = load("school_partnerships")
    leads = rows[rows["role"] == "lead agency"]
    facts = load("published_facts").set_index("subject")
    fact = next(s for s in facts.index if s.startswith("community schools:"))
    assert leads["school_code"].nunique() == facts.loc[fact, "number"] == 7
    places = load("plan_places").set_index("place")["school_code"].dropna()
    named = {places[name] for name in places.index if name in fact}
    assert named == set(leads["school_code"])


def test_every_named_partner_is_coded_or_said_to_be_untold():
    partners = set(load("school_partnerships")["partner"]) - {"not named"}
    coded = load("codings")
    assert partners <= set(coded.loc[coded["kind"] == "partner", "subject"])
    untold = coded["statement"] == "not told"
    assert coded.loc[untold, "priorities_1"].isna().all()
    assert coded.loc[~untold, "priorities_1"].notna().all()


def test_nothing_claims_a_second_coder():
    assert load("codings")["priorities_2"].isna().all()


def test_grants_read_do_not_exceed_the_program():
    rows, programs = load("school_partnerships"), load("partnership_programs")
    for program in programs.itertuples():
        of_program = rows[rows["program"] == program.program]
        if not pd.isna(program.schools):
            assert of_program["school_code"].nunique() <= program.schools
        if not pd.isna(program.dollars):
            assert of_program["dollars"].sum() <= program.dollars
