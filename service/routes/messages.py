"""Words between the desk and its processes; messages are those of :mod:`service.intake.wire`.

A request is a head in JSON and a question, which may be empty. An answer is a word and what belongs to it;
one to a question comes after ``SEARCHING``, which says that there is a timetable now.
"""

from __future__ import annotations

ANSWER, WARM = "answer", "warm"
"""What to do: answer a question, or only make ready for it; without one, for what is usual today."""
SEARCHING, DONE, REFUSED, SLOW, FAULT = b"searching", b"done", b"refused", b"slow", b"fault"
"""First part of an answer: the document follows ``DONE``, faults as JSON follow ``REFUSED``, else words."""
MOST_BYTES = 64_000_000
"""Of a message."""
