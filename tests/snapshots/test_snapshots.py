"""What the app looks like: the README's scenes and more, each compared with a picture that somebody looked at.

After a wanted change: `make test ARGS="tests/snapshots --snapshot-update"`, and look at the pictures that changed.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from screenshots.make import HALF, NOW, SCENES, WIDE, Scene, app_for, play, still
from tests.store.making import digest, listing
from tests.store.test_duplicates import ABSTRACT, paper

MORE = (
    Scene("welcome", (80, 24), empty=True),
    Scene("inbox-done", HALF, ("A", "y")),
    Scene("selection", HALF, ("j", "space", "V", "j", "j")),
    Scene("narrow-detail", (80, 24), ("6", *"jjjjjj", "enter")),
    Scene("tiny", (44, 14)),
    Scene("wrong-query", HALF, ("slash", *"is:strred")),
    Scene("help", WIDE, ("question_mark",)),
    Scene("palette", HALF, ("ctrl+p", *"tag")),
    Scene("skipped-toast", HALF, ("d",)),
    Scene("guide", WIDE, ("s",), guided=True),
    Scene("guide-search", (80, 24), ("s", "t", "x", "enter", "enter", "e", "x", "ctrl+s", "escape"), guided=True),
    Scene("guide-tiny", (44, 14), guided=True),
    Scene("export-tiny", (44, 14), ("3", "x", "tab", "right")),
)


@pytest.mark.parametrize("scene", [*SCENES, *MORE], ids=lambda scene: scene.name)
def test_the_scene_looks_as_it_should(scene: Scene, snap_compare: Callable[..., bool], tmp_path: Path) -> None:
    with still(tmp_path):
        app = app_for(scene, tmp_path)
        with app.library:
            assert snap_compare(app, terminal_size=scene.size, run_before=partial(play, scene))


@pytest.mark.parametrize("size", [WIDE, (80, 24)], ids=["beside", "above"])
def test_papers_that_may_be_one_look_as_they_should(
    size: tuple[int, int], snap_compare: Callable[..., bool], tmp_path: Path
) -> None:
    scene = Scene("duplicates", size, ("M",), empty=True)
    with still(tmp_path):
        app = app_for(scene, tmp_path)
        with app.library as library:
            one = paper("WindowKV: Keeping What a Model Attends to", n_authors=4, organization="HKUST")
            library.import_digest(digest(one, day="2025-11-27"))
            revised = ABSTRACT.replace("twelve", "fourteen").replace("half a point of ", "no ")
            other = paper("WindowKV: Keep What Models Attend To", abstract=revised, upvotes=17, arxiv_id="2511.00001")
            library.import_digest(digest(other))
            library.mark([1], starred=True)
            library.tag([1], add=["kv cache", "long context"])
            library.note(1, "Compare with the *eviction* paper of last week.")
            assert snap_compare(app, terminal_size=size, run_before=partial(play, scene))


@pytest.mark.parametrize("size", [WIDE, (80, 24)], ids=["wide", "narrow"])
def test_statistics_look_as_they_should(
    size: tuple[int, int], snap_compare: Callable[..., bool], tmp_path: Path
) -> None:
    scene = Scene("stats", size, ("C",), empty=True)
    with still(tmp_path):
        app = app_for(scene, tmp_path)
        with app.library as library:
            for back in range(60, -1, -1):
                day = NOW.date() - timedelta(days=back)
                names = [ORGANIZATIONS[at * at % 7 % 5] for at in range(back % 11 * 2)] if day.weekday() < 5 else []
                papers = [listing(f"Paper {at} of {day}", organization=name) for at, name in enumerate(names)]
                library.import_digest(digest(*papers, day=day.isoformat()))
            for tag, each in (("agents", 5), ("kv cache", 9), ("視覚 言語", 13), ("reading group", 17)):
                library.tag(library.ids()[::each], add=[tag])
            with closing(sqlite3.connect(library.path)) as connection, connection:
                connection.executescript(HISTORY)
            assert snap_compare(app, terminal_size=size, run_before=partial(play, scene))


ORGANIZATIONS = ("HKUST", "Cohere Labs", None, "視覚研究所", "[/b] Institute")
HISTORY = """
    UPDATE papers SET added_at = day || 'T06:30:00.000Z';
    INSERT INTO states (paper, skipped_at, starred_at, read_at)
    SELECT id, iif(id % 7 < 4, at, NULL), iif(id % 7 = 4, at, NULL), iif(id % 7 = 5 OR id % 14 = 4, at, NULL)
    FROM (SELECT id, strftime('%Y-%m-%dT%H:%M:%S.000Z', added_at, (1 + id * id % 61) || ' hours') AS at FROM papers)
    WHERE id % 7 < 6 AND at < '2025-11-28T08:00:00.000Z'
"""
"""Papers come in at half past six; some hours later most of them are decided."""
