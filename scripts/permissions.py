"""Writes docs/permissions.md from the table in the code.

python -m scripts.permissions            writes it
python -m scripts.permissions --check    fails if it differs
"""

import sys
from itertools import groupby
from pathlib import Path

from bullpen.members.permissions import RULES, SUBJECTS, Condition, Rule

PAGE = Path(__file__).parents[1] / "docs" / "permissions.md"
CELLS = {
    Condition.ALWAYS: "yes",
    Condition.MEMBER: "if in the channel",
    Condition.MANAGER: "if the agent's manager",
    Condition.BELOW: "for lower roles",
    Condition.OWN: "their own",
}
INTRODUCTION = """\
# Permissions

Written from `src/bullpen/members/permissions.py` by `python -m scripts.permissions`; do not edit it
by hand.

A person has one role: owner, admin, member or guest. An agent has none; its column says what it can
do by its tools and by an API token. A workspace always has an active owner.

- **Reading comes first.** Nobody can change what they cannot read, and it is answered as if it did
  not exist. Owners and admins also read private channels and direct messages whose members are all
  agents. Nobody else, not even an owner, reads the private channels or direct messages of others.
- **Guests** read only channels that they are a member of.
- **Lower roles.** An admin can invite, change, deactivate and sign out members and guests, and can
  make nobody an admin or an owner. Only an owner can do this.
- **Demo mode.** Without sign-in, everybody at the machine acts with the permissions of an owner, as
  whichever member they choose.

A refusal has status 403 and the [code](errors.md) `not_permitted`, or a more exact code.
"""


def page() -> str:
    parts = [INTRODUCTION]
    for area, rules in groupby(RULES.values(), key=lambda rule: rule.area):
        parts.append(f"\n## {area}\n\n{row('can', *SUBJECTS)}{row(*['---'] * 6)}")
        parts += [described(rule) for rule in rules]
    return "".join(parts)


def described(rule: Rule) -> str:
    return row(rule.what, *(cell(rule.who[subject]) for subject in SUBJECTS))


def cell(conditions: Condition) -> str:
    return ", or ".join(words for condition, words in CELLS.items() if condition in conditions)


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def main() -> None:
    written = page()
    if "--check" not in sys.argv:
        PAGE.write_text(written, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != written:
        sys.exit("docs/permissions.md differs from the code. Run: python -m scripts.permissions")


if __name__ == "__main__":
    main()
