"""How far a start is: in a terminal and without one."""

import io
import sys

import pytest

from bullpen.kit.progress import STEPS, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_how_far_a_long_step_is_stands_in_its_line(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Progress() as progress:
        progress.step(STEPS[1])
        progress.detail("Indexing messages for search: 50,000 of about 100,000")
    assert "Indexing messages for search: 50,000 of about 100,000…" in terminal.getvalue()
    assert "bullpen:" not in terminal.getvalue()


def test_without_a_terminal_it_is_a_line_of_its_own(capsys: pytest.CaptureFixture[str]):
    with Progress() as progress:
        progress.step(STEPS[1])
        progress.detail("Indexing messages for search: 50,000 of about 100,000")
    said = "bullpen: Indexing messages for search: 50,000 of about 100,000\n"
    assert capsys.readouterr().err == said
