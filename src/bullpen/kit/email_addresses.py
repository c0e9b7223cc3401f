"""Which texts can be e-mail addresses. Whether one exists, only a mail to it can tell."""

import re

LONGEST = 254
# One that mail servers in use accept; quoted local parts and addresses of hosts are not among them.
ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)


def is_email(text: str) -> bool:
    return len(text) <= LONGEST and ADDRESS.fullmatch(text) is not None
