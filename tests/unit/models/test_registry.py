"""The registry: every key takes effect, every mistake is named with its line."""

from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import RegistryInvalid, SettingsInvalid
from app.domain.models import Roster, Tier
from app.domain.settings import Settings
from app.models import library
from app.models.registry import load_registry
from app.models.yaml_lines import YamlMistakes, parse
from app.platform.paths import Paths

FULL = """
models:
  small:
    path: models/small.gguf
    context: 2048
    sequences: 3
    threads: 5
    gpu_layers: 7
    load_anyway: true
  vectors:
    path: starter:embed.gguf
    embeddings: true
roles:
  front:
    tier: A
    model: small
    system_prompt: Be brief.
    sampling: {temperature: 0.1, top_p: 0.2, top_k: 3, min_p: 0.04, repeat_penalty: 1.1,
               seed: 6, max_tokens: 70, stop: [END]}
    timeouts: {load_s: 1, first_token_s: 2, stall_s: 3, total_s: 4}
    thinking: true
  worker:
    tier: C
    model: small
  embed:
    tier: D
    model: vectors
default_role: worker
"""


def _load(tmp_path: Path, text: str, **settings: object) -> Roster:
    file = tmp_path / "model_registry.yaml"
    file.write_text(dedent(text), encoding="utf-8")
    paths = Paths.discover(tmp_path / "data")
    return load_registry(file, settings=Settings.model_validate(settings), paths=paths)


def _mistakes(tmp_path: Path, text: str) -> str:
    with pytest.raises(RegistryInvalid) as caught:
        _load(tmp_path, text)
    assert "model_registry.yaml" in caught.value.message
    assert caught.value.remedy
    return caught.value.message


def test_every_key_of_a_model_takes_effect(tmp_path: Path) -> None:
    roster = _load(tmp_path, FULL)
    front = roster.find("front")
    assert front is not None
    assert front.model.path == tmp_path / "models/small.gguf"
    assert (front.model.context, front.model.sequences, front.model.threads) == (2048, 3, 5)
    assert front.model.gpu_layers == 7
    assert front.model.load_anyway
    embed = roster.find("embed")
    assert embed is not None
    assert embed.model.embeddings
    assert embed.model.path.parent.name == "models"


DRAFTED = """
models:
  large: {path: large.gguf, acceleration: {speculation: %s, draft: %s}}
  tiny: {path: tiny.gguf}
  other: {path: other.gguf}
roles:
  front: {tier: A, model: large}
  draft: {tier: D, model: tiny}
"""


@pytest.mark.parametrize(
    ("wish", "file"), [("auto", "tiny.gguf"), ("other", "other.gguf"), ("none", "")]
)
def test_acceleration_names_who_drafts(tmp_path: Path, wish: str, file: str) -> None:
    front = _load(tmp_path, DRAFTED % ("true", wish)).find("front")
    assert front is not None
    assert front.model.draft == (tmp_path / file if file else None)
    assert front.model.speculation


def test_acceleration_can_be_switched_off(tmp_path: Path) -> None:
    roster = _load(tmp_path, DRAFTED % ("false", "auto"))
    assert [role.model.speculation for role in roster.roles] == [False, True]
    assert roster.roles[1].model.draft is None


def test_a_drafter_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "did you mean `tiny`?" in _mistakes(tmp_path, DRAFTED % ("true", "tinny"))
    assert "cannot draft for itself" in _mistakes(tmp_path, DRAFTED % ("true", "large"))
    assert "did you mean `draft`?" in _mistakes(
        tmp_path, (DRAFTED % ("true", "x")).replace("draft: x", "drat: x")
    )


def test_every_key_of_a_role_takes_effect(tmp_path: Path) -> None:
    front = _load(tmp_path, FULL).find("front")
    assert front is not None
    assert (front.tier, front.system_prompt) == (Tier.A, "Be brief.")
    assert front.sampling.model_dump() == {
        "temperature": 0.1,
        "top_p": 0.2,
        "top_k": 3,
        "min_p": 0.04,
        "repeat_penalty": 1.1,
        "seed": 6,
        "max_tokens": 70,
        "stop": ("END",),
    }
    limits = {"load_s": 1, "first_token_s": 2, "stall_s": 3, "total_s": 4}
    assert front.timeouts.model_dump() == limits
    assert front.thinking


def test_the_default_role_takes_effect(tmp_path: Path) -> None:
    assert _load(tmp_path, FULL).default_role == "worker"


def test_mode_decides_where_models_come_from(tmp_path: Path) -> None:
    text = "mode: simplified\nroles: {front: {tier: A}, draft: {tier: D}, embed: {tier: D}}"
    roster = _load(tmp_path, text)
    assert [role.model.path.name for role in roster.roles] == [
        "front.gguf",
        "draft.gguf",
        "all-MiniLM-L6-v2-q8_0.gguf",
    ]
    message = _mistakes(tmp_path, "mode: full\nroles: {front: {tier: A}}")
    assert "the role `front` has no `model`" in message


def test_a_role_the_library_has_nothing_for_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "starter_path", lambda name, _: tmp_path / name)
    (tmp_path / "front.gguf").touch()
    roster = _load(tmp_path, "roles: {front: {tier: A}, architect: {tier: B}}")
    assert [role.name for role in roster.roles] == ["front"]


def test_settings_have_the_last_word(tmp_path: Path) -> None:
    roster = _load(tmp_path, FULL, threads=2, role="front")
    assert roster.default_role == "front"
    assert {role.model.threads for role in roster.roles} == {2}
    with pytest.raises(SettingsInvalid, match="did you mean `front`"):
        _load(tmp_path, FULL, role="frnt")
    with pytest.raises(SettingsInvalid):
        _load(tmp_path, FULL, role="embed")


def test_mock_mode_needs_no_file(tmp_path: Path) -> None:
    paths = Paths.discover(tmp_path)
    missing = tmp_path / "none.yaml"
    roster = load_registry(
        missing, settings=Settings.model_validate({"mock_mode": True}), paths=paths
    )
    assert [role.tier for role in roster.roles] == [Tier.A, Tier.C, Tier.B, Tier.B]


def test_the_users_file_comes_before_the_shipped_one(tmp_path: Path) -> None:
    paths = Paths.discover(tmp_path)
    paths.ensure()
    settings = Settings.model_validate({})
    shipped = load_registry(None, settings=settings, paths=paths)
    assert shipped.source.endswith("model_registry.yaml")
    paths.registry.write_text("roles: {mine: {tier: A}}")
    assert load_registry(None, settings=settings, paths=paths).source == str(paths.registry)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("roles:\n  front:\n    tire: A\n    tier: A", "line 3: there is no key `tire` in"),
        ("roles:\n  front:\n    tire: A\n    tier: A", "did you mean `tier`?"),
        ("rolls: {}", "did you mean `roles`?"),
        ("roles:\n  front: {tier: Z}", "line 2: `roles.front.tier`"),
        ("roles:\n  front:\n    tier: A\n    sampling:\n      temperature: hot", "line 5:"),
        ("roles:\n  front:\n    tier: A\n    timeouts: {stal_s: 1}", "did you mean `stall_s`?"),
        ("roles: {front: {}}", "the key `tier` is missing in `roles.front`"),
        ("roles: {}", "`roles`"),
        ("roles: 7", "`roles`"),
        ("- a\n- b", "it needs `roles`"),
        ("", "it needs `roles`"),
        ("roles: {draft: {tier: D}}", "nobody answers"),
        ("roles: {front: {tier: A}}\ndefault_role: fornt", "line 2: the role `fornt`"),
        ("roles:\n  a: {tier: A}\n  a: {tier: B}", "line 3: the key `a` stands here twice"),
        ("roles: {front: [", "this is no YAML"),
        ("roles: &x {front: {tier: A}}\nmore: *x", "anchors and aliases"),
        ("a: " + "[" * 40 + "]" * 40, "nested too deeply"),
        (
            "models: {m: {path: m.gguf}}\nroles:\n  a:\n    tier: A\n    model: n",
            "line 5: there is no model `n`",
        ),
        ("models: {m: {path: m.gguf, contxt: 1}}\nroles: {a: {tier: A, model: m}}", "`context`"),
        ("roles: {front: {tier: A, model: x}}", "takes its models from the library"),
        ("mode: simplified\nmodels: {m: {path: x}}\nroles: {front: {tier: A}}", "has no `models`"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in _mistakes(tmp_path, text)


def test_all_mistakes_are_named_in_the_order_of_their_lines(tmp_path: Path) -> None:
    message = _mistakes(tmp_path, "roles:\n  b: {tier: Z}\n  a: {tier: A, oops: 1}\nlast: 1")
    assert [line.split(":")[0] for line in message.splitlines()[1:]] == [
        "line 2",
        "line 3",
        "line 4",
    ]


@pytest.mark.parametrize("data", [b"\xff\xfe\x00x", b"\x00\x01\x02", b"roles: \x80"])
def test_a_binary_file_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "model_registry.yaml"
    file.write_bytes(data)
    paths = Paths.discover(tmp_path / "data")
    with pytest.raises(RegistryInvalid, match="line 1"):
        load_registry(file, settings=Settings.model_validate({}), paths=paths)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    paths = Paths.discover(tmp_path / "data")
    with pytest.raises(RegistryInvalid) as caught:
        load_registry(tmp_path / "no.yaml", settings=Settings.model_validate({}), paths=paths)
    assert "ORCHESTRATOR_REGISTRY" in caught.value.remedy


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with suppress(YamlMistakes):
        parse(data)


KEPT = """
models:
  small: {path: small.gguf}
  large:
    path: large.gguf
    residency: {pinned: %s, minimum_s: 60}
    measured: {prefill_tokens_s: 500, decode_tokens_s: 40, load_s: 2, bytes: 1000}
roles:
  front: {tier: A, model: small}
  worker: {tier: C, model: large, escalation: [expert, front]}
  expert: {tier: B, model: large, escalation: []}
"""


def test_residency_says_who_never_leaves(tmp_path: Path) -> None:
    assert _load(tmp_path, KEPT % "true").pinned == {"small", "large"}
    assert _load(tmp_path, KEPT % "false").pinned == {"small"}
    plain = KEPT.replace("residency: {pinned: %s, minimum_s: 60}", "context: 64")
    assert _load(tmp_path, plain).pinned == {"small"}
    loose = plain.replace("small.gguf", "small.gguf, residency: {pinned: false}")
    assert _load(tmp_path, loose).pinned == set()


def test_a_model_keeps_what_it_says_of_itself(tmp_path: Path) -> None:
    worker = _load(tmp_path, KEPT % "true").find("worker")
    assert worker is not None
    assert worker.model.minimum_s == 60
    assert worker.model.measured is not None
    assert worker.model.measured.model_dump() == {
        "prefill_tokens_s": 500,
        "decode_tokens_s": 40,
        "load_s": 2,
        "bytes": 1000,
        "verifying": None,
    }


def test_escalation_says_who_goes_on(tmp_path: Path) -> None:
    roster = _load(tmp_path, KEPT % "true")
    orders = {role.name: role.escalation for role in roster.roles}
    assert orders == {"front": None, "worker": ("expert", "front"), "expert": ()}


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("[expret]", "no answering role `expret`; did you mean `expert`"),
        ("[worker]", "cannot go on after itself"),
    ],
)
def test_escalation_names_roles_that_answer(tmp_path: Path, order: str, said: str) -> None:
    message = _mistakes(tmp_path, (KEPT % "true").replace("[expert, front]", order))
    assert "line 10: " in message
    assert said in message


def test_mistakes_in_the_new_sections_are_named(tmp_path: Path) -> None:
    assert "did you mean `pinned`?" in _mistakes(
        tmp_path, (KEPT % "true").replace("pinned:", "pined:")
    )
    assert "did you mean `load_s`?" in _mistakes(
        tmp_path, (KEPT % "true").replace("load_s:", "loads:")
    )
