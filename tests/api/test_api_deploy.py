"""The files of deploy/ name settings, commands and files that there are, and give the service no more than it needs."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.core import TyperGroup

from api.cli import app
from api.errors import ServiceError
from api.settings import CONFIG_VARIABLE, SETTING_NAMES, read_settings
from store.endpoint import Address

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
UNIT = (DEPLOY / "raccordo.service").read_text(encoding="utf-8")
IMAGE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def composed(path: Path) -> dict[str, Any]:
    found = yaml.safe_load(path.read_text(encoding="utf-8"))["services"]
    assert isinstance(found, dict)
    return found


def commands() -> dict[str, list[str]]:
    """Each command with the options it takes, before and after its name."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    before = [name for one in group.params for name in one.opts]
    return {
        name: before + [opt for one in command.params for opt in one.opts] for name, command in group.commands.items()
    }


def test_every_variable_is_a_setting() -> None:
    for path in DEPLOY.iterdir():
        named = set(re.findall(r"RACCORDO_[A-Z_]+", path.read_text(encoding="utf-8")))
        assert named <= {*SETTING_NAMES, CONFIG_VARIABLE}, path


def test_the_settings_of_the_unit_can_be_read() -> None:
    settings = read_settings({}, DEPLOY / "raccordo.toml")
    assert settings.store_url.startswith("oxigraph:/var/lib/raccordo/")
    assert settings.host == "127.0.0.1"


def test_every_command_is_one() -> None:
    (line,) = re.findall(r"^ExecStart=(.+)$", UNIT, re.MULTILINE)
    program, *arguments = shlex.split(line)
    texts = [arguments]
    texts += [one["command"] for path in COMPOSE for one in composed(path).values() if "command" in one]
    texts += [re.findall(r'"([^"]+)"', found) for found in re.findall(r"^CMD \[(.+)\]$", IMAGE, re.MULTILINE)]
    assert program.endswith("/bin/raccordo")
    assert len(texts) == 4
    for text in texts:
        (name,) = [word for word in text if word in commands()]
        assert {word for word in text if word.startswith("-")} <= set(commands()[name])


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.stem)
def test_a_service_of_ours_is_given_no_more_than_it_needs(path: Path) -> None:
    ours = {name: one for name, one in composed(path).items() if one["image"] == "raccordo"}
    assert set(ours) == {"load", "raccordo"}
    for one in ours.values():
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert (DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]).is_file()
    assert ours["raccordo"]["ports"] == ["127.0.0.1:8000:8000"]
    assert all("ports" not in one for name, one in composed(path).items() if name != "raccordo")


def test_the_address_of_virtuoso_is_that_of_a_store() -> None:
    url = composed(DEPLOY / "compose.virtuoso.yaml")["raccordo"]["environment"]["RACCORDO_STORE"]
    address = Address.parse(url.removeprefix("sparql:").replace("${VIRTUOSO_PASSWORD}", "x1"))
    assert address.query == "http://virtuoso:8890/sparql-auth"
    assert address.graphs == "http://virtuoso:8890/sparql-graph-crud-auth"
    assert address.login is not None


def test_the_image_is_made_of_files_that_are_there_and_runs_as_nobody() -> None:
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert [name for name in allowed if not any(ROOT.glob(name))] == []
    needed = ("Makefile", "pyproject.toml", "package-lock.json", ".npmrc", "data", "api", "LICENSE", "README.md")
    assert set(needed) <= set(allowed)
    assert "requirements*.lock" in allowed
    stages = IMAGE.split("\nFROM ")
    assert "\nUSER raccordo\n" in stages[-1]
    assert stages[-1].index("USER raccordo") < stages[-1].index("ENTRYPOINT")
    assert "HEALTHCHECK" in stages[-1]
    assert "STOPSIGNAL SIGTERM" in stages[-1]


def test_the_unit_waits_as_long_as_a_stop_may_take() -> None:
    (seconds,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    grace = [composed(path)["raccordo"]["stop_grace_period"] for path in COMPOSE]
    assert {seconds + "s"} == set(grace)
    settings = read_settings({}, DEPLOY / "raccordo.toml")
    assert int(seconds) > settings.stop_seconds + settings.limits.write_seconds


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    """The program of the unit is put where this machine has one: everything else is judged as it is."""
    unit = tmp_path / "raccordo.service"
    unit.write_text(UNIT.replace("/opt/raccordo/bin/raccordo", shutil.which("true") or "/bin/true"), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_little_to_attack(tmp_path: Path) -> None:
    """At most 1.2 of 10: what is left is that it listens, that it writes its log, and the root that it shares."""
    unit = tmp_path / "raccordo.service"
    unit.write_text(UNIT, encoding="utf-8")
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=12", "--no-pager", str(unit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-400:]


def test_the_unit_lets_in_who_its_settings_listen_to() -> None:
    allowed = re.findall(r"^IPAddressAllow=(.+)$", UNIT, re.MULTILINE)
    assert re.findall(r"^IPAddressDeny=(.+)$", UNIT, re.MULTILINE) == ["any"]
    assert allowed == ["localhost"]
    assert read_settings({}, DEPLOY / "raccordo.toml").host == "127.0.0.1"


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.stem)
def test_compose_reads_the_file(path: Path) -> None:
    """As `podman compose` reads it: variables filled in, defaults of the specification, volumes and services known."""
    done = compose(path, {"VIRTUOSO_PASSWORD": "x1"})
    assert done.returncode == 0, done.stderr
    assert set(yaml.safe_load(done.stdout)["services"]) == set(composed(path))
    assert "${" not in done.stdout


def test_compose_asks_for_the_password() -> None:
    done = compose(DEPLOY / "compose.virtuoso.yaml", {})
    assert done.returncode != 0
    assert "choose a password" in done.stderr


def compose(path: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "podman_compose", "-f", str(path), "config"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_wrong_key_would_be_seen(tmp_path: Path) -> None:
    wrong = tmp_path / "raccordo.toml"
    wrong.write_text((DEPLOY / "raccordo.toml").read_text().replace("host =", "hosts ="))
    with pytest.raises(ServiceError, match="hosts"):
        read_settings({}, wrong)
