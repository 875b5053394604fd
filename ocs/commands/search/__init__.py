"""Finding records."""
