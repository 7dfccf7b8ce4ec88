"""Harmless differences of writing, evened out and named: blanks around, full-width letters, split accents."""

from __future__ import annotations

import re
import unicodedata

from planner.reading.batch_columns import ID, PLACE, PLACES, TEXT

BLANKS = "blanks around the text are left out"
FULL_WIDTH = "full-width characters are read as plain ones"
ACCENTS = "accents written apart are joined to their letters"
APOSTROPHE = "the apostrophe before what a spreadsheet would take for a formula is left out"

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5, 0xFFE0: 0xA2}
_MOST_TO_JOIN = 1_000
_GUARDED = re.compile(r"'[\s\"']*[=+\-@＝＋－＠]")
_STRANGE = (
    "GREEK",
    "CYRILLIC",
    "ARMENIAN",
    "CHEROKEE",
    "COPTIC",
    "LISU",
    "DESERET",
    "GEORGIAN",
    "HEBREW",
    "ARABIC",
)


def tidy(text: str, kind: str) -> tuple[str, tuple[str, ...]]:
    """Text of a cell of a kind, and what was evened out.

    Free text keeps its full-width characters: in Chinese they are its punctuation. So do names of places, as
    long as the network has them so; that is for the caller to ask.
    """
    clean = text.strip()
    if clean == text and text.isascii() and not text.startswith("'"):
        return text, ()
    done: list[str] = []
    if clean != text:
        done.append(BLANKS)
    # Sorting a long run of accents takes the square of its length; no name that is right is so long.
    joined = unicodedata.normalize("NFC", clean) if len(clean) <= _MOST_TO_JOIN else clean
    if joined != clean:
        done.append(ACCENTS)
    if kind in {ID, TEXT} and _GUARDED.match(joined):
        done.append(APOSTROPHE)
        joined = joined[1:].strip()
    if kind not in {TEXT, PLACE, PLACES}:
        plain = plain_width(joined)
        if plain != joined:
            done.append(FULL_WIDTH)
            joined = plain
    return joined, tuple(done)


def plain_width(text: str) -> str:
    """Text with ASCII in place of its full-width forms, without blanks around."""
    return text if text.isascii() else text.translate(_PLAIN).strip()


def strange_letter(text: str) -> str:
    """First letter of an alphabet that looks like the Latin one, with its name; empty if there is none."""
    if text.isascii():
        return ""
    for letter in text:
        if ord(letter) > 127 and letter.isalpha():
            name = unicodedata.name(letter, "")
            if name.startswith(_STRANGE) or unicodedata.normalize("NFKC", letter) != letter:
                return f"{letter} (U+{ord(letter):04X}, {name.lower()})"
    return ""


def skeleton(text: str) -> str:
    """What two ids have in common that differ in case, width, blanks and compatibility forms only."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
