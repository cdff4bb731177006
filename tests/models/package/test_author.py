from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from models.errors import WorkspaceError
from models.package import author_key


def test_the_key_is_made_once_and_for_its_owner_alone(workspace: Path) -> None:
    assert author_key(create=False) is None
    first = author_key()
    assert first is not None
    assert author_key(create=False) == first == author_key()
    assert [one.name for one in workspace.iterdir()] == ["author.key"]
    if sys.platform != "win32":
        assert stat.S_IMODE((workspace / "author.key").stat().st_mode) == 0o600
    groups = first.fingerprint.split()
    assert [len(group) for group in groups] == [4] * 6
    assert repr(first) == "AuthorKey()"


@pytest.mark.parametrize("content", [b"", b"noise", b"AAAA", bytes(100)])
def test_a_damaged_key_is_one_sentence(content: bytes, workspace: Path) -> None:
    workspace.mkdir()
    (workspace / "author.key").write_bytes(content)
    with pytest.raises(WorkspaceError, match="your key, is damaged"):
        author_key()
    assert (workspace / "author.key").read_bytes() == content
