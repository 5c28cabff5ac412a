"""What a model may do next when a call was refused: the tool to call, the names that are near."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from api.errors import UnknownEvidence, UnknownPlan, UnknownValue
from api.operations import list_plans
from api.search import FACETS
from queries.errors import ParameterError, UnknownQuestion
from queries.question import find_question, load_questions
from store import GraphStore

_NEAR = 0.4  # from how alike (0 to 1) a name is worth proposing


def hint(store: GraphStore, error: Exception, arguments: Mapping[str, object]) -> str:
    """A sentence to add to the words of the error; empty where they say it all. Raises `StoreError`."""
    said = ""
    match error:
        case UnknownQuestion():
            said = f"{_nearest(error.slug, load_questions())}`questions` lists them all."
        case ParameterError():
            said = _parameters(arguments.get("question"))
        case UnknownPlan():
            said = f"{_nearest(error.plan_id, [one.id for one in list_plans(store)])}`plans` lists them all."
        case UnknownValue():
            said = f"`narrow` takes {', '.join(FACETS)}; the `facets` of an answer give their values."
        case UnknownEvidence():
            said = "`plan` lists the objectives of a plan by number; `search` finds words in all plans."
    return said


def _parameters(slug: object) -> str:
    """The parameters of the question that was asked, else those of the evidence."""
    if not isinstance(slug, str):
        return "Give `territory` and `theme` (ambito/lodi, violenza-di-genere), or `plan` and `objective`."
    found = find_question(slug).parameters
    names = ", ".join(f"{one.name} (required)" if one.required else one.name for one in found)
    return f"Parameters of {slug}: {names}. `choices` gives the values of one."


def _nearest(name: str, names: Mapping[str, object] | list[str]) -> str:
    near = get_close_matches(name, list(names), cutoff=_NEAR)
    return f"Nearest: {', '.join(near)}. " if near else ""
