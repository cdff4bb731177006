from pathlib import Path

import pytest

from models.processor import has_vnni


@pytest.mark.parametrize(
    ("flags", "there"),
    [("fpu avx2 avx512_vnni", True), ("fpu avx2 avx_vnni", True), ("fpu avx2 avx512f", False), ("", False)],
)
def test_vnni_is_read_from_the_flags(tmp_path: Path, flags: str, there: bool) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor\t: 0\nflags\t\t: {flags}\nbogomips : 1\n\nprocessor\t: 1\nflags\t\t: {flags}\n")
    assert has_vnni(cpuinfo) is there


def test_without_a_list_of_flags_the_answer_is_still_one_of_two(tmp_path: Path) -> None:
    assert has_vnni(tmp_path / "nothing") in (True, False)
