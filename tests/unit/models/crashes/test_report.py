"""A report holds what helps, and nothing that should stay here."""

from pathlib import Path

import pytest

from app.domain.models import ModelSpec
from app.models.crashes.diagnosis import diagnose
from app.models.crashes.report import Surroundings, report, scrubbed
from tests.unit.models.crashes import tails

AROUND = Surroundings("1.0", "Linux 6.1 x86_64", "/home/mara", "mara", "maras-laptop")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Authorization: Bearer abc.def-ghi", "Authorization: [hidden] [hidden]"),
        ("--api-key s3cr3t --port 1", "--api-key [hidden] --port 1"),
        ('{"token": "s3cr3t", "n": 1}', '{"token": "[hidden]", "n": 1}'),
        ("HF_TOKEN=hf_abcdefghijkl", "HF_TOKEN=[hidden]"),
        ("got hf_abcdefghijkl from", "got [hidden] from"),
        ("http://me:pass@proxy:80/", "http://me:[hidden]@proxy:80/"),
        ("key " + "0a" * 32, "key [hidden]"),
        ("key " + "aB3-" * 11, "key [hidden]"),
        ("EOS token = 2 '</s>'", "EOS token = 2 '</s>'"),
        ("mail mara@example.org", "mail [hidden]"),
        ("/home/mara/models/m.gguf", "~/models/m.gguf"),
        ("/home/otto/m.gguf", "/home/user/m.gguf"),
        ("/Users/Otto Müller/m.gguf", "/Users/user Müller/m.gguf"),
        (r"C:\Users\otto\m.gguf", r"C:\Users\user\m.gguf"),
        ("user Mara on maras-laptop", "user user on computer"),
        ("marathon", "marathon"),
        ("n_tokens = 512, token 77", "n_tokens = 512, token 77"),
    ],
)
def test_secrets_and_names_are_hidden(text: str, said: str) -> None:
    assert scrubbed(text, AROUND) == said


def test_a_report_says_what_helps() -> None:
    model = ModelSpec(name="big", path=Path("/home/mara/models/m.gguf"), context=8192)
    lines = [f"line {at}" for at in range(100)] + list(tails.DEVICE_MEMORY)
    text = report(model, -6, lines, diagnose(model, -6, lines, 32), AROUND)
    assert "mara" not in text
    assert "big (m.gguf), engine runner" in text
    assert "exit status: -6 (0xFFFFFFFA)" in text
    assert "cause: device_memory: The graphics device" in text
    assert "evidence: ggml_backend_cuda" in text
    assert "line 99" in text
    assert "line 20" not in text


def test_a_user_without_a_name_hides_nothing_else() -> None:
    around = Surroundings("1.0", "Linux", "/", "", "")
    assert scrubbed("a / b", around) == "a / b"
