"""A server that speaks the S3 protocol, in a process of its own, with one empty bucket."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from tests.support.plain import UNUSED
from tests.support.ports import free_port
from tests.support.program import until

from bullpen.files.bucket import BucketConfig

BUCKET = "files"
LISTED = "?list-type=2&max-keys=1000"


@contextmanager
def s3_server() -> Iterator[BucketConfig]:
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until(lambda: is_made(endpoint))
            yield BucketConfig(BUCKET, endpoint, "us-east-1", "somebody", "secret", "bullpen")
        finally:
            server.kill()


def is_made(endpoint: str) -> bool:
    try:
        return httpx.put(f"{endpoint}/{BUCKET}", verify=UNUSED).is_success
    except httpx.TransportError:
        return False


def keys_in(config: BucketConfig) -> list[str]:
    """Of all objects in the bucket."""
    listed = (
        httpx.get(f"{config.endpoint}/{config.name}{LISTED}", verify=UNUSED).raise_for_status().text
    )
    return [part.partition("</Key>")[0] for part in listed.split("<Key>")[1:]]
