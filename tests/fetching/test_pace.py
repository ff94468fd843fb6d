"""One request to arXiv in three seconds, by however many processes: real ones, and a shorter pause."""

import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from store.errors import FetchCancelled, FetchError
from store.fetchers import Addresses, Progress, arxiv
from store.fetchers.pace import SECONDS, Pace
from tests.conftest import ROOT
from tests.fetching.conftest import MakeClient
from tests.fetching.service import Server, silence
from tests.fetching.test_arxiv import feed

PAUSE = 0.25
ASK = f"""
import sys
from store.fetchers import Addresses, arxiv
from store.fetchers.http import Client
from store.fetchers.pace import Pace
with Client(pace=Pace(seconds={PAUSE})) as client:
    for number in range(2):
        list(arxiv.papers(client, ["2401.00001"], Addresses(arxiv_api=sys.argv[1])))
"""


def process(script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True, env=os.environ.copy()
    )


def test_processes_take_turns(server: Server) -> None:
    server.always(feed("2401.00001"))
    processes = [process(ASK, server.url) for _ in range(3)]
    for each in processes:
        _, told = each.communicate(timeout=60)
        assert (each.returncode, told) == (0, "")
    spans = sorted(server.spans)
    assert len(spans) == 6
    for (_, ended), (began, _) in pairwise(spans):
        assert began - ended >= PAUSE - 0.02  # the time is written to the millisecond, and a socket takes some


def test_arxiv_is_given_three_seconds(server: Server, tmp_path: Path, make_client: MakeClient) -> None:
    assert SECONDS == 3.0
    last = time.time() - 2.5
    (tmp_path / "arxiv.lock").write_text(str(last))
    server.always(feed("2401.00001"))
    ask(make_client, server, Pace(tmp_path))
    assert time.time() - last >= 2.95


def ask(make_client: MakeClient, server: Server, pace: Pace, **wanted: object) -> None:
    list(arxiv.papers(make_client(pace=pace, **wanted), ["2401.00001"], Addresses(arxiv_api=server.url)))


@pytest.mark.parametrize("written", ["99999999999", "inf", "nan", "", "yesterday", "-1", "\0" * 30])
def test_a_clock_that_was_turned_back_and_a_damaged_file_stop_nobody(
    server: Server, tmp_path: Path, make_client: MakeClient, written: str
) -> None:
    (tmp_path / "arxiv.lock").write_text(written)
    server.always(feed("2401.00001"))
    ask(make_client, server, Pace(tmp_path, seconds=0.05))
    assert len(server.asked) == 1
    assert abs(float((tmp_path / "arxiv.lock").read_text()) - time.time()) < 60


def test_a_wait_for_another_process_is_told_and_can_be_cancelled(
    server: Server, tmp_path: Path, make_client: MakeClient
) -> None:
    server.always(silence(60))
    pace = Pace(tmp_path, seconds=0.05)
    first_cancelled, second_cancelled = threading.Event(), threading.Event()

    def first() -> None:
        with pytest.raises(FetchCancelled):
            ask(make_client, server, pace, cancelled=first_cancelled.is_set)

    thread = threading.Thread(target=first)
    thread.start()
    while not server.asked:
        time.sleep(0.01)
    shown: list[Progress] = []

    def show(progress: Progress) -> None:
        shown.append(progress)
        second_cancelled.set()

    with pytest.raises(FetchCancelled):
        ask(make_client, server, pace, cancelled=second_cancelled.is_set, progress=show)
    first_cancelled.set()
    thread.join()
    assert shown[0].waiting == "another request to arXiv is under way: one at a time"
    assert len(server.asked) == 1


def test_a_process_that_is_killed_gives_its_turn_back(server: Server, make_client: MakeClient) -> None:
    server.always(silence(60), feed("2401.00001"))
    killed = process(ASK, server.url)
    while not server.asked:
        time.sleep(0.01)
    killed.kill()
    killed.communicate()
    ask(make_client, server, Pace(seconds=0.05))
    assert len(server.asked) == 2


def test_where_turns_cannot_be_taken_arxiv_is_not_asked(
    server: Server, tmp_path: Path, make_client: MakeClient
) -> None:
    (tmp_path / "in the way").write_text("")
    with pytest.raises(FetchError, match=r"arxiv\.lock cannot be used: Not a directory\. It keeps to arXiv's rule"):
        ask(make_client, server, Pace(tmp_path / "in the way" / "state"))
    assert not server.asked


def test_ctrl_c_ends_a_command_at_once_and_quietly(server: Server) -> None:
    server.always(silence(120))
    script = ASK.replace("with Client", "try:\n  with Client").replace("\n    for", "\n      for")
    script = script.replace("\n        list", "\n        list") + "except KeyboardInterrupt:\n  sys.exit(130)\n"
    command = process(script, server.url)
    while not server.asked:
        time.sleep(0.01)
    time.sleep(0.1)
    command.send_signal(signal.SIGINT)
    _, told = command.communicate(timeout=60)  # long before the answer, or the end of our patience
    assert (command.returncode, told) == (130, "")


def test_nothing_is_imported_before_something_is_asked() -> None:
    script = (
        "import sys, store, tui.app, store.fetchers.huggingface, store.fetchers.arxiv\n"
        "from store.fetchers.http import Client\n"
        "Client().close()\n"
        "from store import FetchError, FetchCancelled, ServiceUnreachable\n"
        "sys.exit(', '.join({'httpx', 'httpcore', 'anyio', 'pydantic'} & set(sys.modules)) or None)"
    )
    _, told = (imported := process(script)).communicate(timeout=60)
    assert (imported.returncode, told) == (0, "")
