"""What a channel, an agent's memory and the queue were at an earlier moment. Read-only."""
