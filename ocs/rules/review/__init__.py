"""Proposed changes: what they change, and who must agree."""
