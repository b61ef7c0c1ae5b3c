"""How lists are weighed depends on the embedding model; the shipped one is known."""

import hashlib
from pathlib import Path

from app.memory.recall.embedders import UNKNOWN, WITHOUT, taste

ROOT = Path(__file__).resolve().parents[4]
MODEL = ROOT / "resources" / "models" / "all-MiniLM-L6-v2-q8_0.gguf"


def test_the_shipped_model_is_known() -> None:
    shipped = taste(hashlib.sha256(MODEL.read_bytes()).hexdigest())
    assert shipped not in (UNKNOWN, WITHOUT)


def test_a_model_nobody_has_measured_is_weighed_with_care() -> None:
    assert taste("another") == UNKNOWN
    assert UNKNOWN.weights.words_wide > UNKNOWN.weights.meaning


def test_without_a_model_only_words_count() -> None:
    assert taste("") == WITHOUT
    assert (WITHOUT.weights.meaning, WITHOUT.weights.meaning_wide) == (0, 0)
    assert WITHOUT.related(0.5, 0.9) == 0.5


def test_what_is_opposite_is_not_less_related_than_nothing() -> None:
    assert UNKNOWN.related(0.4, -0.9) == UNKNOWN.related(0.4, 0)
