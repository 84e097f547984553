"""What asks for an answer, by signs in the text."""

from __future__ import annotations

import pandas as pd

_CODE = r"(?s)```.*?```|`[^`]*`"
_LINK = r"https?://\S+"
_QUOTED = r"(?m)^\s*>.*$"
_MARK = r"\?(?:\s|$|[\"')\]*_])"
_OPENING = (
    r"(?i)^\W*(?:@\S+\W+)?(?:who|what|when|where|why|which|how|can|could|would|should|do|does|did|is|are|was|were|has|"
    r"have|any(?:one|body)?|is there|are there)\b[^.!]{3,}$"
)
_ASKING = (
    r"(?i)\b(?:any ideas?|any(?:one|body) (?:know|knows|else|here|able)|can (?:some|any)(?:one|body)|could you|can you|"
    r"would you|please (?:advise|help|check|look|review)|does any(?:one|body)|how (?:do|can|should) (?:i|we)|"
    r"what (?:is|are|would be) the|is it possible|i (?:do not|don't|cannot|can't) (?:understand|figure out|find))\b"
)


def is_question(texts: pd.Series) -> pd.Series:
    """Whether texts ask something.

    A text asks where, beside code, links and quotations, it has a question mark at the end of a word; or its last line
    begins as an English question does and has no other end of a sentence; or it says one of some English phrases ("can
    someone", "any idea", "could you", …). Questions without any such sign are missed, and rhetorical ones are taken for
    questions.

    Parameters
    ----------
    texts
        Missing ones ask nothing.

    Returns
    -------
    pandas.Series
        ``bool``, with the index of ``texts``.

    Examples
    --------
    >>> is_question(pd.Series(["Is the load done?", "It is done.", "see http://x.org/?q=1"])).tolist()
    [True, False, False]
    """
    plain = texts.fillna("").astype(str)
    for pattern in (_CODE, _LINK, _QUOTED):
        plain = plain.str.replace(pattern, " ", regex=True)
    last = plain.str.strip().str.split("\n").str[-1].fillna("")
    asks = (
        plain.str.contains(_MARK, regex=True)
        | last.str.contains(_OPENING, regex=True)
        | plain.str.contains(_ASKING, regex=True)
    )
    return asks.astype(bool).rename("question")
