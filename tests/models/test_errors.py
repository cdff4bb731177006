from __future__ import annotations

import pytest

from models.errors import words_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Something is wrong.", "Something is wrong", "Something is wrong"),
        (
            "\n  Traceback of it:\n  at line 3\n\nRuntimeError: too small.\n",
            "Traceback of it:",
            "RuntimeError: too small",
        ),
        ("a\tb", "a\\tb", "a\\tb"),
        ("", "KeyError", "KeyError"),
        ("x" * 500, "x" * 160, "x" * 160),
    ],
)
def test_what_a_library_says_is_part_of_a_sentence(text: str, first: str, last: str) -> None:
    error = KeyError() if not text else RuntimeError(text)
    assert (words_of(error), words_of(error, last=True)) == (first, last)
