"""`paperdeck fetch` and `paperdeck add`, on a server of this machine."""
# ruff: noqa: F811 (fixtures of another folder)

import io
import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from store import Library
from store.fetchers.huggingface import today
from tests.fetching.service import Answer, Asked, Server, silence
from tests.fetching.test_fetching import MONDAY, RSS, WEEK, Days, atom, entries
from tests.tui.conftest import Paperdeck, config, home, paperdeck  # noqa: F401
from tui.config import Settings, check

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def only_here(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the server is ever asked."""
    for service in ("HUGGINGFACE", "ARXIV_API", "ARXIV_RSS"):
        monkeypatch.setenv(f"PAPERDECK_{service}_URL", server.url)


@pytest.fixture
def days(server: Server) -> Days:
    server.service = days = Days(*WEEK[:5])
    return days


def test_a_week_is_told_day_by_day(paperdeck: Paperdeck, days: Days, server: Server) -> None:
    ran = paperdeck("fetch", "--week", "2025-W20")
    assert ran.status == 0
    assert ran.out.splitlines() == [
        "Mon 12 May 2025: 3 papers, 3 new",
        "Tue 13 May 2025: 3 papers, 3 new",
        "Wed 14 May 2025: 3 papers, 3 new",
        "Thu 15 May 2025: 3 papers, 3 new",
        "Fri 16 May 2025: 3 papers, 3 new",
    ]
    assert ran.err.splitlines() == [
        f"2025-05-17 is not published yet: the newest day of {server.host} is 2025-05-16. Nor is the day after it.",
        "Fetched 5 documents: 15 papers, 15 new.",
    ]
    days.listed[MONDAY] = entries(MONDAY, papers=4, upvotes=11)
    ran = paperdeck("fetch", "--date", "2025-05-12")
    assert ran == (0, "Mon 12 May 2025: 4 papers, 1 new, 3 updated (comments +30, upvotes +30)\n", "")
    assert paperdeck("fetch", "--date", "2025-05-12").out == "Mon 12 May 2025: 4 papers, nothing changed\n"


def test_since_fills_the_gap_that_a_failed_day_left(
    paperdeck: Paperdeck,
    server: Server,
    library: Library,
) -> None:
    week = [today() - timedelta(days=number) for number in range(6, -1, -1)]
    server.service = days = Days(*week)
    days.faults[week[2]] = Answer(status=404)
    since = ("fetch", "--since", f"{week[0]}")
    ran = paperdeck(*since)
    assert ran.status == 3
    assert len(ran.out.splitlines()) == 6
    assert f"paperdeck: {server.host} has no such page (HTTP 404): huggingface.co/papers/date/{week[2]}." in ran.err
    assert "6 documents" in ran.err
    assert "1 document failed" in ran.err
    del days.faults[week[2]]
    days.asked.clear()
    ran = paperdeck(*since)
    assert ran.status == 0
    assert days.asked == [week[2], week[-2], week[-1]]
    assert "4 days" in ran.err
    assert sorted(day.day for day in library.days()) == [f"{day}" for day in week]


@pytest.mark.parametrize("period", [("--week",), ("--month",), ()])
def test_this_week_this_month_and_today(paperdeck: Paperdeck, server: Server, period: tuple[str, ...]) -> None:
    server.service = days = Days(today())
    ran = paperdeck("fetch", *period, "--json")
    assert ran.status == 0
    assert ran.json["files"][-1]["day"] == f"{today()}"
    assert (ran.json["new"], ran.json["failed"]) == (3, 0)
    assert days.asked[-1] == today()


def test_json_is_as_that_of_an_import(paperdeck: Paperdeck, days: Days) -> None:
    days.faults[WEEK[1]] = Answer(b"{}")
    ran = paperdeck("fetch", "--week", "2025-W20", "--json")
    assert ran.status == 3
    assert list(ran.json) == ["files", "listed", "new", "updated", "unchanged", "unparsed", "failed"]
    assert ran.json["failed"] == 1
    assert ran.json["files"][0] == {
        "name": "huggingface.co/papers/date/2025-05-12",
        "format": "hf-json",
        "day": "2025-05-12",
        "day_inferred": False,
        "listed": 3,
        "new": 3,
        "updated": 0,
        "unchanged": 0,
        "unparsed": 0,
        "error": None,
    }


@pytest.mark.parametrize(
    "arguments", [("fetch",), ("fetch", "--week"), ("fetch", "arxiv", "cs.CL"), ("add", "2401.12345")], ids=" ".join
)
def test_offline_is_one_sentence_and_nothing_changes(
    paperdeck: Paperdeck, server: Server, library: Library, arguments: tuple[str, ...]
) -> None:
    server.close()
    before = library.generations()
    ran = paperdeck(*arguments)
    assert (ran.status, ran.out) == (1, "")
    words = f"{server.host} cannot be reached: connection refused. The library is as it was."
    assert ran.err == f"paperdeck: {words}\n"
    assert library.generations() == before
    assert paperdeck("list").status == 0


WRONG = [
    ("fetch", "--week", "2025"),
    ("fetch", "--month", "May"),
    ("fetch", "--since", "12 May"),
    ("fetch", "--since", "2100-01-01"),
    ("fetch", "--date", "2025-02-30"),
    ("fetch", "--date", "2025-05-12", "--week"),
    ("fetch", "--json", "arxiv", "cs.CL"),
    ("fetch", "arxiv"),
    ("fetch", "arxiv", "computers!"),
    ("fetch", "arxiv", "cs.CL", "--limit", "3"),
    ("fetch", "arxiv", "cs.CL", "--since", "2025-05-12", "--date", "2025-05-12"),
    ("add",),
    ("add", "2401.12345", "nonsense"),
]


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_what_cannot_be_meant_is_wrong_usage_and_asks_nobody(
    paperdeck: Paperdeck,
    server: Server,
    arguments: tuple[str, ...],
) -> None:
    ran = paperdeck(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "paperdeck: " in ran.err
    assert not server.asked


# arXiv


def test_what_arxiv_announces_and_what_its_archive_has(
    paperdeck: Paperdeck,
    server: Server,
    library: Library,
) -> None:
    def service(asked: Asked) -> Answer:
        if asked.path.startswith("/rss/"):
            return Answer(RSS, "application/rss+xml")
        return Answer(atom("2505.00001", "2505.00002", total=2), "application/atom+xml")

    server.service = service
    ran = paperdeck("fetch", "arxiv", "cs.cl", "cs.LG")
    assert ran == (0, "rss.arxiv.org/rss/cs.CL+cs.LG: 1 paper, 1 new\n", "")
    ran = paperdeck("fetch", "arxiv", "--query", "state spaces", "--since", "2025-05-01", "--limit", "20")
    assert ran.status == 0
    assert ran.out.startswith("arXiv: “state spaces”, since 2025-05-01: 2 papers, 1 new")
    query = server.asked[-1].query
    assert query["search_query"] == "all:state AND all:spaces AND submittedDate:[202505010000 TO 999912312359]"
    assert query["max_results"] == "20"
    shown = paperdeck("show", "2505.00001").out
    assert "Listed     Mon 12 May 2025 arXiv cs.CL cs.LG · also arXiv\n" in shown
    assert len(library.ids()) == 2


def test_plain_fetch_does_what_the_settings_say(
    paperdeck: Paperdeck,
    server: Server,
    config: Callable[[str], None],
) -> None:
    days = Days(today())
    server.service = lambda asked: Answer(RSS, "text/xml") if asked.path.startswith("/rss") else days(asked)
    config(f'[fetch]\nsources = ["arxiv", "huggingface"]\narxiv = ["cs.CL"]\narxiv_rss_url = "{server.url}"')
    ran = paperdeck("fetch", "--json")
    assert [report["name"][:14] for report in ran.json["files"]] == ["rss.arxiv.org/", "huggingface.co"]
    config('[fetch]\nsources = ["arxiv"]\nhuggingface = "x"')
    ran = paperdeck("fetch", "--json")
    assert [report["name"][:14] for report in ran.json["files"]] == ["huggingface.co"]
    assert "config.toml: fetch.sources: arxiv needs categories" in ran.err
    assert "config.toml: fetch.huggingface: there is no such setting (did you mean “huggingface_url”?)" in ran.err


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ('sources = ["hf"]', 'fetch.sources.0: must be "huggingface" or "arxiv"'),
        ("sources = []", "fetch.sources: names no source"),
        ('sources = ["arxiv"]', 'fetch.sources: arxiv needs categories, as in arxiv = ["cs.CL", "cs.LG"]'),
        ('arxiv = "cs.CL"', 'fetch.arxiv: must be a list, as in ["one", "two"]'),
        ('arxiv = ["computers!"]', "fetch.arxiv: computers! is no category of arXiv: write it as in cs.CL"),
        ('arxiv_rss_url = "file:///etc"', "fetch.arxiv_rss_url: must begin with https:// or http://"),
        ("hugingface_url = 1", "fetch.hugingface_url: there is no such setting (did you mean “huggingface_url”?)"),
    ],
)
def test_wrong_settings_are_named_and_the_usual_ones_hold(settings: str, problem: str) -> None:
    checked = check(tomllib.loads(f"fetch_on_start = true\n[fetch]\n{settings}"))
    (told,) = checked.problems
    assert told.startswith(problem)
    assert checked.settings == Settings(fetch_on_start=True)


def test_add_updates_what_is_known_and_names_what_is_unknown(
    paperdeck: Paperdeck,
    server: Server,
    library: Library,
) -> None:
    server.always(Answer(RSS, "application/rss+xml"))
    paperdeck("fetch", "arxiv", "cs.CL")
    server.always(Answer(atom("2505.00001", "2505.00002"), "application/atom+xml"))
    ran = paperdeck("add", "2505.00001", "arxiv.org/abs/2505.00002v1", "2505.99999")
    assert ran.status == 3
    assert ran.out == ("arXiv: 2505.00001 and 2 more: 2 papers, 1 new, 1 updated (1 gained a date, 1 authors)\n")
    assert f"paperdeck: {server.host} knows no paper 2505.99999.\n" in ran.err
    assert library.entry("2505.00001").authors == ("Ada Lovelace",)


def test_add_of_unknown_papers_alone_is_status_1(paperdeck: Paperdeck, server: Server) -> None:
    server.always(Answer(atom(total=0), "application/atom+xml"))
    ran = paperdeck("add", "2505.99998", "2505.99999")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.count("knows no paper") == 2


# A terminal


class Screen(io.StringIO):
    """A terminal that remembers what was drawn on it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("days")
def test_a_wait_shows_what_is_waited_for(paperdeck: Paperdeck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.commands.taking_in.PATIENCE", 0)
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    paperdeck("fetch", "--week", "2025-W20")
    lines = [line for line in screen.getvalue().split("\r\x1b[K") if line]
    assert lines[0] == "Fetching huggingface.co, 1 of 7 … waiting for an answer"
    assert "Fetching huggingface.co, 5 of 7 … 1 kB" in lines
    assert lines[-1].endswith("Fetched 5 documents: 15 papers, 15 new.\n")


def test_ctrl_c_ends_it_at_once_and_what_came_stays(tmp_path: Path, days: Days) -> None:
    days.faults[WEEK[2]] = silence(120)
    environment = dict(os.environ, PAPERDECK_DB=str(tmp_path / "library.db"))
    command = [sys.executable, "-m", "tui", "fetch", "--week", "2025-W20"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        while WEEK[2] not in days.asked:
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)  # long before the answer
    assert run.returncode == 130
    assert len(out.splitlines()) == 2
    assert err == "Stopped. Fetched 2 documents: 6 papers, 6 new.\n"
    with Library(tmp_path / "library.db") as library:
        assert len(library.ids()) == 6


def test_looking_at_papers_needs_no_network_code() -> None:
    code = "import sys, tui.app, tui.cli; print({'httpx', 'store.fetchers', 'pydantic'}.intersection(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
