"""A program that is enclosed reads the system and its folder, and reaches nothing else."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from loaders.errors import UnreadableFile
from loaders.formats import doc, enclosure

pytestmark = pytest.mark.skipif(not enclosure.can_enclose(), reason="this system has no Landlock")


def enclosed(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-IS", enclosure.__file__, str(folder), *command]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that may be used; its neighbour may not."""
    (tmp_path / "other.txt").write_text("other")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "own.txt").write_text("own")
    return tmp_path / "own"


def test_its_own_folder_is_read_and_written(folder: Path) -> None:
    assert enclosed(folder, "/bin/cat", str(folder / "own.txt")).stdout == "own"
    assert enclosed(folder, "/bin/cp", str(folder / "own.txt"), str(folder / "copy.txt")).returncode == 0
    assert (folder / "copy.txt").read_text() == "own"


def test_other_files_are_not_read_written_listed_or_linked(folder: Path) -> None:
    other = folder.parent / "other.txt"
    for command in (
        ("/bin/cat", str(other)),
        ("/bin/cat", "/etc/passwd"),
        ("/bin/cat", "/proc/self/environ"),
        ("/bin/ls", str(folder.parent)),
        ("/bin/cp", str(folder / "own.txt"), str(folder.parent / "new.txt")),
        ("/bin/ln", str(other), str(folder / "link.txt")),
        ("/bin/sh", "-c", f"cat {other}"),
    ):
        done = enclosed(folder, *command)
        assert (done.returncode == 0, done.stdout) == (False, ""), command
    assert sorted(path.name for path in folder.parent.iterdir()) == ["other.txt", "own"]


def test_it_connects_to_nobody(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        code = f"exec 3<>/dev/tcp/127.0.0.1/{port}"
        assert subprocess.run(["/bin/bash", "-c", code], check=False).returncode == 0
        assert enclosed(folder, "/bin/bash", "-c", code).returncode != 0


def test_without_it_an_rtf_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosure, "can_enclose", lambda: False)
    with pytest.raises(UnreadableFile, match="Landlock"):
        doc.read(b"{\\rtf1 Obiettivo 1}", Path("a.rtf"))
