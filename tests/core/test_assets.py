"""Addresses of static files change with their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from portal.cli.assets import FILES, FOLDERS, are_assets_copied, copy_assets
from portal.core import assets


def address(app: Flask, path: str) -> str:
    with app.test_request_context("/"):
        return render_template_string("{{ asset(path) }}", path=path)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = Flask("assets", static_folder=str(tmp_path), static_url_path="/static")
    assets.init_app(app)
    return app


def test_asset_carries_the_start_of_the_hash(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.css").write_bytes(b"p{}")
    assert address(app, "a.css") == "/static/a.css?v=" + hashlib.sha256(b"p{}").hexdigest()[:10]


def test_asset_of_a_missing_file_is_plain_until_the_file_comes(app: Flask, tmp_path: Path) -> None:
    assert address(app, "b.css") == "/static/b.css"
    (tmp_path / "b.css").write_bytes(b"p{}")
    assert address(app, "b.css").startswith("/static/b.css?v=")


def packages_in(folder: Path) -> Path:
    for source in FILES:
        (folder / source).parent.mkdir(parents=True, exist_ok=True)
        (folder / source).write_text("first\n/*# sourceMappingURL=x.map */\n", encoding="utf-8")
    for source in FOLDERS:
        (folder / source).mkdir(parents=True, exist_ok=True)
        (folder / source / "one.woff2").write_bytes(b"font")
        (folder / source / "one.woff").write_bytes(b"old font")
    return folder


def test_copy_assets_takes_exactly_what_pages_load(tmp_path: Path) -> None:
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "left-over.js").write_text("old", encoding="utf-8")
    copied = copy_assets(packages_in(tmp_path / "node_modules"), vendor)
    found = {str(file.relative_to(vendor)) for file in vendor.rglob("*") if file.is_file()}
    assert found == {*FILES.values(), "noto-sans-jp/files/one.woff2"}
    assert copied == len(found)
    assert (vendor / "tokens.css").read_text("utf-8") == "first\n"
    assert are_assets_copied(vendor)
    assert [p.name for p in vendor.parent.iterdir()] == ["vendor"]


def test_copy_assets_without_a_package_leaves_the_old_folder(tmp_path: Path) -> None:
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "tokens.css").write_text("old", encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        copy_assets(tmp_path / "nothing", vendor)
    assert (vendor / "tokens.css").read_text("utf-8") == "old"
    assert [p.name for p in vendor.parent.iterdir()] == ["vendor"]
