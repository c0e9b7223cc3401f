"""What an emoji is: one of those that the client's picker offers, in Unicode's own form.

`client/composer/emoji.js` has the same rule; `tests/cases/emoji.json` holds for both.
"""
# ruff: noqa: RUF001 - emoji look like other signs

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec

DATA = Path(__file__).parents[1] / "client/vendor/emoji.json"
LONGEST = 64
# Whether an emoji is drawn in colors: many write it without this, and mean the same.
_SELECTORS = str.maketrans({"\ufe0e": None, "\ufe0f": None})


class _Skin(msgspec.Struct):
    emoji: str


class _Entry(msgspec.Struct):
    emoji: str
    skins: list[_Skin] = []


# These are in color anyway, so Unicode's own form of them has no selector; the picker's data has.
_COLORED = frozenset(
    "😐👽✋👈👉👆👇👍👎✊👂🏂🏄🏊👪🐕🐈🐦🐟☕🍸🌍🌎🌏🏠🏭⛪⛲⛺🚇🚍🚑🚔🚘🚲⛽⚓⛵⌛⏳⌚⏰"
    "🕛🕧🕐🕜🕑🕝🕒🕞🕓🕟🕔🕠🕕🕡🕖🕢🕗🕣🕘🕤🕙🕥🕚🕦🌕🌜⭐⛅☔⚡⛄✨🏆⚽⚾⛳🎮🀄🎭👓🎓🔈🎧📻"
    "📟💻💿🎬📺📷📹🔍📚💰💳📤📥📦📫📪📬📭📋🔒🔓💣♿🚹🚺🚼⛔🚭♈♉♊♋♌♍♎♏♐♑♒♓⛎⏩⏪⏫⏬➕➖➗"
    "❓❔❕❗⭕✅❌❎➰➿🈯🈚⚫⚪⬛⬜◾◽"
)


@cache
def _known() -> Mapping[str, str]:
    return {emoji.translate(_SELECTORS): _qualified(emoji) for emoji in _all()}


def _qualified(emoji: str) -> str:
    return emoji[0] if emoji[1:] == "\ufe0f" and emoji[0] in _COLORED else emoji


def _all() -> Iterator[str]:
    for entry in msgspec.json.decode(DATA.read_bytes(), type=list[_Entry]):
        yield entry.emoji
        yield from (skin.emoji for skin in entry.skins)


def as_emoji(text: str) -> str | None:
    """The emoji that a text is, in the one form that is kept; None where it is not one emoji."""
    if not text or len(text) > LONGEST or text.isascii():
        return None
    return _known().get(text.translate(_SELECTORS))
