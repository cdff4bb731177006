import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.actions.sorting_names import FORBIDDEN, RESERVED, folded, numbered, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("wood", "wood"),
        ("größe 東京", "größe 東京"),
        ("CON", "CON_"),
        ("aux.txt", "aux_.txt"),
        ("com1 .x", "com1 _.x"),
        ("lpt¹", "lpt¹_"),
        ("console", "console"),
        ("a/b\\c", "a_b_c"),
        ("..", "__"),
        ("dot.", "dot_"),
        ("space ", "space_"),
        (".hidden", "_hidden"),
        ("", "_"),
        ("two\nlines\x00", "two_lines_"),
        ("\udcff", "_"),
        ('<>:"|?*', "_______"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_any_name_becomes_safe_and_stays_so(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert not FORBIDDEN & set(safe)
    assert safe[-1] not in ". "
    assert safe[0] not in ". "
    assert safe.partition(".")[0].rstrip(" ").casefold() not in RESERVED
    assert len(safe.encode()) <= 201
    assert safe_name(safe) == safe


def test_numbers_go_before_the_ending() -> None:
    assert numbered("wood.png", 2) == "wood (2).png"
    assert numbered("wood", 3) == "wood (3)"
    assert numbered(".png", 2) == ".png (2)"
    assert numbered("a.tar.gz", 2) == "a.tar (2).gz"
    assert len(numbered("ü" * 125 + ".png", 10).encode()) <= 255


def test_names_that_are_one_file_somewhere_fold_to_one() -> None:
    assert folded("Wood.PNG") == folded("wood.png")
    assert folded("Größe") == folded("GRO\u0308SSE".lower()) == folded("GRÖSSE")
    assert folded("wood") != folded("would")
