"""The check of built pages finds each defect, and nothing on a sound site."""

from pathlib import Path

import pytest

from dme.errors import DmeError
from dme.publish.check import check

PAGE = """<!DOCTYPE html><html lang="en"><head><title>t</title>
<link rel="stylesheet" href="style.css">
<style>p {{ background: url(data:image/png;base64,AA) }}</style>
</head><body><h1 id="top">One</h1><a href="#top">up</a><a href="b.html#there">b</a><a href="#">j</a>
<a href="https://example.org/page">out</a><img src="a.png" alt="A picture">{}</body></html>"""
OTHER = '<html><body><h1>Two</h1><p id="there"></p></body></html>'


@pytest.fixture
def site(tmp_path):
    (tmp_path / "a.html").write_text(PAGE.format(""))
    (tmp_path / "b.html").write_text(OTHER)
    (tmp_path / "style.css").write_text("/* url(https://x.org) */ a { color: red }")
    (tmp_path / "a.png").write_bytes(b"")
    return tmp_path


def faults(folder, pages=("a.html", "b.html")):
    with pytest.raises(DmeError) as caught:
        check(folder, pages, {"example.org"})
    return str(caught.value)


def test_sound_site_passes(site):
    check(site, ("a.html", "b.html"))


@pytest.mark.tried("Hostile text", "faults of built pages, before they take their place")
@pytest.mark.parametrize(
    ("defect", "words"),
    [
        ('<a href="c.html">x</a>', 'a link to "c.html", which is not there'),
        ('<a href="b.html#gone">x</a>', "b.html has no such anchor"),
        ('<a href="#gone">x</a>', "a.html has no such anchor"),
        ('<a href="x.ipynb">x</a>', 'a link to "x.ipynb"'),
        ('<img src="gone.png" alt="x">', 'loads "gone.png", which is not there'),
        ('<img src="a.png">', "without alternative text"),
        ('<img src="a.png" alt=" ">', "without alternative text"),
        ("<h1>Again</h1>", "2 main headings"),
        ('<p id="top"></p>', '2 elements have the id "top"'),
        ('<script src="https://cdn.example.org/x.js"></script>', "asks another host"),
        ('<script src="//cdn.example.org/x.js"></script>', "asks another host"),
        ('<link rel="stylesheet" href="https://example.org/x.css">', "asks another host"),
        ('<link rel="icon" href="http://example.org/x.ico">', "asks another host"),
        ('<img src="https://example.org/x.png" alt="x">', "asks another host"),
        ('<img srcset="a.png 1x, https://example.org/2.png 2x" alt="x">', "asks another host"),
        ('<iframe src="https://example.org/"></iframe>', "asks another host"),
        ('<p style="background: url(https://example.org/x.png)"></p>', "asks another host"),
        ("<style>@import 'https://example.org/x.css';</style>", "asks another host"),
        ('<style>@import"https://example.org/x.css";</style>', "asks another host"),
        ("<style>p{background:url('//example.org/x.png')}</style>", "asks another host"),
        ('<svg><image href="https://example.org/x.svg"/></svg>', "asks another host"),
        ("<main><script>x()</script></main>", "what could act"),
        ("<main><svg><script>x()</script></svg></main>", "what could act"),
        ('<main><p onclick="x()">x</p></main>', "what could act"),
        ("<main><style>p { color: red }</style></main>", "what could act"),
        ('<main><form action="b.html"></form></main>', "what could act"),
        ('<a href="javascript:x()">x</a>', "what could act"),
        ('<a href=" java\tscript:x()">x</a>', "what could act"),
        ('<a href="&#106;avascript:x()">x</a>', "what could act"),
        ('<a href="vbscript:x()">x</a>', "what could act"),
        ('<a href="data:text/html,x">x</a>', "what could act"),
        ("<main></main><main></main>", "2 main parts"),
        ('<a href="https://other.org/page">x</a>', "a link to other.org, which neither"),
    ],
)
def test_defect_is_found_with_its_page(site, defect, words):
    (site / "a.html").write_text(PAGE.format(defect))
    message = faults(site)
    assert words in message
    assert "a.html: " in message


@pytest.mark.tried("Hostile text", "the machine and its user, told of in a file of the site")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.html", PAGE.format("<p>{}/thesis/study.csv</p>")),
        ("a.ipynb", '{{"text": ["File \\"{}/x.py\\", line 3"]}}'),
        ("a.png", "\x89PNG tEXt Source {}"),
    ],
)
@pytest.mark.parametrize("place", ["/home/eve", "eves-laptop-2", "/srv/work/dme"])
def test_traces_of_the_machine_are_found(site, monkeypatch, name, words, place):
    monkeypatch.setenv("HOME", "/home/eve")
    monkeypatch.setattr("socket.gethostname", lambda: "eves-laptop-2")
    monkeypatch.setattr("dme.paths.home", lambda: Path("/srv/work/dme"))
    (site / name).write_text(words.replace("{}", place).replace("{{", "{").replace("}}", "}"))
    assert f"{name}: tells of the machine that it was built on: {place}" in faults(site)
    (site / name).write_text(words.replace("{}", "/home/evening and chr/home/eve2"))
    if name != "a.html":
        check(site, ("a.html", "b.html"))


@pytest.mark.parametrize(
    ("address", "there"),
    [("../a.html", True), ("c.html#there", True), ("/b.html#there", True), ("../", False),
     ("b.html", False), ("../b.html#gone", False), ("../../a.html", False), ("/c.html", False)],
)  # fmt: skip
def test_links_of_a_page_in_a_folder_are_seen_from_there(site, address, there):
    (site / "more").mkdir()
    link = f'<a href="{address}">x</a></body>'
    (site / "more" / "c.html").write_text(OTHER.replace("</body>", link))
    pages = ("a.html", "b.html", "more/c.html")
    if there:
        check(site, pages)
    else:
        assert "more/c.html: a link to" in faults(site, pages)


def test_style_sheets_are_read(site):
    (site / "style.css").write_text(
        "@import url(https://example.org/x.css);\nb{src:url(gone.woff)}"
    )
    message = faults(site)
    assert 'style.css: asks another host for "https://example.org/x.css"' in message
    assert 'style.css: loads "gone.woff", which is not there' in message


def test_missing_page_is_found(site):
    assert "c.html: the page was not built" in faults(site, ("a.html", "c.html"))


def test_page_without_heading_is_found(site):
    (site / "b.html").write_text('<p id="there"></p>')
    assert "b.html: 0 main headings" in faults(site)


def test_all_faults_come_at_once(site):
    (site / "a.html").write_text(PAGE.format('<h1>x</h1><a href="c.html">x</a>'))
    assert "The built pages have 2 faults" in faults(site)
