"""What the app looks like: the README's scenes and more, each compared with a picture that somebody looked at.

After a wanted change: `make test ARGS="tests/snapshots --snapshot-update"`, and look at the pictures that changed.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from screenshots.make import HALF, SCENES, WIDE, Scene, app_for, play, still
from tests.store.making import digest
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
