"""Notes in a folder: valid for Obsidian whatever titles hold, and the person's own words, names and places stay."""

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from pathlib import Path
from unicodedata import normalize

import pytest
import yaml

from store.errors import ExportError, InvalidTag
from store.exporting import update_in_place
from store.exports import ExportOptions, markers
from store.exports.file_names import MOST_BYTES, file_name
from store.exports.in_place import InPlaceOptions, Report
from store.exports.obsidian import obsidian_tag
from store.library import Library
from store.text import safe
from store.vaults import MEMORY, VaultReport, update_vault
from tests.hostile import TEXTS, kept, tags
from tests.store.making import digest, listing

INDEX = "Reading list.md"


@pytest.fixture
def vault(library: Library, tmp_path: Path) -> Path:
    """A folder with the notes of Alpha, Beta and Gamma, of which Gamma has no arXiv id, and a note of the person's."""
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "Mine.md").write_text("# Mine\n\n[[Alpha]]")
    star(library, listing("Alpha", arxiv_id="2501.00001"), listing("Beta", arxiv_id="2501.00002"), listing("Gamma"))
    library.tag([paper(library, "Alpha")], add=["kv cache", "rl"])
    export(library, folder)
    return folder


def star(library: Library, *papers: object, day: str = "2025-11-28") -> None:
    library.import_digest(digest(*papers, day=day))
    library.mark(library.ids(), starred=True)


def export(library: Library, folder: Path, query: str = "is:starred", **how: bool) -> VaultReport:
    return update_vault(library, folder, library.list(query), ExportOptions(), InPlaceOptions(**how))


def paper(library: Library, title: str) -> int:
    return next(entry.id for entry in library.list() if entry.title == title)


def properties(note: Path) -> dict:
    return yaml.safe_load(note.read_bytes().decode().removeprefix("\ufeff").replace("\r\n", "\n").split("\n---\n")[0])


def edit(note: Path, old: str, new: str) -> None:
    text = note.read_bytes().decode()
    assert old in text
    note.write_bytes(text.replace(old, new, 1).encode())


def stamps(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


def test_a_note_has_properties_and_the_paper(library: Library, tmp_path: Path) -> None:
    star(
        library,
        listing(
            "Attention: Is It All?", arxiv_id="1706.03762", authors=("Ada M", "Bo: L"), published="2017-06-12",
            organization="Lab #1", upvotes=7, code_url="https://github.com/a/b", project_url="https://x.org/y",
        ),
    )  # fmt: skip
    library.tag(library.ids(), add=["kv cache", "2025", "c++", "méthode/été", "अनुवाद"])
    library.note(library.ids()[0], "My *note*")
    assert export(library, tmp_path / "new").notes == Report(new=1)
    note = tmp_path / "new" / "Attention - Is It All.md"
    days = properties(note).pop("days")
    assert properties(note) | {"days": [f"{day}" for day in days], "published": f"{properties(note)['published']}"} == {
        "title": "Attention: Is It All?",
        "aliases": ["Attention: Is It All?", "arXiv:1706.03762"],
        "authors": ["Ada M", "Bo: L"],
        "organization": "Lab #1",
        "published": "2017-06-12",
        "days": ["2025-11-28"],
        "arxiv": "1706.03762",
        "url": "https://arxiv.org/abs/1706.03762",
        "pdf": "https://arxiv.org/pdf/1706.03762",
        "code": "https://github.com/a/b",
        "project": "https://x.org/y",
        "upvotes": 7,
        "tags": ["_2025", "c", "kv-cache", "méthode/été", "अनुवाद"],
        "read": False,
        "starred": True,
        "skipped": False,
    }
    assert "\n# Attention: Is It All?\n" in note.read_text()
    assert "\n> My *note*\n" in note.read_text()
    assert "- [Attention: Is It All?](Attention%20-%20Is%20It%20All.md)" in (tmp_path / "new" / INDEX).read_text()


def test_the_same_export_twice_touches_nothing(library: Library, vault: Path) -> None:
    before = stamps(vault)
    assert export(library, vault) == VaultReport(Report(unchanged=3), changed=False, failed=())
    assert stamps(vault) == before


@pytest.mark.parametrize(
    "text", ["2025-01-01", "2025-01-01 10:00:00", "12:30:45", "yes", "null", "~", "0x1f", "1_000", "1e3", ".inf", "0o7"]
)
def test_a_name_that_looks_like_something_else_is_text(library: Library, tmp_path: Path, text: str) -> None:
    star(library, listing(text, authors=(text, "Ada"), organization=text, published="2024-12-31"))
    library.tag(library.ids(), add=["2025-01-01"])
    export(library, tmp_path / "vault")
    (note,) = (file for file in (tmp_path / "vault").iterdir() if file.name not in {MEMORY, INDEX})
    read = properties(note)
    assert (read["title"], read["authors"], read["organization"]) == (text, [text, "Ada"], text)
    assert (read["tags"], read["published"], read["days"]) == (["2025-01-01"], date(2024, 12, 31), [date(2025, 11, 28)])
    assert not export(library, tmp_path / "vault").changed


def test_front_matter_and_names_are_valid_whatever_is_in_them(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    texts = [kept(text) for text in TEXTS.values()]
    star(
        library,
        *(
            listing(f"{text} {number}", arxiv_id=f"2501.{number:05}", authors=(text,), organization=text)
            for number, text in enumerate(texts)
        ),
        *(listing(text) for text in texts if safe(text)),
    )
    for entry, text, tag in zip(library.list(), texts, [*tags()] * 2, strict=False):
        library.note(entry.id, text)
        with suppress(InvalidTag):
            library.tag([entry.id], add=[tag[:200]])
    assert not export(library, folder).failed
    notes = [note for note in folder.iterdir() if note.name not in {MEMORY, INDEX}]
    assert len(notes) == len(library.list())
    assert len({normalize("NFD", note.name).casefold() for note in notes}) == len(notes)
    by_title = {entry.title: entry for entry in library.list()}
    for note in notes:
        assert_portable(note.name)
        read = properties(note)
        assert read["starred"] is True
        assert set(read.get("tags", [])) == {
            made for tag in by_title[read["title"]].tags if (made := obsidian_tag(tag))
        }
        assert all(re.fullmatch(r"[^\s#,\[\]{}]*[^\s#,\[\]{}0-9/-][^\s#,\[\]{}]*", tag) for tag in read.get("tags", []))
    before = stamps(folder)
    assert export(library, folder).changed is False
    assert stamps(folder) == before
    assert {file.name for file in tmp_path.iterdir()} <= {"vault", "library.db", "library.db-wal", "library.db-shm"}


def assert_portable(name: str) -> None:
    stem = name.removesuffix(".md")
    assert name.endswith(".md")
    assert not re.search(r'[/\\:*?"<>|#^\[\]\x00-\x1f\x7f-\x9f]', name)
    assert len(name.encode()) < 200
    assert stem
    assert stem == stem.strip(" .")
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", stem)
    assert name == normalize("NFC", name)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("CON", "_CON"),
        ("aux.txt", "_aux.txt"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("???", "other"),
        ("a" * 500, "a" * MOST_BYTES),
        ("字" * 500, "字" * (MOST_BYTES // 3)),
        ("A [[link]] #tag ^block", "A link tag block"),
        ("ends with dots...", "ends with dots"),
    ],
)
def test_names_of_files(title: str, name: str) -> None:
    assert file_name(title, "other") == name


def test_words_properties_and_names_of_the_person_survive(library: Library, vault: Path) -> None:
    alpha, beta = vault / "Alpha.md", vault / "Beta.md"
    edit(alpha, "---\ntitle", "---\nmood: [good, bad]  # my own\nrating: 5\ntitle")
    edit(alpha, "\n---\n\n", "\n# my comment\nstatus:\n  - to discuss\n---\n\nwords above\n\n")
    alpha.write_text(alpha.read_text() + "\n## My thoughts\n\nwords below, no end")
    (vault / "deep" / "er").mkdir(parents=True)
    moved = beta.rename(vault / "deep" / "er" / "Renamed by me.md")
    library.mark(library.ids(), read=True)
    library.note(paper(library, "Alpha"), "noted")
    assert export(library, vault).notes == Report(updated=3)
    text = alpha.read_text()
    for words in (
        "mood: [good, bad]  # my own\nrating: 5\n",
        "# my comment\nstatus:\n  - to discuss\n---\n",
        "words above\n\n<!--",
    ):
        assert words in text
    assert text.endswith("-->\n\n## My thoughts\n\nwords below, no end")
    assert "> noted" in text
    assert properties(alpha)["read"] is properties(moved)["read"] is True
    assert not beta.exists()
    assert "- [Beta](deep/er/Renamed%20by%20me.md)" in (vault / INDEX).read_text()


def test_front_matter_as_obsidian_writes_it_is_still_ours(library: Library, vault: Path) -> None:
    alpha = vault / "Alpha.md"
    own = properties(alpha) | {"mine": "yes: it is"}
    body = alpha.read_text().split("---\n", 2)[2]
    alpha.write_text(f"---\n{yaml.dump(own, sort_keys=True, allow_unicode=True)}---\n{body}", newline="\r\n")
    library.mark([paper(library, "Alpha")], read=True)
    library.tag([paper(library, "Alpha")], remove=["rl"], add=["new"])
    assert export(library, vault).notes == Report(updated=1, unchanged=2)
    assert properties(alpha) == own | {"read": True, "tags": ["kv-cache", "new"]}
    assert b"\n" not in alpha.read_bytes().replace(b"\r\n", b"")


def test_tags_of_the_person_stay_and_ours_come_and_go(library: Library, vault: Path) -> None:
    alpha = vault / "Alpha.md"
    edit(alpha, 'tags: ["kv-cache", "rl"]', "tags:\n- todo\n- rl\n- kv-cache\n- again")
    library.tag([paper(library, "Alpha")], remove=["rl"], add=["new"])
    assert export(library, vault).notes == Report(updated=1, unchanged=2)
    assert properties(alpha)["tags"] == ["todo", "kv-cache", "again", "new"]
    edit(alpha, '"kv-cache", ', "")
    library.tag([paper(library, "Alpha")], add=["more"])
    export(library, vault)
    assert properties(alpha)["tags"] == ["todo", "again", "new", "more"]


@pytest.mark.parametrize(
    "changed",
    ["title: My own title", "title: |\n  Alpha\n  my words", 'title: "Alpha"  # my comment', "title: [broken"],
)
def test_a_property_that_the_person_changed_is_left_and_named(library: Library, vault: Path, changed: str) -> None:
    alpha = vault / "Alpha.md"
    edit(alpha, 'title: "Alpha"', changed)
    star(library, listing("Alpha Renamed", arxiv_id="2501.00001"), day="2025-11-29")
    library.mark([paper(library, "Alpha Renamed")], read=True)
    assert export(library, vault).notes == Report(updated=1, unchanged=2, edited=("Alpha Renamed",))
    assert f"\n{changed}\n" in alpha.read_text()
    assert "\nread: true\n" in alpha.read_text()
    assert "# Alpha Renamed" in alpha.read_text()
    assert export(library, vault).changed is False


def test_a_property_that_the_person_removed_or_had_before_us_stays_so(library: Library, vault: Path) -> None:
    alpha = vault / "Alpha.md"
    edit(alpha, "starred: true\n", "")
    edit(alpha, "---\ntitle", "---\ncode: my own code\ntitle")
    star(library, listing("Alpha", arxiv_id="2501.00001", abstract="Code: https://github.com/a/b", upvotes=3))
    export(library, vault)
    assert "starred" not in properties(alpha)
    assert (properties(alpha)["code"], properties(alpha)["upvotes"]) == ("my own code", 3)
    export(library, vault, restore=True)
    assert (properties(alpha)["starred"], properties(alpha)["code"]) == (True, "my own code")


def test_a_block_that_the_person_edited_is_left_while_properties_go_on(library: Library, vault: Path) -> None:
    alpha = vault / "Alpha.md"
    edit(alpha, "We study Alpha.", "We study Alpha. Do we?")
    library.mark([paper(library, "Alpha")], read=True)
    library.note(paper(library, "Alpha"), "noted")
    assert export(library, vault).notes == Report(updated=1, unchanged=2, edited=("Alpha",))
    assert "Do we?" in alpha.read_text()
    assert "noted" not in alpha.read_text()
    assert properties(alpha)["read"] is True


def test_deleted_notes_stay_deleted_until_they_are_restored(library: Library, vault: Path) -> None:
    (vault / "Alpha.md").unlink()
    (vault / INDEX).unlink()
    (vault / ".trash").mkdir()
    (vault / "Beta.md").rename(vault / ".trash" / "Beta.md")
    star(library, listing("Delta", arxiv_id="2501.00004"))
    assert export(library, vault).notes == Report(new=1, unchanged=1, deleted=2)
    assert sorted(note.name for note in vault.glob("*.md")) == ["Delta.md", "Gamma.md", "Mine.md"]
    assert export(library, vault, restore=True).notes == Report(new=2, unchanged=2)
    assert (vault / INDEX).read_text().count("\n- [") == 4


def test_notes_of_the_person_are_never_touched(library: Library, vault: Path) -> None:
    own = {
        "Delta.md": "mine",
        "epsilon.MD": "mine",
        "latin.md": b"caf\xe9 paperdeck:begin",
        "Zeta.md": "<!-- paperdeck:new -->",
    }
    for name, text in own.items():
        (vault / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    before = stamps(vault)
    star(library, listing("Delta", arxiv_id="2501.00004"), listing("EPSILON"), listing("Zeta"), listing("Mine"))
    assert export(library, vault).notes == Report(new=4, unchanged=3)
    after = stamps(vault)
    changed = {Path(name).name for name in before if before[name] != after[name]}
    assert changed == {INDEX, MEMORY}
    assert "Delta (2501.00004).md" in {file.name for file in vault.iterdir()}


def test_notes_and_folders_may_have_names_that_are_no_text(library: Library, vault: Path) -> None:
    (vault / os.fsdecode(b"caf\xe9")).mkdir()
    (vault / "Alpha.md").rename(vault / os.fsdecode(b"caf\xe9/\xff.md"))
    (vault / "Beta.md").unlink()
    star(library, listing("Delta"))
    for _ in range(2):
        report = export(library, vault)
        assert (report.notes.deleted, report.failed) == (1, ())
        assert "- [Alpha](caf%E9/%FF.md)" in (vault / INDEX).read_text()
        assert {note.name for note in vault.glob("*.md")} == {"Gamma.md", "Delta.md", "Mine.md", INDEX}


def test_a_document_with_papers_in_place_is_no_note(library: Library, vault: Path) -> None:
    reading = vault / "reading.md"
    star(library, listing("Delta"))
    update_in_place(library, reading, library.list(), ExportOptions(), InPlaceOptions())
    before = reading.read_bytes()
    assert export(library, vault).notes == Report(new=1, unchanged=3)
    assert "Delta" in (vault / INDEX).read_text()
    assert (reading.read_bytes(), (vault / "Delta.md").exists()) == (before, True)
    (vault / "Alpha.md").write_text(f"{(vault / 'Alpha.md').read_text()}\n{markers.place()}\n")
    assert export(library, vault).notes == Report(unchanged=4)


def test_no_link_leads_out_of_the_folder(library: Library, vault: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    note = (vault / "Alpha.md").rename(outside / "Alpha.md")
    (vault / "linked").symlink_to(outside)
    (vault / "Alpha.md").symlink_to(note)
    (vault / "Delta.md").symlink_to(outside / "Delta.md")
    (vault / MEMORY).unlink()
    (vault / MEMORY).symlink_to(outside / "memory")
    before = stamps(outside)
    library.mark(library.ids(), read=True)
    star(library, listing("Delta", arxiv_id="2501.00004"))
    export(library, vault)
    assert stamps(outside) == before
    assert (vault / "Delta.md").is_symlink()
    assert (vault / "Delta (2501.00004).md").is_file()
    assert not (vault / MEMORY).is_symlink()


def test_the_index_keeps_the_persons_words_and_knows_renamed_notes(library: Library, vault: Path) -> None:
    index = vault / INDEX
    edit(index, "# Reading list", "# My list\n\nwords")
    (vault / "Alpha.md").rename(vault / "Omega.md")
    edit(index, "(Alpha.md)", "(Omega.md)")  # as Obsidian does
    star(library, listing("Delta", arxiv_id="2501.00004"))
    assert export(library, vault).notes == Report(new=1, unchanged=3)
    assert index.read_text().startswith("# My list\n\nwords\n\n<!-- paperdeck:begin index ")
    assert "- [Alpha](Omega.md)" in index.read_text()
    assert "- [Delta](Delta.md)" in index.read_text()
    edit(index, "- [Alpha]", "- first of all [Alpha]")
    star(library, listing("Epsilon", arxiv_id="2501.00005"))
    assert export(library, vault).notes.edited == ("Reading list",)
    assert "first of all" in index.read_text()


def test_a_copied_note_and_a_paper_that_left_the_list(library: Library, vault: Path) -> None:
    (vault / "Alpha 1.md").write_bytes((vault / "Alpha.md").read_bytes())
    edit(vault / "Gamma.md", "-->\n\n#", "-->\n\n\n#")
    library.mark([paper(library, "Beta"), paper(library, "Gamma")], starred=False)
    report = export(library, vault).notes
    assert (report.twice, report.left, report.updated) == (("Alpha",), 2, 2)
    (vault / "Gamma.md").write_text((vault / "Gamma.md").read_text() + "my words")
    assert export(library, vault, prune=True).notes.pruned == 1
    assert not (vault / "Beta.md").exists()
    assert (vault / "Gamma.md").read_text().endswith("my words")


def test_a_paper_that_gets_its_arxiv_id_keeps_its_note(library: Library, vault: Path) -> None:
    star(library, listing("GAMMA!", arxiv_id="2501.00003"))
    assert export(library, vault).notes == Report(updated=1, unchanged=2)
    assert properties(vault / "Gamma.md")["arxiv"] == "2501.00003"
    (vault / "Gamma.md").unlink()
    assert export(library, vault).notes == Report(unchanged=2, deleted=1)


def test_a_note_with_a_damaged_marker_is_left_and_named(library: Library, vault: Path) -> None:
    edit(vault / "Alpha.md", "<!-- paperdeck:end 2501.00001 -->", "my words")
    text = (vault / "Alpha.md").read_text()
    library.mark(library.ids(), read=True)
    report = export(library, vault)
    assert (report.notes, report.damaged) == (Report(updated=2), ("Alpha.md",))
    assert (vault / "Alpha.md").read_text() == text
    assert export(library, vault, restore=True).notes == Report(new=1, unchanged=2)
    assert (vault / "Alpha.md").read_text() == text
    assert (vault / "Alpha (2501.00001).md").exists()


def test_a_marker_in_a_title_is_none(library: Library, vault: Path) -> None:
    evil = "x <!-- paperdeck:end 2501.00004 --> <!-- paperdeck:begin 2501.00001 0123456789abcdef --> ---"
    star(library, listing(evil, arxiv_id="2501.00004", authors=(evil,), organization=evil))
    library.tag([paper(library, evil)], add=[evil])
    library.note(paper(library, evil), evil)
    assert export(library, vault) == VaultReport(Report(new=1, unchanged=3), changed=True, failed=())
    assert export(library, vault) == VaultReport(Report(unchanged=4), changed=False, failed=())
    note = next(note for note in vault.iterdir() if note.name.startswith("x !--"))
    assert properties(note)["title"] == evil


def test_two_libraries_share_a_folder(library: Library, vault: Path, tmp_path: Path) -> None:
    with Library(tmp_path / "other.db") as other:
        star(other, listing("Omega"), listing("Alpha", arxiv_id="2501.00001"))
        assert export(other, vault).notes == Report(new=1, updated=1, unknown=2)
    assert export(library, vault).notes.unknown == 1


class Meddled(Library):
    """A library during whose work another program writes to a file."""

    victim: Path

    def named(self, names: Collection[str]) -> dict[str, int]:
        self.victim.write_text("written by Obsidian\n")
        return super().named(names)


def test_a_note_that_is_written_meanwhile_is_left_and_the_others_go_on(library: Library, vault: Path) -> None:
    library.mark(library.ids(), read=True)
    with Meddled(library.path) as meddled:
        meddled.victim = vault / "Alpha.md"
        report = export(meddled, vault)
    assert report.notes == Report(updated=2)
    assert report.failed == ("Alpha.md was changed by another program meanwhile.",)
    assert (vault / "Alpha.md").read_text() == "written by Obsidian\n"


def test_a_note_that_is_no_text_any_more_is_named_and_left_and_not_written_again(library: Library, vault: Path) -> None:
    note = vault / "Alpha.md"
    note.write_bytes(note.read_bytes() + b"\xff\xfe my words")
    before = note.read_bytes()
    for restore in (False, True):
        report = export(library, vault, restore=restore)
        assert report.failed == ("Alpha.md is no text in UTF-8 and was left as it is.",)
        assert report.notes.deleted == report.notes.new == 0
        assert note.read_bytes() == before


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_export_brings_nothing_back_and_loses_nothing(library: Library, tmp_path: Path, seed: int) -> None:
    chance, folder = random.Random(seed), tmp_path / "vault"
    star(library, *(listing(f"Paper {number}") for number in range(300)))
    command = [sys.executable, "-m", "tui", "--db", str(library.path), "export", "--format", "obsidian"]
    export_process = subprocess.Popen([*command, "--output", str(folder)], stderr=subprocess.DEVNULL)
    seen, longest = ("*.md", 0.005) if seed % 2 else ("*", 0.1)
    while not list(folder.glob(seen)):
        assert export_process.poll() is None
    time.sleep(chance.uniform(0, longest))
    export_process.kill()
    export_process.wait()
    notes = sorted(folder.glob("*.md"))
    deleted = chance.sample(notes, min(len(notes), 3))
    for note in deleted:
        note.unlink()
    edited = [note for note in notes if note.exists()][:1]
    for note in edited:
        note.write_bytes(note.read_bytes() + b"My own words.")
    subprocess.run([*command, "--output", str(folder)], stderr=subprocess.DEVNULL, check=True)
    assert [note.name for note in deleted if note.exists()] == []
    assert len(list(folder.glob("*.md"))) == 301 - len(deleted)
    assert all("My own words." in note.read_text() for note in edited)
    assert [path.name for path in folder.iterdir() if path.suffix != ".md"] == [MEMORY]


def test_what_is_no_folder_is_refused(library: Library, vault: Path) -> None:
    for place in (vault / "Alpha.md", vault / "Alpha.md" / "such", Path("nul\0")):
        with pytest.raises(ExportError):
            export(library, place)


WORD = re.compile(r"w\d{4}w")


@pytest.mark.parametrize("seed", range(12))
def test_every_word_of_the_person_survives_whatever_they_do(seed: int, tmp_path: Path) -> None:
    chance, folder, number = random.Random(seed), tmp_path / "vault", 0
    texts = [kept(text) for text in TEXTS.values()]
    with Library(tmp_path / "library.db") as library:
        for step in range(8):
            star(
                library,
                listing(f"Paper {step} {chance.choice(texts)[:99]}", arxiv_id=f"2501.{step:05}"),
                f"Other {step}",
            )
            some = chance.sample(library.ids(), 2)
            library.note(some[0], chance.choice(texts))
            library.tag(some, add=[chance.choice(["rl", "kv cache", "x--y"])])
            library.mark(some, read=True)
            notes = sorted(folder.rglob("*.md"))
            for note in chance.sample(notes, min(len(notes), 4)):
                number += 1
                disturb(chance, note, f"w{number:04}w")
            words = sorted(word for note in folder.rglob("*.md") for word in WORD.findall(note.read_bytes().decode()))
            before = {note: WORD.findall(note.read_bytes().decode()) for note in folder.rglob("*.md")}
            export(library, folder, prune=chance.random() < 0.3)
            for note, had in before.items():
                assert not had or WORD.findall(note.read_bytes().decode()) == had
            after = sorted(word for note in folder.rglob("*.md") for word in WORD.findall(note.read_bytes().decode()))
            assert after == words
            stamp = stamps(folder)
            assert not export(library, folder).changed
            assert stamps(folder) == stamp


def disturb(chance: random.Random, note: Path, word: str) -> None:
    """Do something to a note that a person may do."""
    text = note.read_bytes().decode()
    at = chance.randint(0, len(text))
    match chance.randint(0, 9):
        case 0 | 1:
            text = f"{text[:at]}{word} {text[at:]}"
        case 2:
            text += f"\n{word}"
        case 3:
            text = text.replace("---\n", f"---\nmine: {word}\n", 1)
        case 4:
            text = text.replace("tags: [", f"tags: [{word}, ", 1)
        case 5:
            text = re.sub(r"(?m)^(read|starred|days): .*\n", "", text, count=1)
        case 6:
            (note.parent / "sub").mkdir(exist_ok=True)
            note = note.rename(note.parent / "sub" / f"renamed {word[1:5]}.md")
        case 7:
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        case 8:
            text = re.sub(r"(?s)^---\n.*?\n---\n", "", text)
        case _ if not WORD.search(text):
            note.unlink()
            return
    note.write_bytes(text.encode())
