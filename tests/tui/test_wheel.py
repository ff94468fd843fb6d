"""What is installed is whole: the wheel holds everything, and the command works in an environment of its own."""

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_module_style_sheet_and_sample_page_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    needed = {
        str(path.relative_to(ROOT))
        for package in ("store", "tui")
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".py", ".tcss", ".txt", ".sql", ".html", ".jinja", ".bash", ".zsh", ".fish"}
    }
    assert any(name.endswith(".tcss") for name in needed)
    assert {name for name in needed if name.startswith("tui/sample/") and name.endswith(".txt")}
    assert needed == packed


def test_the_wheel_works_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    if not os.environ.get("PAPERDECK_CLEAN_INSTALL"):
        pytest.skip("installs from the package index; .ci/run asks for it (PAPERDECK_CLEAN_INSTALL=1)")
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"))
    binaries = tmp_path / "venv" / "bin"
    constraints = str(ROOT / "constraints.txt")
    run(str(binaries / "python"), "-m", "pip", "install", "--quiet", "-c", constraints, str(wheel))
    paperdeck = str(binaries / "paperdeck")
    assert run(paperdeck, "--version").startswith("paperdeck ")
    library = str(tmp_path / "library.db")
    script = "import tui.sample, pathlib; tui.sample.build(pathlib.Path('sample.db'))"
    run(str(binaries / "python"), "-c", script, cwd=tmp_path)
    assert len(json.loads(run(paperdeck, "--db", str(tmp_path / "sample.db"), "list", "--json"))) >= 60
    report = json.loads(run(paperdeck, "--db", library, "import", str(ROOT / "tui" / "sample"), "--json"))
    assert report["new"] >= 60
    assert report["failed"] == 0


def test_every_dependency_direct_and_not_is_pinned_by_name_and_version_alone() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    pins = {canonicalize_name(requirement.name): requirement for requirement in map(Requirement, lines)}
    assert [line for line in lines if str(Requirement(line)) != line or "==" not in line or "@" in line] == []

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    direct = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["dev"]
    todo = [Requirement(text) for text in direct + project["build-system"]["requires"]]
    seen: set[tuple[str, str]] = set()
    while todo:
        requirement = todo.pop()
        for extra in ("", *requirement.extras):
            if (requirement.name, extra) in seen:
                continue
            seen.add((requirement.name, extra))
            further = [Requirement(text) for text in requires(requirement.name) or []]
            todo += [each for each in further if each.marker is None or each.marker.evaluate({"extra": extra})]
    assert {canonicalize_name(name) for name, _ in seen} <= pins.keys()


def run(*command: str, cwd: Path | None = None) -> str:
    """What `command` prints on standard output; it has to succeed, and cannot see this checkout's packages."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PAPERDECK"))}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout
