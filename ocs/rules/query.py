"""What somebody typed, as a query: any string is one."""

from __future__ import annotations

from dataclasses import dataclass

MOST_WORDS = 100

# Words so common that they tell nothing, in the languages that records are written in.
STOP_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been but by can could did do does for from get gets
    had has have he her his how i if in into is it its just me my no not of on or our out she so some than
    that the their them then there these they this to too up us was we were what when where which who why
    will with would you your
    aber als am an auf aus bei beim bin da das dass dem den der des die ein eine einem einen einer er es
    für hat ich im in ist kann kein keine man mehr mein meine mit nach nicht noch nur oder sich sie sind so
    und von vom war was wenn wie wir wird zu zum zur
    al como con de del el ella en es esta está este la las lo los mi muy no nos o para pero por que qué se
    si sin son su sus un una uno y ya
    """.split()
)


@dataclass(frozen=True, slots=True)
class Query:
    """The words to look for. A word with signs in it, such as `wp-config.php`, is one word here."""

    words: tuple[str, ...]


def parse_query(text: str) -> Query:
    """The words of *text* that tell something, each once; all of them if none does."""
    chunks = list(dict.fromkeys(chunk for chunk in text.lower().split() if any(map(str.isalnum, chunk))))
    telling = [chunk for chunk in chunks if chunk.strip(".,:;!?()[]'\"") not in STOP_WORDS]
    return Query(tuple((telling or chunks)[:MOST_WORDS]))


def spellings(word: str) -> list[str]:
    """The word, and how it is written where there is no ß, or where there is one."""
    return list(dict.fromkeys([word, word.replace("ß", "ss"), word.replace("ss", "ß")]))
