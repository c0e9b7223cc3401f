"""The examples of docs/api-tokens.md work as they are written, against a real server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import environment
from tests.support.serving import serving

PAGE = Path(__file__).parents[1] / "docs" / "api-tokens.md"
# Each block prints its own number first, so that it is known which one printed what.
MARK = "\x1e"


@pytest.mark.timeout(300)
def test_the_examples_work_in_order(url: str, tmp_path: Path, run_sql):
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    script = "set -euo pipefail\n" + "".join(f"printf '{MARK}'\n{block}" for block in blocks)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with serving(url) as served:
        given = environment(DATABASE_URL=url, BULLPEN_URL=served.address, PATH=path)
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
    _, created, by_api, channels, posted, followed, revoked = done.stdout.split(MARK)
    assert created.startswith("dana-flour\n")
    assert '"name":"Nightly report"' in by_api
    assert '"id":"general"' in channels
    assert '"userId":"dana-flour"' in posted
    assert '"type":"hello"' in followed
    assert revoked == ""
    assert run_sql("SELECT name FROM api_tokens WHERE revoked_at IS NOT NULL") == [
        ("First script",)
    ]
