"""A page for each school: its figures, what became of it, and nothing that the record lacks."""

import csv
import re
import shutil
from collections import defaultdict
from functools import cached_property
from html import unescape
from pathlib import Path
from statistics import mean, median

import pytest
from publish_sample import STUDY
from tests.notebooks.declared import declared

from dme.publish import build
from dme.publish.own_page import Page
from dme.publish.schools.figures import figures
from dme.publish.schools.listing import listing
from dme.publish.schools.page import Shared, page
from dme.publish.schools.register import Register
from dme.study import Study, read

ROOT = Path(__file__).parents[2]
HARTFORD, WEST_HARTFORD = "0640011", "1550011"
MILNER, BATCHELDER, HPHS_LAW, BULKELEY = "0641911", "0640411", "0647411", "0647111"


def lines(name):
    with (ROOT / "data" / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(html):
    html = re.sub(r"</?(a|b|strong)\b[^>]*>", "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def few_tables(folder):
    """Return a folder of the tables without which there are no schools."""
    for name in ("districts", "schools", "school_enrollment"):
        shutil.copy(ROOT / "data" / "tables" / f"{name}.csv", folder)
    return folder


class Pages:
    """The pages of a study's schools, without a site around them."""

    def __init__(self, study: Study) -> None:
        self.register = Register(study)
        self.shared = Shared(
            self.register, figures(self.register), defaultdict(list), "../operations.html#x", ()
        )

    @cached_property
    def all(self) -> dict[str, Page]:
        return {code: page(code, self.shared) for code in self.register.names}

    def __getitem__(self, code: str) -> str:
        return words(f"{self.all[code].description} {self.all[code].body}")


@pytest.fixture(scope="module")
def hartford() -> Pages:
    return Pages(Study())


def test_milner_is_told_as_the_tables_have_it(hartford):
    """Its figures from the tables' rows, read here by the csv module."""
    told = hartford[MILNER]
    assert hartford.all[MILNER].title == "Milner Middle School"
    rows = [row for row in lines("school_enrollment") if row["school_code"] == MILNER]
    by_year = {row["school_year"]: int(row["students"]) for row in rows}
    assert by_year["2016-17"] == 292
    sizes = [
        int(row["students"])
        for row in lines("school_enrollment")
        if (row["district_code"], row["school_year"]) == (HARTFORD, "2016-17")
        and row["students"]
        and int(row["students"]) >= 100
    ]
    # 45 rows, of 442.2 students on average: figures that the raw files come with.
    assert (len(sizes), round(mean(sizes), 1)) == (45, 442.2)
    assert (
        "In October 2016, Milner School had 292 students: 34% fewer than the average school" in told
    )
    assert f"({round(mean(sizes))})" in told
    assert "By this study's line of 350 it was a small school" in told
    assert "it had 261 students, 31 fewer than in 2016-17 (11%)" in told
    assert "named it to change its grades (June 2019) and to move (June 2019)" in told
    assert "Its grades did change: it taught PK to 8 in 2017-18, and 6 to 8 from 2019-20 on" in told
    spent = [
        int(row["dollars_per_pupil"])
        for row in lines("spending_schools")
        if (row["district_code"], row["school_year"]) == (HARTFORD, "2017-18")
        and int(row["students"]) >= 100
    ]
    assert f"was $12,270 in 2017-18 (median school: ${median(spent):,.0f})" in told
    assert "26.4% in 2015-16" in told
    assert "Catholic Charities, lead agency" in told


def test_each_school_has_one_page_of_its_own_address(hartford):
    by_code = defaultdict(dict)
    for row in lines("school_enrollment"):
        if row["district_code"] == HARTFORD and row["students"]:
            by_code[row["school_code"]][row["school_year"]] = int(row["students"])
    wanted = {
        code
        for code, years in by_code.items()
        if max(years) >= "2016-17" and max(years.values()) >= 100
    }
    assert set(hartford.all) == wanted
    addresses = [one.path for one in hartford.all.values()]
    assert len({*addresses}) == len(wanted)
    assert all(re.fullmatch(r"school/[a-z0-9]+(-[a-z0-9]+)*\.html", one) for one in addresses)
    assert hartford.all[MILNER].path == "school/milner-middle-school.html"
    listed = re.findall(r'href="(school/[^"]+)"', listing(Study()))
    assert sorted(listed) == sorted(addresses)


def test_schools_of_one_name_are_told_apart(tmp_path):
    names = few_tables(tmp_path) / "schools.csv"
    text = names.read_text(encoding="utf-8")
    names.write_text(
        text.replace("Rawson School", "Éléonore & Co.").replace("Sanchez School", "Eleonore Co"),
        encoding="utf-8",
    )
    found = Register(Study(tables=str(names.parent))).pages
    assert found["0641711"] == "school/eleonore-co-0641711.html"
    assert found["0643011"] == "school/eleonore-co-0643011.html"


def test_a_school_that_closed_tells_so(hartford):
    told = hartford[BATCHELDER]
    assert "The approval of January 2018 named it to close (end of 2017-18)" in told
    assert "It closed, as the plan has it: it was last counted in 2017-18, with 397" in told
    assert "A school of Hartford until 2017-18" in told
    # The plan names this one for nothing, and it is gone all the same.
    told = hartford[HPHS_LAW]
    assert "The plan does not name this school" in told
    assert "on no later list: it closed or was joined to another school" in told
    for code in hartford.all:
        assert ("on no later list" in hartford[code]) == (
            hartford.register.last(code).year < "2024-25"
        )


def test_no_withheld_figure_is_told(hartford):
    few = {
        row["school_code"]
        for row in lines("school_suspensions")
        if (row["school_year"], row["group"], row["mark"]) == ("2015-16", "all", "few")
    } & set(hartford.all)
    assert few
    for code in few:
        (row,) = re.findall(r"Suspended at least once.*?</tbody>", hartford.all[code].body)
        assert re.search(r"<td>2015-16</td><td> ?<span class=\"place\">1 to 5 students</span>", row)
    learners = {
        row["school_code"]
        for row in lines("school_enrollment_by_group")
        if row["school_year"] == "2016-17"
        and not (row["english_learners"] and row["not_english_learners"])
    } & set(hartford.all)
    assert learners
    for code in learners:
        (row,) = re.findall(r"English learners.*?</tbody>", hartford.all[code].body)
        assert "<td>2016-17</td><td>withheld</td>" in row
    (row,) = re.findall(r"English learners.*?</tbody>", hartford.all[MILNER].body)
    assert f"<strong>{100 * 60 / 292:.1f}%</strong>" in row


def test_what_rests_on_a_model_says_so(hartford):
    seats = [one for one in hartford.shared.figures if one.title == "Seats in use"]
    assert [one.basis for one in seats] == ["modelled"]
    assert "Seats in use modelled" in hartford[MILNER]
    # As the plan's notebook models them, of all schools of that year.
    modelled = declared("plan")["seats_by_school"](Study()).set_index("school_code")
    expected = 100 * modelled["students"] / modelled["seats"]
    assert seats[0].values[MILNER] == pytest.approx(expected[MILNER])


def test_a_high_school_has_no_growth_and_is_told_so(hartford):
    told = hartford[BULKELEY]
    assert "Not on the public record of this school: growth in English" in told
    assert "growth target" not in told


@pytest.mark.tried("Every district runs", "words of Hartford on another district's school pages")
def test_another_district_has_pages_of_its_own():
    pages = Pages(read(ROOT / "params" / "new-haven.yml", content=False))
    assert len(pages.all) > 40
    for code in pages.all:
        told = pages[code]
        assert "Hartford" not in told
        assert not re.search(r"\bplan\b|\bZone\b|Partners|Seats in use", told)
        assert "A school of New Haven" in told
    assert "Hartford" not in words(listing(pages.register.study))


def test_where_the_record_ends_no_school_is_said_to_have_closed():
    """By school the record of most districts ends in 2016-17."""
    study = Study(study="other", district=WEST_HARTFORD, peers=(HARTFORD,), wider_peers=())
    pages = Pages(study)
    assert pages.all
    for code in pages.all:
        assert "No later count of it is on the public record" in pages[code]
        assert "no later list" not in pages[code]


def test_tables_that_lack_most_give_pages_of_what_they_have(tmp_path):
    pages = Pages(Study(tables=str(few_tables(tmp_path))))
    assert "had 292 students" in pages[MILNER]
    told = words(pages.all[MILNER].body)
    assert not re.search(r"\bplan\b|Zone|Spending|Partners|[Gg]rowth", told)
    assert {one.title for one in pages.shared.figures} == {"Students"}


def test_the_list_and_a_page_stand_in_a_built_site(home):
    study = home / "results" / STUDY / "study.yml"
    study.write_text("study: sample\nsmallest_school: 900\n")
    folder = build(STUDY, "builtin").folder
    pages = sorted(path.name for path in (folder / "school").iterdir())
    # Kinsella had 913 students in 2016-17, and Trinity College Academy 1,024.
    assert "hartford-magnet-trinity-college-academy.html" in pages
    told = (folder / "schools.html").read_text(encoding="utf-8")
    assert sorted(re.findall(r'href="school/([^"]+)"', told)) == pages
    html = (folder / "school" / pages[0]).read_text(encoding="utf-8")
    assert '<a href="../schools.html">Schools</a>' in html
    assert "Content-Security-Policy" in html
