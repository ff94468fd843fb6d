"""Bytes that are no UTF-8 in what is typed: a paste from elsewhere, an old mouse report, a Meta key of eight bits."""

from codecs import getincrementaldecoder
from functools import partial

from textual.drivers import linux_driver


def forgive() -> None:
    """Read such bytes as �. Textual (8.2) decodes strictly, offers no other way, and ends the app over them."""
    setattr(linux_driver, "getincrementaldecoder", lambda encoding: partial(getincrementaldecoder(encoding), "replace"))  # noqa: B010
