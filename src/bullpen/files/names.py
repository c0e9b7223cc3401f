"""Names of files: one path component that shows what it is, and the header for it."""

import unicodedata
from urllib.parse import quote

LONGEST = 200
LONGEST_ENDING = 20
FALLBACK = "file"
# What joins letters and emoji is kept; other invisible signs can hide what a name ends in.
KEPT = "\u200c\u200d"


def safe_name(given: str) -> str:
    """Without folders, control characters and signs that change the direction of what follows."""
    last = given.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(sign if is_shown(sign) else " " for sign in last)
    name = " ".join(unicodedata.normalize("NFC", shown).split()).strip(". ")
    return shortened(name) or FALLBACK


def is_shown(sign: str) -> bool:
    return sign in KEPT or unicodedata.category(sign)[0] != "C"


def shortened(name: str) -> str:
    """Keeps the ending, which says what the file is."""
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING:
        return name[:LONGEST]
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"


def content_disposition(name: str, *, inline: bool) -> str:
    """As RFC 6266 has it: an ASCII name for old clients, and the whole one."""
    how = "inline" if inline else "attachment"
    plain = "".join(sign if " " <= sign <= "~" and sign not in '"\\%;/' else "_" for sign in name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
