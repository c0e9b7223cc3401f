"""A site of the web, on loopback: each path answers what the test has put there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Answer(NamedTuple):
    content: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Site:
    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, Answer] = {}
        # What was asked for, with its headers.
        self.asked: list[tuple[str, dict[str, str]]] = []
        # Where a test holds back the answers.
        self.may_answer = threading.Event()
        self.may_answer.set()

    def page(self, path: str, head: str, **more: object) -> str:
        content = f"<!doctype html><html><head>{head}</head><body>Text</body></html>"
        self.answers[path] = Answer(content.encode(), **more)  # type: ignore[arg-type]
        return self.address + path

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, dict(self.headers)))
            served.may_answer.wait()
            answer = served.answers.get(self.path, Answer(b"", status=404))
            self.send_response(answer.status)
            if not any(name == "Content-Length" for name, _ in answer.headers):
                self.send_header("Content-Length", str(len(answer.content)))
            self.send_header("Content-Type", answer.media_type)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that has read enough hangs up."""

    server = Server(("127.0.0.1", 0), Handler)
    served = Site(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield served
    finally:
        served.may_answer.set()
        server.shutdown()
        server.server_close()
        thread.join()
