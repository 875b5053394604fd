"""SQLite files that ocs keeps between runs. They are derived from the registry.

Each can be deleted at any time; ocs goes on without a broken, locked or unwritable one.
"""
