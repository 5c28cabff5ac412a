"""The manifest beside a plan's files: what a person asserts about the plan, and which files are its renditions."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loaders.errors import ManifestError
from loaders.records import PlanKind, Territory

MANIFEST_NAME = "plan.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StatedPeriod(_Strict):
    """The years that the manifest gives the plan (ISO dates)."""

    start: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    end: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")


class Manifest(_Strict):
    """What the manifest asserts; what it leaves out is read from the text."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str | None = None
    kind: PlanKind | None = None
    territory: Territory = Territory()
    period: StatedPeriod = StatedPeriod()
    renditions: tuple[str, ...] = Field(default=(), description="file names, the one whose rows are kept first")
    source: str | None = Field(default=None, description="where the assertions come from")


@dataclass(frozen=True)
class PlanFolder:
    """A folder that holds one plan: its manifest and its files."""

    plan_id: str
    manifest: Manifest
    sources: tuple[Path, ...]


def read_manifest(path: Path) -> Manifest:
    """The manifest at `path`. Raises `ManifestError`."""
    try:
        return Manifest.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ManifestError(f"cannot be read ({error.strerror}).", file=path, remedy="Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(
            f"is not TOML: {error}.", file=path, remedy="See docs/plan-toml.md for the form."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ManifestError(
            f"does not have the form of a manifest: {first['msg']}.",
            file=path,
            place=place,
            remedy="See docs/plan-toml.md for the form.",
        ) from error


def plan_folder(folder: Path) -> PlanFolder:
    """The plan in `folder`. Raises `ManifestError` when a rendition is missing."""
    manifest = read_manifest(folder / MANIFEST_NAME)
    sources = tuple(folder / name for name in manifest.renditions)
    for source in sources:
        if source.parent != folder or not source.is_file():
            raise ManifestError(
                f"names {source.name!r}, which is not a file of its folder.",
                file=folder / MANIFEST_NAME, place="renditions",
                remedy="Give the names of files beside the manifest.",
            )  # fmt: skip
    if not sources:
        raise ManifestError(
            "names no rendition.", file=folder / MANIFEST_NAME, place="renditions", remedy="Add the file names."
        )
    return PlanFolder(manifest.id, manifest, sources)


def plan_folders(directory: Path) -> list[PlanFolder]:
    """The plans in `directory` (itself, or its folders that hold a manifest), by name."""
    if (directory / MANIFEST_NAME).is_file():
        return [plan_folder(directory)]
    return [plan_folder(path.parent) for path in sorted(directory.glob(f"*/{MANIFEST_NAME}"))]
