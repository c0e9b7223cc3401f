"""How much of anything is remembered."""

LONGEST_BLOCK = 10_000
LONGEST_PASSAGE = 20_000
MOST_TAGS = 20
LONGEST_TAG = 50
