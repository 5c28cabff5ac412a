"""What can go wrong when a document is read.

LoadError
├── UnreadableFile      the bytes cannot be had or decoded
├── UnknownFormat       no reader knows this kind of file
├── NothingToRead       the document holds no words
└── ManifestError       the plan.toml says something that cannot be
"""

from __future__ import annotations

from pathlib import Path


class LoadError(Exception):
    """A document that cannot be read: which file, where in it, and what to do."""

    def __init__(self, problem: str, *, file: Path | str, place: str | None = None, remedy: str) -> None:
        self.problem = problem
        self.file = str(file)
        self.place = place
        self.remedy = remedy
        super().__init__(str(self))

    def __reduce__(self) -> tuple[object, ...]:
        """As its parts, so that it can be sent from the process that reads the file."""
        return _made_again, (type(self), self.problem, self.file, self.place, self.remedy)

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.problem} {self.remedy}"


class UnreadableFile(LoadError):
    """The file cannot be opened or its bytes are not text of a known encoding."""


class UnknownFormat(LoadError):
    """No reader is known for this kind of file."""


class NothingToRead(LoadError):
    """The document holds no words."""


class ManifestError(LoadError):
    """The manifest says something that cannot be."""


def _made_again(kind: type[LoadError], problem: str, file: str, place: str | None, remedy: str) -> LoadError:
    return kind(problem, file=file, place=place, remedy=remedy)
