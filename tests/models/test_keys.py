from __future__ import annotations

import subprocess
import sys

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from models.errors import OnlineError
from models.keys import ENVIRONMENT, SERVICE, Keys
from tests.conftest import ROOT

SECRET = "sk-very-secret"  # noqa: S105 - opens nothing


class Ring(KeyringBackend):
    """A keyring in memory."""

    priority = -1  # never chosen by itself

    def __init__(self, *, locked: bool = False) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = locked

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked(f"quoting {SECRET}")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked(f"quoting {password}")
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError("none")
        del self.kept[service, username]


def test_a_key_is_kept_for_one_host_only() -> None:
    ring = Ring()
    keys = Keys(ring, {})
    keys.set("api.openai.com", f" {SECRET}\n")
    assert ring.kept == {(SERVICE, "api.openai.com"): SECRET}
    assert keys.get("api.openai.com") == SECRET
    assert keys.get("elsewhere.example") is None
    keys.delete("api.openai.com")
    keys.delete("api.openai.com")
    assert keys.get("api.openai.com") is None


def test_the_environment_overrules_the_keyring() -> None:
    ring = Ring(locked=True)
    assert Keys(ring, {ENVIRONMENT: SECRET}).get("any.example") == SECRET
    with pytest.raises(OnlineError):
        Keys(ring, {ENVIRONMENT: "  "}).get("any.example")


def test_a_locked_keyring_is_one_sentence_without_the_key() -> None:
    keys = Keys(Ring(locked=True), {})
    for act in (lambda: keys.get("a"), lambda: keys.set("a", SECRET), lambda: keys.delete("a")):
        with pytest.raises(OnlineError, match=r"can't be used \(KeyringLocked\); unlock it") as caught:
            act()
        assert SECRET not in str(caught.value)
        assert caught.value.__suppress_context__


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(OnlineError, match="empty"):
        Keys(Ring(), {}).set("a", " ")


def test_without_a_keyring_it_says_what_to_do_instead() -> None:
    code = (
        "from models.errors import OnlineError\nfrom models.keys import Keys\n"
        "for act in (lambda: Keys().get('a'), lambda: Keys().set('a', 'b'), lambda: Keys().delete('a')):\n"
        "    try:\n        act()\n    except OnlineError as error:\n        print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "PATH": ""},
    )
    said = f"This system has no keyring to keep a key in; set the environment variable {ENVIRONMENT} instead."
    assert done.stdout.splitlines() == [said] * 3
