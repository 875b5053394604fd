"""What is kept between one run and the next, in SQLite files: derived from the registry, and
never missed.

Each can be deleted at any time; a broken, locked or unwritable one is done without.
"""
