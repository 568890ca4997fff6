"""What the sections of the partnerships notebook assemble, on small made-up tables."""

import pandas as pd
import pytest

from dme.evidence import partnerships
from dme.evidence.partnerships.answer import answered
from dme.evidence.partnerships.cohort import compared, levels_of
from dme.evidence.partnerships.record import LINE
from dme.evidence.place import Place
from dme.evidence.result import Lacking, Measured
from dme.measures.estimates.bootstrap import Resampling
from dme.study import Study
from dme.tables import empty, load

STUDY = Study(district="0000001", peers=("0000002",), resamples=300)
PLACE = Place("Town", pd.Series({"0000001": "Town"}), "EdSight", "rows that count",
              Resampling(resamples=300))  # fmt: skip
YEARS = ("2014-15", "2015-16", "2016-17")
CODES = [f"00001{at:02d}" for at in range(12)]


def schools(codes=CODES):
    return pd.DataFrame(
        [
            (year, "0000001", code, f"School {code}", 300 + 10 * at)
            for year in YEARS
            for at, code in enumerate(codes)
        ],
        columns=["school_year", "district_code", "school_code", "school", "students"],
    ).astype({"students": "Int64"})


def pages(named, unnamed=()):
    rows = [(code, f"Club {at}", "program", "2015-16") for at, code in enumerate(named)]
    rows += [(code, "not named", "lead agency", "2014-15") for code in unnamed]
    frame = pd.DataFrame(rows, columns=["school_code", "partner", "role", "first_year"])
    return frame.assign(
        listed_as="School " + frame["school_code"],
        kind="youth and family",
        program=None,
        last_year="2016-17",
    )


def programs(**schools_of):
    return pd.DataFrame(
        {
            "program": list(schools_of),
            "period": "2015-16",
            "organizations": pd.array([None] * len(schools_of), dtype="Int64"),
            "schools": pd.array(list(schools_of.values()), dtype="Int64"),
            "students": pd.array([None] * len(schools_of), dtype="Int64"),
            "dollars": 1000.0,
        }
    )


def on_record(named, unnamed=(), inventory=None, **counted):
    told = (pages(named, unnamed), programs(**counted))
    return partnerships.partners_on_record(STUDY, PLACE, schools(), told, inventory)


def test_a_floor_above_half_holds():
    found = on_record(CODES[:7])
    assert isinstance(found.many, Measured)
    assert found.many.holds == (True,)
    assert found.many.estimate.low == pytest.approx(100 * 7 / 12)


def test_a_ceiling_at_half_does_not_hold():
    found = on_record(CODES[:4], Grant=2)
    assert found.many.holds == (False,)
    assert (found.bounds.fewest, found.bounds.most) == (4, 6)
    assert "4 to 6 of 12 schools have a partner" in found.many.sentence
    assert 100 * found.bounds.most / found.bounds.of == LINE


def test_in_between_the_record_can_not_tell():
    found = on_record(CODES[:4], CODES[4:5], Grant=2)
    assert isinstance(found.many, Lacking)
    assert found.many.claim == "F1"
    assert "raise that to 7" in found.many.lacking
    assert isinstance(found.share, Measured)
    assert found.public


def test_a_district_without_pages_is_told_so():
    none = (empty("school_partnerships"), empty("partnership_programs"))
    found = partnerships.partners_on_record(STUDY, PLACE, schools(), none, None)
    assert isinstance(found.share, Lacking)
    assert found.bounds is None
    assert not found.public
    assert not found.marked["partner"].any()


def test_an_inventory_takes_the_place_of_pages():
    inventory = pd.DataFrame(
        {"partner": ["Club", "Club", "Bank"], "school_code": [CODES[0], CODES[1], None]}
    )
    found = on_record(CODES[:9], inventory=inventory)
    assert found.own_file
    assert found.many.estimate.value == pytest.approx(100 * 2 / 12)
    assert found.many.holds == (False,)
    assert "1 partnership of the whole district left out" in found.many.population
    assert found.partners["Partners"].tolist() == [1, 1]


def absence_tables(rates):
    """Return tables for schools given as code -> (grades, rates by year)."""
    absent = pd.DataFrame(
        [
            (year, code, 1, "all", rate)
            for code, (_, values) in rates.items()
            for year, rate in zip(YEARS, values, strict=True)
        ],
        columns=["school_year", "school_code", "part", "group", "percent"],
    )
    by_grade = pd.DataFrame(
        [(YEARS[0], code, grade, 30) for code, (grades, _) in rates.items() for grade in grades],
        columns=["school_year", "school_code", "grade", "students"],
    ).astype({"students": "Int64"})
    by_group = pd.DataFrame(
        {
            "school_year": YEARS[0],
            "school_code": list(rates),
            "english_learners": range(10, 10 + len(rates)),
            "students_with_disabilities": [5, 9] * (len(rates) // 2) + [7] * (len(rates) % 2),
            "unsubsidized_lunch": pd.array([None, *range(len(rates) - 1)], dtype="Int64"),
        }
    )
    return absent, (schools(list(rates)), by_grade, by_group)


K8 = ["K", "8"]
RATES = {
    code: (K8, (30, 28 + at, 20 + at) if at < 4 else (20, 20, 20 + at % 3))
    for at, code in enumerate(CODES[:11])
} | {CODES[11]: (["9", "12"], (50, 50, 50))}


def test_schools_are_compared_within_levels_from_the_first_year_to_the_last():
    absent, enrollment = absence_tables(RATES)
    partners = pages((), CODES[:4])
    followed = partnerships.followed(STUDY, absent, enrollment, CODES[:4])
    assert len(followed.wide) == 12
    # The one high school has nothing to be compared with.
    assert compared(followed) == CODES[:11]
    found = partnerships.absence(STUDY, PLACE, partners, followed, CODES[4:5])
    others = [at % 3 for at in range(4, 11)]
    expected = sum(-10 + at for at in range(4)) / 4 - sum(others) / len(others)
    assert found.change.estimate.value == pytest.approx(expected)
    assert found.change.estimate.high < 0
    assert found.test.p < 0.05
    labels = {choice.label for choice in found.change.alternatives}
    assert "at like size, need and starting rate" in labels
    assert "without magnet schools on either side" in labels
    # None began before the record, so there is no such group to test.
    assert not any(label.startswith("those that began before") for label in labels)
    assert found.fell.estimate.value == 100
    assert list(found.paths["community"]).count(True) == 4


def test_suppressed_schools_and_absent_years_are_not_followed():
    rates = RATES | {CODES[0]: (K8, (30, None, 20))}
    absent, enrollment = absence_tables(rates)
    followed = partnerships.followed(STUDY, absent, enrollment, CODES[:4])
    assert CODES[0] not in followed.wide.index
    assert followed.community == tuple(CODES[1:4])
    early = STUDY.model_copy(update={"enrollment_year": YEARS[0]})
    assert partnerships.followed(early, absent, enrollment, CODES[:4]) is None
    assert partnerships.followed(STUDY, absent, enrollment, []) is None


def test_a_community_school_alone_in_its_level_is_not_compared():
    absent, enrollment = absence_tables(
        {CODES[0]: (["9", "12"], (9, 8, 7)), CODES[1]: (K8, (5,) * 3)}
    )
    followed = partnerships.followed(STUDY, absent, enrollment, CODES[:1])
    found = partnerships.absence(STUDY, PLACE, pages((), CODES[:1]), followed)
    assert isinstance(found.change, Lacking)
    assert found.test is None
    assert found.fell.estimate.value == 100


def test_levels_follow_the_grades_with_students():
    rows = pd.DataFrame(
        [("x", "a", "PK", 5), ("x", "a", "8", 5), ("x", "b", "6", 5), ("x", "b", "9", 0),
         ("x", "b", "8", 1), ("y", "b", "12", 9)],
        columns=["school_year", "school_code", "grade", "students"],
    )  # fmt: skip
    assert levels_of(rows, "x").to_dict() == {"a": "PK-8", "b": "middle"}


CODED = (load("codings"), load("codebook"))


def test_public_codes_make_a_matrix_and_answer_nothing():
    found = partnerships.alignment(STUDY, PLACE, CODED, None, public=True)
    assert isinstance(found.none, Lacking)
    assert found.results == (found.none,)
    assert found.tiles.words.shape[1] == 4
    assert next(iter(found.tiles.words)) == "Teaching and Learning"
    assert found.tiles.shades.loc["Trinity College"].isna().all()
    assert (found.tiles.words.loc["ConnectiKids"] == "serves").sum() == 1


def inventory_of(first, second=None):
    return pd.DataFrame(
        {
            "partner": [f"P{at}" for at in range(len(first))],
            "priorities_1": first,
            "priorities_2": second or [None] * len(first),
        }
    )


def test_a_code_that_is_no_priority_of_the_district_serves_none():
    own = inventory_of(["TL", "XX", "none", "XX;OE"])
    found = partnerships.alignment(STUDY, PLACE, CODED, own, public=True)
    assert found.none.estimate.value == 50
    assert found.none.holds == (False,)
    # Of another district the file's own codes are the priorities.
    other = partnerships.alignment(STUDY, PLACE, CODED, own, public=False)
    assert other.none.estimate.value == 25
    assert list(other.tiles.words.columns) == ["OE", "TL", "XX"]


def test_agreement_is_told_only_where_two_coded():
    once = partnerships.alignment(STUDY, PLACE, CODED, inventory_of(["TL"] * 3), public=True)
    assert isinstance(once.agreed, Lacking)
    same = inventory_of(["TL;CC;FC;OE"] * 4, ["TL;CC;FC;OE"] * 4)
    alike = partnerships.alignment(STUDY, PLACE, CODED, same, public=True)
    assert "chance leaves nothing" in alike.agreed.lacking
    assert alike.by_code["Agreement"].tolist() == ["100%"] * 4
    twice = inventory_of(["TL", "CC"] * 8, ["TL", "CC", "TL", "TL"] * 4)
    found = partnerships.alignment(STUDY, PLACE, CODED, twice, public=True)
    assert "agreed in 87.5% of decisions on 16 partnerships" in found.agreed.sentence
    assert 0 < found.agreed.estimate.value < 100


def test_many_partners_make_no_picture():
    own = inventory_of(["TL"] * 31)
    assert partnerships.alignment(STUDY, PLACE, CODED, own, public=True).tiles is None


def test_every_area_hangs_on_a_wish():
    found = partnerships.wishes(PLACE, CODED, load("published_facts"), public=True)
    assert found.areas.estimate.value == 4
    others = [choice.value for choice in found.areas.alternatives]
    assert others == [3, 4]
    assert len(found.tiles.words) == 6 + 11
    none = partnerships.wishes(PLACE, CODED, load("published_facts"), public=False)
    assert none.areas.claim == "V1"
    assert isinstance(none.areas, Lacking)


def comments_of(**columns):
    base = {"themes_1": ["INST", "SEL;INST", "none", "BLDG"], "themes_2": [None] * 4,
            "zone": ["Zone 1", "Zone 1", None, "Zone 2"]}  # fmt: skip
    return pd.DataFrame(base | columns)


def test_comments_give_themes_and_zones():
    found = partnerships.comments(STUDY, PLACE, load("codebook"), comments_of())
    assert found.themes.sentence == "Instruction: 2 of 4 comments."
    assert found.shares["label"].tolist()[0] == "Instruction"
    assert isinstance(found.agreed, Lacking)
    assert list(found.tiles.words.index) == ["Zone 1 (2)", "Zone 2 (1)"]
    assert found.tiles.words.loc["Zone 1 (2)", "Instruction"] == "100%"
    assert found.by_zone["Comments"].tolist()[0] == "2 of 2"


def test_comments_without_zones_or_themes_are_no_error():
    bare = comments_of(zone=[None] * 4)
    found = partnerships.comments(STUDY, PLACE, load("codebook"), bare)
    assert found.tiles is None
    assert found.by_zone is None
    nothing = comments_of(themes_1=["none"] * 4)
    silent = partnerships.comments(STUDY, PLACE, load("codebook"), nothing)
    assert "no comment in the file has a theme" in silent.themes.lacking


def test_the_answer_follows_what_was_found():
    record = on_record(CODES[:7])
    aligned = partnerships.alignment(STUDY, PLACE, CODED, inventory_of(["TL"] * 3), public=True)
    absence = partnerships.absence(STUDY, PLACE, pages(()), None)
    said = partnerships.comments(STUDY, PLACE, load("codebook"), comments_of())
    voice = partnerships.wishes(PLACE, CODED, load("published_facts"), public=True)
    told = answered(PLACE, record, aligned, absence, (voice, said))
    assert "7 of 12 schools have a partner" in told
    assert "0% of 3 partnerships" in told
    assert "no community school of Town" in told
    assert "Instruction: 2 of 4 comments" in told
