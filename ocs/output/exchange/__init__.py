"""Other projects' registries."""
