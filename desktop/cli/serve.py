"""``sortwerk serve``."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import secrets
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.ending import FAILED, ending
from desktop.cli.output import say
from models.errors import one_line

if TYPE_CHECKING:
    from desktop.actions.classify import Classifier

__all__ = ["TOKEN", "serve"]

TOKEN = "SORTWERK_TOKEN"  # noqa: S105 - a variable's name
"""The environment variable for the token, which other users of the computer can't see as they can an argument."""


def serve(
    *,
    model: Annotated[
        str | None, typer.Option(metavar="M", help="Name or folder of the model; else the starter model.")
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="H", help="Address to listen at; else only this computer.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="P", min=0, max=65535, help="Port; 0 for any that is free.")] = 8765,
    token: Annotated[
        str | None,
        typer.Option(metavar="T", help=f"Who sends it may ask; else that of {TOKEN}, else one made anew and shown."),
    ] = None,
) -> None:
    """Answer other programs over HTTP, until Ctrl+C."""
    with ending():
        _check_installed()
        chosen = (token if token is not None else os.environ.get(TOKEN, "")).strip()
        if not all("!" <= character <= "~" for character in chosen):
            raise typer.BadParameter("a token has no spaces, and no letters beyond ASCII; choose another one.")
        with contextlib.closing(_listening(host, port)) as listener:
            from desktop.actions.classify import Classifier
            from desktop.actions.models import find_model

            with Classifier(find_model(model)) as classifier:
                address = _address(listener)
                say(f"{classifier.spec.name} answers at {address} (what it takes: {address}/docs).")
                if not chosen:
                    chosen = secrets.token_urlsafe(32)
                    say(f"The token, for this time: {chosen}")
                if not _is_this_computer(listener):
                    say(
                        "Whoever can reach this computer over the network can try to ask, and tokens and pictures "
                        "travel unencrypted; leave out --host, or put a server with HTTPS in front."
                    )
                _run(classifier, chosen, listener)


def _check_installed() -> None:
    try:
        import fastapi_offline  # noqa: F401 - the import is the question
        import uvicorn  # noqa: F401
    except ImportError:
        say("The server is not installed; install it with: pip install 'sortwerk[server]'.")
        raise typer.Exit(FAILED) from None


def _listening(host: str, port: int) -> socket.socket:
    """A socket at which clients can queue already, before the model is there to answer them."""
    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        if os.name == "posix":  # elsewhere it would let two programs listen at one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except (OSError, UnicodeError) as error:
        if listener is not None:
            listener.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            say(f"Port {port} is in use by another program; choose another one with --port, or 0 for any.")
        else:
            reason = (isinstance(error, OSError) and error.strerror) or type(error).__name__
            say(f"It can't listen at {one_line(host)}, port {port} ({reason}); choose another --host or --port.")
        raise typer.Exit(FAILED) from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _is_this_computer(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


def _run(classifier: Classifier, token: str, listener: socket.socket) -> None:
    import uvicorn

    from desktop.api.app import create_app

    config = uvicorn.Config(
        create_app(classifier, token),
        log_config=None,  # what there is to say goes where all of the program says it
        access_log=False,
        server_header=False,
        limit_concurrency=64,
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[listener])
