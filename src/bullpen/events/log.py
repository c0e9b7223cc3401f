"""The names by which every process finds the log of events in the database."""

# Taken by every transaction that appends events and held until it has ended, so that the order of
# event numbers is the order of commits: a reader that has seen a number has seen all before it.
# Any constant will do that nothing else on the same database locks.
LOG_LOCK = 0x6576656E7473
NOTIFICATIONS = "bullpen_events"
# The payload in place of a number, where a partial answer has changed.
PARTIAL_ANSWERS = "partial_answers"
