"""A record's file: YAML as people write it, by hand and in web editors.

YAML guesses (`no` is false, `5.70` is 5.7, `22:30` is 1350), so every scalar is read as text
here, and the schema decides what it is. What reads differently than it looks is refused with
the line to write instead: repeated fields, anchors and aliases, tags, values that a comment
has emptied, an unquoted `@`.

This module gives what reading needs; `composing` and `editing` write.
"""

from ocs.adapters.yamlfile.parsing import DEEPEST, Parsed, parse
from ocs.adapters.yamlfile.places import locate
from ocs.adapters.yamlfile.text import MOST_BYTES, Fault

__all__ = ["DEEPEST", "MOST_BYTES", "Fault", "Parsed", "locate", "parse"]
