from __future__ import annotations

import socket

import httpx
import pytest

from tests.desktop.api.running import TOKEN, Running


def raw(small: Running, text: str, *later: bytes) -> str:
    """All that the server says to what is sent as it is."""
    with socket.create_connection(("127.0.0.1", small.port), timeout=30) as connection:
        connection.sendall(text.replace("\n", "\r\n").encode())
        try:
            for part in later:
                connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has said no already
        said = b""
        try:
            while part := connection.recv(65536):
                said += part
        except ConnectionResetError:
            pass
        return said.decode()


@pytest.mark.parametrize("path", ["/classify", "/models", "/nothing", "/health/", "/docsx", "/static-offline-docs"])
def test_without_the_token_nobody_comes_in(small: Running, path: str) -> None:
    wrong = ["Bearer", "Bearer wrong", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer é"]
    with httpx.Client(base_url=small.url, trust_env=False) as nobody:
        for value in [None, *(one.encode() for one in wrong)]:
            response = nobody.post(path, content=b"{}", headers=[(b"Authorization", value)] if value else [])
            assert response.status_code == 401, value
            assert response.headers["WWW-Authenticate"] == "Bearer"
            assert response.json()["detail"].startswith("The token is missing or wrong;")


def test_the_token_opens_and_its_scheme_has_no_case(small: Running) -> None:
    assert small.http.get("/models").status_code == 200
    assert small.http.get("/models", headers={"Authorization": f"bEARER {TOKEN}"}).status_code == 200


def test_health_needs_none(small: Running) -> None:
    with httpx.Client(base_url=small.url, trust_env=False) as nobody:
        response = nobody.get("/health")
    assert (response.status_code, response.json()["status"]) == (200, "ok")


def test_a_body_that_is_announced_far_too_long_is_not_waited_for(small: Running) -> None:
    said = raw(small, f"POST /classify HTTP/1.1\nHost: x\nAuthorization: Bearer {TOKEN}\nContent-Length: 4001\n\n")
    assert said.startswith("HTTP/1.1 413 ")
    assert "The request is longer than 1,000 bytes; send a smaller picture." in said


@pytest.mark.parametrize("chunks", [11, 39, 41])
def test_a_body_that_grows_too_long_is_refused_at_its_end_or_while_it_comes(small: Running, chunks: int) -> None:
    head = f"POST /classify HTTP/1.1\nHost: x\nAuthorization: Bearer {TOKEN}\nTransfer-Encoding: chunked\n\n"
    end = [b"0\r\n\r\n"] if chunks < 40 else []
    said = raw(small, head, *[b"64\r\n" + b"x" * 100 + b"\r\n"] * chunks, *end)
    assert said.startswith("HTTP/1.1 413 ")


def test_a_client_that_sends_everything_first_is_told_why(small: Running) -> None:
    for length in (1001, 2000, 4000):
        assert small.http.post("/classify", content=b"x" * length).status_code == 413


def test_a_body_as_long_as_agreed_is_read(small: Running) -> None:
    content = b'{"image": "' + b"x" * (1000 - 13) + b'"}'
    assert len(content) == 1000
    response = small.http.post("/classify", content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, "data URI" in response.json()["detail"]) == (422, True)
    assert small.http.post("/classify", content=content + b" ").status_code == 413


def test_a_body_that_never_comes_is_not_waited_for(small: Running) -> None:
    said = raw(small, f"POST /classify HTTP/1.1\nHost: x\nAuthorization: Bearer {TOKEN}\nContent-Length: 10\n\n{{")
    assert said.startswith("HTTP/1.1 408 ")
    assert "comes too slowly" in said


def test_who_has_no_token_is_told_so_whatever_the_body_does(small: Running) -> None:
    head = "POST /classify HTTP/1.1\nHost: x\nContent-Length: "
    assert raw(small, head + "10\n\n").startswith("HTTP/1.1 401 ")  # and nothing more comes
    assert raw(small, head + "5000\n\n").startswith("HTTP/1.1 401 ")
    assert raw(small, head + "3000\n\n", b"x" * 3000).startswith("HTTP/1.1 401 ")


def test_who_leaves_in_the_middle_does_no_harm(small: Running) -> None:
    head = f"POST /classify HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 10\r\n\r\n{{"
    with socket.create_connection(("127.0.0.1", small.port)) as connection:
        connection.sendall(head.encode())
    assert small.http.get("/health").status_code == 200
