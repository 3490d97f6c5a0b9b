"""Whether a page speaks Dutch throughout."""

import re
from functools import cache

from playwright.sync_api import Page

from tests.test_translations import CATALOGUE, Words, english_words, texts

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
DUTCH_AMOUNT = re.compile(r"€[\s\u00a0]?-?\d{1,3}(\.\d{3})*(,\d\d)?(?![\d.,]*\d)")
AMOUNT = re.compile(r"€[\s\u00a0]?-?\d[\d.,]*\d|€[\s\u00a0]?\d")
# Words that no Dutch sentence has, for texts that the catalogue lacks.
ENGLISH_WORD = re.compile(r"\b(?:the|and|your|this|with|you|from|not|which)\b", re.IGNORECASE)
ENGLISH_DATE = re.compile(r"\d\d/\d\d/\d{4}|\d{4}-\d\d-\d\d|\b(?:Jan|Feb|Mar|May|Oct)[a-z]* \d{1,2}, \d{4}|[ap]\.m\.")


@cache
def english_sentences() -> re.Pattern[str]:
    """Texts of the catalogue with something filled in, those that no Dutch text looks like."""
    dutch = [PLACEHOLDER.sub("x", text) for entry in CATALOGUE for text in texts(entry)]
    own = {entry.msgid for entry in CATALOGUE} | {entry.msgid_plural for entry in CATALOGUE}
    patterns = []
    for text in own:
        parts = PLACEHOLDER.split(" ".join(text.split()))
        if len(parts) > 1 and sum(map(len, re.findall(r"[A-Za-z]{3,}", " ".join(parts)))) > 5:
            pattern = ".+".join(map(re.escape, parts))
            if not any(re.fullmatch(pattern, one) for one in dutch):
                patterns.append(pattern)
    return re.compile("|".join(patterns))


def check_dutch(page: Page) -> None:
    """The page says that it is Dutch and is: no English text of ours, amounts and dates in the Dutch way."""
    words = Words(page.content()).found
    read = page.locator("body").inner_text()
    sentences = english_sentences()
    faults = [
        *(words & english_words()),
        *(text for text in words if sentences.fullmatch(text) or ENGLISH_WORD.search(text)),
        *(one for one in AMOUNT.findall(read) if not DUTCH_AMOUNT.fullmatch(one)),
        *ENGLISH_DATE.findall(read),
    ]
    assert not faults, f"{page.url}: {faults}"
    assert page.locator("html").get_attribute("lang") == "nl", page.url
