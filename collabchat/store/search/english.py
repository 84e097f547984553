"""Other forms of English words: what a word may look like elsewhere."""

from __future__ import annotations

from functools import lru_cache

_IRREGULAR = [
    group.split()
    for group in (
        "be is are was were been being am",
        "have has had having",
        "do does did done doing",
        "go goes went gone going",
        "run runs ran running",
        "write writes wrote written writing",
        "read reads reading",
        "find finds found finding",
        "send sends sent sending",
        "build builds built building",
        "break breaks broke broken breaking",
        "choose chooses chose chosen choosing",
        "come comes came coming",
        "get gets got gotten getting",
        "give gives gave given giving",
        "grow grows grew grown growing",
        "keep keeps kept keeping",
        "know knows knew known knowing",
        "lead leads led leading",
        "leave leaves left leaving",
        "lose loses lost losing",
        "make makes made making",
        "mean means meant meaning",
        "meet meets met meeting",
        "pay pays paid paying",
        "say says said saying",
        "see sees saw seen seeing",
        "sell sells sold selling",
        "show shows showed shown showing",
        "speak speaks spoke spoken speaking",
        "spend spends spent spending",
        "take takes took taken taking",
        "teach teaches taught teaching",
        "tell tells told telling",
        "think thinks thought thinking",
        "throw throws threw thrown throwing",
        "begin begins began begun beginning",
        "buy buys bought buying",
        "bring brings brought bringing",
        "catch catches caught catching",
        "fall falls fell fallen falling",
        "feel feels felt feeling",
        "hold holds held holding",
        "drive drives drove driven driving",
        "man men",
        "woman women",
        "child children",
        "person people persons",
        "foot feet",
        "mouse mice",
        "index indexes indices",
        "matrix matrices matrixes",
        "vertex vertices",
        "datum data",
        "analysis analyses",
        "crisis crises",
        "hypothesis hypotheses",
        "good better best",
        "bad worse worst",
    )
]
_KNOWN: dict[str, list[str]] = {}
for _group in _IRREGULAR:
    for _word in _group:
        _KNOWN.setdefault(_word, []).extend(_group)
_VOWELS = frozenset("aeiou")


@lru_cache(4096)
def forms(word: str) -> tuple[str, ...]:
    """The other forms that this word has, as far as rules can say; some of them are no words."""
    found: set[str] = set(_KNOWN.get(word, ()))
    if len(word) >= 3:
        for base in _bases(word):
            found |= _of(base)
    found.discard(word)
    return tuple(sorted(one for one in found if len(one) >= 3))


def _bases(word: str) -> set[str]:
    """What it may be a form of; itself too."""
    bases = {word}
    if word.endswith("ies") and len(word) > 4:
        bases.add(word[:-3] + "y")
    if word.endswith("es") and len(word) > 4 and word[:-2].endswith(("s", "x", "z", "ch", "sh", "o")):
        bases.add(word[:-2])
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        bases.add(word[:-1])
    if word.endswith("ied") and len(word) > 4:
        bases.add(word[:-3] + "y")
    for ending in ("ed", "ing"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= 3 and _VOWELS & set(stem):
            bases.add(stem)
            if not stem.endswith(("s", "w")) or stem.endswith(("ss", "us")):
                bases.add(stem + "e")
            if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
                bases.add(stem[:-1])
    return {base for base in bases if len(base) >= 3}


def _of(base: str) -> set[str]:
    """A word and its regular forms."""
    found = {base, base + "s"}
    last = base[-1]
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        found = {base, base + "es"}
    if last == "e":
        return found | {base + "d", base[:-1] + "ing"}
    if last == "y" and base[-2] not in _VOWELS:
        return found | {base[:-1] + "ies", base[:-1] + "ied", base + "ing"}
    found |= {base + "ed", base + "ing"}
    if last not in "aeiouwxy" and base[-2] in _VOWELS and base[-3] not in _VOWELS:
        found |= {base + last + "ed", base + last + "ing"}
    return found
