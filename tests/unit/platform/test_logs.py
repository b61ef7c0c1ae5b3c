"""The log keeps no secrets."""

import pytest

from app.platform.logs import without_secrets


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer 0123456789abcdef",
        "api_key=0123456789abcdef",
        'token: "0123456789abcdef"',
        "using hf_0123456789abcdef now",
        "key sk-0123456789abcdef",
    ],
)
def test_secrets_are_blotted_out(text: str) -> None:
    kept = without_secrets(text)
    assert "0123456789abcdef" not in kept
    assert "***" in kept


def test_ordinary_words_stay() -> None:
    text = "12 tokens in 3 ms, the password field was empty"
    assert without_secrets(text) == text
