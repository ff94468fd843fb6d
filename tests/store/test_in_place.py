"""Markdown in place: what a person writes around the papers, moves and deletes stays as they left it."""

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import pytest

from store.entries import Entry
from store.errors import ExportError, InvalidTag
from store.exporting import MOST_BYTES, update_in_place
from store.exports import ExportOptions, Group, markers
from store.exports.in_place import InPlaceOptions, Report
from store.library import Library
from tests.hostile import TEXTS, kept, tags
from tests.store.making import digest, listing

needs_pandoc = pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
PLACE = "<!-- paperdeck:new papers go above this line -->"


@pytest.fixture
def file(library: Library, tmp_path: Path) -> Path:
    """A file with the papers Alpha, Beta and Gamma, of which Gamma has no arXiv id."""
    star(library, listing("Alpha", arxiv_id="2501.00001"), listing("Beta", arxiv_id="2501.00002"), listing("Gamma"))
    export(library, tmp_path / "reading.md")
    return tmp_path / "reading.md"


def star(library: Library, *papers: object, day: str = "2025-11-28") -> None:
    library.import_digest(digest(*papers, day=day))
    library.mark(library.ids(), starred=True)


def export(
    library: Library, file: Path, query: str = "is:starred", *, group: Group | None = None, **how: bool
) -> tuple[Report, bool]:
    options = ExportOptions(abstracts=how.pop("abstracts", True))
    return update_in_place(library, file, library.list(query), options, InPlaceOptions(group, **how))


def read(file: Path) -> str:
    return file.read_bytes().decode()


def edit(file: Path, old: str, new: str) -> None:
    text = read(file)
    assert old in text
    file.write_bytes(text.replace(old, new, 1).encode())


def block(file: Path, name: str) -> str:
    found = next(block for block in markers.read(read(file)).blocks if block.name == name)
    return read(file)[found.start : found.end]


def paper(library: Library, title: str) -> int:
    return next(entry.id for entry in library.list() if entry.title == title)


def test_a_file_that_is_not_there_is_made_with_markers(file: Path) -> None:
    assert [found.name[:10] for found in markers.read(read(file)).blocks] == ["2501.00001", "2501.00002", "title:be9d"]
    assert read(file).startswith("# Reading list\n\n<!-- paperdeck:begin 2501.00001 ")
    assert PLACE in read(file)


def test_the_same_export_twice_touches_nothing(library: Library, file: Path) -> None:
    before = (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino)
    assert export(library, file) == (Report(unchanged=3), False)
    assert (file.read_bytes(), file.stat().st_mtime_ns, file.stat().st_ino) == before


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "my last words", "my last words  \n\n\n"])
def test_words_around_the_papers_survive_byte_for_byte(
    library: Library, file: Path, line_end: str, bom: str, last: str
) -> None:
    text = (
        read(file)
        .replace("# Reading list", "My title  \n\n\tmine \u00a0")
        .replace("\n\n<!-- paperdeck:end", "\n<!-- paperdeck:end")
    )
    text = re.sub(r"(?<=-->)\n(?=\n<!-- paperdeck:begin)", "\nMy words between, with a trailing space \n\n\n", text)
    file.write_bytes((bom + text + last).replace("\n", line_end).encode())
    before = words_around(file)
    library.note(paper(library, "Beta"), "A note\n\nof two lines")
    assert export(library, file)[0] == Report(updated=1, unchanged=2)
    assert words_around(file) == before
    assert f"> A note{line_end}>{line_end}> of two lines{line_end}" in block(file, "2501.00002")


def words_around(file: Path) -> list[str]:
    """All text outside of blocks."""
    parts, position = [], 0
    text = read(file)
    for found in markers.read(text).blocks:
        parts.append(text[position : found.start])
        position = found.end
    return [*parts, text[position:]]


@pytest.mark.parametrize(
    ("first", "rest"), [("", "    "), ("- ", "  "), ("> [!note]\n> ", "> "), ("\t", "\t"), ("1. > ", "   > ")]
)
def test_a_block_moved_into_a_list_or_a_callout_is_brought_up_to_date_there(
    library: Library, file: Path, first: str, rest: str
) -> None:
    moved = block(file, "2501.00002")
    edit(file, f"{moved}\n\n", "")
    edit(file, PLACE, f"{PLACE}\n\n## My own\n\nwords\n\n{first}" + moved.replace("\n", f"\n{rest}") + "\n\nmore words")
    library.note(paper(library, "Beta"), "Noted\n\n- well")
    assert export(library, file)[0] == Report(updated=1, unchanged=2)
    after = read(file)
    assert after.index("## My own") < after.index("2501.00002 ") < after.index("Noted") < after.index("more words")
    assert f"\n{rest}> Noted\n{rest}>\n{rest}> - well\n" in after
    assert export(library, file)[1] is False


@needs_pandoc
def test_pandoc_finds_the_moved_paper_in_the_list_item(library: Library, file: Path) -> None:
    moved = block(file, "2501.00002")
    edit(file, moved, "- my item\n\n  " + moved.replace("\n", "\n  "))
    library.note(paper(library, "Beta"), "```\nopen fence")
    export(library, file)
    items = [node for node in blocks_of(read(file)) if node["t"] == "BulletList"]
    assert [head["c"][0] for head in items[0]["c"][0] if head["t"] == "Header"] == [3]


def blocks_of(text: str) -> list[dict]:
    run = subprocess.run(
        ["pandoc", "-f", "commonmark", "-t", "json"], input=text.encode(), capture_output=True, check=True
    )
    return json.loads(run.stdout)["blocks"]


def test_a_deleted_block_stays_deleted_until_it_is_restored(library: Library, file: Path) -> None:
    edit(file, block(file, "2501.00001"), "I do not want it.")
    assert export(library, file)[0] == Report(unchanged=2, deleted=1)
    assert "Alpha" not in read(file)
    star(library, listing("Delta", arxiv_id="2501.00004"))
    assert export(library, file)[0] == Report(new=1, unchanged=2, deleted=1)
    assert export(library, file, restore=True)[0] == Report(new=1, unchanged=3)
    assert read(file).count("### Alpha") == 1
    assert "I do not want it." in read(file)


def test_a_block_in_which_the_person_wrote_is_left_and_named(library: Library, file: Path) -> None:
    edit(file, "We study Beta.", "We study Beta, they say; I doubt it.")
    library.tag([paper(library, "Beta")], add=["rl"])
    edited = block(file, "2501.00002")
    assert export(library, file)[0] == Report(unchanged=2, edited=("Beta",))
    assert block(file, "2501.00002") == edited
    edit(file, ", they say; I doubt it.", ".")
    assert export(library, file)[0] == Report(updated=1, unchanged=2)
    assert "Tags: `rl`" in block(file, "2501.00002")


@pytest.mark.parametrize("text", ["My own words\n", "", "<!-- paperdeck:beg", "# Notes\n\n`paperdeck:new`\n"])
def test_a_file_without_markers_is_not_touched(library: Library, file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(ExportError, match=r"holds no marker and was left as it was\. Put this line .*paperdeck:new"):
        export(library, file)
    assert file.read_text() == text


def test_a_person_says_where_papers_go_in_a_file_of_theirs(library: Library, file: Path) -> None:
    file.write_text("# Mine\n\n## Papers\n\n<!-- paperdeck:new -->\n\n## Other\n\nwords")
    assert export(library, file)[0] == Report(new=3)
    assert re.fullmatch(
        r"# Mine\n\n## Papers\n\n<!-- paperdeck:begin.*-->\n\n<!-- paperdeck:new -->\n\n## Other\n\nwords\n\n"
        r"<!-- paperdeck:written 2501.00001 2501.00002 title:\w+ -->",
        read(file),
        re.DOTALL,
    )


@pytest.mark.parametrize(
    "data", [b"caf\xe9 <!-- paperdeck:new -->", "\ufeff<!-- paperdeck:new -->".encode("utf-16-le")]
)
def test_a_file_that_is_no_utf_8_is_refused(library: Library, file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(ExportError, match=r"UTF-8|no marker"):
        export(library, file)
    assert file.read_bytes() == data


def test_what_is_no_file_or_too_long_is_refused(library: Library, file: Path, tmp_path: Path) -> None:
    for place in (tmp_path, Path("/dev/null"), tmp_path / "no" / "such.md", Path("nul\0")):
        with pytest.raises(ExportError):
            export(library, place)
    os.truncate(file, MOST_BYTES + 1)
    with pytest.raises(ExportError, match="longer than"):
        export(library, file)


DAMAGES = {
    "no end": ("\n<!-- paperdeck:end 2501.00002 -->", "\nmy words"),
    "no begin": ("<!-- paperdeck:begin 2501.00002 ", "my words <!-- "),
    "half an end": ("<!-- paperdeck:end 2501.00002 -->", "<!-- paperdeck:end 2501.0 my words"),
    "half a begin": ("<!-- paperdeck:begin 2501.00002 ", "<!-- paperdeck:begin 2501.00002\nmy words "),
    "words in a marker": ("<!-- paperdeck:end 2501.00002 -->", "<!-- paperdeck:end my words 2501.00002 -->"),
    "words in the list": ("<!-- paperdeck:written 2501.00001", "<!-- paperdeck:written my words 2501.00001"),
    "another's end": ("<!-- paperdeck:end 2501.00002 -->", "my words <!-- paperdeck:end 2501.00001 -->"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_markers_are_said_and_cost_no_word(library: Library, file: Path, damage: str) -> None:
    edit(file, *DAMAGES[damage])
    before = read(file)
    library.note(paper(library, "Beta"), "changed meanwhile")
    library.note(paper(library, "Gamma"), "changed, too")
    report, _ = export(library, file)
    assert report.damaged
    assert report.new == 0
    assert "> changed, too" in read(file)
    assert [line for line in before.split("\n") if line not in read(file) and "paperdeck:begin" not in line] == []
    assert export(library, file)[1] is False


def test_a_block_within_another_is_still_brought_up_to_date(library: Library, file: Path) -> None:
    inner = block(file, "2501.00002")
    edit(file, f"{inner}\n\n", "")
    edit(file, "We study Alpha.", f"We study Alpha.\n\n{inner}\n\nmy words")
    library.note(paper(library, "Alpha"), "one")
    library.note(paper(library, "Beta"), "two")
    report, _ = export(library, file)
    assert (report.updated, len(report.damaged), report.new) == (1, 2, 0)
    assert "> two" in read(file)
    assert "> one" not in read(file)
    assert "my words" in read(file)


def test_a_copied_block_is_kept_up_to_date_twice_and_named(library: Library, file: Path) -> None:
    edit(file, PLACE, f"{PLACE}\n\n## Again\n\n{block(file, '2501.00001')}")
    library.note(paper(library, "Alpha"), "noted")
    assert export(library, file)[0] == Report(updated=2, unchanged=2, twice=("Alpha",))
    assert read(file).count("> noted") == 2


def test_papers_that_left_the_list_stay_up_to_date_until_they_are_pruned(library: Library, file: Path) -> None:
    edit(file, "We study Gamma.", "We study Gamma. I do, too.")
    library.mark([paper(library, "Beta"), paper(library, "Gamma")], starred=False)
    library.note(paper(library, "Beta"), "not now")
    assert export(library, file)[0] == Report(updated=1, unchanged=1, left=2, edited=("Gamma",))
    assert export(library, file, prune=True)[0] == Report(unchanged=1, left=1, edited=("Gamma",), pruned=1)
    assert "Beta" not in read(file)
    assert "I do, too." in read(file)
    library.mark([paper(library, "Beta")], starred=True)
    assert export(library, file)[0].new == 1  # it was not the person who removed it


def test_new_papers_go_above_the_marker_or_to_the_end(library: Library, file: Path) -> None:
    edit(file, f"{PLACE}\n", "my words below Gamma\n")
    edit(file, "# Reading list\n", f"# Reading list\n\n- {PLACE}\n")
    star(library, listing("Delta", arxiv_id="2501.00004"))
    export(library, file)
    assert read(file).index("Delta") < read(file).index(PLACE) < read(file).index("Alpha")
    edit(file, f"- {PLACE}\n", "")
    star(library, listing("Epsilon", arxiv_id="2501.00005"))
    export(library, file)
    assert read(file).index("Gamma") < read(file).index("my words below Gamma") < read(file).index("Epsilon")


def test_new_papers_join_their_group_wherever_it_was_moved_and_whatever_it_is_called(
    library: Library, tmp_path: Path
) -> None:
    file = tmp_path / "grouped.md"
    star(library, listing("Alpha", arxiv_id="2501.00001"), listing("Beta", arxiv_id="2501.00002"))
    library.tag([paper(library, "Alpha")], add=["kv cache"])
    export(library, file)
    assert re.findall(r"(?m)^## (.*)", read(file)) == ["kv cache", "Untagged"]
    edit(file, "## kv cache", "## My favourites")
    star(library, listing("Gamma", arxiv_id="2501.00003"), listing("Delta", arxiv_id="2501.00004"))
    library.tag([paper(library, "Gamma")], add=["a new tag", "kv cache"])
    library.tag([paper(library, "Delta")], add=["rl"])
    export(library, file)
    headings = re.findall(r"(?m)^##+ (.*)", read(file))
    assert headings == ["My favourites", "Alpha", "Gamma", "Untagged", "Beta", "rl", "Delta"]


def test_a_marker_in_a_title_a_note_or_a_tag_ends_no_block(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "reading.md"
    evil = "x <!-- paperdeck:end 2501.00001 --> y <!-- paperdeck:new --> <!-- paperdeck:written 2501.00002 -->"
    star(library, listing(evil, arxiv_id="2501.00001", abstract=evil, authors=(evil,), organization=evil))
    star(library, listing("Beta", arxiv_id="2501.00002"))
    one = paper(library, evil)
    library.tag([one], add=[evil])
    library.note(one, f"{evil}\n\n```\n{evil}\n```\n\n`{evil}`\n{evil}")
    assert export(library, file)[0] == Report(new=2)
    marked = markers.read(read(file))
    assert sorted(found.name for found in marked.blocks if found.untouched) == ["2501.00001", "2501.00002"]
    assert not marked.damaged
    library.note(one, "harmless")
    assert export(library, file)[0] == Report(updated=1, unchanged=1)


@needs_pandoc
def test_pandoc_reads_every_hostile_text_and_nothing_leaves_its_block(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "reading.md"
    texts = [kept(text) for text in TEXTS.values()]
    star(library, *(listing(f"{number} {text}", arxiv_id=f"2501.{number:05}") for number, text in enumerate(texts)))
    for entry, text, tag in zip(library.list(), texts, [*tags()] * 2, strict=False):
        library.note(entry.id, text)
        with suppress(InvalidTag):
            library.tag([entry.id], add=[tag[:200]])
    export(library, file, group="day")
    assert export(library, file) == (Report(unchanged=len(texts)), False)
    heads = [node["c"][0] for node in blocks_of(read(file)) if node["t"] == "Header"]
    assert heads == [1, 2, *[3] * len(texts)]


def test_a_paper_that_gets_its_arxiv_id_keeps_its_block(library: Library, file: Path) -> None:
    star(library, listing("GAMMA!", arxiv_id="2501.00003"))
    assert export(library, file)[0] == Report(updated=1, unchanged=2)
    assert "arxiv.org/abs/2501.00003" in block(file, "2501.00003")
    assert "title:" not in read(file)


def test_a_deleted_paper_that_gets_its_arxiv_id_stays_deleted(library: Library, file: Path) -> None:
    edit(file, next(block(file, found.name) for found in markers.read(read(file)).blocks if "title" in found.name), "")
    star(library, listing("Gamma", arxiv_id="2501.00003"))
    assert export(library, file)[0] == Report(unchanged=2, deleted=1)


def test_merged_papers_keep_both_blocks_as_one_paper(library: Library, file: Path) -> None:
    library.merge(paper(library, "Alpha"), paper(library, "Gamma"))
    report = export(library, file)[0]
    assert (report.updated + report.unchanged, report.twice, report.left, report.new) == (3, ("Alpha",), 0, 0)
    library.undo()
    library.mark(library.ids(), starred=True)
    assert export(library, file)[0].new == 1


def test_two_libraries_share_a_file_and_know_their_papers(library: Library, file: Path, tmp_path: Path) -> None:
    with Library(tmp_path / "other.db") as other:
        star(other, listing("Omega", arxiv_id="2501.00009"), listing("Gamma"), listing("Alpha", arxiv_id="2501.00001"))
        other.note(paper(other, "Gamma"), "from the other")
        assert export(other, file)[0] == Report(new=1, updated=1, unchanged=1, unknown=1)
    assert export(library, file)[0] == Report(updated=1, unchanged=2, unknown=1)
    assert [read(file).count(f"### {title}") for title in ("Alpha", "Beta", "Gamma", "Omega")] == [1] * 4


def test_a_library_made_anew_finds_its_blocks(file: Path, tmp_path: Path) -> None:
    with Library(tmp_path / "anew.db") as anew:
        star(anew, listing("Another"), listing("Gamma"))
        star(anew, listing("Beta", arxiv_id="2501.00002"), listing("Alpha", arxiv_id="2501.00001"))
        assert export(anew, file)[0] == Report(new=1, unchanged=3)


def test_without_its_list_of_names_a_file_is_still_understood(library: Library, file: Path) -> None:
    edit(file, re.search(r"<!-- paperdeck:written.*-->", read(file))[0], "")
    assert export(library, file)[0] == Report(unchanged=3)
    assert "<!-- paperdeck:written 2501.00001 2501.00002 title:" in read(file)


class Meddled(Library):
    """A library during whose work another program writes to a file."""

    file: Path

    def named(self, names: Collection[str]) -> dict[str, int]:
        self.file.write_text("written by an editor\n")
        return super().named(names)


def test_a_file_that_an_editor_writes_meanwhile_is_left_to_it(file: Path, tmp_path: Path) -> None:
    with Meddled(tmp_path / "library.db") as library:
        library.file = file
        star(library, listing("Delta"))
        with pytest.raises(ExportError, match="changed by another program meanwhile"):
            export(library, file)
    assert file.read_text() == "written by an editor\n"
    assert not list(tmp_path.glob("*.tmp"))


def test_two_exports_at_once_both_find_their_place(library: Library, file: Path) -> None:
    star(library, *(listing(f"Paper {number}", arxiv_id=f"2502.{number:05}") for number in range(40)))
    threads = [threading.Thread(target=export, args=(library, file, f"paper {number}")) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    export(library, file)
    marked = markers.read(read(file))
    assert len(marked.blocks) == len({found.name for found in marked.blocks}) == 43


def test_links_are_followed_and_modes_kept(library: Library, file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(file)
    file.chmod(0o640)
    star(library, listing("Delta"))
    export(library, link)
    assert link.is_symlink()
    assert "Delta" in read(file)
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_note_that_gets_long_markers_is_read_in_time_that_grows_with_its_length(library: Library, file: Path) -> None:
    parts = ["<!-- paperdeck:", "<!-- paperdeck:new ", "a-", " ", "<!-- paperdeck:written 2501.00001 ", "2501.00001 "]
    for part in [*parts, "<!-- paperdeck:begin 2501.00001 "]:
        text = f"{PLACE}\n<!-- paperdeck:written {part * 20_000}"
        file.write_text(text)
        export(library, file)
        assert text in read(file)
    text = f"{PLACE}\n<!-- paperdeck:new tag:{'a' * 100_000}"
    assert set(markers.read(text).places) == {""}


def test_abstracts_come_and_go_as_asked(library: Library, file: Path) -> None:
    assert export(library, file, abstracts=False)[0] == Report(updated=3)
    assert "We study" not in read(file)


def test_entries_have_names_of_their_own_even_where_a_library_is_foul(library: Library, tmp_path: Path) -> None:
    star(library, listing("One"), listing("Two"))
    same = [entry._replace(title="The same") for entry in library.list()]
    file = tmp_path / "foul.md"
    update_in_place(library, file, same, ExportOptions(), InPlaceOptions())
    assert len({found.name for found in markers.read(read(file)).blocks}) == 2
    assert all(isinstance(entry, Entry) for entry in same)
