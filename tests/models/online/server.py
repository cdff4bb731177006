"""A server on this computer that answers as it is told, and remembers what it was asked."""

from __future__ import annotations

import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models.online import Timing

__all__ = ["Clock", "Planned", "Script", "self_signed", "serving"]


@dataclass(frozen=True)
class Planned:
    """One answer: status, body (JSON unless it is bytes already), headers.

    With ``hang`` the connection stays open without an answer until the server ends; with ``cut`` it is closed.
    """

    body: Any = field(default_factory=lambda: {"predictions": [{"label": "metal", "score": 0.85}]})
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    cut: bool = False


@dataclass
class Script:
    """What a server does: ``plan`` in its order, then the last of it for ever; ``asked`` is what came."""

    plan: list[Planned] = field(default_factory=lambda: [Planned()])
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    url: str = ""
    over: threading.Event = field(default_factory=threading.Event)


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)
    chance: float = 1.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def timing(self) -> Timing:
        """For the constructor of whoever is tested."""
        return Timing(
            clock=lambda: self.now,
            sleep=self.sleep,
            chance=lambda: self.chance,
            now=lambda: datetime(2026, 1, 1, 12, tzinfo=UTC),
        )


def self_signed(folder: Path) -> Path:
    """A certificate for this computer that nobody has signed, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    kept = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "self-signed.pem"
    path.write_bytes(kept + certificate.public_bytes(pem))
    return path


@contextmanager
def serving(*plan: Planned, certificate: Path | None = None) -> Iterator[Script]:
    """Serve on a free port of this computer until the block ends; over TLS with a ``certificate`` (PEM, with key)."""
    script = Script(list(plan) or [Planned()])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            script.asked.append((self.path, dict(self.headers.items()), json.loads(body)))
            planned = script.plan.pop(0) if len(script.plan) > 1 else script.plan[0]
            if planned.hang:
                script.over.wait()
            if planned.hang or planned.cut:
                self.close_connection = True
                return
            content = planned.body if isinstance(planned.body, bytes) else json.dumps(planned.body).encode()
            self.send_response(planned.status)
            for name, value in {"Content-Length": str(len(content)), **planned.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # whoever asked has read enough

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class names it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    script.url = f"{'http' if certificate is None else 'https'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield script
    finally:
        script.over.set()
        server.shutdown()
        thread.join()
        server.server_close()
