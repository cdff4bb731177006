"""Signatures, Ed25519 (RFC 8032): who holds a key made this. A hash alone proves that nothing changed, not who made it.

Knows keys and bytes; where an author's key is kept is for ``models.package.author``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

__all__ = ["KEY_BYTES", "SignatureError", "Signed", "fingerprint", "new_key", "public_key", "sign", "verify"]

ALGORITHM = "ed25519"
KEY_BYTES = 32
"""Of a private key, and of a public one."""


class SignatureError(Exception):
    """A signature is none, or not of this content; ``str()`` is the end of a sentence about the signature."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that is right.

    Attributes:
        author: what the signer is called, by the signer.
        fingerprint: of the key, to compare with what the author has told in another way.
    """

    author: str
    fingerprint: str


def new_key() -> bytes:
    """A private key, ``KEY_BYTES`` bytes."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key(private: bytes) -> bytes:
    """The public key of a private one, ``KEY_BYTES`` bytes.

    Raises:
        ValueError: it has another length.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def fingerprint(public: bytes) -> str:
    """Six groups of four hexadecimal digits, "3f2a 91c0 ...": the first 96 bits of the key's SHA-256."""
    digits = hashlib.sha256(public).hexdigest()
    return " ".join(digits[start : start + 4] for start in range(0, 24, 4))


def sign(content: bytes, private: bytes, author: str) -> bytes:
    """``signature.json`` for ``content``; the same bytes for the same arguments, as RFC 8032 has it.

    Raises:
        ValueError: the key has another length.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    fields = {
        "algorithm": ALGORITHM,
        "public_key": base64.b64encode(public_key(private)).decode(),
        "signature": base64.b64encode(Ed25519PrivateKey.from_private_bytes(private).sign(content)).decode(),
        "author": author,
    }
    return (json.dumps(fields, indent=2, ensure_ascii=False) + "\n").encode()


def verify(content: bytes, signature: bytes) -> Signed:
    """Check that ``signature``, a ``signature.json``, is of ``content``.

    Raises:
        SignatureError: it is not.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        fields = json.loads(signature)
        algorithm, author = fields["algorithm"], fields.get("author", "")
        public, signed = (base64.b64decode(fields[name], validate=True) for name in ("public_key", "signature"))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError, binascii.Error):
        raise SignatureError("is damaged") from None
    if algorithm != ALGORITHM:
        raise SignatureError(f"is of a kind that this version does not know ({str(algorithm)[:20]})")
    if not isinstance(author, str):
        raise SignatureError("is damaged")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signed, content)
    except (InvalidSignature, ValueError):
        raise SignatureError("does not belong to it: somebody has altered one of the two") from None
    return Signed(author, fingerprint(public))
