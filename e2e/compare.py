"""How much of one picture differs from another, and where.

Two builds of Chromium draw the edges of a letter differently. Averaged over blocks of 8 x 8
pixels that vanishes, while a row that moved by 2 pixels or a message that is missing remains
(test_compare.py proves both). The tolerance: at most 1 block in 1,000 differs by more than 24
of 255 in any colour.
"""

from PIL import Image, ImageChops

BLOCK = 8
MOST_DIFFERENCE = 24
MOST_SHARE = 0.001


def blocks(picture: Image.Image) -> Image.Image:
    size = (picture.width // BLOCK, picture.height // BLOCK)
    return picture.resize(size, Image.Resampling.BOX)


def differing(one: Image.Image, other: Image.Image) -> Image.Image:
    """A pixel a block: white where the two differ by more than is tolerated."""
    channels = ImageChops.difference(blocks(one), blocks(other)).split()
    most = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    return most.point(lambda value: 255 * (value > MOST_DIFFERENCE))


def share(one: Image.Image, other: Image.Image) -> float:
    if one.size != other.size:
        return 1.0
    found = differing(one, other)
    return found.histogram()[255] / (found.width * found.height)


def marked(one: Image.Image, other: Image.Image) -> Image.Image:
    """The first picture, faint, with the differing blocks in red."""
    faint = Image.blend(one, Image.new("RGB", one.size, "white"), 0.7)
    if one.size == other.size:
        faint.paste(
            (220, 0, 40), mask=differing(one, other).resize(one.size, Image.Resampling.NEAREST)
        )
    return faint
