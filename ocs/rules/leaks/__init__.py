"""What must not stand in a file that everybody can read."""
