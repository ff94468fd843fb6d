"""The clock of this machine, in the zone that it is set to."""

from datetime import UTC, datetime


def now() -> datetime:
    """Now, in the zone of this machine."""
    return local(datetime.now(UTC))


def local(moment: datetime) -> datetime:
    """A moment in the zone of this machine; as it is where TZ names a zone that is a day or more off, as none is."""
    try:
        return moment.astimezone()
    except (ValueError, OverflowError):
        return moment
