"""Code that is broken on purpose, to see whether a test near it notices."""
