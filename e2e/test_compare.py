"""The tolerance between two pictures: what may differ, and what may not."""

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from e2e import report
from e2e.compare import MOST_SHARE, share
from e2e.snapshot import BASELINE, Snapshot
from e2e.views import VIEWS

# Of the messages, beside the sidebar and above the composer.
MESSAGES = (310, 430, 1040, 500)


@pytest.fixture(params=[view.name for view in VIEWS])
def baseline(request) -> Snapshot:
    return Snapshot.read(BASELINE, request.param)


def with_row_moved(picture: Image.Image, pixels: int) -> Image.Image:
    moved = picture.copy()
    left, top, _, _ = MESSAGES
    moved.paste(picture.crop(MESSAGES), (left, top + pixels))
    return moved


@pytest.mark.ac("1.8.2")
def test_edges_drawn_differently_are_tolerated(baseline: Snapshot):
    softer = baseline.picture.filter(ImageFilter.GaussianBlur(0.6))
    darker = ImageEnhance.Contrast(baseline.picture).enhance(1.05)
    assert share(baseline.picture, softer) <= MOST_SHARE
    assert share(baseline.picture, darker) <= MOST_SHARE


@pytest.mark.ac("1.8.2")
@pytest.mark.parametrize("pixels", [-3, 3, 8])
def test_a_row_that_moved_is_not(baseline: Snapshot, pixels: int):
    assert share(baseline.picture, with_row_moved(baseline.picture, pixels)) > MOST_SHARE


@pytest.mark.ac("1.8.2")
def test_a_missing_message_is_not(baseline: Snapshot):
    without = baseline.picture.copy()
    without.paste("white", MESSAGES)
    assert share(baseline.picture, without) > MOST_SHARE


@pytest.mark.ac("1.8.2")
def test_another_size_is_not(baseline: Snapshot):
    assert share(baseline.picture, baseline.picture.crop((0, 0, 1440, 899))) == 1


@pytest.mark.ac("1.8.2")
def test_what_differs_is_reported_with_both_pictures(baseline: Snapshot, tmp_path):
    report.check("same", baseline, baseline, tmp_path)
    assert list(tmp_path.iterdir()) == []

    other = Snapshot(with_row_moved(baseline.picture, 8), baseline.tree + "- text: <one> more\n")
    with pytest.raises(AssertionError, match=r"trees differ, and \d\.\d\d% of the picture differs"):
        report.check("view", baseline, other, tmp_path)
    page = (tmp_path / "index.html").read_text()
    assert "+- text: &lt;one&gt; more" in page
    for kind in ("expected", "actual", "difference"):
        assert f'src="view-{kind}.png"' in page
        with Image.open(tmp_path / f"view-{kind}.png") as picture:
            assert picture.size == (1440, 900)
