"""A package index on the loopback, with wheels made here, that can misbehave as indexes and proxies do."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import random
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from training.engine.variants import Variant, platform_key

WORKER_NEEDS = ("pydantic", "pydantic-core", "annotated-types", "typing-extensions", "typing-inspection", "psutil")
"""What the program's own sources need in an engine."""

MODES = {"1.0": "right", "2.0": "wrong", "3.0": "hangs", "4.0": "crashes"}
"""Version of ``swtiny`` -> what its proof does."""


def make_wheel(folder: Path, name: str, version: str, files: Mapping[str, bytes], tag: str = "py3-none-any") -> Path:
    """A wheel with ``files``; its metadata is added unless they hold some."""
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    whole = dict(files)
    whole.setdefault(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode())
    whole.setdefault(
        f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n".encode()
    )
    lines = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in whole.items()]
    whole[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]).encode()
    path = folder / f"{name.replace('-', '_')}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for place, content in whole.items():
            wheel.writestr(place, content)
    return path


def repacked(folder: Path, name: str) -> Path:
    """The wheel of a distribution that is installed in the tests' own environment."""
    found = importlib.metadata.distribution(name)
    files = {}
    for file in found.files or ():
        place = str(file)
        if not place.startswith("..") and not place.endswith(
            (".pyc", "RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
        ):
            files[place] = Path(str(file.locate())).read_bytes()
    return make_wheel(folder, name, found.version, files)


def make_wheels(folder: Path) -> None:
    """All that the tests install."""
    for name in WORKER_NEEDS:
        repacked(folder, name)
    for version, mode in MODES.items():
        make_wheel(folder, "swtiny", version, {"swtiny/__init__.py": f"MODE = {mode!r}\n".encode()})
    noise = random.Random(5).randbytes(3 << 20)  # noqa: S311 - noise
    make_wheel(folder, "swbig", "1.0", {"swbig/__init__.py": b"", "swbig/weights.bin": noise})


def make_variant(folder: Path, wheels: Path, version: str = "1.0", **fields: object) -> Variant:
    """A variant of the wheels, with ``swtiny`` in the version given; lock and sizes are written into ``folder``."""
    chosen = [
        path
        for path in sorted(wheels.glob("*.whl"))
        if not path.name.startswith("swtiny-") or path.name.startswith(f"swtiny-{version}-")
    ]
    pins = []
    sizes = {}
    for path in chosen:
        name, number = path.name.split("-")[:2]
        pins.append(f"{name.replace('_', '-')}=={number} \\\n    --hash=sha256:{_hex(path)}\n")
        sizes[name.replace("_", "-")] = path.stat().st_size
    lock, table = folder / f"tiny-{version}.txt", folder / f"tiny-{version}.json"
    lock.write_text("".join(pins))
    minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
    table.write_text(json.dumps({"wheels": {f"{platform_key()}-{minor}": sizes}}))
    worker = "tests.training.engine.tiny_worker"
    whole = {"watched": ("swtiny", "pydantic", "psutil"), "unpacked": 1.5} | fields
    return Variant("tiny", "Tiny", lock, table, worker, **whole)  # type: ignore[arg-type]


class Index:
    """Serves the wheels in a folder by the simple API; also a forward proxy for addresses of plain HTTP.

    Attributes:
        trouble: "" (none), "missing" (every package is), "page" (an HTML page for everything), "password" (401),
            "refuses" (a proxy that says 403), "asks" (a proxy that says 407), "broken" (wheels differ from their
            hashes), "damaged" (wheels are no zip archives), "cut" (large wheels break off in the middle),
            "silent" (no answer until the index is closed).
        rate: bytes a second of wheels; 0 for any.
        served: how often each file was served whole.
        asked: the paths of all requests, as they came; those of a proxy are whole addresses.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trouble = ""
        self.rate = 0
        self.served: Counter[str] = Counter()
        self.asked: list[str] = []
        index = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments: object) -> None:
                pass

            def do_HEAD(self) -> None:
                index.answer(self, body=False)

            def do_GET(self) -> None:
                index.answer(self, body=True)

            def do_CONNECT(self) -> None:
                index.asked.append(self.path)
                self.send_response({"refuses": 403, "asks": 407}.get(index.trouble, 502))
                self.send_header("Content-Length", "0")
                self.end_headers()
                self.close_connection = True

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *arguments: object) -> None:
                pass  # whoever hangs up is not of interest

        self._closing = threading.Event()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self.url = f"{self.address}/simple"

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: BaseHTTPRequestHandler, *, body: bool) -> None:
        self.asked.append(request.path)
        if self.trouble == "silent":
            self._closing.wait()
            request.close_connection = True
            return
        path = request.path.removeprefix("http://index.invalid")
        status = {"missing": 404, "password": 401, "refuses": 403, "asks": 407}.get(self.trouble)
        if status is not None:
            self._send(request, b"", "text/plain", body=body, status=status)
        elif self.trouble == "page":
            self._send(request, b"<html><body>Welcome to the hotel</body></html>", "text/html", body=body)
        elif path.startswith("/files/"):
            self._wheel(request, self.folder / path.removeprefix("/files/"), body=body)
        else:
            self._page(request, path.strip("/").rpartition("/")[2], body=body)

    def _page(self, request: BaseHTTPRequestHandler, name: str, *, body: bool) -> None:
        found = [one for one in sorted(self.folder.glob("*.whl")) if one.name.split("-")[0].replace("_", "-") == name]
        files = [
            {
                "filename": one.name,
                "url": f"/files/{one.name}",
                "hashes": {"sha256": _hex(one)},
                "size": one.stat().st_size,
            }
            for one in found
        ]
        page = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
        self._send(
            request,
            json.dumps(page).encode(),
            "application/vnd.pypi.simple.v1+json",
            body=body,
            status=200 if found else 404,
        )

    def _wheel(self, request: BaseHTTPRequestHandler, path: Path, *, body: bool) -> None:
        content = path.read_bytes()
        if self.trouble == "broken":
            content = content[:-2] + b"\1\0!"  # the same archive with a comment
        if self.trouble == "damaged":
            content = bytes(len(content))
        request.send_response(200)
        request.send_header("Content-Type", "application/zip")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if not body:
            return
        piece = 1 << 15
        for start in range(0, len(content), piece):
            if self.trouble == "cut" and start > 1 << 20:
                request.close_connection = True
                return
            request.wfile.write(content[start : start + piece])
            if self.rate:
                time.sleep(piece / self.rate)
        self.served[path.name.split("-")[0]] += 1

    def _send(
        self, request: BaseHTTPRequestHandler, content: bytes, kind: str, *, body: bool, status: int = 200
    ) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(content)))
        if status == 407:
            request.send_header("Proxy-Authenticate", "Basic")
        request.end_headers()
        if body:
            request.wfile.write(content)


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _hex(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
