"""SQLite files derived from the registry. ocs makes them anew, and goes on without them."""
