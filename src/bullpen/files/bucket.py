"""A bucket of a server that speaks the S3 protocol, where one is set up for the content of files.

The only module that knows of `obstore`, which is loaded only where there is a bucket.
"""

from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from msgspec import Struct

from bullpen.kit.error_codes import ErrorCode
from bullpen.kit.errors import FileStorageUnavailable, NotFound, StartupError

T = TypeVar("T")

# Longer than that, and the request has failed.
REQUEST_SECONDS = 20
CONNECT_SECONDS = 5
# What is tried again within this time, as long as the bucket does not answer.
AGAIN_SECONDS = 10
UNREACHABLE = "The storage for files cannot be reached. Try again shortly."
NO_BUCKET = (
    "This file is in a bucket, and none is set up. Ask an administrator to set BULLPEN_S3_BUCKET."
)
NO_LIBRARY = (
    "BULLPEN_S3_BUCKET needs the extra 's3': install bullpen[s3], or unset BULLPEN_S3_BUCKET"
)


class BucketConfig(Struct, frozen=True):
    name: str
    # None: Amazon's for the region.
    endpoint: str | None = None
    region: str = "us-east-1"
    # None: as the machine's environment or role has them.
    access_key_id: str | None = None
    secret_access_key: str | None = None
    # Comes before the keys of all objects.
    prefix: str | None = None


class Bucket:
    def __init__(self, config: BucketConfig) -> None:
        try:
            from obstore.exceptions import BaseError  # noqa: PLC0415 - only where there is a bucket
            from obstore.store import S3Store  # noqa: PLC0415 - likewise
        except ImportError:
            raise StartupError(NO_LIBRARY) from None
        given = {
            "endpoint": config.endpoint,
            "access_key_id": config.access_key_id,
            "secret_access_key": config.secret_access_key,
        }
        self._problems = (BaseError, OSError)
        self._store = S3Store(
            config.name,
            prefix=config.prefix,
            region=config.region,
            client_options={
                "allow_http": (config.endpoint or "").startswith("http://"),
                "timeout": timedelta(seconds=REQUEST_SECONDS),
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
            },
            retry_config={"retry_timeout": timedelta(seconds=AGAIN_SECONDS)},
            **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
        )

    async def put(self, key: str, content: bytes) -> None:
        await self._asked(self._store.put_async(key, content, use_multipart=False))

    async def get(self, key: str, start: int, end: int) -> bytes:
        """The bytes from `start` to before `end` of one object."""
        return bytes(await self._asked(self._store.get_range_async(key, start=start, end=end)))

    async def remove(self, folder: str) -> None:
        """All objects whose key begins with `folder` and a slash."""
        try:
            async for listed in self._store.list(f"{folder}/"):
                await self._store.delete_async([one["path"] for one in listed])
        except self._problems as problem:
            raise FileStorageUnavailable(
                ErrorCode.FILE_STORAGE_UNAVAILABLE, UNREACHABLE
            ) from problem

    async def _asked(self, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except FileNotFoundError:
            raise NotFound(ErrorCode.FILE_NOT_FOUND) from None
        except self._problems as problem:
            raise FileStorageUnavailable(
                ErrorCode.FILE_STORAGE_UNAVAILABLE, UNREACHABLE
            ) from problem


_connected: Bucket | None = None


def connect(config: BucketConfig | None) -> None:
    """From now on this process keeps the content of new files in this bucket; None: in Postgres."""
    global _connected  # noqa: PLW0603 - one for the process, as its composition root says
    _connected = None if config is None else Bucket(config)


def connected() -> Bucket | None:
    return _connected


def needed() -> Bucket:
    """For a file that is in a bucket."""
    if _connected is None:
        raise FileStorageUnavailable(ErrorCode.FILE_STORAGE_UNAVAILABLE, NO_BUCKET)
    return _connected
