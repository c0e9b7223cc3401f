# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.0"]
# ///
"""Writes the client's emoji font: npm's twemoji-colr-font with its joined emoji repaired.

The font spells a joined emoji such as the rainbow flag with the variation selector U+FE0F inside.
Chromium keeps that character from the font, so it would draw the parts side by side. Every ligature
with the selector gets a twin without it.
"""

from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otTables import Ligature

root = Path(__file__).resolve().parent.parent
source = root / "node_modules/twemoji-colr-font/twemoji.woff2"
target = root / "src/bullpen/client/vendor/fonts/twemoji.woff2"
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


font = TTFont(source, recalcTimestamp=False)
added = repair(font)
font.flavor = "woff2"
target.parent.mkdir(parents=True, exist_ok=True)
font.save(target)
print(f"{target.name}: {added} ligatures added")
