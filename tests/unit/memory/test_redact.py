"""Secrets never reach the disk; words, code, addresses and hashes stay as they are."""

import base64
import random
import string
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.memory.redact import redacted

_ALNUM = string.ascii_letters + string.digits
_JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
_PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----"

PIECES = (
    "password", "=", ": ", " is ", '"', "'", "ghp_", "sk-", "a1B2c3D4" * 5, "://", "@", ":",
    "4111 1111 1111 1111", "-----BEGIN PRIVATE KEY-----", "\n", " ", "token", "/", "[redacted:x]",
)  # fmt: skip


def _mixed(length: int) -> st.SearchStrategy[str]:
    return st.text(_ALNUM, min_size=length, max_size=length)


@pytest.mark.parametrize(
    ("secret", "name"),
    [
        (_PEM, "private-key"),
        (_PEM.replace("RSA ", ""), "private-key"),
        (_PEM.replace("RSA ", "OPENSSH "), "private-key"),
        (_PEM[: _PEM.index("-----END")], "private-key"),
        ("AKIAIOSFODNN7EXAMPLE", "aws-key"),
        ("ghp_" + "a1B2" * 9, "github-token"),
        ("github_pat_11ABCDEFG0abcdefghij_klmnopqrstuvwxyz", "github-token"),
        ("glpat-abcdefghij1234567890", "gitlab-token"),
        ("sk-proj-abcDEF123456abcDEF123456", "api-key"),
        ("sk-" + "a1" * 24, "api-key"),
        ("xoxb-123456789012-abcdefABCDEF", "slack-token"),
        ("AIza" + "Sy1" * 11 + "ab", "google-key"),
        ("hf_" + "aB1" * 12, "hugging-face-token"),
        ("sk_live_4eC39HqLyjWDarjtT1zdp7dc", "payment-key"),
        (_JWT, "jwt"),
        ("4111 1111 1111 1111", "card"),
        ("4111111111111111", "card"),
        ("5500-0000-0000-0004", "card"),
        ("3782 822463 10005", "card"),
    ],
)
def test_secrets_of_a_known_form_are_replaced_wherever_they_stand(secret: str, name: str) -> None:
    mark = f"[redacted:{name}]"
    assert redacted(secret) == mark
    assert redacted(f"Remember {secret}") == f"Remember {mark}"
    if name != "private-key":
        assert redacted(f"(my key: {secret})").startswith("(my key: [redacted:")
        assert secret not in redacted(f"密钥{secret} 好")
        assert secret not in redacted(f"'{secret}'\n{secret}")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password=hunter2", "hunter2"),
        ("Password: hunter2", "hunter2"),
        ('"password": "correct horse"', "correct horse"),
        ("DB_PASSWORD='p4ss word'", "p4ss"),
        ("Passwort: Geheim1", "Geheim1"),
        ("pwd=swordfish", "swordfish"),
        ("the password is hunter2", "hunter2"),
        ("My wifi password is `swordfish`.", "swordfish"),
        ("Das Passwort lautet Sommer2024", "Sommer2024"),
        ("postgres://me:swordfish@host/db", "swordfish"),
        ("API_KEY=abcd1234efgh", "abcd1234efgh"),
        ("client_secret: 9f8e7d6c5b4a", "9f8e7d6c5b4a"),
        ("Authorization: Bearer abcdef1234567890", "abcdef1234567890"),
        ("order 12 4111 1111 1111 1111", "4111"),
        ("1234 4111 1111 1111 1111", "4111"),
    ],
)
def test_what_is_called_a_secret_is_taken_out_and_its_name_stays(text: str, secret: str) -> None:
    made = redacted(text)
    assert secret not in made
    assert "[redacted:" in made


@pytest.mark.parametrize(
    "text",
    [
        "The user lives in Berlin and likes tea; his passport is in the drawer.",
        "Password: required",
        "She forgot her password is what she said.",
        "The password is wrong.",
        "def login(user: str, password: str) -> Token:",
        "password = getpass.getpass()",
        'password = os.environ["DB_PASSWORD"]',
        "password = input('Password: ')",
        "password=${DB_PASSWORD}",
        "password: <your password>",
        "token: the smallest unit of a text",
        "max_tokens = 4096, tokens: 512",
        "The secret: practise every day.",
        "https://example.com/articles/2024/05/how-to-write-a-long-address-that-says-it-all?page=2",
        "https://github.com/python/cpython/blob/main/Lib/asyncio/base_events.py#L1234",
        "http://localhost:8080/v1/chat/completions",
        "123e4567-e89b-12d3-a456-426614174000",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6==",
        "testThatTheUserCanLoginWithTwoFactorAuthenticationV2",
        "the_quick_brown_fox_jumps_over_the_lazy_dog_and_runs_away_2024",
        "XMLHttpRequestEventTargetWithBase64EncodingAndUtf8Support",
        "AbstractSingletonProxyFactoryBeanForHttp2AndTls13Connections",
        "sk-learn-is-a-library-for-machine-learning",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOmJd8s9Yq2pXb7RkLmW4cTzUvE1hGf6 me@host",
        "Call 030 1234567 or +49 170 1234567",
        "at 1700000000000 ms, order 1234567890123456",
        "pi is 3.14159265358979323846",
        "0000000000000000 and 4444444444444444",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    ],
)
def test_what_is_no_secret_stays_word_for_word(text: str) -> None:
    assert redacted(text) == text


@given(_mixed(36), _mixed(64))
def test_every_github_token_is_taken_out(short: str, long: str) -> None:
    text = redacted(f"a ghp_{short} b github_pat_{long}")
    assert short not in text
    assert long not in text


@given(st.integers(0, 2**31))
def test_almost_every_random_token_is_taken_out(seed: int) -> None:
    chance = random.Random(seed)
    tokens = ["".join(chance.choices(_ALNUM, k=40)) for _ in range(100)]
    kept = sum(token in redacted(f"it is {token} now") for token in tokens)
    assert kept <= 5


@given(st.binary(min_size=48, max_size=48))
def test_base64_of_any_bytes_never_breaks_it(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    assert redacted(redacted(text)) == redacted(text)


@given(st.uuids(), st.binary(min_size=16, max_size=64))
def test_uuids_and_hashes_stay(number: uuid.UUID, data: bytes) -> None:
    text = f"{number} a{data.hex()} A{number.hex.upper()}"
    assert redacted(text) == text


@given(
    st.lists(
        st.sampled_from(["apple", "river", "Berlin", "seven", "likes", "42", "and", "the", "of"]),
        max_size=60,
    )
)
def test_prose_stays(words: list[str]) -> None:
    assert redacted(" ".join(words)) == " ".join(words)


@given(st.text(max_size=300))
@settings(max_examples=300)
def test_any_text_is_taken_and_a_second_look_finds_nothing_more(text: str) -> None:
    assert redacted(redacted(text)) == redacted(text)


@given(st.lists(st.sampled_from(PIECES), max_size=20))
@settings(max_examples=300)
def test_pieces_of_secrets_in_any_order_are_found_once(pieces: list[str]) -> None:
    made = redacted("".join(pieces))
    assert redacted(made) == made


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["a", "1", " ", "A1b", "password", "password=", "-----BEGIN PRIVATE KEY-----",
              "eyJaaaaaaaaa.", "4111 ", "x://a:", "sk-", "/a", "passwd is ", "\"'", "Bearer "],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    assert len(redacted(text)) <= 4 * len(text)
