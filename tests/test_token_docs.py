"""The examples of docs/api-tokens.md and docs/external-agents.md work as they are written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import environment
from tests.support.serving import serving

DOCS = Path(__file__).parents[1] / "docs"
# Each block prints its own number first, so that it is known which one printed what.
MARK = "\x1e"


CURL = "curl --fail --silent --show-error"

pytestmark = pytest.mark.timeout(300)


def blocks_of(page: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(blocks: list[str], url: str, cwd: Path) -> list[str]:
    """What each printed, against a real server."""
    script = "set -euo pipefail\n" + "".join(f"printf '{MARK}'\n{block}" for block in blocks)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with serving(url, agents=True) as served:
        given = environment(DATABASE_URL=url, BULLPEN_URL=served.address, PATH=path)
        done = subprocess.run(
            ["bash", "-c", script.replace("curl --fail --silent", CURL)],
            cwd=cwd,
            env=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout.split(MARK)[1:]


def test_the_examples_of_tokens_and_external_agents_work_in_order(
    url: str, tmp_path: Path, run_sql
):
    """One after the other: those of external agents go by the first token until it is revoked."""
    *of_tokens, revoking = blocks_of("api-tokens.md")
    of_agents = blocks_of("external-agents.md")
    printed = run([*of_tokens, *of_agents, revoking], url, tmp_path)
    created, by_api, channels, posted, followed = printed[: len(of_tokens)]
    assert created.startswith("dana-flour\n")
    assert '"name":"Nightly report"' in by_api
    assert '"id":"general"' in channels
    assert '"userId":"dana-flour"' in posted
    assert '"type":"hello"' in followed
    external, asked, waited, claimed, renewed, answered, offered, ordered, delivered, revoked = (
        printed[len(of_tokens) :]
    )
    assert external == '{"mind":"external"}'
    assert '"userId":"dana-flour"' in asked
    assert waited == ""
    assert '"instructions":"' in claimed
    assert '"leaseUntil":"' in renewed
    assert '"messageId":"' in answered
    assert offered == '[{"name":"order","description":"Orders paper","hint":"reams"}]'
    assert '"text":"@pam /order 20"' in ordered
    assert '"messageId":"' in delivered
    said = run_sql(
        "SELECT text FROM messages WHERE user_id = 'pam' ORDER BY created_at DESC LIMIT 2"
    )
    assert said == [("Ordered 20 reams.",), ("Dunder Mifflin, this is Pam.",)]
    assert revoked == ""
    assert run_sql("SELECT name FROM api_tokens WHERE revoked_at IS NOT NULL") == [
        ("First script",)
    ]
