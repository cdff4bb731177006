import getpass
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from desktop.settings import BROKEN, FILE, Settings, annotator_name, load, migrate, save
from models.errors import WorkspaceError


def test_the_defaults_without_a_file(tmp_path: Path) -> None:
    assert load(tmp_path) == (Settings(), None)
    assert load(tmp_path / "no folder") == (Settings(), None)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    settings = Settings("dark", "cpu", 96, "AdnQywAD", "/größe/東京\n\udcff", "My bricks", 0)
    save(settings, tmp_path)
    assert load(tmp_path) == (settings, None)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_fields_and_version_of_a_newer_program_are_kept(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({"version": 9, "theme": "light", "sound": {"volume": 3}}))
    settings, message = load(tmp_path)
    assert (settings.theme, message) == ("light", None)
    save(replace(settings, theme="dark"), tmp_path)
    content = json.loads((tmp_path / FILE).read_text())
    assert (content["version"], content["theme"], content["sound"]) == (9, "dark", {"volume": 3})


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff\xfe", b'{"version": "new"}', b'{"version": 0}', b"[" * 100_000]
)
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    settings, message = load(tmp_path)
    assert settings == Settings()
    assert message is not None
    assert BROKEN in message
    assert (tmp_path / BROKEN).read_bytes() == content
    assert not (tmp_path / FILE).exists()
    assert load(tmp_path) == (Settings(), None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "blue"),
        ("proxy", "proxy.example:3128"),
        ("proxy", "http://"),
        ("proxy", 3128),
        ("engine_index", "ftp://mirror.example"),
        ("engine_index", "https://mirror example"),
        ("theme", ["dark"]),
        ("device", None),
        ("tile_side", 10),
        ("tile_side", True),
        ("tile_side", 96.5),
        ("geometry", "ü"),
        ("last_folder", 3),
        ("model", "../elsewhere"),
        ("model", ".."),
        ("model", "a\\b"),
        ("model", None),
        ("wrong", 51),
        ("wrong", -1),
        ("wrong", 0.2),
        ("wrong", True),
        ("annotator", 3),
        ("annotator", "two\nlines"),
        ("annotator", "x" * 201),
    ],
)
def test_one_wrong_value_is_back_at_its_default_alone(tmp_path: Path, name: str, value: object) -> None:
    (tmp_path / FILE).write_text(json.dumps({"version": 1, "theme": "dark", "tile_side": 200} | {name: value}))
    settings, message = load(tmp_path)
    assert getattr(settings, name) == getattr(Settings(), name)
    assert settings.theme == ("dark" if name != "theme" else "system")
    assert message is not None
    assert name.replace("_", " ") in message


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_json_loads_and_saves(tmp_path: Path, value: object) -> None:
    names = ["version", "theme", "device", "tile_side", "geometry", "last_folder", "model", "wrong"]
    (tmp_path / FILE).write_text(json.dumps(dict.fromkeys(names, value)))
    settings, _ = load(tmp_path)
    save(settings, tmp_path)
    assert load(tmp_path) == (settings, None)


def test_migrations_run_from_the_files_version_on() -> None:
    steps = (lambda old: old | {"b": old["a"]}, lambda old: {"c": old["b"] + 1})
    assert migrate({"a": 1}, 1, steps) == {"c": 2}
    assert migrate({"b": 5}, 2, steps) == {"c": 6}
    assert migrate({"c": 7}, 3, steps) == {"c": 7}
    assert migrate({"c": 7}, 8, steps) == {"c": 7}


def test_saving_where_it_can_not_be_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"Your settings could not be saved in .*; check"):
        save(Settings(), tmp_path / "no folder")


def test_loading_needs_nothing_heavy() -> None:
    script = (
        "import sys; from pathlib import Path; from desktop.settings import load; load(Path('nowhere'))\n"
        "print(sorted({'pydantic', 'numpy', 'sqlite3', 'typer', 'PySide6', 'platformdirs'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_name_on_labels_is_what_was_set_or_the_systems_user() -> None:
    assert annotator_name(Settings(annotator=" Ada ")) == "Ada"
    assert annotator_name(Settings()) == getpass.getuser()
