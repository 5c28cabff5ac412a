"""Answers given before, for as long as nothing has been written."""

from __future__ import annotations

import threading
from collections import OrderedDict

from store.evaluate import Answer, Request

_LARGEST_SHARE = 8
"""No answer may take more than this part of the cache."""
_CHANGING = ("now", "rand", "uuid", "bnode")


class AnswerCache:
    """The answers used last, up to a number of bytes; each belongs to one state of the store."""

    def __init__(self, size: int) -> None:
        """Keep up to `size` bytes of texts and bodies."""
        self._size = size
        self._used = 0
        self._answers: OrderedDict[tuple[int, Request], Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, state: int, request: Request) -> Answer | None:
        """The answer to the same request in the same state, if it is kept."""
        with self._lock:
            answer = self._answers.get((state, request))
            if answer is not None:
                self._answers.move_to_end((state, request))
            return answer

    def put(self, state: int, request: Request, answer: Answer) -> bool:
        """Keep a whole answer, unless it is large or would not be the same a second time; whether it is kept."""
        weight = _weight(request, answer)
        if weight > self._size // _LARGEST_SHARE or differs_each_time(request.text):
            return False
        with self._lock:
            if (state, request) in self._answers:
                return True
            self._answers[state, request] = answer
            self._used += weight
            while self._used > self._size:
                (_, old), dropped = self._answers.popitem(last=False)
                self._used -= _weight(old, dropped)
        return True

    def clear(self) -> None:
        """Forget everything: the store has another state now."""
        with self._lock:
            self._answers.clear()
            self._used = 0


def differs_each_time(text: str) -> bool:
    """Whether the answer to a query may differ with nothing written; true of more than those."""
    lower = text.lower()
    return any(word in lower for word in _CHANGING)


def _weight(request: Request, answer: Answer) -> int:
    return len(request.text) + len(answer.body)
