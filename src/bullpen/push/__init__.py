"""Web Push: tells a user's browsers of messages, also while no window of Bullpen is open."""
