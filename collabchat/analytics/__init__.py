"""What the talk says about the project: DataFrames of messages in, DataFrames of figures out.

It needs no hub: any frame with ``author`` and ``time`` will do (and ``room``, ``text``, ``thread``, ``reply_to`` for
what is about them). It is for the people who talk, not a watch over them: look at figures of a team before those of a
person.
"""

from __future__ import annotations

from .arrivals import gone_quiet, newcomers, retention
from .balance import absence_factor, entropy, gini, participation, turn_taking
from .figures import Figures
from .questions import is_question
from .reply_links import reply_links
from .response import open_questions, response_matrix, response_times, responses, time_to_first_response
from .rhythm import activity, after_hours, burstiness, incidents, memory, sessions

__all__ = [
    "Figures",
    "absence_factor",
    "activity",
    "after_hours",
    "burstiness",
    "entropy",
    "gini",
    "gone_quiet",
    "incidents",
    "is_question",
    "memory",
    "newcomers",
    "open_questions",
    "participation",
    "reply_links",
    "response_matrix",
    "response_times",
    "responses",
    "retention",
    "sessions",
    "time_to_first_response",
    "turn_taking",
]
