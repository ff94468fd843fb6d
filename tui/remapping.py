"""A person's own keys (`[keys]` of `config.toml`), checked: what holds of them, and what is wrong with the rest."""

from collections.abc import Mapping

from tui.keys import ACTIONS, BY_ID, RESERVED, shown_key, split_keys
from tui.wording import closest


def check_keys(wanted: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The remappings that can hold, and a sentence for each that cannot."""
    problems: list[str] = []
    good: dict[str, str] = {}
    for action, keys in wanted.items():
        setting = f"keys.{action}"
        if action not in BY_ID:
            close = closest(action, list(BY_ID))
            problems.append(f"{setting}: there is no action of this name{close}")
            continue
        names = split_keys(keys)
        if not names:
            problems.append(f"{setting}: names no key")
            continue
        wrong = [name for name in names if not _is_key(name)]
        kept = [name for name in names if name in RESERVED]
        if wrong:
            problems.append(f"{setting}: “{wrong[0]}” is no key (examples: x, ctrl+x, f5, space, slash)")
        elif kept:
            problems.append(f"{setting}: {shown_key(kept[0])} {RESERVED[kept[0]]}")
        else:
            good[action] = ",".join(names)
    return _without_clashes(good, problems), problems


def _without_clashes(good: dict[str, str], problems: list[str]) -> dict[str, str]:
    """Drop remappings whose key another action has, one after another, until none clashes."""
    good = dict(good)
    while True:
        owners: dict[str, str] = {}
        clash: tuple[str, str, str] | None = None
        for action in sorted(ACTIONS, key=lambda action: action.id in good):
            for key in split_keys(good.get(action.id, action.keys)):
                if owners.setdefault(key, action.id) != action.id:
                    clash = (action.id, key, owners[key])
        if clash is None:
            return good
        action_id, key, other = clash
        # With only defaults there is no clash, so one of the two is the person's own.
        loser = action_id if action_id in good else other
        winner = other if loser == action_id else action_id
        problems.append(f"keys.{loser}: {shown_key(key)} is already the key of “{winner}”")
        del good[loser]


def _is_key(name: str) -> bool:
    from textual.keys import Keys, _character_to_key

    *modifiers, last = name.split("+") if name != "+" else [name]
    if not set(modifiers) <= {"ctrl", "shift", "alt", "super", "hyper", "meta"}:
        return False
    if len(last) == 1:
        return last.isprintable()
    known = {key.value for key in Keys}
    signs = {_character_to_key(chr(code)) for code in range(32, 127)}
    return last in known or last in signs
