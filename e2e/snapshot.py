"""A view as it is kept: its picture and its accessibility tree."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

BASELINE = Path(__file__).parent / "snapshots" / "baseline"


@dataclass(frozen=True)
class Snapshot:
    picture: Image.Image
    tree: str

    @classmethod
    def of(cls, page: Page) -> "Snapshot":
        png = page.screenshot(animations="disabled", caret="hide")
        with Image.open(io.BytesIO(png)) as file:
            picture = file.convert("RGB")
        return cls(picture, page.locator("body").aria_snapshot() + "\n")

    @classmethod
    def read(cls, folder: Path, name: str) -> "Snapshot":
        with Image.open(folder / f"{name}.png") as file:
            picture = file.convert("RGB")
        return cls(picture, (folder / f"{name}.yaml").read_text(encoding="utf-8"))

    def save(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.picture.save(folder / f"{name}.png", optimize=True)
        (folder / f"{name}.yaml").write_text(self.tree, encoding="utf-8")
