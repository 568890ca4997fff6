"""The whole way: staged, rendered by either renderer, checked, put in its place."""

import base64
import filecmp
import re
import subprocess
from html import unescape
from html.parser import HTMLParser

import nbformat
import pypandoc
import pytest
import yaml
from nbformat.v4 import new_markdown_cell, new_output
from publish_sample import (
    HOSTILE,
    STAMFORD,
    STUDY,
    card,
    code,
    figure,
    finding,
    sample,
    seen,
)

from dme.errors import DmeError
from dme.publish import build, quarto
from dme.publish.seal import policy, seal
from dme.publish.stage import stage

# Quarto's reader is pandoc's, with these extensions.
READ_BY_QUARTO = "markdown+autolink_bare_uris+emoji+tex_math_single_backslash+mark"


class Reader(HTMLParser):
    """The links of the navigation, the text of the page's main part, its figures and ids."""

    def __init__(self, html):
        super().__init__()
        self.main, self.nav, self.images, self.ids, self.title = [], [], [], [], ""
        self._inside, self._nav, self._skip, self._title = False, False, 0, False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self._inside = self._inside or tag == "main"
        self._title = tag == "title" and not self.title
        if tag in {"script", "style"}:
            self._skip += 1
        self._nav = (self._nav or tag in {"nav", "header"}) and tag != "main"
        if tag == "a" and self._nav and values.get("href", "").endswith(".html"):
            self.nav.append(values["href"].removeprefix("./"))
        if tag == "img" and self._inside:
            self.images.append((values["src"], values["alt"], values.get("width")))
        if self._inside and "id" in values:
            self.ids.append(values["id"])

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "main"
        self._nav = self._nav and tag != "nav"
        if tag in {"script", "style"}:
            self._skip -= 1

    def handle_data(self, data):
        if self._title:
            self.title, self._title = data, False
        if self._inside and not self._skip:
            self.main.append(data)

    @property
    def numbers(self):
        return re.findall(r"\d[\d.,]*\d|\d", "".join(self.main))

    @property
    def words(self):
        return "".join(self.main).split()


def read(folder, page):
    return Reader((folder / page).read_text(encoding="utf-8"))


def assert_same_bytes(one, other):
    """Compare two folders to the last byte."""
    files = sorted(p.relative_to(one) for p in one.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(other) for p in other.rglob("*") if p.is_file())
    assert filecmp.cmpfiles(one, other, files, shallow=False)[1:] == ([], [])


def test_builtin_renderer_builds_every_page(home):
    built = build(STUDY, "builtin")
    assert built.renderer == "builtin"
    assert built.folder == home / "_site"
    assert built.pages == (
        "audit.html",
        "index.html",
        "methods.html",
        "operations.html",
        "rules.html",
        "schools.html",
        "timings.html",
        "tried.html",
    )
    page = (built.folder / "operations.html").read_text()
    assert "<title>Schools: how large – A District Model for Excellence" in page
    assert '<a href="methods.html"' in page
    assert "<math" in page
    assert '<li><a href="operations.html" aria-current="page">' in page
    assert '<a class="skip" href="#content">' in page
    assert "{{<" not in (built.folder / "index.html").read_text()
    assert not list(home.glob("._site-*"))


@pytest.mark.usefixtures("home")
def test_site_holds_nothing_but_what_pages_need():
    folder = build(STUDY, "builtin").folder
    found = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    own = ("trail/", "style/", "script/")
    assert [name for name in found if not name.startswith(own)] == [
        ".dme-site", "404.html", "audit.html", "favicon.svg", "figures/operations-look-1.png",
        "figures/preview.png", "index.html", "methods.html", "operations.html", "operations.ipynb",
        "rules.html", "schools.html", "search-index.js", "timings.html", "tried.html",
    ]  # fmt: skip


def test_two_builds_give_the_same_bytes(tmp_path, home):
    first = build(STUDY, "builtin", tmp_path / "one").folder
    again = sample()
    again.metadata.papermill.duration = 99
    nbformat.write(again, home / "results" / STUDY / "operations.ipynb")
    assert_same_bytes(first, build(STUDY, "builtin", tmp_path / "two").folder)


@pytest.mark.usefixtures("home")
def test_both_renderers_show_the_same(tmp_path, quarto_program, monkeypatch):
    monkeypatch.setenv("QUARTO", quarto_program)
    plain = build(STUDY, "builtin", tmp_path / "plain")
    quarto_built = build(STUDY, "quarto", tmp_path / "quarto")
    assert quarto_built.renderer == "quarto"
    assert quarto_built.pages == plain.pages
    assert not (quarto_built.folder / "search.json").exists()
    for page in plain.pages:
        ours, theirs = read(plain.folder, page), read(quarto_built.folder, page)
        assert ours.numbers == theirs.numbers
        assert ours.words == theirs.words
        assert ours.images == theirs.images
        assert ours.nav == theirs.nav
        assert ours.nav
        assert ours.title == theirs.title
        own = [i for i in ours.ids if not i.startswith(("content", "cb"))]
        assert set(own) <= set(theirs.ids)


@pytest.mark.usefixtures("home")
def test_two_quarto_builds_give_the_same_bytes(tmp_path, quarto_program, monkeypatch):
    monkeypatch.setenv("QUARTO", quarto_program)
    first = build(STUDY, "quarto", tmp_path / "one").folder
    assert_same_bytes(first, build(STUDY, "auto", tmp_path / "two").folder)


def test_failed_build_leaves_the_earlier_site(home):
    site = build(STUDY, "builtin").folder
    before = {p: p.read_bytes() for p in site.rglob("*") if p.is_file()}
    nbformat.write(
        sample(new_markdown_cell("[lost](nowhere.html)", id="lost")),
        home / "results" / STUDY / "operations.ipynb",
    )
    with pytest.raises(DmeError, match=r"nowhere\.html"):
        build(STUDY, "builtin")
    assert {p: p.read_bytes() for p in site.rglob("*") if p.is_file()} == before
    assert not list(home.glob("._site-*"))


def test_failed_notebook_is_not_published(home):
    broken = new_output("error", ename="KeyError", evalue="x", traceback=[])
    nbformat.write(sample(code("x", broken, name="x")), home / f"results/{STUDY}/operations.ipynb")
    with pytest.raises(DmeError, match="KeyError"):
        build(STUDY, "builtin")
    assert not (home / "_site").exists()


def test_scoreboard_link_without_its_card_is_found(home):
    hidden = code("f()", card(finding("lost")), name="f", tags=("hide-output",))
    nbformat.write(sample(hidden), home / f"results/{STUDY}/operations.ipynb")
    with pytest.raises(DmeError, match=r"operations\.html has no such anchor"):
        build(STUDY, "builtin")


@pytest.mark.tried("Nothing lost", "files that were put into a site's folder, and a new build")
def test_new_site_replaces_its_own_files_and_leaves_others(notebook):
    nbformat.write(sample(code("show(...)", figure(), name="former")), notebook)
    site = build(STUDY, "builtin").folder
    former = site / "figures" / "operations-former-1.png"
    assert former.is_file()
    kept = {
        site / "CNAME": "schools.example.org",
        site / ".nojekyll": "",
        site / ".git" / "objects" / "one": "a history",
        site / "figures" / "mine.svg": "<svg/>",
    }
    for path, text in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (site / ".git" / "refs" / "heads").mkdir(parents=True)
    (site / ".git" / "here").symlink_to("nowhere")
    nbformat.write(sample(), notebook)
    build(STUDY, "builtin")
    assert {path: path.read_text() for path in kept} == kept
    assert (site / ".git" / "refs" / "heads").is_dir()
    assert (site / ".git" / "here").is_symlink()
    assert not former.exists()
    assert (site / "index.html").is_file()


@pytest.mark.usefixtures("home")
@pytest.mark.tried("Nothing lost", "files that were put into a site's folder, and a new build")
def test_a_file_that_the_new_site_would_replace_is_not_lost(tmp_path):
    place = tmp_path / "mine"
    place.mkdir()
    (place / "CNAME").write_text("schools.example.org")
    build(STUDY, "builtin", place)
    mark = place / ".dme-site"
    mark.write_text(mark.read_text().replace("style/content.css\n", ""))
    (place / "style/content.css").write_text("a day of work")
    with pytest.raises(DmeError, match=r"content\.css was not made by this command"):
        build(STUDY, "builtin", place)
    assert (place / "style/content.css").read_text() == "a day of work"
    assert (place / "CNAME").read_text() == "schools.example.org"


@pytest.mark.usefixtures("home")
def test_a_site_without_a_list_of_its_files_is_replaced_but_for_what_is_kept_for_it(tmp_path):
    place = build(STUDY, "builtin", tmp_path / "site").folder
    (place / ".dme-site").write_text("Built by dme: the next build replaces this folder.\n")
    (place / "stale.html").write_text("old")
    (place / ".nojekyll").touch()
    build(STUDY, "builtin", place)
    assert not (place / "stale.html").exists()
    assert (place / ".nojekyll").exists()


@pytest.mark.usefixtures("home")
@pytest.mark.tried("Nothing lost", "a site built into a folder of other things")
def test_folder_with_other_things_is_not_replaced(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(DmeError, match="something else than a site"):
        build(STUDY, "builtin", mine)
    assert (mine / "thesis.txt").read_text() == "years of work"


@pytest.mark.usefixtures("home")
def test_unknown_study_is_refused():
    with pytest.raises(DmeError, match="There are results of: sample"):
        build("nowhere", "builtin")


@pytest.mark.usefixtures("home")
def test_quarto_wanted_but_absent(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DmeError, match="Quarto was not found on PATH"):
        build(STUDY, "quarto")
    assert build(STUDY, "auto").renderer == "builtin"


def test_quarto_variable_that_names_no_program(home, monkeypatch):
    monkeypatch.setenv("QUARTO", str(home / "no-such-program"))
    with pytest.raises(DmeError, match="which is no program"):
        build(STUDY, "auto")


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 'WARN: Unable to resolve link target: x.qmd' >&2", "Quarto warned"),
        ("echo 'ERROR: no' >&2; exit 3", "stopped with status 3"),
        ("exit 0", "built no index.html"),
    ],
)
def test_quarto_that_fails_or_warns_is_refused(tmp_path, script, words):
    program = tmp_path / "quarto"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    with pytest.raises(DmeError, match=words):
        quarto.render(tmp_path, tmp_path / "out", program)


def test_broken_link_fails_with_quarto_too(tmp_path, home, quarto_program, monkeypatch):
    monkeypatch.setenv("QUARTO", quarto_program)
    page = home / "pages" / "index.qmd"
    page.write_text(page.read_text() + "\n[lost](nowhere.qmd)\n")
    with pytest.raises(DmeError, match="nowhere"):
        build(STUDY, "quarto", tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_plain_quarto_render_says_how_to_build(home, quarto_program):
    done = subprocess.run(
        [quarto_program, "render"], cwd=home, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Build the site with: dme site" in done.stdout + done.stderr


def test_page_with_code_to_execute_is_refused(tmp_path, home):
    page = home / "pages" / "index.qmd"
    page.write_text(page.read_text() + "\n```{python}\n1 + 1\n```\n")
    with pytest.raises(DmeError, match=r"index\.qmd holds a block of code that would run"):
        stage(STUDY, tmp_path / "stage")


def test_a_shortcode_that_only_quarto_knows_is_refused(tmp_path, home):
    page = home / "pages" / "index.qmd"
    page.write_text(page.read_text() + "\n{{< video clip.mp4 >}}\n")
    with pytest.raises(DmeError, match=r"index\.qmd holds a shortcode .* video clip"):
        stage(STUDY, tmp_path / "stage")


def test_navigation_to_an_absent_page_is_refused(tmp_path, home):
    results = home / "results" / STUDY
    (results / "operations.ipynb").rename(results / "other.ipynb")
    with pytest.raises(DmeError, match=r'names "operations.qmd" \(Operations\)'):
        stage(STUDY, tmp_path / "stage")


def test_notebook_named_like_a_page_is_refused(tmp_path, home):
    results = home / "results" / STUDY
    nbformat.write(sample(), results / "methods.ipynb")
    (results / "operations.ipynb").unlink()
    with pytest.raises(DmeError, match="would be one page"):
        stage(STUDY, tmp_path / "stage")


def test_absent_include_is_refused(home):
    page = home / "pages" / "index.qmd"
    page.write_text(page.read_text() + "\n{{< include _gone.md >}}\n")
    with pytest.raises(DmeError, match=r"index\.qmd includes _gone\.md, which is no generated"):
        build(STUDY, "builtin")


def test_unreadable_settings_are_refused(home):
    (home / "_quarto.yml").write_text("website:\n  title: T\n")
    with pytest.raises(DmeError, match="can't be read as the settings"):
        build(STUDY, "builtin")


def test_quarto_beside_this_python_is_found(tmp_path, monkeypatch):
    program = tmp_path / "bin" / "quarto"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.delenv("QUARTO", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr("sys.executable", str(tmp_path / "bin" / "python"))
    assert quarto.find() == program
    program.unlink()
    assert quarto.find() is None


@pytest.mark.usefixtures("hostile_home")
@pytest.mark.tried("Hostile text", "what is staged for Quarto, read by pandoc as Quarto reads it")
def test_what_is_staged_for_quarto_holds_nothing_that_acts(tmp_path, record_property):
    """Quarto is not on every machine; its reader is."""
    stage(STUDY, tmp_path / "stage")
    pages = sorted((tmp_path / "stage").glob("*.qmd"))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "{{<" not in text
        assert "{{%" not in text
        html = pypandoc.convert_text(text, "html5", format=READ_BY_QUARTO)
        found = Acting()
        found.feed(html)
        assert found.seen == [], page.name
        assert "root:x:0" not in html
    record_property("times", len(HOSTILE) * len(pages))


@pytest.fixture
def of_another_district(hostile_home):
    """The hostile project with a study that no claims speak of: its site bears a district's name.

    The words of its title that come from the name are returned.
    """
    told = f"study: {STUDY}\nsmall_school: 400\ndistrict: '{STAMFORD}'\n"
    (hostile_home / "results" / STUDY / "study.yml").write_text(told)
    return seen(" ".join(HOSTILE))


@pytest.mark.tried("Hostile text", "a district's name in the title of a site, read as Quarto does")
def test_the_title_that_is_staged_for_quarto_is_text(tmp_path, of_another_district):
    stage(STUDY, tmp_path / "stage")
    site = yaml.safe_load((tmp_path / "stage" / "_quarto.yml").read_text("utf-8"))["website"]
    for words in (site["title"], site["description"]):
        assert "{{" not in words
        html = pypandoc.convert_text(
            words, "html5", format=READ_BY_QUARTO, extra_args=["--wrap=none"]
        )
        assert html.count("<") == 2
        assert of_another_district in seen(unescape(html))


@pytest.mark.tried("Hostile text", "a district's name in the title of a site that Quarto built")
def test_both_renderers_show_a_title_as_text(
    tmp_path, of_another_district, quarto_program, monkeypatch
):
    monkeypatch.setenv("QUARTO", quarto_program)
    plain = build(STUDY, "builtin", tmp_path / "plain").folder
    by_quarto = build(STUDY, "quarto", tmp_path / "quarto").folder
    page = (by_quarto / "index.html").read_text("utf-8")
    told = re.findall(r'<span class="navbar-title">([^<]*)</span>', page)
    wanted = f"{of_another_district}: schools, people and money"
    assert [seen(unescape(text)) for text in told] == [wanted]
    assert seen(read(plain, "index.html").title) == seen(read(by_quarto, "index.html").title)
    assert wanted in seen(read(plain, "index.html").title)


PICTURES = {("svg", name) for name in ("flow", "chart", "strip")}


class Acting(HTMLParser):
    """What would act in a page, or ask for something."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        address = (values.get("href") or values.get("src") or "").lower()
        acts = tag in {"script", "style", "svg", "iframe", "object", "form", "base"}
        if (
            (acts and (tag, values.get("class")) not in PICTURES)
            or any(name.startswith("on") for name in values)
            or address.startswith(("javascript:", "http://192.0.2.1"))
        ):
            self.seen.append(self.get_starttag_text())


def policies(folder):
    found = {}
    for page in folder.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        (told,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
        assert text.index("Content-Security") < re.search("<(?:link|script|style)", text).start()
        found[page.name] = unescape(told)
    return found


@pytest.mark.usefixtures("home")
def test_each_page_has_a_policy_that_allows_the_sites_own_scripts_alone(tmp_path):
    found = policies(build(STUDY, "builtin", tmp_path / "site").folder)
    assert len(found) == 9
    # It is whole in itself, wherever a server shows it.
    assert re.search("script-src 'sha256-[^ ]+';", found.pop("404.html"))
    for told in found.values():
        assert told.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe-inline" not in told
        assert "http" not in told


def test_what_a_renderer_brings_is_allowed_by_its_hash():
    page = (
        "<script src='site.js'></script><script>x()</script><style>p{}</style>"
        '<button onclick="y(&quot;z&quot;)" style="top: 0">'
    )
    told = policy(page)
    scripts = [sha("x()"), "'unsafe-hashes'", sha('y("z")')]
    styles = [sha("p{}"), "'unsafe-hashes'", sha("top: 0"), sha("")]
    assert f"script-src 'self' {' '.join(scripts)};" in told
    assert f"style-src 'self' {' '.join(styles)};" in told


def sha(text):
    done = subprocess.run(["sha256sum"], input=text.encode(), capture_output=True, check=True)
    digest = bytes.fromhex(done.stdout.split()[0].decode())
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_marks_that_turn_the_direction_of_a_page_are_shown(tmp_path):
    (tmp_path / "a.html").write_text("<head><meta charset='utf-8'><body>a \u202e b")
    seal(tmp_path)
    assert "a \ufffd b" in (tmp_path / "a.html").read_text()
