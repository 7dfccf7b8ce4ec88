"""Languages that what is shown may be in."""

ENGLISH, CHINESE = "en", "zh"
LANGUAGES = (ENGLISH, CHINESE)
LANGUAGE_TAGS = {ENGLISH: "en", CHINESE: "zh-Hans"}
"""What a page calls them (BCP 47)."""
