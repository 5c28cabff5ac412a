"""Commitments in the articles of an agreement («Art. 3 – Impegni dell'ASST»): one objective an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loaders.actors import Actor, absent, actors, unnamed_parties
from loaders.document import Block, Cell, Document, Line, Paragraph, Table
from loaders.headers import Column, named_bodies
from loaders.layouts.rows import Field, build_row
from loaders.layouts.section import Section, objective
from loaders.records import Objective
from loaders.span import EMPTY, Span, normalised

_ARTICLE = re.compile(r"^\s*art(?:icolo|\.)?\s*(\d{1,2}(?:\s*(?:bis|ter)\b)?)\s*[-–.:)]*\s*", re.I)
_FEWEST_ARTICLES = 2
_COMMITS = re.compile(
    r"\b(?:si\s+(?:impegna|obbliga)(?:no)?|(?:è|sono) tenut[oaie]|assum(?:e|ono) (?:i seguenti|gli) impegni)\b", re.I
)
_DOES = re.compile(  # what laws say too: a commitment only in an article on commitments
    r"\b(?:provved(?:e|ono)|assicura(?:no)?|garantisc(?:e|ono)|mett(?:e|ono) a disposizione)\b", re.I
)
_COMMITMENTS = re.compile(r"\b(?:impegn[oi]|obblig(?:o|hi)|compiti|adempimenti)\b", re.I)
_LIST_SIGN = re.compile(r"^\s*(?:\d{1,2}|[a-z])\s*[.)]\s+(?=\S)")
_ENDS = re.compile(r"^\W*(?:letto,?\s+(?:confermato|approvato)|i[l]? sottoscritt|per (?:l['’]|la |il |i )|firm)", re.I)
_LONGEST_TITLE = 20  # words


@dataclass
class _Article:
    number: str
    title: Span
    blocks: list[int] = field(default_factory=list)
    fields: list[tuple[Span, list[Line]]] = field(default_factory=list)  # who commits, in its words, and to what


def read_agreements(document: Document) -> Section:
    """The articles of an agreement that say what its parties commit to."""
    articles = list(_articles(document))
    if len(articles) < _FEWEST_ARTICLES:
        return Section((), frozenset())
    kept = [a for a in articles if a.title and any(lines for _, lines in a.fields)]
    return Section(tuple(_objective(document, a) for a in kept), frozenset(i for a in kept for i in a.blocks))


def _articles(document: Document) -> Iterator[_Article]:
    current: _Article | None = None
    for index, block in enumerate(document.blocks):
        words = EMPTY if isinstance(block, Table) else block.text
        opened = _opened(words)
        if opened is not None:
            if current is not None:
                yield current
            current = opened
            current.blocks.append(index)
        elif current is not None and (not words or _ENDS.match(words.text)):
            yield current
            current = None
        elif current is not None and _read(current, block, words):
            current.blocks.append(index)
    if current is not None:
        yield current


def _opened(text: Span) -> _Article | None:
    match = _ARTICLE.match(text.text)
    if match is None or len(text.text.split()) > _LONGEST_TITLE:
        return None
    return _Article(match.group(1), text.slice(match.end(), len(text)).strip(" .():–-"))


def _read(article: _Article, block: Block, words: Span) -> bool:
    """Take what a block of the article says; whether it says who commits or to what."""
    if not article.title:
        article.title = words.strip(" .():–-")
        return True
    sign = _LIST_SIGN.match(words.text)
    plain = words.slice(sign.end(), len(words)) if sign else words
    cue = _COMMITS.search(plain.text) or (_DOES.search(plain.text) if _states(article.title) else None)
    party = _party(plain.slice(0, cue.start())) if cue else EMPTY
    if cue and len(plain.text[cue.end() :].split()) <= 1 and (party or _states(article.title)):
        article.fields.append((party or _unnamed(plain.slice(0, cue.start())) or article.title, []))
        return True
    if cue and party:
        article.fields.append((party, [Line(plain)]))
        return True
    listed = sign is not None or (isinstance(block, Paragraph) and block.bullet)
    if not (listed or cue) or not (article.fields or _states(article.title)):
        return False
    if not article.fields:
        article.fields.append((article.title, []))
    article.fields[-1][1].append(Line(plain, bullet=True))
    return True


_SUBJECT = re.compile(r"^\W*(?:(?:l['’]|il\s|lo\s|la\s|i\s|gli\s|le\s)\s*)?(?=[A-ZÀ-Ú])", re.I)
_LONGEST_PARTY = 9  # words


def _party(before: Span) -> Span:
    """Who commits, by the words before the verb: a known body or a name; nobody when they only say «le parti»."""
    text = before.text
    if actors(text):
        return before
    start = _SUBJECT.match(text)
    name = before.slice(start.end(), len(before)).strip(" ,") if start else EMPTY
    known = bool(name) and name.text[:1].isupper() and len(name.text.split()) <= _LONGEST_PARTY
    return name if known and not unnamed_parties(text) and absent(name.text) is None else EMPTY


def _unnamed(before: Span) -> Span:
    """The words for parties without a name that stand before the verb («Le parti»)."""
    words = unnamed_parties(before.text)
    start = before.text.find(words) if words else -1
    return before.slice(start, start + len(words)) if words and start >= 0 else EMPTY


def _states(title: Span) -> bool:
    """Whether the title of an article announces what somebody commits to."""
    return bool(_COMMITMENTS.search(title.text)) and bool(normalised(title.text))


def _objective(document: Document, article: _Article) -> Objective:
    fields = [_field(article, who, lines) for who, lines in article.fields if lines]
    row = build_row(document, fields, form="labelled_prose", confidence="A")
    return objective(document, article.title, [row], number=article.number)


def _field(article: _Article, who: Span, lines: Sequence[Line]) -> Field:
    """What one party commits to, named by its fullest name: the one of the title when the words repeat its kind."""
    named, titled = actors(who.text), actors(article.title.text)
    cell = Cell(tuple(lines))
    if len(named) > 1 or unnamed_parties(who.text):
        return Field(Column("named_owner", who.text, named_bodies(who.text), who), cell)
    owner: Actor | None = named[0] if named else None
    if owner is None and who is not article.title:
        owner = Actor(who.text, None, 0, len(who))
    if owner and len(titled) == 1 and titled[0].name.startswith(owner.name):
        owner = titled[0]
    return Field(Column("priority", article.title.text, words=article.title), cell, owner)
