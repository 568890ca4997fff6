"""Folders that hold a site or a staged project, with what else people keep there."""

import errno
import os
import subprocess
from unittest.mock import Mock

import pytest
import yaml
from publish_sample import STUDY

from dme.errors import DmeError
from dme.publish import config, quarto
from dme.publish.place import SITE, filled
from dme.publish.site import keep_staged


@pytest.mark.tried("Nothing lost", "files that were put into a site's folder, and a new build")
@pytest.mark.parametrize("linking", [os.link, Mock(side_effect=OSError(errno.EXDEV, "device"))])
def test_a_worktree_of_git_stays_one_and_sees_what_changed(tmp_path, monkeypatch, linking):
    def git(*words, cwd=tmp_path / "pages"):
        told = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
        return subprocess.run(told, cwd=cwd, capture_output=True, text=True, check=True).stdout

    def fill(text, more):
        with filled(place, SITE) as fresh:
            (fresh / "index.html").write_text(text)
            (fresh / more).touch()

    origin, place = tmp_path / "origin", tmp_path / "pages"
    origin.mkdir()
    git("init", "-q", cwd=origin)
    git("commit", "-q", "--allow-empty", "-m", "empty", cwd=origin)
    git("worktree", "add", "-q", "-b", "gh-pages", str(place), cwd=origin)
    (place / ".nojekyll").touch()
    (place / "CNAME").write_text("schools.example.org")
    monkeypatch.setattr(os, "link", linking)
    fill("a page", "another.html")
    git("add", "--all")
    git("commit", "-q", "-m", "a site")
    fill("a page", "another.html")
    assert git("status", "--porcelain") == ""
    fill("a new page", "new.html")
    assert git("status", "--porcelain").split("\n")[:3] == [
        " M .dme-site", " D another.html", " M index.html",
    ]  # fmt: skip
    assert {".nojekyll", "CNAME", ".git", "index.html"} <= {*os.listdir(place)}
    assert git("worktree", "list", cwd=origin).count("\n") == 2


@pytest.mark.tried("Nothing lost", "a staged project, and a folder of something else")
def test_a_staged_project_is_kept_and_what_quarto_made_of_it_stays(home, later, tmp_path):
    place = tmp_path / "stage"
    assert keep_staged(STUDY, place) == [place]
    assert {"_quarto.yml", "index.qmd", "operations.ipynb", "style"} <= {*os.listdir(place)}
    assert not list(place.glob("*.html"))
    (place / "_site").mkdir()
    (place / "_site" / "index.html").write_text("by Quarto")
    (home / "pages" / "tried.qmd").unlink()
    keep_staged(STUDY, place)
    assert not (place / "tried.qmd").exists()
    assert (place / "_site" / "index.html").read_text() == "by Quarto"
    assert keep_staged(STUDY, tmp_path / "two", [later]) == [
        tmp_path / "two" / STUDY, tmp_path / "two" / later,
    ]  # fmt: skip
    assert (tmp_path / "two" / later / "_quarto.yml").is_file()
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("a site")
    (site / ".dme-site").write_text("its mark")
    with pytest.raises(DmeError, match="holds something else than a staged project"):
        keep_staged(STUDY, site)
    assert (site / "index.html").read_text() == "a site"


def test_settings_that_only_quarto_follows_are_told(home):
    settings = yaml.safe_load((home / "_quarto.yml").read_text("utf-8"))
    assert config.unhonoured(settings) == []
    settings["website"] |= {"repo-url": "https://example.org", "search": {"type": "overlay"}}
    settings["website"]["navbar"]["right"] = [{"icon": "github"}]
    settings["format"]["html"]["theme"] = {"light": "default", "dark": "darkly"}
    settings["execute"] = {"freeze": True}
    assert config.unhonoured(settings) == [
        "website.search", "website.navbar.right", "website.repo-url", "format.html.theme",
        "execute",
    ]  # fmt: skip


@pytest.mark.usefixtures("home")
def test_who_does_without_quarto_says_no(monkeypatch, tmp_path):
    (tmp_path / "quarto").symlink_to("/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("QUARTO", "no")
    assert quarto.find() is None
