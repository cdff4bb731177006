"""The online model in the window: nothing is sent before a person asks, and then just what was promised."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop.pages.settings.online_card import OnlineCard
from desktop.pages.sort.second_opinion import SecondOpinion
from desktop.widgets.suggestions import Suggestions
from desktop.window import MainWindow


@dataclass
class Server:
    """Answers ``POST /classify`` as the document writes it, and keeps what it was sent."""

    address: str = ""
    status: int = 200
    bodies: list[bytes] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    kept = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            kept.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            labels = json.loads(kept.bodies[-1])["labels"]
            answer = {"predictions": [{"label": labels[2], "score": 0.75}, {"label": labels[0], "score": 0.25}]}
            content = json.dumps(answer if kept.status == 200 else {"detail": "no"}).encode()
            self.send_response(kept.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as one:
        kept.address = f"http://127.0.0.1:{one.server_address[1]}"
        thread = threading.Thread(target=one.serve_forever)
        thread.start()
        yield kept
        one.shutdown()
        thread.join()


def set_up(window: MainWindow, server: Server) -> None:
    """As the settings page would."""
    window._settings_changed(replace(window._settings, online=True, online_url=server.address))


def show_one(qtbot: QtBot, window: MainWindow, textures: Path) -> SecondOpinion:
    window.open([textures])
    state = window.sort.state
    qtbot.waitUntil(lambda: bool(state.items) and not state.running, timeout=60_000)
    window.sort.select([state.number(state.groups()[0][0], 0)])
    return window.findChild(SecondOpinion)


def test_off_means_that_there_is_nothing_to_press(qtbot: QtBot, window: MainWindow, textures: Path) -> None:
    assert not show_one(qtbot, window, textures).isVisible()


def test_only_the_picture_that_is_asked_about_is_sent(
    qtbot: QtBot, window: MainWindow, textures: Path, server: Server
) -> None:
    set_up(window, server)
    pane = show_one(qtbot, window, textures)
    assert server.bodies == []
    asking = pane.findChild(QPushButton)
    assert asking.text() == "Ask 127.0.0.1"
    asking.click()
    qtbot.waitUntil(lambda: pane.findChild(Suggestions).isVisible(), timeout=20_000)
    names = window.sort.state.learner.head().categories
    assert pane._names == [names[2], names[0]]
    (body,) = server.bodies
    sent = json.loads(body)
    assert set(sent) == {"model", "image", "labels", "top_k"}
    assert sent["labels"] == list(names)
    picture = Image.open(io.BytesIO(base64.b64decode(sent["image"].partition(",")[2])))
    assert max(picture.size) <= 512
    assert picture.getexif() == {}
    assert textures.name.encode() not in body

    pane.chosen.emit(names[2])  # a person takes the answer: it is a correction like any other
    qtbot.waitUntil(lambda: not window.sort.correcting.busy, timeout=20_000)
    assert names[2] in {
        label for item in window.sort.state.items if item.answer for label in item.answer.labels.values()
    }


def test_a_server_that_refuses_is_one_sentence(
    qtbot: QtBot, window: MainWindow, textures: Path, server: Server
) -> None:
    server.status = 403
    set_up(window, server)
    pane = show_one(qtbot, window, textures)
    pane.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: pane.findChild(QPushButton).isEnabled(), timeout=20_000)
    assert "127.0.0.1" in pane._said.text()
    assert pane._said.text().endswith(".")


def test_trying_it_in_the_settings_sends_our_own_picture(qtbot: QtBot, window: MainWindow, server: Server) -> None:
    window.show_page("Settings")
    card = window.findChild(OnlineCard)
    address = next(field for field in card.findChildren(QLineEdit) if "Address" in field.accessibleName())
    address.setText(server.address)
    address.editingFinished.emit()
    next(one for one in card.findChildren(QPushButton) if one.text() == "Try it").click()
    qtbot.waitUntil(lambda: card._verdict.text().startswith("It answers"), timeout=20_000)
    assert len(server.bodies) == 1
