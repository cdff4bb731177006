"""What uv says when it fails, as one sentence: what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from training.engine.network import Network, hidden

__all__ = ["explain"]

_AGAIN = "what has been fetched is kept, so trying again goes on from there"

_CAUSES: Sequence[tuple[re.Pattern[str], str]] = tuple(
    (re.compile(pattern, re.IGNORECASE), sentence)
    for pattern, sentence in (
        (
            r"no space left|disk quota|os error 112\b",
            "The disk is full; free some space and try again.",
        ),
        (
            r"hash mismatch|hashes? (of|for).*(mismatch|do(es)? not match)",
            "What {index} serves differs from what this version of Sortwerk was tested with (a hash does not match), "
            "so it is not installed; remove the mirror in Settings, or have it brought up to date.",
        ),
        (
            r"\b407\b|proxy auth",
            "The proxy {proxy} asks for a name and a password; write them into its address "
            "(http://name:password@host:port) and try again.",
        ),
        (
            r"proxy|tunnel|socks",
            "The proxy {proxy} refuses or can't be reached; check its address in Settings, then try again.",
        ),
        (
            r"\b40[13]\b|unauthori[sz]ed|forbidden",
            "{index} does not let you in; check its address, name and password, then try again.",
        ),
        (
            r"certificate|unknownissuer|invalid peer|tls handshake",
            "The certificate of {index} is not trusted by this computer; ask who runs the network, then try again.",
        ),
        (
            r"timed? ?out|operation timed",
            "{index} went silent for five minutes; check the network: " + _AGAIN + ".",
        ),
        (
            r"was not found in the package registry|no solution found|no matching distribution|\b404\b|\b410\b"
            r"|unsupported content|expected .* found html|failed to (parse|deserialize)|invalid content",
            "{index} is no package index, or lacks what is needed; check its address in Settings, then try again.",
        ),
        (
            r"invalid zip|invalid (local|central) |zip (structure|file|archive)|crc",
            "What {index} sent was damaged on the way, or is no package at all; try again, and if it happens again, "
            "remove the mirror or the proxy in Settings.",
        ),
        (
            r"dns error|lookup address|name or service|network is unreachable|no route to host|connection refused"
            r"|error sending request|connection reset|connection closed|unexpected eof|incomplete message"
            r"|error decoding response body|failed to (fetch|download|extract)",
            "{index} can't be reached; check the network connection: " + _AGAIN + ".",
        ),
        (
            r"no interpreter found|python .* not found",
            "No Python of the right version was found, and none could be fetched; install one from python.org and try "
            "again.",
        ),
        (r"permission denied|access is denied", "A file of the engine can't be written; look into {log} for which."),
    )
)
"""The first that matches what uv said is the cause: from what is plainest to what may follow from something else."""


def explain(lines: Sequence[str], network: Network, log: Path) -> str:
    """The sentence for a uv that failed after it had said ``lines``. It never holds a password."""
    start = next((number for number, line in enumerate(lines) if line.lstrip().startswith(("error", "×"))), 0)
    said = "\n".join(lines[start:])
    cause = next((sentence for pattern, sentence in _CAUSES if pattern.search(said)), None)
    if cause is not None:
        if network.proxy and cause.startswith("{index} can't be reached") and "connect" in said.casefold():
            cause = "The proxy {proxy} can't be reached; check its address in Settings, then try again."
        index = hidden(network.index) if network.index else f"the Python Package Index ({network.home})"
        text = cause.format(index=index, proxy=hidden(network.proxy) or "of this computer", log=log)
        return text[:1].upper() + text[1:] if text.startswith("the ") else text
    words = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
    return f"The installation failed ({hidden(words)[:160]}); look into {log}, then try again."
