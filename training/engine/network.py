"""How the engine's packages are fetched: through which proxy, from which index; and what uv is told of it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from models.errors import EngineError
from models.worker import INHERITED
from training.engine.running import without_frozen_libraries

__all__ = [
    "PYPI",
    "Network",
    "checked",
    "hidden",
    "password_name",
    "reachable",
    "split_password",
    "uv_environment",
    "with_password",
]

PYPI = "https://pypi.org/simple"

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

_PASSED = (
    *INHERITED,
    *("TMPDIR", "TEMP", "TMP", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC", "XDG_DATA_HOME", "XDG_CONFIG_HOME"),
)

_SECRET = re.compile(r"//[^/?#\s]*@")
_USER = re.compile(r"(?P<scheme>[a-z0-9+.-]+://)(?P<user>[^/?#:]*)(?::(?P<password>[^/?#]*))?@(?P<host>[^/?#@]*)", re.I)
"""The beginning of an address that names its user (RFC 3986)."""


@dataclass(frozen=True, slots=True)
class Network:
    """What the person has set; addresses with their passwords.

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
                raise EngineError(f"The {what} {hidden(address)} is no address; write it as {schemes[0]}://name:port.")
    return network


def hidden(address: str) -> str:
    """``address``, or what was said with addresses in it, without names of users and passwords."""
    return _SECRET.sub("//", address)


def split_password(address: str) -> tuple[str, str]:
    """``address`` without its password, the user's name left in it, and the password; "" for none."""
    found = _USER.match(address)
    if found is None or not found["password"]:
        return address, ""
    return f"{found['scheme']}{found['user']}@{address[found.start('host') :]}", found["password"]


def password_name(address: str) -> str:
    """What the password of ``address`` is kept under, such as "me@proxy.example:3128"; "" where it names no user."""
    found = _USER.match(address)
    return f"{found['user']}@{found['host']}" if found is not None else ""


def with_password(address: str, password: str) -> str:
    """``address``, which names its user, with ``password``."""
    found = _USER.match(address)
    if found is None or not password:
        return address
    return f"{found['scheme']}{found['user']}:{password}@{address[found.start('host') :]}"


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
        "UV_DEFAULT_INDEX": network.index or network.home,  # not an argument: those are for everybody to see
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
