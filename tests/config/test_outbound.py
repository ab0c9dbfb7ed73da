"""Which calls go through the proxy of the house."""

from __future__ import annotations

import pytest

from bot.config import Config, RunSettings
from bot.config.outbound import DIRECTLY, Outbound
from tests.support.running.rows import each_row

PROXY = "http://me:word@proxy.corp:3128"
OUTBOUND = Outbound(url=PROXY, direct=("models.corp", ".intern.example"))


@each_row(
    ("address", "direct"),
    [
        ("https://api.openai.com/v1", False),
        ("https://slack.com/api/", False),
        ("http://93.184.216.34/hook", False),
        ("http://127.0.0.1:11434/v1", True),
        ("http://localhost:8000", True),
        ("http://LOCALHOST./", True),
        ("http://10.2.3.4/in", True),
        ("http://[::1]:9/", True),
        ("http://[fd00::7]/", True),
        ("https://models.corp/v1", True),
        ("https://a.models.corp/v1", True),
        ("https://notmodels.corp/v1", False),
        ("https://hooks.intern.example/x", True),
        ("https://intern.example/x", True),
        ("no address", False),
    ],
)
def test_hosts_in_the_house_are_called_directly(address, direct):
    assert OUTBOUND.proxy_of(address) == ("" if direct else PROXY)
    assert DIRECTLY.proxy_of(address) == ""


def test_the_password_of_a_proxy_is_a_secret_and_a_wrong_one_is_refused():
    config = Config(run=RunSettings(proxy=PROXY, direct=("models.corp",)))
    assert {"word", "me:word"} <= set(config.secrets)
    assert config.run.outbound == Outbound(url=PROXY, direct=("models.corp",))
    for wrong in ("proxy.corp:3128", "socks5://proxy.corp", "https://proxy.corp"):
        with pytest.raises(ValueError, match="write"):
            RunSettings(proxy=wrong)
