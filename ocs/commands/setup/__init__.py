"""A new registry, and the machine that ocs runs on."""
