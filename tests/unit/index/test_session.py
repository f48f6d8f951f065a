"""The session as others use it, without a network."""

from __future__ import annotations

import math
import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from alcove.errors import FetchError, HashMismatch, IndexUnreachable, NoSuchDistribution
from alcove.events import Notice, Progress, Step, Warned
from alcove.files.data import dumps
from alcove.index import Index, Unanswered, html_page, spelling
from alcove.index_settings import IndexSettings
from alcove.testing.index_lab import INDEX, Lab, Told, noise, sha256
from alcove.testing.transport import Asked, FakeTransport, Reply

if TYPE_CHECKING:
    from pathlib import Path

PAGE = f"{INDEX}/six/"
OTHER = "https://other.example/simple"
SIX = "<a href='/f/six-1.0.tar.gz'><a href='/f/six-2.0.tar.gz'>"


def page(text: str = SIX, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(text, headers={"Content-Type": "text/html", **named})


def test_a_page_is_asked_for_once_and_then_comes_from_the_cache(lab: Lab) -> None:
    transport = FakeTransport({PAGE: page()})
    index = lab.open(transport)
    assert index.project("Six").versions() == ["2.0", "1.0"]
    assert index.project("six").files("1.0")[0].url == "https://index.example/f/six-1.0.tar.gz"
    assert lab.open(transport).project("six").versions() == ["2.0", "1.0"]
    assert transport.urls() == [PAGE]
    accept = transport.asked[0].headers["Accept"]
    assert accept.startswith("application/vnd.pypi.simple.v1+json, ")
    assert "text/html" in accept


def test_the_second_use_parses_no_html(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.open(FakeTransport({PAGE: page()})).project("six")

    def never(text: str) -> None:
        pytest.fail(f"parsed again: {text}")

    monkeypatch.setattr(html_page, "parse", never)
    assert lab.open().project("six").versions() == ["2.0", "1.0"]


def test_json_is_understood_and_cached(lab: Lab) -> None:
    content = {
        "meta": {"api-version": "1.1"},
        "files": [{"url": "six-1.0.tar.gz", "filename": "six-1.0.tar.gz"}],
    }
    kind = "application/vnd.pypi.simple.v1+json"
    transport = FakeTransport({PAGE: Reply(dumps(content), headers={"Content-Type": kind})})
    for _ in range(2):
        [file] = lab.open(transport).project("six").files("1.0")
        assert file.url == PAGE + "six-1.0.tar.gz"
    assert len(transport.asked) == 1


def test_an_old_page_is_asked_whether_it_changed(lab: Lab) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("If-None-Match") == '"1"':
            return Reply(status=304)
        return page(ETag='"1"', Cache_Control="max-age=0")

    transport = FakeTransport({PAGE: answer})
    for _ in range(3):
        assert lab.open(transport).project("six").versions() == ["2.0", "1.0"]
    questions = [asked.headers.get("If-None-Match") for asked in transport.asked]
    assert questions == [None, '"1"', '"1"']


def test_a_fresh_page_that_nobody_was_asked_about_is_told(lab: Lab) -> None:
    transport = FakeTransport({PAGE: page()})
    first = lab.open(transport)
    first.project("six")
    assert first.unasked() == set()
    again = lab.open(transport)
    again.project("six")
    assert again.unasked() == {"six"}
    refreshed = lab.open(transport, refresh=True)
    refreshed.project("six")
    assert refreshed.unasked() == set()
    offline = lab.open(transport, offline=True)
    offline.project("six")
    assert offline.unasked() == set()  # there is nobody to ask


def test_refresh_asks_though_the_page_is_fresh(lab: Lab) -> None:
    transport = FakeTransport({PAGE: page()})
    lab.open(transport).project("six")
    transport.pages[PAGE] = page("<a href='six-3.0.tar.gz'>")
    assert lab.open(transport).project("six").versions() == ["2.0", "1.0"]
    assert lab.open(transport, refresh=True).project("six").versions() == ["3.0"]


def test_the_cache_may_be_garbled_or_deleted_at_any_time(lab: Lab) -> None:
    transport = FakeTransport({PAGE: page()})
    lab.open(transport).project("six")
    for path in lab.cache.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-3])
    assert lab.open(transport).project("six").versions() == ["2.0", "1.0"]
    assert len(transport.asked) == 2


def test_all_sources_are_merged_in_pips_order(lab: Lab, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    (links / "six-1.0.tar.gz").write_bytes(b"mine")
    transport = FakeTransport(
        {
            PAGE: page(),
            f"{OTHER}/six/": page("<a href='six-2.0.tar.gz'><a href='six-9.0.tar.gz'>"),
            "https://links.example/all.html": page(
                "<a href='six-8.0.tar.gz'><a href='seven-1.zip'>"
            ),
        }
    )
    index = lab.open(
        transport,
        extra_index_urls=(OTHER,),
        find_links=(str(links), "https://links.example/all.html"),
    )
    project = index.project("six")
    assert project.versions() == ["9.0", "8.0", "2.0", "1.0"]
    assert project.files("1.0")[0].url == (links / "six-1.0.tar.gz").as_uri()
    assert project.files("2.0")[0].url.startswith("https://index.example/")
    assert index.project("seven").versions() == ["1"]
    assert transport.urls().count("https://links.example/all.html") == 1


def test_the_first_index_that_has_a_project_may_have_it_alone(lab: Lab, tmp_path: Path) -> None:
    # CVE-2018-20225: a higher version elsewhere does not win, and nobody else hears the name.
    (tmp_path / "six-8.0.tar.gz").touch()
    seven = f"{INDEX}/seven/"
    transport = FakeTransport(
        {PAGE: page(), f"{OTHER}/six/": page("<a href='six-0.1.tar.gz'>"), seven: page()}
    )
    settings: dict[str, Any] = {"index_strategy": "first-index", "extra_index_urls": (OTHER,)}
    index = lab.open(transport, find_links=(str(tmp_path),), **settings)
    index.prefetch(["six"])
    assert index.project("six").versions() == ["8.0", "0.1"]
    assert PAGE not in transport.urls()
    index.project("seven")
    assert transport.urls()[-1] == seven
    with pytest.raises(NoSuchDistribution, match="nobody"):
        index.project("nobody")


@pytest.mark.parametrize("status", [401, 403, 500])
def test_in_turn_an_index_that_cannot_be_asked_is_not_passed_over(lab: Lab, status: int) -> None:
    transport = FakeTransport({PAGE: page(), f"{OTHER}/six/": Reply(status=status)})
    settings: dict[str, Any] = {"index_strategy": "first-index", "extra_index_urls": (OTHER,)}
    with pytest.raises(IndexUnreachable, match=str(status)):
        lab.open(transport, **settings).project("six")
    assert PAGE not in transport.urls()
    with pytest.raises(FetchError, match="offline"):
        lab.open(transport, offline=True, **settings).project("six")
    with pytest.raises(FetchError, match="not protected by TLS"):
        lab.open(transport, **settings | {"extra_index_urls": ("http://private.example/simple",)})


def test_a_project_missing_from_one_of_several_is_a_notice(lab: Lab) -> None:
    transport = FakeTransport({PAGE: page(), f"{INDEX}/seven/": page("<a href='seven-1.zip'>")})
    index = lab.open(transport, extra_index_urls=(OTHER,))
    assert index.project("six").versions() == ["2.0", "1.0"]
    index.project("seven")
    [text] = lab.told.of(Notice)  # once for a source, not for each project
    assert OTHER in text


def test_a_project_that_nobody_has(lab: Lab) -> None:
    with pytest.raises(NoSuchDistribution, match="'nothing-here'") as caught:
        lab.open(extra_index_urls=("https://me:secret@b.example/simple",)).project("Nothing.Here")
    assert INDEX in caught.value.message
    assert "secret" not in caught.value.message
    with pytest.raises(NoSuchDistribution, match="nowhere to look") as caught:
        lab.open(no_index=True).project("six")
    assert "--no-index" in str(caught.value.hint)


def test_a_misspelled_name_is_guessed_from_what_is_known_here(lab: Lab, tmp_path: Path) -> None:
    links = tmp_path / "links"
    links.mkdir()
    for name in ("scikit_learn-1.0-py3-none-any.whl", "python-dateutil-2.9.tar.gz", "notes.txt"):
        (links / name).touch()
    index = lab.open(find_links=(str(links),))
    for wrong, hint in (
        ("scikit-laern", "did you mean scikit-learn?"),
        ("python_dateutils", "did you mean python-dateutil?"),
        ("python", "python is not a distribution: alcove create -p VERSION"),
        ("zzz", "check the spelling"),
    ):
        with pytest.raises(NoSuchDistribution) as caught:
            index.project(wrong)
        assert (caught.value.hint or "").startswith(hint)


def test_names_of_cached_files(tmp_path: Path) -> None:
    for name in ("Foo.Bar-1.0-py3-none-any.whl", "old-name-2.0.tar.gz", "x.json"):
        (tmp_path / "ab" / name).mkdir(parents=True)
        (tmp_path / "ab" / name / name).touch()
    assert spelling.cached_names(str(tmp_path)) == {"foo-bar", "old-name"}
    assert spelling.cached_names(str(tmp_path / "gone")) == set()


@pytest.mark.parametrize("status", [401, 400, 406])
def test_an_index_that_refuses_is_an_error_though_another_has_it(lab: Lab, status: int) -> None:
    transport = FakeTransport({PAGE: Reply(status=status), f"{OTHER}/six/": page()})
    with pytest.raises(IndexUnreachable, match=str(status)):
        lab.open(transport, extra_index_urls=(OTHER,)).project("six")


def test_a_pause_that_a_server_asks_for_is_told(lab: Lab) -> None:
    soon, later = (Reply(status=503, headers={"Retry-After": text}) for text in ("1", "7"))
    lab.open(FakeTransport({PAGE: [soon, later, page()]})).project("six")
    [text] = lab.told.of(Notice)
    assert text == (
        "index.example: the server answered 503, and asks for a pause: the next try is in 7 s"
    )
    assert lab.pauses == [1.0, 7.0]


NONE = Reply(broken="Connection refused")


@pytest.mark.parametrize("urls", [(INDEX, OTHER), (OTHER, INDEX)])
def test_one_of_several_that_is_down_is_passed_over_with_a_warning(
    lab: Lab, urls: tuple[str, str]
) -> None:
    pages = {f"{OTHER}/{name}/": page(f"<a href='{name}-1.0.zip'>") for name in ("six", "seven")}
    transport = FakeTransport({PAGE: NONE, f"{INDEX}/seven/": NONE, **pages})
    index = lab.open(transport, index_url=urls[0], extra_index_urls=urls[1:])
    assert index.project("six").versions() == ["1.0"]
    assert index.project("seven").versions() == ["1.0"]
    [text] = lab.told.of(Warned)
    assert f"{INDEX} does not answer (Connection refused): passed over" in text
    tries = [url for url in transport.urls() if url.startswith(INDEX)]
    assert tries == [PAGE] * 3  # found down once, it is not asked again
    assert index.holds_until() is None  # and nothing of this is relied on later
    with pytest.raises(Unanswered, match="the other places have no 'eight'"):
        index.project("eight")
    assert len(lab.told.of(Warned)) == 1


@pytest.mark.parametrize("reply", [NONE, Reply(status=503)], ids=["down", "503"])
@pytest.mark.parametrize("is_known", [False, True], ids=["", "known"])
def test_none_of_several_is_passed_over_for_a_lock(
    lab: Lab, reply: Reply, *, is_known: bool
) -> None:
    if is_known:
        lab.open(FakeTransport({PAGE: page(Cache_Control="max-age=0")})).project("six")
    transport = FakeTransport({PAGE: reply, f"{OTHER}/six/": page()})
    index = lab.open(transport, needs_all=True, extra_index_urls=(OTHER,))
    with pytest.raises(IndexUnreachable, match=f"^{INDEX}.*: what is pinned without it") as caught:
        index.project("six")
    assert "leave it out" in str(caught.value.hint)
    assert not lab.told.of(Warned)


def test_a_page_that_one_of_several_cannot_give_is_not_the_end_of_that_index(lab: Lab) -> None:
    pages = {f"{OTHER}/six/": page("<a href='six-0.1.zip'>"), f"{INDEX}/seven/": page()}
    transport = FakeTransport({PAGE: Reply(status=503), **pages})
    index = lab.open(transport, extra_index_urls=(OTHER,))
    assert index.project("six").versions() == ["0.1"]
    index.project("seven")
    [text] = lab.told.of(Warned)
    assert f"{PAGE}: the server answered 503: passed over, and 'six' is taken" in text


def test_what_an_index_that_is_down_was_known_to_have_still_counts(lab: Lab) -> None:
    """Else whoever can break a line decides from where a project comes (CVE-2018-20225)."""
    old = page(Cache_Control="max-age=0")
    lab.open(FakeTransport({PAGE: old})).project("six")
    transport = FakeTransport({PAGE: NONE, f"{OTHER}/six/": page("<a href='six-0.1.zip'>")})
    index = lab.open(transport, index_url=OTHER, extra_index_urls=(INDEX,))
    assert index.project("six").versions() == ["2.0", "1.0", "0.1"]
    assert "its pages are used as they were read before" in lab.told.of(Warned)[0]
    assert lab.open(transport, extra_index_urls=(OTHER,)).project("six").versions()[0] == "2.0"
    with pytest.raises(IndexUnreachable, match="refused"):
        lab.open(FakeTransport({PAGE: NONE})).project(
            "six"
        )  # alone, it is no help that it was there


def test_what_only_the_one_that_is_down_may_have(lab: Lab) -> None:
    """It is no project that does not exist: nothing is to be decided on that."""
    index = lab.open(FakeTransport({PAGE: NONE}), extra_index_urls=(OTHER,))
    with pytest.raises(Unanswered, match="refused; the other places have no 'six'"):
        index.project("six")
    assert len(lab.told.of(Warned)) == 1  # who goes on without it says nothing more


def test_all_of_several_down_is_an_error(lab: Lab) -> None:
    transport = FakeTransport({PAGE: NONE, f"{OTHER}/six/": Reply(status=500)})
    with pytest.raises(IndexUnreachable, match=r"refused$"):
        lab.open(transport, extra_index_urls=(OTHER,)).project("six")
    assert not lab.told.of(Warned)


def test_links_beside_an_index_that_is_down(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "six-8.0.tar.gz").touch()
    index = lab.open(FakeTransport({PAGE: NONE}), find_links=(str(tmp_path),))
    assert index.project("six").versions() == ["8.0"]
    assert "passed over" in lab.told.of(Warned)[0]
    page_of_links = "https://links.example/all"
    transport = FakeTransport({PAGE: page(), page_of_links: NONE})
    index = lab.open(transport, find_links=(page_of_links,))
    assert index.project("six").versions() == ["2.0", "1.0"]
    assert f"{page_of_links} does not answer" in lab.told.of(Warned)[1]


def test_how_long_an_answer_may_be_relied_on(lab: Lab) -> None:
    pages = {
        PAGE: page(Cache_Control="max-age=60"),
        f"{INDEX}/seven/": page(Cache_Control="no-cache", ETag='"a"'),
    }
    index = lab.open(FakeTransport(pages))
    assert index.holds_until() == math.inf
    index.project("six")
    until = index.holds_until()
    assert until
    assert 50 < until - time.time() <= 60
    again = lab.open(FakeTransport({}))
    again.project("six")
    assert again.holds_until() == pytest.approx(until, abs=1)  # of the page, not of its use
    index.project("seven")
    assert (index.holds_until() or 0) <= time.time()
    unchanged = FakeTransport({f"{INDEX}/seven/": Reply(status=304)})
    index = lab.open(unchanged)
    index.project("seven")
    assert (index.holds_until() or math.inf) <= time.time()


@pytest.mark.parametrize("status", [401, 403])
def test_who_refuses_says_whether_a_login_was_sent(lab: Lab, status: int) -> None:
    pages = {PAGE: Reply(status=status), "https://index.example/six.whl": Reply(status=status)}
    address = "https://me:secret@index.example"
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({}, "wants a login" if status == 401 else r"refused \(403\)$"),
        ({"index_url": f"{address}/simple"}, "login in the address given"),
    )
    for settings, told in cases:
        index = lab.open(FakeTransport(pages), keyring_provider="disabled", **settings)
        with pytest.raises(IndexUnreachable, match=told) as caught:
            index.project("six")
        assert "secret" not in f"{caught.value.message} {caught.value.hint}"
        where = address if settings else "https://index.example"
        with pytest.raises(IndexUnreachable, match=told):
            index.fetch(f"{where}/six.whl")


def test_forbidden_means_missing_where_another_has_it(lab: Lab) -> None:
    transport = FakeTransport({PAGE: page(), f"{OTHER}/six/": Reply(status=403)})
    index = lab.open(transport, extra_index_urls=(OTHER,))
    assert index.project("six").versions() == ["2.0", "1.0"]
    assert len(lab.told.of(Warned)) == 1
    with pytest.raises(IndexUnreachable, match="403"):
        lab.open(FakeTransport({PAGE: Reply(status=403)}), refresh=True).project("six")


def test_an_index_on_this_disk_that_is_not_there_is_told_once(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    index = lab.open(
        index_url=f"file://{tmp_path}/nowhere", extra_index_urls=(f"file://{tmp_path}/there",)
    )
    for name in ("six", "seven"):
        with pytest.raises(NoSuchDistribution):
            index.project(name)
    [text] = lab.told.of(Warned)
    assert f"{tmp_path}/nowhere: there is no such directory" in text


@pytest.mark.parametrize("url", ["http://[::1/simple", "http://a.example:99999/simple"])
def test_an_index_that_is_no_address_is_called_that(lab: Lab, url: str) -> None:
    with pytest.raises(FetchError, match="not an address"):
        lab.open(index_url=url).project("six")
    assert not lab.told.of(Warned)


def test_an_index_without_tls_is_left_out_unless_trusted(lab: Lab) -> None:
    plain = "http://index.example/simple"
    transport = FakeTransport({f"{plain}/six/": page()})
    with pytest.raises(NoSuchDistribution) as caught:
        lab.open(transport, index_url=plain).project("six")
    assert "--no-index" not in str(caught.value.hint)  # nobody said that
    assert "not protected by TLS" in lab.told.of(Warned)[0]
    assert not transport.asked
    index = lab.open(transport, index_url=plain, trusted_hosts=("index.example",))
    assert index.project("six").versions() == ["2.0", "1.0"]


def test_offline_uses_what_is_there_and_says_what_is_missing(lab: Lab) -> None:
    lab.open(FakeTransport({PAGE: page(Cache_Control="max-age=0")})).project("six")
    index = lab.open(offline=True)
    assert index.project("six").versions() == ["2.0", "1.0"]
    with pytest.raises(FetchError, match="'seven' is not in the cache") as caught:
        index.project("seven")
    assert f"{INDEX}/seven/" in caught.value.message
    file = index.project("six").files("2.0")[0]
    with pytest.raises(FetchError, match=r"six-2\.0\.tar\.gz"):
        index.download(file)
    with pytest.raises(FetchError, match=r"metadata of six-2\.0\.tar\.gz"):
        index.metadata(file)
    with pytest.raises(FetchError, match="not in the cache"):
        index.fetch("https://index.example/x.whl")


def test_offline_knows_that_a_source_had_nothing(lab: Lab) -> None:
    transport = FakeTransport({PAGE: page()})
    lab.open(transport, extra_index_urls=(OTHER,)).project("six")
    index = lab.open(offline=True, extra_index_urls=(OTHER, "https://third.example"))
    assert index.project("six").versions() == ["2.0", "1.0"]
    assert any("third.example/six/" in text for text in lab.told.of(Notice))


def test_prefetch_works_side_by_side_and_raises_nothing(lab: Lab) -> None:
    gate = threading.Barrier(3, timeout=20)

    def answer(_: Asked) -> Reply:
        return page("<a href='six-1.0.tar.gz'>")

    class Together(FakeTransport):
        def get(self, *arguments: object, **named: object) -> object:  # type: ignore[override]
            gate.wait()  # passes only when three requests are under way at once
            return super().get(*arguments, **named)  # type: ignore[arg-type]

    transport = Together(dict.fromkeys([PAGE, f"{INDEX}/b/", f"{INDEX}/c/"], answer))
    index = lab.open(transport)
    index.prefetch(["six", "b", "c"])
    assert index.project("six").versions() == ["1.0"]
    assert index.project("b").versions() == []
    index.project("c")
    assert len(transport.asked) == 3


def test_an_error_of_prefetch_is_raised_where_the_project_is_asked_for(lab: Lab) -> None:
    index = lab.open(FakeTransport({PAGE: Reply(broken="reset")}))
    index.prefetch(["six"])
    for _ in range(2):
        with pytest.raises(IndexUnreachable, match="reset"):
            index.project("six")


def test_find_links_of_every_kind(lab: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    for name in ("six-1.tar.gz", "six-2-py3-none-any.whl", "notes.txt"):
        (folder / name).write_bytes(b"x")
    (folder / "more.html").write_text(
        "<a href='sub/six-3.tar.gz'><a href='https://f.example/six-4.zip'>"
    )
    single = tmp_path / "six-5.tar.gz"
    single.write_bytes(b"x")
    local = tmp_path / "page.html"
    local.write_text("<a href='six-6.zip'>")
    places = (
        folder.as_uri(),
        str(single),
        single.as_uri(),
        local.as_uri(),
        "https://f.example/six-7.zip",
        str(tmp_path / "gone"),
    )
    project = lab.open(no_index=True, find_links=places).project("six")
    assert project.versions() == ["7", "6", "5", "4", "3", "2", "1"]
    assert project.files("3")[0].url == f"{folder.as_uri()}/sub/six-3.tar.gz"
    assert [str(tmp_path / "gone") in text for text in lab.told.of(Warned)] == [True]


def test_an_archive_of_another_name_is_known_by_its_egg_fragment(lab: Lab) -> None:
    body = (
        '<a href="/x/master.zip#egg=Six-1.5&amp;subdirectory=a">x</a>'
        '<a href="/x/v9.zip#egg=other-9">x</a><a href="/x/page.html#egg=six-8">x</a>'
        '<a href="/x/six-7.whl#egg=six-6">x</a><a href="/x/six-1.0.zip#egg=six-5">x</a>'
    )
    links = "https://links.example/all"
    index = lab.open(FakeTransport({PAGE: body, links: body}))
    (file,) = index.project("six").files("1.5")
    assert (file.url, file.kind) == ("https://index.example/x/master.zip", "sdist")
    assert index.project("six").versions() == ["1.5", "1.0"]
    alone = lab.open(FakeTransport({links: body}), find_links=(links,), no_index=True)
    assert alone.project("six").versions() == ["1.5", "1.0"]
    assert alone.project("other").versions() == ["9"]


def test_an_index_may_be_named_by_its_path(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "simple/six").mkdir(parents=True)
    (tmp_path / "simple/six/index.html").write_text('<a href="six-1.0.zip">x</a>')
    index = lab.open(index_url=str(tmp_path / "simple"))
    (file,) = index.project("six").files("1.0")
    assert file.url == f"file://{tmp_path}/simple/six/six-1.0.zip"


def test_an_index_of_files(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "simple" / "six").mkdir(parents=True)
    (tmp_path / "simple" / "six" / "index.html").write_text("<a href='../../six-1.tar.gz'>")
    (tmp_path / "six-1.tar.gz").write_bytes(b"x")
    index = lab.open(index_url=(tmp_path / "simple").as_uri(), offline=True)
    [file] = index.project("six").files("1")
    assert index.download(file) == str(tmp_path / "six-1.tar.gz")
    with pytest.raises(NoSuchDistribution):
        index.project("seven")


def test_closing_stops_the_workers_and_the_transport(lab: Lab) -> None:
    transport = FakeTransport({PAGE: page()})
    with lab.open(transport) as index:
        index.project("six")
    assert transport.closed
    index.prefetch(["seven"])
    with pytest.raises(FetchError, match="interrupted"):
        index.project("seven")


def test_ctrl_c_in_a_download_leaves_nothing(lab: Lab) -> None:
    url = "https://index.example/f/six-1.0.tar.gz"
    body = noise(3 << 20)

    class Interrupted(Told):
        def emit(self, event: object, /) -> None:
            if isinstance(event, Progress) and event.done > 1 << 20:
                raise KeyboardInterrupt

    transport = FakeTransport({url: Reply(body)})
    index = Index(
        IndexSettings(index_url=INDEX),
        cache=str(lab.cache),
        transport=transport,
        reporter=Interrupted(),
    )
    with index, pytest.raises(KeyboardInterrupt):
        index.fetch(url)
    assert not [path for path in lab.cache.rglob("*") if path.is_file()]


def test_a_direct_url_with_credentials_and_fragment(lab: Lab) -> None:
    body = b"archive"
    transport = FakeTransport({"https://f.example/x-1.zip": Reply(body)})
    index = lab.open(transport)
    path, digest = index.fetch("https://me:secret@f.example/x-1.zip#egg=x", sha256=sha256(body))
    assert digest == sha256(body)
    assert os.path.basename(path) == "x-1.zip"
    assert "Authorization" in transport.asked[0].headers
    with pytest.raises(HashMismatch) as caught:
        index.fetch("https://me:secret@f.example/x-1.zip", sha256="0" * 64)
    assert "secret" not in caught.value.message
    for file in lab.cache.rglob("*"):
        assert "secret" not in str(file)
        assert not file.is_file() or b"secret" not in file.read_bytes()


def test_events_of_a_download(lab: Lab) -> None:
    body = noise(1 << 20)
    lab.open(FakeTransport({"https://f.example/x-1.zip": Reply(body)})).fetch(
        "https://f.example/x-1.zip"
    )
    assert [event for event in lab.told.events if isinstance(event, Step)] == [
        Step("fetching", "x-1.zip")
    ]
    done = [event.done for event in lab.told.events if isinstance(event, Progress)]
    assert done == sorted(done)
    assert done[-1] == len(body)
    assert {event.total for event in lab.told.events if isinstance(event, Progress)} == {len(body)}
