"""A process that stands still is ended, whatever keeps it busy."""

import subprocess
import sys

BUSY = """
import asyncio, re
from bullpen.kit.watchdog import watch

async def main():
    watching = asyncio.create_task(watch(0.5))
    await asyncio.sleep(1.5)
    print("alive", flush=True)
    {busy}
    watching.cancel()
    await asyncio.sleep(1)
    print("over", flush=True)

asyncio.run(main())
"""


def run(busy: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BUSY.format(busy=busy)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_one_that_a_pattern_keeps_busy_is_ended_and_says_where():
    ended = run("re.match(r'(a+)+$', 'a' * 60 + 'b')")
    assert (ended.returncode, ended.stdout) == (1, "alive\n")
    assert "Timeout" in ended.stderr
    assert 'File "<string>", line 9 in main' in ended.stderr


def test_one_that_works_on_is_left_alone_and_is_not_watched_afterwards():
    ended = run("await asyncio.sleep(1)")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "alive\nover\n", "")
