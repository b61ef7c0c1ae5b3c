"""Languages are told apart where that is clear, and nobody is told off where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orchestration.gate.language import differs, language_of, script_of

SAID = {
    "en": "The house is on the hill and you can see it from the road.",
    "de": "Das Haus ist auf dem Hügel und man kann es von der Straße sehen.",
    "fr": "La maison est sur la colline et vous pouvez la voir de la route.",
    "es": "La casa está en el cerro y se puede ver desde el camino, pero no es muy grande.",
    "it": "La casa è sulla collina e si può vedere dalla strada, ma non è molto grande.",
}


@pytest.mark.parametrize(("language", "text"), SAID.items())
def test_prose_is_recognised(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "42", "Tokyo", "print(1)", "```\nthe of and to in is\n```"])
def test_little_tells_nothing(text: str) -> None:
    assert language_of(text) == ""


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Привет", "CYRILLIC"),
        ("今日は", "JAPANESE"),
        ("你好", "CJK"),
        ("hello", "LATIN"),
        ("12", ""),
    ],
)
def test_scripts(text: str, script: str) -> None:
    assert script_of(text) == script


def test_an_answer_in_another_language_is_noticed() -> None:
    assert differs("Wie ist das Wetter und was kann ich tun?", SAID["en"]) == "de"
    assert differs(SAID["en"], SAID["en"]) == ""
    assert differs("Расскажи мне про холмы", SAID["en"]) == "cyrillic"


def test_who_names_a_language_may_get_it() -> None:
    assert differs("Please say in German that the house is on the hill.", SAID["de"]) == ""
    assert differs("Übersetze das: the house is on the hill and it is big.", SAID["de"]) == ""


def test_names_and_numbers_are_in_no_language() -> None:
    assert differs("What is the capital of Japan and how big is it?", "Tokyo, 14 million") == ""


@given(st.text(max_size=300), st.text(max_size=300))
def test_anything_can_be_looked_at(question: str, answer: str) -> None:
    assert isinstance(differs(question, answer), str)
