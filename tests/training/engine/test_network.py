from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import EngineError
from training.engine.network import Network, checked, hidden, password_name, split_password, with_password

WORDS = st.text("abcXYZ019-._~%", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("address", "safe", "password", "name"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128", "", ""),
        ("http://me:pw@proxy.example:3128", "http://me@proxy.example:3128", "pw", "me@proxy.example:3128"),
        ("http://me@proxy.example:3128", "http://me@proxy.example:3128", "", "me@proxy.example:3128"),
        ("http://me@firm.example:pw@proxy:1", "http://me@firm.example@proxy:1", "pw", "me@firm.example@proxy:1"),
        ("https://:token@mirror/simple", "https://@mirror/simple", "token", "@mirror"),
        ("https://me:a:b@mirror/at@home", "https://me@mirror/at@home", "a:b", "me@mirror"),
        ("http://[::1]:80/simple", "http://[::1]:80/simple", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_password_is_taken_out_of_an_address(address: str, safe: str, password: str, name: str) -> None:
    assert split_password(address) == (safe, password)
    assert password_name(address) == password_name(safe) == name
    assert with_password(safe, password) == address


@given(
    st.sampled_from(["http", "https", "socks5h"]), WORDS, WORDS, WORDS, st.sampled_from(["", "/", "/simple/at@home"])
)
def test_what_is_taken_out_is_put_in_again(scheme: str, user: str, password: str, host: str, path: str) -> None:
    address = f"{scheme}://{user}:{password}@{host}{path}"
    safe, taken = split_password(address)
    assert taken == urlsplit(address).password == password
    assert urlsplit(safe).password is None
    assert with_password(safe, taken) == address
    assert hidden(f"error: {address} is silent") == f"error: {scheme}://{host}{path} is silent"


def test_a_wrong_address_is_refused_without_its_password() -> None:
    with pytest.raises(EngineError, match=r"^The proxy http://proxy:99999 is no address; write it as") as error:
        checked(Network(proxy="http://me:hidden@proxy:99999"))
    assert "hidden" not in str(error.value)
