"""Open community support: a registry of solved problems, shared logins and who speaks for
whom.
"""

__version__ = "0.1.0.dev0"
