"""A table of known combinations is read as spreadsheets write it, and what is none is one sentence that says where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.combinations import Combinations
from models.combinations_csv import read_combinations
from models.errors import EmptyFileError, FileError, UnreadableFileError

HEADS = ("part", "colour")
NAMES = st.sampled_from(["3004", "3005", "Red", "Blue 2", "木"])


@pytest.mark.parametrize(
    "content",
    [
        b"part,colour\n3005,Red\n3005,Blue\n3004,Red\n",
        b"part;colour\r\n3005;Red\r\n3005;Blue\r\n3004;Red",
        b"\xef\xbb\xbfpart,colour\r3005,Red\r3005,Blue\r3004,Red\r",
        b'"part";"colour"\n3005;"Red"\n3005;Blue\n3004;Red',
        b'\n;;\n"part";"colour"\n\n 3005 ; Red\n3005;"Blue";;\n;\n3004;Red\n3004;Red\n',
    ],
    ids=["plain", "semicolons", "byte order mark", "quoted", "spreadsheet"],
)
def test_a_table_is_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "colours.csv"
    path.write_bytes(content)
    table = read_combinations(path, rare=0.2)
    assert table == Combinations(HEADS, {"3005": frozenset({"Red", "Blue"}), "3004": frozenset({"Red"})}, 0.2)


def test_names_may_hold_anything_that_can_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "colours.csv"
    path.write_text('part;colour\n"Brick 1 x 1; ""round""";Größe 4, 木\n', encoding="utf-8")
    known: Mapping[str, frozenset[str]] = read_combinations(path).known
    assert known == {'Brick 1 x 1; "round"': frozenset({"Größe 4, 木"})}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b" \n\n", "has nothing in it"),
        (b"\xef\xbb\xbf\n;\n", "has nothing in it"),
        (b"part\n3005\n", "does not begin with the names of two questions (line 1)"),
        (b"\npart,colour,size\n", "does not begin with the names of two questions (line 2)"),
        (b"part,part\n3005,Red\n", "same name for both questions (line 1)"),
        (b"part,colour\n\n", "lists no pair"),
        (b"part,colour\n3005,Red\n\n3004\n", "does not have two names in line 4"),
        (b"part,colour\n3005,Red\n,Red\n", "does not have two names in line 3"),
        (b"part,colour\n3005,Red,Blue\n", "does not have two names in line 2"),
        (b"part,colour\n3005,,Red\n", "does not have two names in line 2"),
        (b"part,colour\r\n3005,R\xf6t\r\n", "is not UTF-8 text (line 2)"),
        ("part,colour\n3005,Red\n".encode("utf-16"), "is not UTF-8 text (line 1)"),
        (b'part,colour\n3005,Red\n"3004,Red\n3003,Red\n', "no row of a CSV file in line 3"),
        (b'part,colour\n"30"04,Red\n', "no row of a CSV file in line 2"),
        (b"part,colour\n3005,Red\x00\n", "a name in line 2 that is too long or holds"),
        (b'part,colour\n3005,"Red\nBlue"\n', "a name in line 2 that is too long or holds"),
        (b"part,colour\n3005," + b"x" * 201 + b"\n", "a name in line 2 that is too long or holds"),
        (b"part,colour\n3005," + b"x" * 200_000 + b"\n", "in line 2"),
        (b"part,colour\n" + b"3005,Red\n" * 2_000_000, "is larger than 16 MiB"),
    ],
    ids=range(19),
)
def test_what_is_no_table_is_one_sentence_that_says_where(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "colours.csv"
    path.write_bytes(content)
    with pytest.raises(FileError) as refused:
        read_combinations(path)
    sentence = str(refused.value)
    assert said in sentence
    assert sentence.startswith("colours.csv ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(EmptyFileError):
        read_combinations(tmp_path / "empty.csv")
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(UnreadableFileError):
            read_combinations(path)


@given(st.one_of(st.binary(max_size=60), st.text('ab,;"\r\n\ufeff', max_size=40).map(str.encode)))
def test_any_bytes_are_a_table_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    try:
        table = read_combinations(path)
    except FileError:
        return
    assert table.known
    assert 0 < table.rare <= 1


@given(st.sets(st.tuples(NAMES, NAMES), min_size=1), st.sampled_from(",;"), st.sampled_from(["\n", "\r\n"]))
def test_a_written_table_is_read(
    tmp_path_factory: pytest.TempPathFactory, pairs: set[tuple[str, str]], separator: str, end: str
) -> None:
    path = tmp_path_factory.mktemp("table") / "colours.csv"
    path.write_bytes(end.join(separator.join(pair) for pair in [HEADS, *pairs]).encode())
    known = read_combinations(path).known
    assert {(part, colour) for part, colours in known.items() for colour in colours} == pairs
