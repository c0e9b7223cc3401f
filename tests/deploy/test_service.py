"""The systemd unit, the settings beside it, and how the program gets on with both."""

import re
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.support.ports import free_port
from tests.support.program import running
from tests.support.proxies import DEPLOY, replaced
from tests.support.streams import listening
from tests.support.tools import debian_tool

from bullpen.settings import read

pytestmark = pytest.mark.timeout(300)
PAGE = DEPLOY.parent / "deploy.md"
FILES = ["Caddyfile", "bullpen.env", "bullpen.service", "nginx.conf"]
SECONDS = 60
# Of 100; systemd calls what is below 20 "OK" (its best word).
MOST_EXPOSED = 20


def test_the_page_quotes_every_file_as_it_is():
    assert sorted(path.name for path in DEPLOY.iterdir()) == FILES
    quoted = re.findall(r"^```\w*\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    missing = [name for name in FILES if (DEPLOY / name).read_text() not in quoted]
    assert missing == []


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    text = replaced(
        (DEPLOY / "bullpen.service").read_text(), ("/usr/local/bin/bullpen", sys.executable)
    )
    written = tmp_path / "bullpen.service"
    written.write_text(text)
    return written


def analyze(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [debian_tool("systemd-analyze"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_systemd_finds_nothing_wrong_with_the_unit(unit: Path):
    done = analyze("verify", unit)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    unit.write_text(unit.read_text().replace("Restart=always", "Restart=allways"))
    assert "allways" in analyze("verify", unit).stderr


def test_the_unit_exposes_little(unit: Path):
    done = analyze("security", "--offline=yes", f"--threshold={MOST_EXPOSED}", unit)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_settings_of_the_page_are_for_a_team_behind_a_proxy_on_this_machine(monkeypatch):
    settings = read(env_file=DEPLOY / "bullpen.env")
    assert settings.in_team_mode
    assert (settings.public_url, settings.host) == ("https://chat.example.org", "127.0.0.1")
    assert settings.trusted_networks == ["127.0.0.1", "::1"]
    assert settings.data_dir == Path("/var/lib/bullpen")


@pytest.mark.parametrize(("is_abstract", "workers"), [(True, "1"), (False, "2")])
def test_systemd_is_told_when_it_is_ready_and_when_it_stops(
    is_abstract: bool, workers: str, tmp_path: Path, shared_url: str
):
    name = f"bullpen-{free_port()}" if is_abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(f"\0{name}" if is_abstract else name)
        manager.settimeout(SECONDS)
        given = {
            "NOTIFY_SOCKET": f"@{name}" if is_abstract else name,
            "DATABASE_URL": shared_url,
            "BULLPEN_WORKERS": workers,
        }
        with running(cwd=tmp_path, **given) as program:
            assert manager.recv(1000) == b"READY=1"
            assert program.get("/api/health").status_code == 200
            program.process.send_signal(signal.SIGTERM)
            assert manager.recv(1000) == b"STOPPING=1"
            assert program.process.wait(SECONDS) == 0


def test_a_stop_ends_open_streams_and_complains_about_nothing(tmp_path: Path, url: str):
    with running(cwd=tmp_path, DATABASE_URL=url) as program:
        with closing(program.client("jim")) as jim, listening(jim) as stream:
            code, _ = program.stop(signal.SIGTERM)
            assert stream.next() is None
        assert (code, program.complained) == (0, [])


def test_a_manager_that_has_gone_is_no_trouble(tmp_path: Path, shared_url: str):
    given = {"NOTIFY_SOCKET": str(tmp_path / "gone"), "DATABASE_URL": shared_url}
    with running(cwd=tmp_path, **given) as program:
        assert program.stop()[0] == 0
        assert program.complained == []
