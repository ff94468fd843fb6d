"""The client against a server with every fault: what comes back, how often it asks, and what a person reads."""

import os
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from store.errors import FetchCancelled, FetchError, ServiceUnreachable
from store.fetchers import Progress
from store.fetchers.cache import Cache
from store.fetchers.http import Client, Kind, Patience, redirected
from tests.fetching.conftest import HASTY, QUICK, MakeClient
from tests.fetching.service import (
    Answer,
    Asked,
    Fault,
    Server,
    bomb,
    cut,
    cut_chunks,
    drip,
    hang_up,
    packed,
    redirect,
    reset,
    silence,
    zeros,
)

JSON = Kind("JSON", ("application/json",))
GOOD = Answer(b'["good"]')
BUSY = Answer(status=503)
SMALL = Patience(backoff=0.01, size=2**20)


def get(client: Client, url: str) -> bytes:
    return client.get(url, JSON, "the page").data


def failure(client: Client, url: str) -> str:
    """The sentence that a fetch of `url` fails with, the port left out."""
    with pytest.raises(FetchError) as caught:
        get(client, url)
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", str(caught.value))


# What goes well


def test_a_document_comes_with_what_progress_shows(server: Server, make_client: MakeClient) -> None:
    shown: list[Progress] = []
    server.always(GOOD)
    assert get(make_client(progress=shown.append), server.url) == GOOD.body
    assert shown[0].waiting
    assert shown[-1] == Progress("the page", len(GOOD.body), len(GOOD.body), "")


def test_names_are_looked_up(server: Server, client: Client) -> None:
    server.always(GOOD)
    assert get(client, server.url.replace("127.0.0.1", "localhost")) == GOOD.body


def test_it_says_who_asks_and_what_it_takes(server: Server, client: Client) -> None:
    server.always(GOOD)
    get(client, server.url)
    headers = server.asked[0].headers
    assert re.fullmatch(r"paperdeck(/\d+\.\d+\S*)?", headers["user-agent"])
    assert headers["accept"] == "application/json"
    assert headers["accept-encoding"] == "gzip"


def test_what_comes_packed_is_unpacked(server: Server, client: Client) -> None:
    server.always(Answer(b"".join(packed(2**20)), headers={"Content-Encoding": "gzip"}))
    assert get(client, server.url) == bytes(2**20)


def test_an_answer_without_a_type_is_taken(server: Server, client: Client) -> None:
    server.always(Answer(GOOD.body, type=None))
    assert get(client, server.url) == GOOD.body


def test_a_proxy_of_the_environment_is_used(server: Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    server.always(GOOD)
    assert get(client, "http://papers.invalid/page") == GOOD.body
    assert server.asked[0].target == "http://papers.invalid/page"


# What another try mends


@pytest.mark.parametrize(
    "fault",
    [
        Answer(status=500),
        Answer(status=502),
        Answer(status=504),
        Answer(status=429),
        Answer(status=429, headers={"Retry-After": "0"}),
        Answer(status=429, headers={"Retry-After": "soon"}),
        Answer(status=503, headers={"Retry-After": format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)}),
        hang_up,
        reset,
        cut(GOOD.body),
        cut_chunks(GOOD.body),
        Answer(b"no gzip", headers={"Content-Encoding": "gzip"}),
        Answer(b"".join(packed(2**20))[:-9], headers={"Content-Encoding": "gzip"}),
    ],
    ids=[
        *("500", "502", "504", "429", "429 at once", "429 soon", "503 of the past"),
        *("hung up", "reset", "cut", "cut chunks", "no gzip", "cut gzip"),
    ],
)
def test_one_stumble_is_mended_by_another_try(server: Server, client: Client, fault: Answer | Fault) -> None:
    server.always(fault, GOOD)
    assert get(client, server.url) == GOOD.body
    assert len(server.asked) == 2


def test_silence_is_mended_by_another_try(server: Server, make_client: MakeClient) -> None:
    server.always(silence(60), GOOD)
    client = make_client(patience=Patience(read=2.0, backoff=0.01, tries=9))
    assert get(client, server.url) == GOOD.body
    assert len(server.asked) >= 2


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (BUSY, "HOST is out of order (HTTP 503), 4 times in a row: try again later."),
        (cut(GOOD.body), "HOST broke off in the middle, 4 times in a row: try again later."),
        (silence(60), "HOST sent nothing for 0.3 seconds, 4 times in a row: try again later."),
    ],
    ids=["503", "cut", "silent"],
)
def test_it_asks_four_times_and_then_says_what_happened(
    server: Server, make_client: MakeClient, fault: Answer | Fault, sentence: str
) -> None:
    server.always(fault)
    client = make_client(patience=HASTY if "nothing" in sentence else QUICK)
    assert failure(client, server.url) == sentence
    assert len(server.asked) == 4


def test_too_many_requests_for_ever_stands_for_the_whole_service(server: Server, client: Client) -> None:
    server.always(Answer(status=429))
    with pytest.raises(
        ServiceUnreachable, match=r"too many requests \(HTTP 429\), 4 times in a row: wait some minutes"
    ):
        get(client, server.url)


def test_each_pause_is_longer_than_the_last_and_is_told(server: Server, make_client: MakeClient) -> None:
    shown: list[Progress] = []
    server.always(BUSY, BUSY, BUSY, GOOD)
    client = make_client(progress=shown.append, patience=Patience(backoff=0.05))
    began = time.monotonic()
    get(client, server.url)
    assert time.monotonic() - began >= 0.5 * (0.05 + 0.1 + 0.2)
    told = [progress.waiting for progress in shown if "again" in progress.waiting]
    assert told == [f"trying again in 1 s ({server.host} is out of order (HTTP 503))"] * 3


def test_it_waits_as_long_as_the_service_asks(server: Server, client: Client) -> None:
    server.always(Answer(status=429, headers={"Retry-After": "1"}), GOOD)
    began = time.monotonic()
    get(client, server.url)
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("spelling", ["seconds", "date"])
def test_a_service_that_wants_a_long_pause_is_left_alone(server: Server, client: Client, spelling: str) -> None:
    when = datetime.now().astimezone() + timedelta(hours=1)
    asked = "3600" if spelling == "seconds" else format_datetime(when.astimezone(UTC), usegmt=True)
    server.always(Answer(status=429, headers={"Retry-After": asked}))
    sentence = failure(client, server.url)
    assert re.fullmatch(
        r"HOST has had too many requests \(HTTP 429\): come back after (\d\d \w+ \d{4}, )?\d\d:\d\d\."
        r" The library is as it was\.",
        sentence,
    )
    minutes = [f"{when - timedelta(minutes=back):%H:%M}" for back in (0, 1)]
    assert sentence.removesuffix(". The library is as it was.")[-5:] in minutes
    assert len(server.asked) == 1


# What no other try would mend


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer(status=404), "HOST has no such page (HTTP 404): the page."),
        (Answer(status=400), "HOST did not take the request (HTTP 400): the page."),
        (Answer(status=304), "HOST did not take the request (HTTP 304): the page."),
        (Answer(status=204), "HOST did not take the request (HTTP 204): the page."),
        (Answer(status=403), "HOST refuses to answer (HTTP 403). The library is as it was."),
        (Answer(b"<html>", "text/html; charset=utf-8"), "HOST sent a web page rather than JSON, asked for the page."),
        (Answer(b"%PDF", "application/pdf"), "HOST sent application/pdf rather than JSON, asked for the page."),
        (
            Answer(b"x", headers={"Content-Encoding": "br"}),
            "HOST sent the page packed in a way that was not asked for (br).",
        ),
    ],
    ids=["404", "400", "304 unasked", "204", "403", "HTML", "PDF", "brotli"],
)
def test_it_is_told_at_once(server: Server, client: Client, answer: Answer, sentence: str) -> None:
    server.always(answer)
    assert failure(client, server.url) == sentence
    assert len(server.asked) == 1


def test_an_answer_that_never_ends_is_given_up(server: Server, make_client: MakeClient) -> None:
    server.always(drip(bytes(2000), 0.05))
    client = make_client(patience=Patience(whole=1.0))
    assert failure(client, server.url) == "HOST did not send all of the page within 1 seconds."


def test_nobody_at_home_is_one_sentence(server: Server, client: Client) -> None:
    server.close()
    with pytest.raises(ServiceUnreachable):
        get(client, server.url)
    assert failure(client, server.url) == "HOST cannot be reached: connection refused. The library is as it was."


def test_after_something_came_it_is_not_said_that_nothing_changed(server: Server, client: Client) -> None:
    server.always(Answer(GOOD.body, headers={"Connection": "close"}))
    get(client, server.url)
    server.close()
    assert failure(client, server.url) == "HOST cannot be reached: connection refused."


def test_a_proxy_that_is_not_there_is_named(server: Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    server.close()
    monkeypatch.setenv("all_proxy", server.url)
    assert failure(client, "http://papers.invalid/page") == (
        "papers.invalid cannot be reached: connection refused (through the proxy that the environment names)."
        " The library is as it was."
    )


def test_a_socks_proxy_is_known(server: Server, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    server.close()
    monkeypatch.setenv("all_proxy", server.url.replace("http", "socks5"))
    assert "connection refused (through the proxy" in failure(client, "http://papers.invalid/page")


def test_a_proxy_that_means_nothing_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "gopher://127.0.0.1:70")
    sentence = failure(client, "https://127.0.0.1:9")
    assert "what the environment says of proxies and certificates" in sentence
    assert "gopher" in sentence


def test_a_service_that_speaks_no_tls_is_told(server: Server, client: Client) -> None:
    server.always(GOOD)
    assert re.fullmatch(r"HOST cannot be reached: no secure connection \(.*\)\. The library is as it was\.",
                        failure(client, server.url.replace("http:", "https:")))  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "http://["),
        *("http://127.0.0.1:99999", "http://127.0.0.1:-1/x", "http://127.0.0.1:x", "http://\udcff", "http://h/\udcff"),
    ],
)
def test_an_address_that_is_none_is_told(client: Client, address: str) -> None:
    assert "is no address" in failure(client, address)


# Redirects


def test_redirects_are_followed(server: Server, client: Client) -> None:
    server.service = lambda asked: GOOD if asked.path == "/there" else redirect("/there", 301)
    assert get(client, f"{server.url}/here") == GOOD.body


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("file:///etc/passwd", "sends us to file://HOST/etc/passwd, which is no web address: not followed."),
        ("ftp://127.0.0.1/x", "sends us to ftp://127.0.0.1/x, which is no web address: not followed."),
        ("http://127.0.0.1:99999/x", "sends us to http://HOST/x, which is no web address: not followed."),
        ("data:,x", "leads to an address that is none"),
    ],
)
def test_a_redirect_away_from_the_web_is_not_followed(
    server: Server, client: Client, target: str, sentence: str
) -> None:
    server.always(redirect(target))
    assert sentence in failure(client, server.url).replace("file://127.0.0.1/", "file://HOST/")
    assert len(server.asked) == 1


def test_redirects_without_end_end(server: Server, client: Client) -> None:
    server.always(redirect("/again"))
    assert failure(client, server.url) == "HOST sends us from one address to the next without end, asked for the page."
    assert len(server.asked) == 6


def test_a_redirect_to_where_others_could_read_along_is_not_followed() -> None:
    import httpx

    private, open_to_all = httpx.Request("GET", "https://127.0.0.1/a"), httpx.Request("GET", "http://127.0.0.1/b")
    assert redirected(open_to_all, private, "http://127.0.0.1/b") is private
    with pytest.raises(FetchError, match=r"sends us to http://127\.0\.0\.1/b, where anybody could read along"):
        redirected(private, open_to_all, "https://127.0.0.1/a")


# Size


@pytest.mark.parametrize(
    "fault",
    [
        zeros(300 * 2**20, f"Content-Length: {300 * 2**20}"),
        zeros(300 * 2**20, "Connection: close"),
        bomb(300 * 2**20),
        zeros(2**20, f"Content-Length: {2**60}"),
    ],
    ids=["said", "streamed", "packed", "said only"],
)
def test_300_megabytes_are_refused(server: Server, make_client: MakeClient, fault: Answer | Fault) -> None:
    shown: list[Progress] = []
    server.always(fault)
    sentence = failure(make_client(patience=SMALL, progress=shown.append), server.url)
    assert sentence == "HOST sent over 1 MB for the page: that is no page of papers."
    assert len(server.asked) == 1
    assert max(progress.received for progress in shown) <= 2**20


# Cancelling


@pytest.mark.parametrize(
    "fault",
    [silence(60), drip(bytes(2000), 0.05), Answer(status=429, headers={"Retry-After": "60"})],
    ids=["no answer", "dripping", "a pause"],
)
def test_another_thread_ends_it_whatever_is_waited_for(server: Server, make_client: MakeClient, fault: Fault) -> None:
    server.always(fault)
    cancelled = threading.Event()
    client = make_client(cancelled=cancelled.is_set, patience=Patience())
    threading.Timer(0.3, cancelled.set).start()
    began = time.monotonic()
    with pytest.raises(FetchCancelled):
        get(client, server.url)
    assert time.monotonic() - began < 30  # far from the minute that each of them takes


def test_cancelled_before_it_began_it_asks_nobody(server: Server, make_client: MakeClient) -> None:
    with pytest.raises(FetchCancelled):
        get(make_client(cancelled=lambda: True), server.url)
    assert not server.asked


# What is kept between two runs


def with_etag(asked: Asked) -> Answer:
    same = asked.headers.get("if-none-match") == '"one"'
    return Answer(status=304) if same else Answer(GOOD.body, headers={"ETag": '"one"'})


def with_date(asked: Asked) -> Answer:
    written = "Fri, 28 Nov 2025 10:00:00 GMT"
    same = asked.headers.get("if-modified-since") == written
    return Answer(status=304) if same else Answer(GOOD.body, headers={"Last-Modified": written})


@pytest.mark.parametrize("service", [with_etag, with_date])
def test_what_has_not_changed_is_not_sent_again(server: Server, make_client: MakeClient, service: object) -> None:
    server.service = service  # type: ignore[assignment]
    first, second = (make_client().get(server.url, JSON, "the page") for _ in range(2))
    assert (first.data, first.unchanged) == (GOOD.body, False)
    assert (second.data, second.unchanged) == (GOOD.body, True)


def test_what_has_changed_replaces_what_was_kept(server: Server, client: Client) -> None:
    server.service = with_etag
    get(client, server.url)
    server.always(Answer(b'["better"]', headers={"ETag": '"two"'}))
    answer = client.get(server.url, JSON, "the page")
    assert (answer.data, answer.unchanged) == (b'["better"]', False)


def test_other_addresses_are_other_documents(server: Server, client: Client) -> None:
    server.service = with_etag
    get(client, f"{server.url}/?p=1")
    get(client, f"{server.url}/?p=2")
    assert "if-none-match" not in server.asked[1].headers


@pytest.mark.parametrize(
    "damage",
    [b"", b"\0\xff" * 50, b"{}\n[]", b"[" * 100_000, b'{"etag": 1}\nx'],
    ids=["empty", "binary", "no fields", "deep", "fields gone"],
)
def test_a_damaged_cache_never_hurts(server: Server, client: Client, damage: bytes, tmp_path: Path) -> None:
    server.service = with_etag
    get(client, server.url)
    (kept,) = (tmp_path / "cache/paperdeck/fetched").iterdir()
    whole = kept.read_bytes()
    for wrong in (damage, whole[:-1], whole.replace(b"good", b"evil"), whole.replace(b"one", b"0\\n")):
        kept.write_bytes(wrong)
        answer = client.get(server.url, JSON, "the page")
        assert (answer.data, answer.unchanged) == (GOOD.body, False)


def test_a_cache_that_cannot_be_written_never_hurts(server: Server, make_client: MakeClient, tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    server.service = with_etag
    client = make_client(cache=Cache(tmp_path / "in the way" / "cache"))
    assert get(client, server.url) == get(client, server.url) == GOOD.body


def test_the_cache_is_private_and_bounded(server: Server, make_client: MakeClient, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    client = make_client(cache=Cache(folder, room=5000))
    server.always(Answer(bytes(1000), headers={"ETag": '"x"'}))
    for number in range(8):
        get(client, f"{server.url}/{number}")
        os.utime(max(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns), (number, number))
    files = list(folder.iterdir())
    assert len(files) == 4
    assert sum(file.stat().st_size for file in files) <= 5000
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    get(client, f"{server.url}/7")
    assert server.asked[-1].headers["if-none-match"] == '"x"'
    get(client, f"{server.url}/0")
    assert "if-none-match" not in server.asked[-1].headers
