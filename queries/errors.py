"""What can go wrong between a person's question and its answer."""

from __future__ import annotations

# QuestionError
# ├── HeaderError        a question file is not what README.md asks for
# ├── UnknownQuestion    no question has that slug
# ├── ParameterError     a value is missing, unknown or not of its type
# ├── NoTriples          the question is answered in rows only
# └── AnswerError        the store answered with something that is not a table


class QuestionError(Exception):
    """A question cannot be read, asked or answered."""


class HeaderError(QuestionError):
    """A question file breaks the rules of `README.md`; the text names the file and the rule."""


class UnknownQuestion(QuestionError):
    """No question has this slug."""

    def __init__(self, slug: str) -> None:
        """Name the slug."""
        self.slug = slug
        super().__init__(f"Non c'è una domanda «{slug}».\nThere is no question “{slug}”.")


class ParameterError(QuestionError):
    """A value cannot be bound: says which parameter and why, in both languages."""

    def __init__(self, parameter: str, *, it: str, en: str) -> None:
        """Name the parameter and the reason."""
        self.parameter = parameter
        self.reason = {"it": it, "en": en}
        super().__init__(f"{parameter}: {it}\n{parameter}: {en}")


class NoTriples(QuestionError):
    """The question says of no triples what its rows would be."""

    def __init__(self, slug: str) -> None:
        """Name the question."""
        self.slug = slug
        super().__init__(
            f"La domanda «{slug}» si risponde in righe, non in triple.\n"
            f"The question “{slug}” is answered in rows, not in triples."
        )


class AnswerError(QuestionError):
    """The store's answer is not the table that the question declares."""
