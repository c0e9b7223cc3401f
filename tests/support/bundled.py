"""The bundled pack, which each process reads once."""

import functools

from bullpen.packs.pack import Pack
from bullpen.packs.reader import bundled, read_pack


@functools.cache
def bundled_pack() -> Pack:
    return read_pack(bundled())


EVERYBODY = (
    "michael jim dwight pam ryan stanley kevin angela oscar andy toby creed kelly phyllis"
    " meredith darryl"
)
