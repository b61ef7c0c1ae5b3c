"""The exported registry: the file's own words, and what was measured."""

from pathlib import Path
from textwrap import dedent

import pytest

from app.domain.errors import RegistryInvalid
from app.domain.models import Measured, Roster, VerifyingTimes
from app.domain.settings import Settings
from app.models.export import full_registry
from app.models.registry import load_registry
from app.platform.paths import Paths

SEEN = Measured(
    prefill_tokens_s=512.3456,
    decode_tokens_s=40.0,
    load_s=1.234,
    bytes=987654321,
    verifying=VerifyingTimes(
        threads=4, milliseconds={0: {1: 24.987, 4: 31.0}, 4096: {1: 26.0, 4: 33.0}}
    ),
)
FLOW = (
    "{prefill_tokens_s: 512, decode_tokens_s: 40, load_s: 1.23, bytes: 987654321, "
    "verifying: {threads: 4, milliseconds: {0: {1: 25, 4: 31}, 4096: {1: 26, 4: 33}}}}"
)
READ_BACK = {
    "prefill_tokens_s": 512,
    "decode_tokens_s": 40,
    "load_s": 1.23,
    "bytes": 987654321,
    "verifying": {
        "threads": 4,
        "milliseconds": {0: {1: 25.0, 4: 31.0}, 4096: {1: 26.0, 4: 33.0}},
    },
}

BLOCK = """
# mine
models:
  small:
    path: models/small.gguf   # near
    llama_server:
      mmproj: eyes.gguf
    engine: llama-server

  # the large one
  large:
    path: ~/large.gguf
    measured:
      load_s: 9   # before
    context: 64
roles:
  front: {tier: A, model: small}
  worker: {tier: C, model: large}
"""


def load(tmp_path: Path, text: str) -> Roster:
    tmp_path.mkdir(parents=True, exist_ok=True)
    file = tmp_path / "model_registry.yaml"
    file.write_text(text, encoding="utf-8")
    paths = Paths.discover(tmp_path / "data")
    return load_registry(file, settings=Settings.model_validate({}), paths=paths)


def exported(tmp_path: Path, text: str, *names: str) -> str:
    roster = load(tmp_path, text)
    resources = Paths.discover(tmp_path / "data").resources
    return full_registry(text, roster, dict.fromkeys(names, SEEN), resources=resources)


def same(one: Roster, other: Roster) -> bool:
    """Whether two rosters are alike but for what was measured and for where they were read."""

    def plain(roster: Roster) -> list[object]:
        unmeasured = [
            role.model_copy(update={"model": role.model.model_copy(update={"measured": None})})
            for role in roster.roles
        ]
        return [unmeasured, roster.default_role]

    return plain(one) == plain(other)


def test_a_full_registry_keeps_its_words(tmp_path: Path) -> None:
    text = exported(tmp_path / "here", dedent(BLOCK), "small", "large")
    for kept in ("# mine", "# near", "# the large one", "~/large.gguf"):
        assert kept in text
    assert text.count(f"measured: {FLOW}") == 2
    again = load(tmp_path / "there", text)
    assert same(again, load(tmp_path / "here", dedent(BLOCK)))
    found = [role.model.measured for role in again.roles]
    assert [each.model_dump() if each else None for each in found] == [READ_BACK, READ_BACK]


def test_what_was_not_measured_stays_as_it_was(tmp_path: Path) -> None:
    again = load(tmp_path / "there", exported(tmp_path / "here", dedent(BLOCK), "small"))
    large = again.find("worker")
    assert large is not None
    assert large.model.measured == Measured(load_s=9)


@pytest.mark.parametrize(
    "models",
    [
        "{m: {path: m.gguf}}",
        "{m: {path: m.gguf, }}",
        "{m: {path: m.gguf, measured: {load_s: 3}}}",
        "{m: {measured: {load_s: 3}, path: m.gguf}}",
        "\n  m: {path: m.gguf}  # why",
        "\n  m:\n    path: m.gguf  # why",
        "\n  m:\n    path: m.gguf\n    acceleration:\n      speculation: true  # why\n",
        "\r\n  m:\r\n    path: m.gguf\r\n",
    ],
)
def test_every_style_of_writing_is_followed(tmp_path: Path, models: str) -> None:
    text = f"models: {models}\nroles: {{front: {{tier: A, model: m}}}}\n"
    written = exported(tmp_path / "here", text, "m")
    again = load(tmp_path / "there", written)
    assert same(again, load(tmp_path / "here", text))
    assert again.roles[0].model.measured is not None
    assert again.roles[0].model.measured.model_dump() == READ_BACK
    assert ("# why" in written) == ("# why" in text)


SIMPLE = """# Mine.
mode: simplified
roles:
  # the first
  front:
    tier: A
    timeouts: {total_s: 50}  # short
  expert:
    tier: B
  draft: {tier: D}
default_role: front
"""


def test_a_simplified_registry_becomes_a_full_one(tmp_path: Path) -> None:
    text = exported(tmp_path / "here", SIMPLE, "starter-front")
    for kept in ("# Mine.", "# the first", "# short", "mode: full", "starter:front.gguf"):
        assert kept in text
    before = load(tmp_path / "here", SIMPLE)
    again = load(tmp_path / "there", text)
    assert [role.name for role in again.roles] == [role.name for role in before.roles]
    assert [role.model.path for role in again.roles] == [role.model.path for role in before.roles]
    assert [role.model.draft for role in again.roles] == [role.model.draft for role in before.roles]
    assert again.roles[0].timeouts.total_s == 50
    assert again.roles[0].model.measured is not None


def test_a_role_without_a_model_is_left_out_whatever_the_style(tmp_path: Path) -> None:
    library = {role.name for role in load(tmp_path, SIMPLE).roles}
    flow = "# Mine.\nroles: {front: {tier: A}, expert: {tier: B, families: [code]}}\n"
    again = load(tmp_path / "there", exported(tmp_path / "here", flow))
    assert {role.name for role in again.roles} == library - {"draft"}


def test_the_shipped_registry_can_be_exported(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[3] / "model_registry.yaml"
    text = shipped.read_text("utf-8")
    again = load(tmp_path / "there", exported(tmp_path / "here", text, "starter-front"))
    assert same(again, load(tmp_path / "here", text))


@pytest.mark.parametrize(
    ("verifying", "words"),
    [
        ("{threads: 0, milliseconds: {0: {1: 2}}}", "greater than or equal to 1"),
        ("{threads: 4, milliseconds: {0: {2: 2}}}", "1 token"),
        ("{threads: 4, milliseconds: {4096: {1: 2}}}", "context 0"),
        ("{threads: 4, milliseconds: {0: {1: -2}}}", "greater than 0"),
        ("{threads: 4, milliseconds: {0: {1: .inf}}}", "finite"),
        ("{threads: 4, milliseconds: {0: {one: 2}}}", "integer"),
        ("{threads: 4, times: {}}", "there is no key `times`"),
    ],
)
def test_times_that_cannot_be_are_refused_with_their_line(
    tmp_path: Path, verifying: str, words: str
) -> None:
    text = f"models:\n  m: {{path: m, measured: {{verifying: {verifying}}}}}\n"
    with pytest.raises(RegistryInvalid, match=words) as caught:
        load(tmp_path, text + "roles: {front: {tier: A, model: m}}\n")
    assert "line 2" in str(caught.value)
