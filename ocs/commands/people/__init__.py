"""People: vetting, keys, accounts."""
