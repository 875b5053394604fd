"""Whom we talk to: each module hides one outside thing and speaks model types."""
