"""What the streams are compared with: a loop that writes the same bytes to as many sockets."""

import asyncio
import sys
from typing import cast

import uvloop

READERS: list[asyncio.Transport] = []


class Reader(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        READERS.append(cast(asyncio.Transport, transport))


class Control(asyncio.Protocol):
    def data_received(self, data: bytes) -> None:
        for transport in READERS:
            transport.write(data)


async def main() -> None:
    loop = asyncio.get_running_loop()
    readers = await loop.create_server(Reader, "127.0.0.1", 0, backlog=2048)
    control = await loop.create_server(Control, "127.0.0.1", 0)
    print(readers.sockets[0].getsockname()[1], control.sockets[0].getsockname()[1])
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())
