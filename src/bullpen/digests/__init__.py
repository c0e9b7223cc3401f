"""E-mail digests: what is unread and concerns people who were away."""
