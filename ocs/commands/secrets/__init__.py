"""Secrets, and who can read them."""
