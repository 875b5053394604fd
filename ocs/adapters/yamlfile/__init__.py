"""A record's file: YAML as people write it, by hand and in web editors, read, written and edited.

YAML guesses (`no` is false, `5.70` is 5.7, `22:30` is 1350), so every scalar is read as text here, and the
schema decides what it is. What reads differently than it looks is refused with the line to write instead:
repeated fields, anchors and aliases, tags, values that a comment has emptied, an unquoted `@`.
"""

from ocs.adapters.yamlfile.composing import origin_of, text_of
from ocs.adapters.yamlfile.editing import EditError, edited, rewritten
from ocs.adapters.yamlfile.parsing import DEEPEST, Parsed, parse
from ocs.adapters.yamlfile.places import locate
from ocs.adapters.yamlfile.text import MOST_BYTES, Fault

__all__ = [
    "DEEPEST",
    "MOST_BYTES",
    "EditError",
    "Fault",
    "Parsed",
    "edited",
    "locate",
    "origin_of",
    "parse",
    "rewritten",
    "text_of",
]
