"""`export` in place and to a vault, as commands: what they say, and their exit status."""

import resource
from pathlib import Path

import pytest

from store.library import Library
from tests.store.making import digest, listing
from tests.tui.conftest import Paperdeck


@pytest.fixture(autouse=True)
def papers(library: Library) -> None:
    library.import_digest(digest(*(listing(title, arxiv_id=f"2501.0000{n}") for n, title in enumerate("ABC"))))
    library.mark(library.ids(), starred=True)


def test_in_place_says_what_it_did(paperdeck: Paperdeck, library: Library, tmp_path: Path) -> None:
    file = tmp_path / "reading.md"
    assert paperdeck("export", "--in-place", file) == (0, "", f"{file}: 3 new.\n")
    assert paperdeck("export", "--in-place", file) == (0, "", f"{file}: nothing changed (3 papers).\n")
    text = file.read_text()
    start = text.index("<!-- paperdeck:begin 2501.00000")
    file.write_text(
        text[:start] + text[text.index("<!-- paperdeck:begin 2501.00001") :].replace("We study B", "I study B")
    )
    library.note(library.resolve(["2501.00002"])[0], "noted")
    ran = paperdeck("export", "--in-place", file)
    assert ran.status == 0
    assert ran.err.splitlines() == [
        f"{file}: 1 updated.",
        "1 block that you deleted stays away; --restore brings it back.",
        "1 block was edited by hand and left as it is: “B”.",
    ]
    library.mark(library.ids(), starred=False)
    assert "2 papers are no longer in the list; their blocks stay" in paperdeck("export", "--in-place", file).err
    assert "1 removed" in paperdeck("export", "--in-place", file, "--prune").err
    library.mark(library.ids(), starred=True)
    assert paperdeck("export", "--in-place", file, "--restore").err.startswith(f"{file}: 2 new")


def test_damage_is_said_with_its_line(paperdeck: Paperdeck, tmp_path: Path) -> None:
    file = tmp_path / "reading.md"
    paperdeck("export", "--in-place", file)
    file.write_text(file.read_text().replace("<!-- paperdeck:end 2501.00000 -->", ""))
    ran = paperdeck("export", "--in-place", file)
    assert ran.status == 0
    assert "Damaged marker (line 3): nothing there was touched." in ran.err
    file.write_text(file.read_text().replace("<!-- paperdeck:end 2501.00001 -->", ""))
    assert "Damaged markers (lines 3, " in paperdeck("export", "--in-place", file).err


def test_a_file_of_the_persons_is_refused_with_what_to_do(paperdeck: Paperdeck, tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text("mine")
    ran = paperdeck("export", "--in-place", file)
    assert (ran.status, ran.out, file.read_text()) == (1, "", "mine")
    assert "Put this line where new papers are to go" in ran.err
    assert "<!-- paperdeck:new papers go above this line -->" in ran.err


def test_a_vault_says_what_it_did_and_what_failed(paperdeck: Paperdeck, library: Library, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    assert paperdeck("export", "--format", "obsidian", "--output", vault) == (0, "", f"{vault}: 3 new.\n")
    (vault / "A.md").unlink()
    ran = paperdeck("export", "--format", "obsidian", "--output", vault)
    assert ran.err.splitlines()[1] == "1 note that you deleted stays away; --restore brings it back."
    assert (
        paperdeck("export", "--format", "obsidian", "--output", vault, "--restore").err
        == f"{vault}: 1 new, 2 unchanged.\n"
    )
    library.mark(library.ids(), read=True)
    (vault / "deep").mkdir()
    (vault / "A.md").rename(vault / "deep" / "A.md")
    (vault / "deep" / "A.md").chmod(0o400)
    assert paperdeck("export", "--format", "obsidian", "--output", vault).status == 0
    assert (vault / "deep" / "A.md").stat().st_mode & 0o777 == 0o400


def test_a_note_that_cannot_be_written_is_named_and_the_others_are_written(
    paperdeck: Paperdeck, library: Library, tmp_path: Path
) -> None:
    vault = tmp_path / "vault"
    library.note(library.resolve(["2501.00001"])[0], "long " * 20_000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))  # as on a disk that is full
    try:
        ran = paperdeck("export", "--format", "obsidian", "--output", vault)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.splitlines() == [
        f"{vault}: 2 new.",
        "Not everything was written: B.md cannot be written: File too large.",
    ]
    assert sorted(file.name for file in vault.iterdir()) == [".paperdeck", "A.md", "C.md", "Reading list.md"]
    assert paperdeck("export", "--format", "obsidian", "--output", vault).err == f"{vault}: 1 new, 2 unchanged.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--in-place", "-"],
        ["--in-place", ""],
        ["--format", "obsidian", "--output", ""],
        ["--output", ""],
        ["--in-place", "x.md", "--output", "y.md"],
        ["--in-place", "x.md", "--force"],
        ["--in-place", "x.md", "--format", "json"],
        ["--restore"],
        ["--prune", "--output", "x.md"],
        ["--format", "obsidian"],
        ["--format", "obsidian", "--output", "-"],
        ["--format", "obsidian", "--output", "x", "--force"],
    ],
)
def test_wrong_usage_writes_nothing(
    paperdeck: Paperdeck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert paperdeck("export", *arguments).status == 2
    assert sorted(tmp_path.iterdir()) == before
