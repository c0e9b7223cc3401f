"""The socket that the program listens on."""

import socket

from bullpen.processes.foreground import bind
from bullpen.settings import Settings


def test_it_says_that_it_is_tcp_so_that_every_event_loop_sends_small_answers_at_once():
    with bind(Settings(host="127.0.0.1", port=0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP
