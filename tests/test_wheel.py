"""What is installed is whole: a wheel holds every file of the three packages."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.test_house import ROOT

PACKAGES = ("archive", "crawler", "pipelines")
NOT_INSTALLED = shutil.ignore_patterns("__pycache__", ".*")


def test_a_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=NOT_INSTALLED)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    files = {
        str(path.relative_to(tmp_path))
        for package in PACKAGES
        for path in (tmp_path / package).rglob("*")
        if path.is_file()
    }
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "wheel"]
    how = ["--no-deps", "--no-build-isolation", "-w", "wheels", "."]

    subprocess.run([*pip, *how], cwd=tmp_path, check=True)

    (wheel,) = (tmp_path / "wheels").glob("salname-*.whl")
    assert files - set(zipfile.ZipFile(wheel).namelist()) == set()
