"""How the engine's packages are fetched: through which proxy, from which index; and what uv is told of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from models.errors import EngineError
from training.engine.running import without_frozen_libraries

__all__ = ["PYPI", "Network", "checked", "reachable", "uv_environment"]

PYPI = "https://pypi.org/simple"

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

_PASSED = (
    *("PATH", "LANG", "LC_ALL", "TZ", "HOME", "USER", "LOGNAME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR"),
    *("SYSTEMROOT", "WINDIR", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PATHEXT", "COMSPEC", "TEMP", "TMP"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME"),
)


@dataclass(frozen=True, slots=True)
class Network:
    """What the person has set.

    Attributes:
        proxy: its address ("http://proxy.example:3128"); "" for what the environment says (``HTTPS_PROXY``).
        index: of a mirror of the Python Package Index, for everything; "" for the index itself, and PyTorch's own.
        home: the index where no mirror is set.
        retries: how often uv asks again when the connection fails.
    """

    proxy: str = ""
    index: str = ""
    home: str = PYPI
    retries: int = 3


def checked(network: Network) -> Network:
    """``network``, if its addresses can be addresses.

    Raises:
        EngineError: one of them can't.
    """
    for what, address, schemes in (
        ("proxy", network.proxy, ("http", "https", "socks5", "socks5h")),
        ("package index", network.index, ("http", "https")),
    ):
        if address:
            try:
                parts = urlsplit(address)
                good = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
            except ValueError:
                good = False
            if not good:
                raise EngineError(f"The {what} {address} is no address; write it as {schemes[0]}://name:port.")
    return network


def uv_environment(network: Network, engines: Path) -> dict[str, str]:
    """The environment variables of uv: nothing of the person's own settings of uv or pip gets in."""
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    for name in _PROXIES:
        for spelling in (name, name.lower()):
            if spelling in os.environ:
                environment[spelling] = os.environ[spelling]
    if network.proxy:
        for name in _PROXIES[:3]:
            environment.pop(name.lower(), None)
            environment[name] = network.proxy
    environment |= {
        "UV_CACHE_DIR": str(engines / "cache"),
        "UV_PYTHON_INSTALL_DIR": str(engines / "python"),
        "UV_HTTP_TIMEOUT": "300",
        "UV_HTTP_RETRIES": str(network.retries),
        "UV_CONCURRENT_DOWNLOADS": "8",
        "UV_NO_CONFIG": "1",
        "UV_NO_PROGRESS": "1",
        "UV_SYSTEM_CERTS": "1",  # the system's certificates: companies' proxies bring their own
        "NO_COLOR": "1",
    }
    return without_frozen_libraries(environment)


def reachable(address: str, network: Network, *, seconds: float = 6.0) -> bool:
    """Whether something answers at ``address``."""
    import httpx

    try:
        with httpx.Client(proxy=network.proxy or None, timeout=seconds, follow_redirects=True) as client:
            return client.head(address).status_code < 400
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError):
        return False
