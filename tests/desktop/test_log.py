import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import log


@pytest.fixture(autouse=True)
def handlers_put_back() -> Iterator[None]:
    root = logging.getLogger()
    before = list(root.handlers)
    yield
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()


def test_tracebacks_go_there_and_nothing_is_made_before(tmp_path: Path) -> None:
    log.start(tmp_path)
    logging.getLogger("test").info("all is well")
    assert list(tmp_path.iterdir()) == []
    try:
        raise ValueError("deep inside")
    except ValueError:
        logging.getLogger("test").exception("A file named %s", "bytes \udcff")
    text = (tmp_path / log.FILE).read_text(encoding="utf-8")
    assert "ERROR test: A file named bytes \\udcff" in text
    assert "ValueError: deep inside" in text


def test_a_folder_that_is_not_there_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log.start(tmp_path / "no")
    logging.getLogger("test").error("unheard")
    assert capsys.readouterr() == ("", "")
