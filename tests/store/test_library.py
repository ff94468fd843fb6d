"""Opening libraries, several processes on one, threads, and what the file is for others."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlite_utils import Database

from store.database.opening import SCHEMA_VERSION
from store.errors import LibraryUnusable, UnknownDigest, UnknownPaper
from store.library import Library
from store.schema import migrations
from tests.store.making import digest, listing

OPEN_AND_STAR = """
import sys
from store.library import Library
library = Library(sys.argv[1])
ids = library.ids("")
if ids:
    library.mark([ids[int(sys.argv[2])]], starred=True)
print(len(ids))
"""


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OPEN_AND_STAR, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_several_processes_may_open_a_new_library_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    processes = [start(str(path), "0") for _ in range(6)]
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "0\n", "")
    assert len(Database(path).query and list(Database(path)["_sqlite_migrations"].rows)) == SCHEMA_VERSION


def test_processes_that_mark_at_once_lose_nothing(library: Library) -> None:
    library.import_digest(digest(*(f"Paper {number}" for number in range(6))))
    processes = [start(str(library.path), str(number)) for number in range(6)]
    assert [process.wait(timeout=60) for process in processes] == [0] * 6
    assert len(library.ids("is:starred")) == 6
    assert len(library.log()) == 6


def test_threads_share_a_library(library: Library) -> None:
    library.import_digest(digest(*(f"Paper {number}" for number in range(40))))
    barrier = threading.Barrier(8)

    def work(number: int) -> None:
        barrier.wait()
        for paper in range(number * 5 + 1, number * 5 + 6):
            library.mark([paper], read=True)
            library.tag([paper], add=["seen"])
            assert library.entry(paper).read

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(library.ids("is:read tag:seen")) == 40
    assert len(library.log()) == 80


def test_another_process_is_noticed_by_the_generations(library: Library) -> None:
    library.import_digest(digest("Alpha"))
    before = library.generations()
    with Library(library.path) as other:
        other.mark([1], starred=True)
    after = library.generations()
    assert (after.text, after.tags) == (before.text, before.tags)
    assert after.state > before.state


def test_the_schema_version_is_the_number_of_migrations() -> None:
    assert len(migrations.pending(Database(memory=True))) == SCHEMA_VERSION


def test_the_file_opens_in_sqlite_utils_as_it_is(library: Library) -> None:
    library.import_digest(digest("Alpha"))
    library.note(1, "hello")
    database = Database(library.path)
    assert [row["title"] for row in database["papers"].rows] == ["Alpha"]
    assert [row["title"] for row in database["papers"].search("alpha")] == ["Alpha"]
    assert database.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.conn.execute("INSERT INTO papers_fts (papers_fts) VALUES ('integrity-check')")


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda path: path.write_bytes(b"not a database" * 100), "not an SQLite file"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: sqlite3.connect(path).execute("CREATE TABLE mine (x)").connection.commit(), "another program"),
    ],
)
def test_what_is_no_library_is_refused_and_left_as_it_was(tmp_path: Path, prepare, said: str) -> None:
    path = tmp_path / "thing.db"
    prepare(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LibraryUnusable, match=said):
        Library(path)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_newer_library_is_refused_with_advice(library: Library) -> None:
    connection = sqlite3.connect(library.path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(LibraryUnusable, match="newer paperdeck"):
        Library(library.path)


def test_a_library_that_is_not_there_is_not_made_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(LibraryUnusable, match="no library at"):
        Library(tmp_path / "absent.db", create=False)
    with pytest.raises(LibraryUnusable, match="folder is missing"):
        Library(tmp_path / "absent" / "library.db")


def test_a_path_that_no_library_can_have_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / ("x" * 300), "a\0b", "~there-is-no-such-person/library.db"):
        with pytest.raises(LibraryUnusable, match="cannot be used"):
            Library(path)


def test_a_relative_path_stays_the_same_file_for_every_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with Library("library.db") as library:
        library.import_digest(digest("Alpha"))
        monkeypatch.chdir("elsewhere")
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(library.ids).result() == [1]


def test_a_damaged_file_is_said_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library(path) as library:
        library.import_digest(digest(*(f"Paper {number}" for number in range(500))))
        library.note(1, "so large that it is not looked through at the start" * 50_000)
    whole = path.read_bytes()
    start = whole.index(b"We study Paper 400") // 4096 * 4096
    path.write_bytes(whole[:start] + b"\xff" * 4096 + whole[start + 4096 :])
    with Library(path) as library, pytest.raises(LibraryUnusable, match="is damaged"):
        library.list()


def test_numbers_that_sqlite_does_not_know_are_no_accident(library: Library) -> None:
    library.import_digest(digest("Alpha"))
    library.mark([1], read=True)
    huge = 10**30
    assert library.ids(limit=huge) == [1]
    assert len(library.search("alpha", limit=huge)) == len(library.log(huge)) == 1
    assert library.list(limit=0) == []
    for action in (library.digest, library.remove_digest):
        with pytest.raises(UnknownDigest, match=f"{huge}"):
            action(huge)
    with pytest.raises(UnknownPaper):
        library.resolve(["9" * 5000])


@pytest.mark.parametrize(
    "said", ["2501.00001", "arXiv:2501.00001v2", "https://arxiv.org/abs/2501.00001", "2501.00001 "]
)
def test_an_arxiv_id_or_its_address_finds_its_paper(library: Library, said: str) -> None:
    library.import_digest(digest("Beta", listing("Alpha", arxiv_id="2501.00001")))
    assert [entry.title for entry in library.search(said)] == ["Alpha"]
    assert library.entry(said).title == "Alpha"


def test_importing_the_store_loads_nothing_heavy() -> None:
    code = (
        "import sys, store; from store.library import Library; "
        "print([m for m in ('pydantic', 'sqlite_utils', 'rapidfuzz', 'textual') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("what", ["moved", "deleted", "replaced", "replaced by a copy"])
@pytest.mark.parametrize("thread", ["the same thread", "another thread"])
def test_nothing_is_written_to_a_library_that_is_not_at_its_place(tmp_path: Path, what: str, thread: str) -> None:
    path = tmp_path / "library.db"
    with Library(path) as library, Library(tmp_path / "other.db") as other:
        library.import_digest(digest(listing("One")))
        [paper] = library.ids()
        other.import_digest(digest(listing("Two"), listing("Three")))
        library.backup(tmp_path / "copy.db")
    with Library(path) as library:
        library.mark([paper], starred=True)
        if what == "moved":
            path.rename(tmp_path / "moved.db")
        elif what == "deleted":
            path.unlink()
        else:
            (tmp_path / ("other.db" if what == "replaced" else "copy.db")).rename(path)
        there = path.read_bytes() if path.exists() else None
        with ThreadPoolExecutor(1) as pool:

            def call(act: Callable[[], object]) -> object:
                return act() if thread == "the same thread" else pool.submit(act).result()

            for act in (partial(library.mark, [paper], read=True), library.ids, library.generations):
                with pytest.raises(LibraryUnusable, match="moved, deleted or replaced"):
                    call(act)
        assert (path.read_bytes() if path.exists() else None) == there


def test_a_library_that_is_put_back_can_be_written_again(tmp_path: Path) -> None:
    with Library(tmp_path / "library.db") as library:
        library.import_digest(digest(listing("One")))
        library.path.rename(tmp_path / "elsewhere.db")
        with pytest.raises(LibraryUnusable):
            library.ids()
        (tmp_path / "elsewhere.db").rename(library.path)
        library.mark(library.ids(), starred=True)
        assert library.ids("is:starred")
