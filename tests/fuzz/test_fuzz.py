"""Some thousands of changed pages in every run of the tests; PAPERDECK_FUZZ says how many, `.ci/run` tries more."""

import os

import pytest

from tests.fuzz.pages import page
from tests.fuzz.promises import hold

PAGES = int(os.environ.get("PAPERDECK_FUZZ", "3000"))
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_of_a_page_changed_at_random_nothing_vanishes_and_nothing_gets_in(part: int) -> None:
    for number in range(part, PAGES, PARTS):
        data = page(0, number)
        try:
            hold(data)
        except Exception as error:
            error.add_note(f"page {number} of seed 0: python -m tests.fuzz --seed 0 --first {number} --pages 1")
            raise
