"""What the README and the changelog say is what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from typer.main import get_command

from kcc_etl import exceptions
from kcc_etl.cli import app
from kcc_etl.schema.fields import FIELDS
from kcc_etl.schema.rules import RULES
from kcc_etl.schema.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_command_is_in_the_readme_and_has_a_help_text():
    commands = get_command(app).commands  # type: ignore[attr-defined]

    for name, command in commands.items():
        assert command.help, name
        assert f"kcc-etl {name}" in README, name


def test_every_command_that_the_readme_names_exists():
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]

    assert set(re.findall(r"`?kcc-etl ([a-z]+)`?", README)) <= commands


def test_every_make_target_that_the_readme_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"^make ([a-z-]+)", README, re.MULTILINE)) <= targets


def test_every_published_file_is_in_the_readme():
    from reports.changes import FILE as CHANGES_FILE
    from reports.datasets import PUBLISHED
    from reports.harvest import HARVEST_FILE
    from reports.landing_page import PAGE_FILE
    from reports.manifest import FILE_NAME
    from reports.pack import QUALITY_FILE, REPORT_FILE
    from reports.sources import NAME as SOURCES

    for stem in (published.name for published in PUBLISHED):
        assert f"`{stem}.csv`" in README, stem
    assert f"`{CHANGES_FILE}`" in README
    assert f"`{SOURCES}.csv`" in README
    assert f"`{REPORT_FILE}`" in README
    assert f"`{QUALITY_FILE}`" in README
    assert f"`{PAGE_FILE}`" in README
    assert f"`{HARVEST_FILE}`" in README
    assert f"`{FILE_NAME}`" in README


def test_the_map_of_the_house_in_the_readme_is_the_house():
    drawn = re.search(r"```\n(kcc_etl/.*?)```", README, re.DOTALL)
    assert drawn
    named = set(re.findall(r"^\s*(\w+)/", drawn.group(1), re.MULTILINE))
    packages = {p.parent.name for p in ROOT.glob("*/__init__.py")} | {
        p.parent.name
        for p in [*ROOT.glob("kcc_etl/*/__init__.py"), *ROOT.glob("kcc_etl/intake/*/__init__.py")]
    }

    assert named == packages | {"tests"}
    for module in re.findall(r"(\w+\.py)", drawn.group(1)):
        assert (ROOT / "kcc_etl" / module).is_file(), module


def test_the_version_in_the_changelog_is_that_of_the_project():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## ([0-9.]+)", changelog, re.MULTILINE)

    assert newest
    assert newest.group(1) == PROJECT["project"]["version"]


def test_every_field_is_used_by_a_table_and_every_rule_points_at_one():
    used = {name for table in TABLES.values() for name in table.columns}

    assert set(FIELDS) == used
    for rule in RULES.values():
        assert rule.table in TABLES, rule.id
        assert not rule.field or rule.field in TABLES[rule.table].columns, rule.id


def test_every_text_a_person_reads_is_a_sentence():
    for field in FIELDS.values():
        assert field.description.endswith("."), field.name
    for rule in RULES.values():
        assert rule.text.endswith("."), rule.id
        assert rule.remedy.endswith("."), rule.id


def test_every_error_is_drawn_in_the_tree_with_its_code():
    classes = [
        c for c in vars(exceptions).values() if isinstance(c, type) and issubclass(c, exceptions.KccEtlError)
    ]
    tree = exceptions.__doc__ or ""
    codes = [c.code for c in classes]

    assert len(codes) == len(set(codes))
    for c in classes:
        assert c.__name__ in tree, c.__name__
        assert c is exceptions.KccEtlError or c.code in tree, c.__name__


def test_only_the_planned_names_stand_at_the_top_level():
    import subprocess

    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    tops = {line.split("/")[0] for line in tracked.splitlines()}
    planned = {
        "kcc_etl", "assets", "checks", "reports", "tests", "workspace.yaml", "pyproject.toml", "README.md",
        "uv.lock", "Makefile", "CHANGELOG.md", "LICENSE",
    }  # fmt: skip

    assert {name for name in tops if not name.startswith(".")} <= planned


def test_every_module_says_what_belongs_there_and_what_does_not():
    for package in ("kcc_etl", "assets", "checks", "reports"):
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if path.name == "__init__.py" and len(text) < 200:
                continue
            assert text.startswith('"""'), path
            assert "oes not belong here" in text.split('"""')[1], path
