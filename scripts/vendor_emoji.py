# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.0"]
# ///
"""Writes the client's emoji fonts: npm's twemoji-colr-font, repaired and cut into parts.

The font spells a joined emoji such as the rainbow flag with the variation selector U+FE0F inside.
Chromium keeps that character from the font, so it would draw the parts side by side. Every ligature
with the selector gets a twin without it.

A browser loads only the parts whose emoji it shows, and none where the system has an emoji font.
Joined emoji (families, professions, skin tones) are together in one part; what they are joined from
is in others as well. A browser asks the parts in the opposite order of their declaration.
"""

import copy
from itertools import pairwise
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otTables import Ligature

root = Path(__file__).resolve().parent.parent
source = root / "node_modules/twemoji-colr-font/twemoji.woff2"
target = root / "src/bullpen/client/vendor/fonts"
variation_selector = 0xFE0F


def twins(ligatures: list[Ligature], selector: str) -> list[Ligature]:
    spelled = {tuple(ligature.Component) for ligature in ligatures}
    made = {}
    for ligature in ligatures:
        bare = tuple(glyph for glyph in ligature.Component if glyph != selector)
        if bare and bare not in spelled and bare not in made:
            made[bare] = Ligature()
            made[bare].Component = list(bare)
            made[bare].LigGlyph = ligature.LigGlyph
    return list(made.values())


def repair(font: TTFont) -> int:
    selector = font.getBestCmap()[variation_selector]
    added = 0
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            for ligatures in getattr(subtable, "ExtSubTable", subtable).ligatures.values():
                missing = twins(ligatures, selector)
                ligatures.extend(missing)
                ligatures.sort(key=lambda ligature: -len(ligature.Component))
                added += len(missing)
    return added


# What most messages and reactions use, and the first view of the bundled workspace.
COMMON = (
    "👍👎👏🙌🙏💪👋👌🤝❤💔💚💛🎉🔥✨⭐💯✅✔❌➕⚠👀🚀🏆🎂☕☀🍕🍪🥯🎤💡💬📎📌📅📈📄📦🐛🐈🐢🏃💅🛡🦺🧶"  # noqa: RUF001
    "😀😄😁😅😂🤣🙂😉😊😍😎🤔🤨😐🙄😬😴😢😭😡🤯🥳🥹😇🫡🤷🤦"
)
FLAGS = (
    "U+1F1E6-1F1FF, U+1F3F3-1F3F4, U+1F3C1, U+1F6A9, U+1F38C, U+1F308, U+2620, U+26A7,"
    " U+E0020-E007F"
)
joiner = 0x200D
ANYWHERE = (joiner, variation_selector)
TONES = range(0x1F3FB, 0x1F400)
KEYCAPS = (0x23, 0x2A, *range(0x30, 0x3A), 0x20E3)
BLOCKS = {
    "symbols": (0x80, 0x1F300),
    "nature": (0x1F300, 0x1F400),
    "animals": (0x1F400, 0x1F4A0),
    "objects": (0x1F4A0, 0x1F600),
    "faces": (0x1F600, 0x1F680),
    "travel": (0x1F680, 0x1F900),
    "newer": (0x1F900, 0x1FA70),
    "newest": (0x1FA70, 0x20000),
}
HEAD = """/* Written by scripts/vendor_emoji.py.
   The emoji of the system, or Twemoji where it has none: only
   the parts that the page shows are loaded. A face further down is asked first. Digits, # and * are
   left to the text font; the keycaps (1️⃣, #️⃣) need them from an emoji font: their face is last in
   `font-family`, where a single digit never gets. */
@layer base {
"""
LOCAL = ("Apple Color Emoji", "Noto Color Emoji", "Segoe UI Emoji")
styles = root / "src/bullpen/client/ui/emoji-fonts.css"


def read_ranges(text: str) -> set[int]:
    found: set[int] = set()
    for part in text.split(", "):
        first, _, last = part.removeprefix("U+").partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found


def write_ranges(points: set[int]) -> str:
    ordered = sorted(points)
    starts = [ordered[0], *(b for a, b in pairwise(ordered) if b != a + 1)]
    ends = [*(a for a, b in pairwise(ordered) if b != a + 1), ordered[-1]]
    return ", ".join(
        f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in zip(starts, ends, strict=True)
    )


def sequences(font: TTFont) -> list[list[int]]:
    """The characters of each ligature, without those of flags and keycaps."""
    named = {glyph: point for point, glyph in font.getBestCmap().items()}
    found = []
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            for first, ligatures in getattr(subtable, "ExtSubTable", subtable).ligatures.items():
                for ligature in ligatures:
                    points = [named.get(glyph) for glyph in (first, *ligature.Component)]
                    if None not in points and not set(points) & (flags | set(KEYCAPS)):
                        found.append(points)
    return found


def without_sequences(points: set[int]) -> set[int]:
    """A part that had all of a joined emoji but the joiner would draw it as several."""
    for sequence in joined:
        bare = [point for point in sequence if point not in ANYWHERE]
        if len(bare) > 1 and points.issuperset(bare):
            points = points - {bare[0]}
    return points


def write_part(name: str, points: set[int]) -> int:
    options = subset.Options(
        layout_features=["*"], drop_tables=["FFTM"], flavor="woff2", notdef_outline=True
    )
    part = copy.deepcopy(font)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(part)
    part.flavor = "woff2"
    path = target / f"twemoji-{name}.woff2"
    part.save(path)
    return path.stat().st_size


def face(family: str, name: str, points: set[int], *, local: tuple[str, ...]) -> str:
    sources = [f'local("{one}")' for one in local]
    sources.append(f'url("../vendor/fonts/twemoji-{name}.woff2") format("woff2")')
    return f"""  @font-face {{
    font-family: {family};
    font-display: swap;
    src: {", ".join(sources)};
    unicode-range: {write_ranges(points)};
  }}
"""


font = TTFont(source, recalcTimestamp=False)
print(f"{repair(font)} ligatures added")
known = set(font.getBestCmap())
flags = read_ranges(FLAGS) & known
joined = sequences(font)
in_joined = {point for sequence in joined for point in sequence}
# Only three parts have the joiner: every part that has one of a cluster's characters is loaded.
parts = {"joined": in_joined | set(TONES) | {joiner}, "flags": flags | {joiner}}
for name, (first, end) in BLOCKS.items():
    in_block = known & set(range(first, end)) - flags - set(TONES) - set(KEYCAPS) - set(ANYWHERE)
    parts[name] = without_sequences(in_block)
parts["common"] = ({ord(one) for one in COMMON} & known) | {joiner}
parts = {name: points - {variation_selector} for name, points in parts.items()}
faces = []
for name, points in parts.items():
    print(name, len(points), write_part(name, points & known))
    # The emoji font of Windows has no flags.
    local = LOCAL[:2] if name == "flags" else LOCAL
    faces.append(face("Twemoji", name, points, local=local))
write_part("keycaps", set(KEYCAPS))
faces.append(face('"Twemoji Keycaps"', "keycaps", set(KEYCAPS), local=LOCAL))
styles.write_text(HEAD + "\n".join(faces) + "}\n")
