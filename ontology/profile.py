"""Are the modules in OWL 2 DL? The OWL API answers, with all that each module imports (`python -m ontology.profile`).

Nothing is fetched: `catalog-v001.xml` says where each imported module stands. The jars come from `make owlapi`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from ontology.consistency import ReasonerMissing

_HERE = Path(__file__).parent
CATALOG = _HERE / "catalog-v001.xml"
JARS = _HERE.parent / "var" / "owlapi"


def check_profile(catalog: Path = CATALOG) -> tuple[str, ...]:
    """The violations of OWL 2 DL in the modules of `catalog`, one line each; empty when there is none.

    Raises `ReasonerMissing` where there is no Java compiler or the jars are not there, `RuntimeError` when a module
    or an import cannot be read.
    """
    if shutil.which("javac") is None:
        raise ReasonerMissing("the OWL API needs Java: install a JDK and run again")
    if not any(JARS.glob("*.jar")):
        raise ReasonerMissing(f"the OWL API is not in {JARS}: run `make owlapi`")
    command = ["java", "-cp", f"{JARS}/*", str(_HERE / "Owl2DlProfile.java"), str(catalog)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode not in (0, 1):
        raise RuntimeError(f"the OWL API cannot read the modules of {catalog}:\n{answer.stderr}")
    return tuple(answer.stdout.splitlines())


def main() -> int:
    """Print the violations; 0 when there is none, 1 when there are some, 2 when the checker is missing."""
    try:
        found = check_profile()
    except ReasonerMissing as missing:
        print(missing, file=sys.stderr)
        return 2
    print("\n".join(found) if found else "in OWL 2 DL")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
