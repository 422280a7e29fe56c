"""Front-end packages: from node_modules to static/vendor, exactly the files that pages load."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from portal.settings import ROOT

PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@digital-go-jp/design-tokens/dist/tokens.css": "tokens.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "@fontsource-variable/noto-sans-jp/index.css": "noto-sans-jp/index.css",
}
FOLDERS = {"@fontsource-variable/noto-sans-jp/files": "noto-sans-jp/files"}
LICENCES = {
    "@tabler/core": "tabler",
    "@digital-go-jp/design-tokens": "design-tokens",
    "htmx.org": "htmx",
    "echarts": "echarts",
    "@fontsource-variable/noto-sans-jp": "noto-sans-jp",
}


def copy_assets(packages: Path = PACKAGES, vendor: Path = VENDOR) -> int:
    """Copy what pages load and the licences beside it; returns the number of files.

    The new folder takes the old one's place in one step, so a running server never meets a half-filled one.
    Raises FileNotFoundError naming the file when a package is missing.
    """
    vendor.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".vendor-", dir=vendor.parent))
    try:
        fresh.chmod(0o755)
        _fill(packages, fresh)
        count = sum(1 for file in fresh.rglob("*") if file.is_file())
        _swap(fresh, vendor)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return count


def are_assets_copied(vendor: Path = VENDOR) -> bool:
    """Whether every single file that pages name is there."""
    return all((vendor / target).is_file() for target in FILES.values())


def _fill(packages: Path, fresh: Path) -> None:
    for source, target in FILES.items():
        (fresh / target).parent.mkdir(parents=True, exist_ok=True)
        _copy_text(packages / source, fresh / target)
    for source, target in FOLDERS.items():
        shutil.copytree(packages / source, fresh / target, ignore=_all_but_fonts)
    for package, name in LICENCES.items():
        _copy_licence(packages / package, fresh / "licences" / f"{name}.txt")


def _copy_text(source: Path, target: Path) -> None:
    """Without the pointer to a source map, which browsers would ask for in vain."""
    lines = source.read_text(encoding="utf-8").rstrip().splitlines()
    if lines and "sourceMappingURL=" in lines[-1] and lines[-1].startswith(("/*", "//")):
        lines.pop()
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _all_but_fonts(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not name.endswith(".woff2")}


def _copy_licence(package: Path, target: Path) -> None:
    for file in sorted(package.glob("LICENSE*")):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        return


def _swap(fresh: Path, vendor: Path) -> None:
    if vendor.exists():
        old = vendor.with_name(f".{vendor.name}-old")
        shutil.rmtree(old, ignore_errors=True)
        vendor.rename(old)
        fresh.rename(vendor)
        shutil.rmtree(old)
    else:
        fresh.rename(vendor)
