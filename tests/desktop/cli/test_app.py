"""What belongs to no command: wrong use, help, version, and the table of commands."""

import pytest

import desktop.cli
from tests.conftest import ROOT
from tests.desktop.cli.program import sortwerk


def test_every_module_with_a_command_is_in_the_table() -> None:
    place = ROOT / "desktop" / "cli"
    modules = {path.stem: path.read_text(encoding="utf-8") for path in place.glob("*.py")}
    modules |= {path.parent.name: path.read_text(encoding="utf-8") for path in place.glob("*/__init__.py")}
    groups = {name for name, text in modules.items() if f"\n{name} = typer.Typer(help" in text}
    commands = {name for name, text in modules.items() if f"\ndef {name}(" in text and "with ending()" in text} | groups
    assert commands == set(desktop.cli.COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["classify"], "Missing argument"),
        (["classify", ".", "--top-k", "0"], "--top-k"),
        (["classify", ".", "--json", "--csv", "x.csv"], "can't be used together"),
        (["classify", ".", "--nonsense"], "--nonsense"),
        (["--nonsense"], "--nonsense"),
        (["no such command"], "'no such command' is neither a file nor a command"),
        (["two\nlines"], "'two\\nlines' is neither a file nor a command"),
    ],
)
def test_wrong_use_says_so(arguments: list[str], said: str) -> None:
    done = sortwerk(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_help_names_every_command() -> None:
    done = sortwerk("--help")
    assert done.returncode == 0
    for command in desktop.cli.COMMANDS:
        assert command in done.stdout
    assert sortwerk("classify", "--help").returncode == 0


def test_version() -> None:
    done = sortwerk("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("sortwerk ")
