from __future__ import annotations

import base64
import json

import pytest

from models.signing import KEY_BYTES, SignatureError, fingerprint, new_key, public_key, sign, verify

# RFC 8032, 7.1, test 2
PRIVATE = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")

SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_the_example_of_the_standard() -> None:
    assert public_key(PRIVATE) == PUBLIC
    fields = json.loads(sign(b"\x72", PRIVATE, "Anna"))
    assert fields["algorithm"] == "ed25519"
    assert fields["author"] == "Anna"
    assert base64.b64decode(fields["signature"]) == SIGNATURE


def test_who_has_signed_is_found_out() -> None:
    key = new_key()
    assert len(key) == KEY_BYTES
    signed = verify(b"content", sign(b"content", key, "Anna"))
    assert (signed.author, signed.fingerprint) == ("Anna", fingerprint(public_key(key)))
    assert fingerprint(public_key(key)) != fingerprint(public_key(new_key()))


@pytest.mark.parametrize(
    "bent", [b"", b"{}", b"[]", b"null", b"[" * 5000, b'{"algorithm": "ed25519", "public_key": 1, "signature": 2}']
)
def test_what_is_no_signature_is_refused(bent: bytes) -> None:
    with pytest.raises(SignatureError, match="damaged"):
        verify(b"content", bent)


def test_every_part_counts() -> None:
    fields = json.loads(sign(b"content", PRIVATE, "Anna"))
    other = json.loads(sign(b"content", new_key(), "Anna"))
    for name in ("public_key", "signature"):
        with pytest.raises(SignatureError, match="altered"):
            verify(b"content", json.dumps(fields | {name: other[name]}).encode())
    with pytest.raises(SignatureError, match="altered"):
        verify(b"Content", json.dumps(fields).encode())
    with pytest.raises(SignatureError, match="damaged"):
        verify(b"content", json.dumps(fields | {"author": 1}).encode())
