"""The README's pictures: known by a hash, compared as the eye would, and refused when stale."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from scripts import browser, pictures, take_pictures

WHITE = (255, 255, 255)


def picture(*, moved: int = 0) -> Image.Image:
    image = Image.new("RGB", (400, 300), WHITE)
    ImageDraw.Draw(image).rectangle((40, 40 + moved, 200, 80 + moved), fill=(80, 20, 120))
    return image


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A client of one file, whose pictures are taken without a browser."""
    for source in ("src/bullpen/client", "src/bullpen/packs/dunder_mifflin", "scripts", ".cache"):
        (tmp_path / source).mkdir(parents=True)
    (tmp_path / "src/bullpen/client/main.js").write_text("start();\n")
    monkeypatch.setattr(take_pictures, "ROOT", tmp_path)
    monkeypatch.setattr(take_pictures, "FOLDER", tmp_path / "docs" / "images")
    monkeypatch.setattr(take_pictures, "RECORD", tmp_path / "docs" / "images" / "taken-from")
    monkeypatch.setattr(take_pictures, "CACHE", tmp_path / ".cache" / "pictures")
    monkeypatch.setattr(browser, "main", lambda: 0)
    looks(monkeypatch, picture())
    take_pictures.take()
    return tmp_path


def looks(monkeypatch: pytest.MonkeyPatch, image: Image.Image) -> None:
    monkeypatch.setattr(pictures, "taken", lambda: dict.fromkeys(take_pictures.NAMES, image))


def check(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["take_pictures", "--check"])
    return take_pictures.main()


def unreachable() -> dict[str, Image.Image]:
    raise AssertionError("nothing has changed, so no picture is taken")


def test_what_they_were_taken_from_is_not_taken_again(project: Path, monkeypatch):
    monkeypatch.setattr(pictures, "taken", unreachable)
    assert check(monkeypatch) == 0


def test_a_change_that_nobody_sees_is_remembered(project: Path, monkeypatch):
    (project / "src/bullpen/client/main.js").write_text("// Starts.\nstart();\n")
    record = (project / "docs/images/taken-from").read_text()
    assert check(monkeypatch) == 0
    monkeypatch.setattr(pictures, "taken", unreachable)
    assert check(monkeypatch) == 0
    # Nobody has to commit anything for it.
    assert (project / "docs/images/taken-from").read_text() == record


def test_a_change_that_is_seen_is_refused_until_they_are_taken(project, monkeypatch, capsys):
    (project / "src/bullpen/client/main.js").write_text("start('elsewhere');\n")
    looks(monkeypatch, picture(moved=4))
    assert check(monkeypatch) == 1
    assert check(monkeypatch) == 1
    said = capsys.readouterr().err
    assert "docs/images/workspace-dark.png would look different now" in said
    assert "make pictures" in said
    assert (project / ".cache" / "workspace-difference.png").exists()
    take_pictures.take()
    monkeypatch.setattr(pictures, "taken", unreachable)
    assert check(monkeypatch) == 0


def test_a_picture_that_is_missing_or_older_is_compared_again(project: Path, monkeypatch, capsys):
    (project / "src/bullpen/client/main.js").write_text("// Starts.\nstart();\n")
    assert check(monkeypatch) == 0
    picture(moved=20).save(project / "docs/images/workspace.png")
    assert check(monkeypatch) == 1
    take_pictures.take()
    (project / "docs/images/workspace.png").unlink()
    assert check(monkeypatch) == 1
    assert "docs/images/workspace.png" in capsys.readouterr().err


def test_a_machine_without_a_browser_says_so(project: Path, monkeypatch, capsys):
    (project / "src/bullpen/client/main.js").write_text("stop();\n")
    monkeypatch.setattr(browser, "main", lambda: 1)
    assert check(monkeypatch) == 1
    assert "could not be taken to compare them" in capsys.readouterr().err
