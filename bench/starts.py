"""From the command to the first page with messages."""

import json
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from bullpen.kit.postgres import EmbeddedPostgres

LATER_STARTS = 5


def starts(_: EmbeddedPostgres) -> None:
    with tempfile.TemporaryDirectory(prefix="bullpen-starts-") as folder:
        first = start(folder)
        later = sorted(start(folder) for _ in range(LATER_STARTS))
    bare = sorted(bare_python() for _ in range(LATER_STARTS))[LATER_STARTS // 2]
    print(f"First start to first page with messages: {first:.2f} s (target: 6 s)")
    print(f"Later starts, median of {LATER_STARTS}: {later[LATER_STARTS // 2]:.2f} s (target: 2 s)")
    print(f"Importing FastAPI and Uvicorn alone: {bare:.2f} s")


def start(folder: str) -> float:
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bullpen", "--port", "0", "--data-dir", folder],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = next(m[1] for line in process.stdout if (m := re.search(r"ready at (\S+)", line)))
        urllib.request.urlopen(address).read()
        page = urllib.request.urlopen(f"{address}/api/channels/general/messages").read()
        assert len(json.loads(page)) > 1
        return time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def bare_python() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import fastapi, uvicorn"], check=True)
    return time.perf_counter() - begun
