"""Web Push: notices for a user's browsers, also while no window of Bullpen is open."""
