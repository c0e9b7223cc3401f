"""When two names are the same, and when they only look it."""
# ruff: noqa: RUF001 - look-alikes are what this is about

import unicodedata
from functools import lru_cache

# Drawn or not, they make no other name.
JOINERS = "\u200c\u200d\ufe0e\ufe0f"
_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\uff07", "'"),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys(JOINERS, None),
    }
)

# Capital and small letters look like different ones, so this comes before letters are folded.
_ALIKE = {
    "A": "ΑАᎪꓮⲀ", "B": "ΒВᏴꓐⲂ", "C": "СϹᏟꓚⲤ", "D": "Ꭰꓓ", "E": "ΕЕᎬꓰⲈ", "F": "Ϝꓝ",
    "G": "ԌᏀꓖ", "H": "ΗНᎻꓧⲎҺ", "J": "ЈᎫꓙ", "K": "ΚКᏦꓗⲔ", "L": "ᏞꓡⳐ", "M": "ΜМᎷꓟⲘ",
    "N": "ΝꓠⲚ", "O": "ΟОՕꓳⲞ0", "P": "ΡРᏢꓑⲢ", "Q": "Ԛ", "R": "ᎡᏒꓣ", "S": "ЅᏚՏꓢ",
    "T": "ΤТᎢꓔⲦ", "U": "Սꓴ", "V": "ᏙꓦѴ", "W": "ᎳᏔꓪԜ", "X": "ΧХꓫⲬ", "Y": "ΥҮУꓬⲨ", "Z": "ΖᏃꓜ",
    "a": "аɑα", "b": "Ьв", "c": "сϲᴄ", "d": "ԁ", "e": "еҽ", "f": "ẝ", "g": "ɡց", "h": "һհн",
    "i": "іıι", "j": "јϳ", "k": "кκ", "l": "1IІӀӏΙᏞⅼǀ|ꓲ", "m": "м", "n": "ոпη",
    "o": "оοօσ", "p": "рρ",
    "q": "ԛգ", "r": "гᴦ", "s": "ѕꜱ", "t": "тτ", "u": "υսᴜ", "v": "νѵᴠ", "w": "ԝաᴡω", "x": "хχ",
    "y": "уүγ", "z": "ᴢ",
}  # fmt: skip
_LOOKS = str.maketrans({sign: letter for letter, signs in _ALIKE.items() for sign in signs})


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """The same for all ways to write one name: case, composition, width, curly apostrophes."""
    parts = unicodedata.normalize("NFKD", text)
    cased = "".join(sign.upper().lower() for sign in parts)
    plain = unicodedata.normalize("NFKD", cased).replace("i\u0307", "i")
    return plain.translate(_SAME)


def name_keys(name: str) -> set[str]:
    """A name that shares one of these with another could be taken for it."""
    plain = unicodedata.normalize("NFKD", name)
    looks = {plain.translate(_LOOKS), plain.upper().translate(_LOOKS)}
    return {_trimmed(folded(one)) for one in (name, *looks)}


def _trimmed(key: str) -> str:
    words = " ".join(key.split())
    return words.strip("._- ") or words
