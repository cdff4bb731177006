"""The keys for models on servers, in the system's keyring. They are never logged, and stand in no sentence or ``repr``.

A key is kept under the name of the server's host, so that the key of one server is never sent to another one. The
passwords of proxies and package indexes are kept likewise, under "user@host".
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from models.errors import OnlineError

if TYPE_CHECKING:  # looks for the system's keyring when it is imported: only for who asks for a key
    from keyring.backend import KeyringBackend

__all__ = ["ENVIRONMENT", "SERVICE", "Keys"]

SERVICE = "Sortwerk"
"""Under which the system's keyring lists the keys."""

ENVIRONMENT = "SORTWERK_ONLINE_KEY"
"""The environment variable that overrules the keyring, for every host."""

_NO_KEYRING = f"This system has no keyring to keep a key in; set the environment variable {ENVIRONMENT} instead."


class Keys:
    """The keys of one person. Safe to use from several threads at once.

    Args:
        ring: where keys are kept; None for the system's keyring.
        environment: variables; None for those of the process.
    """

    def __init__(self, ring: KeyringBackend | None = None, environment: Mapping[str, str] | None = None) -> None:
        self._ring = ring
        self._environment = os.environ if environment is None else environment

    def get(self, host: str) -> str | None:
        """The key for ``host``: that of the environment, else that of the keyring; None when there is none.

        Raises:
            OnlineError: there is no keyring, or it can't be read; ``ENVIRONMENT`` is not set either.
        """
        overruling = self._environment.get(ENVIRONMENT, "").strip()
        if overruling:
            return overruling
        from keyring.errors import KeyringError

        try:
            return self._usable().get_password(SERVICE, host) or None
        except KeyringError as error:
            raise _locked(error) from None

    def set(self, host: str, key: str) -> None:
        """Keep ``key`` for ``host``, in the place of one that is there.

        Raises:
            OnlineError: there is no keyring, or it can't be written; or ``key`` can't be a key.
        """
        if not key.strip():
            raise OnlineError("A key is needed, and this one is empty; paste it again.")
        from keyring.errors import KeyringError

        try:
            self._usable().set_password(SERVICE, host, key.strip())
        except KeyringError as error:
            raise _locked(error) from None

    def delete(self, host: str) -> None:
        """Forget the key for ``host``; nothing happens when there is none.

        Raises:
            OnlineError: there is no keyring, or it can't be written.
        """
        from keyring.errors import KeyringError, PasswordDeleteError

        ring = self._usable()
        try:
            if ring.get_password(SERVICE, host) is not None:
                ring.delete_password(SERVICE, host)
        except PasswordDeleteError:
            return  # gone between the two
        except KeyringError as error:
            raise _locked(error) from None

    def _usable(self) -> KeyringBackend:
        if self._ring is not None:
            return self._ring
        import keyring
        from keyring.backends import fail

        ring = keyring.get_keyring()
        if isinstance(ring, fail.Keyring):
            raise OnlineError(_NO_KEYRING)
        return ring


def _locked(error: Exception) -> OnlineError:
    """Which kind of trouble, but not in the keyring's words: nobody knows what stands in them."""
    return OnlineError(
        f"The system's keyring can't be used ({type(error).__name__}); "
        f"unlock it, or set the environment variable {ENVIRONMENT} instead."
    )
