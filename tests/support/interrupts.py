"""A job in the background of a shell ignores interrupts, and so does all that it starts."""

import signal


def hear_interrupts() -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
