"""What texts mean: word vectors that come with the wheel `wordllama`.

Only its data is read, an array and a tokenizer's table: its own code would load more, and use
the network. The extra `semantic` of ocs installs it; without, nothing of it is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
_ARRAY = "embedding.weight"
# The rest of a text says hardly more about its subject.
_MOST_CHARACTERS = 4000


class Meaning:
    """Use `find`."""

    def __init__(self, vectors: Any, tokenizer: Any) -> None:
        self._vectors = vectors
        self._tokenizer = tokenizer

    @classmethod
    def find(cls) -> Meaning | None:
        """The vectors; None where they or their reader are missing or of an unknown version."""
        folder = _folder()
        if folder is None:
            return None
        try:
            from tokenizers import Tokenizer

            vectors = _vectors(folder / _WEIGHTS)
            tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
            is_known = tokenizer.get_vocab_size() <= len(vectors)
            return cls(vectors, tokenizer) if is_known else None
        except Exception:  # noqa: BLE001  another version, a broken file: search goes on without
            return None

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """How similar each of the others is to a text, from -1 to 1."""
        own, *rest = map(self._vector, (text, *others))
        return [float(own @ vector) for vector in rest]

    def _vector(self, text: str) -> Any:
        """The mean of the vectors of a text's words, of length 1; zeros without words."""
        import numpy

        # What is no Unicode, as in an argument, belongs to no word.
        words = text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode()
        ids = self._tokenizer.encode(words, add_special_tokens=False).ids
        if not ids:
            return numpy.zeros(self._vectors.shape[1], numpy.float32)
        mean = self._vectors[ids].astype(numpy.float32).mean(axis=0)
        return mean / (numpy.linalg.norm(mean) or 1.0)


def is_installed() -> bool:
    """Are the vectors there?"""
    return _folder() is not None


def _folder() -> Path | None:
    """Where the wheel lies. Nothing of it is loaded to find it."""
    spec = PathFinder.find_spec("wordllama")
    places = (spec.submodule_search_locations if spec else None) or ()
    return next((Path(place) for place in places if (Path(place) / _WEIGHTS).is_file()), None)


def _vectors(file: Path) -> Any:
    """The array in a safetensors file: the head's length in eight bytes, the head, the data."""
    import numpy

    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        head = json.loads(opened.read(length))[_ARRAY]
    if head["dtype"] != "F16":
        raise ValueError(f"{file} has numbers of another kind")
    start = 8 + length + head["data_offsets"][0]
    return numpy.memmap(file, numpy.float16, "r", start, tuple(head["shape"]))
