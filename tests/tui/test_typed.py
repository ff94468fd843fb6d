"""What a terminal sends, wherever the reads of it are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.typed import Typed

PASTE = b"\x1b[200~one \x1b[31mred\x1b[0m \xc3\xa9 \xff \x1b\x1b[201~"


def read(*parts: bytes) -> str:
    typed = Typed()
    return "".join(map(typed.decode, parts)) + typed.decode(b"", final=True)


@given(cuts=st.lists(st.integers(0, 60)))
def test_escape_is_left_out_of_a_paste_and_of_nothing_else(cuts: list[int]) -> None:
    sent = b"\x1bj\x1b[A" + PASTE + b"\x1b[B\x1b" + PASTE + b"\x1b"
    ends = sorted({*cuts, len(sent)})
    parts = [sent[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    pasted = "\x1b[200~one [31mred[0m é � \x1b[201~"
    assert read(*parts) == f"\x1bj\x1b[A{pasted}\x1b[B\x1b{pasted}\x1b"


@pytest.mark.parametrize("key", [b"\x1b", b"\x1b[", b"\x1b[2", b"\x1b[20", b"j", b"\xc3\xa9"])
def test_no_key_is_kept_back(key: bytes) -> None:
    assert Typed().decode(key) == key.decode()


def test_bytes_that_are_no_text_are_signs_for_them() -> None:
    assert read(b"caf\xe9 \x1b[M \xb4\xd2") == "caf� \x1b[M ��"
