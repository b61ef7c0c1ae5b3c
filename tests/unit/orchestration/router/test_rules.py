"""Hard rules: who cannot answer at all, and who should not be the first to try."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat import ChatMessage
from app.domain.models import LlamaServerOptions, ModelSpec, RoleSpec, Sampling, Tier
from app.engines.base import Capabilities
from app.engines.residency.outlook import Outlook
from app.orchestration.breaker import FAULTS, Breaker
from app.orchestration.question import Question
from app.orchestration.router.rules import (
    Able,
    Standing,
    is_midway,
    tokens_of,
    too_low,
)


def role(name: str, *, context: int = 1000, **model: object) -> RoleSpec:
    spec = ModelSpec.model_validate({"name": name, "context": context, **model})
    return RoleSpec(name=name, tier=Tier.C, model=spec, sampling=Sampling(max_tokens=100))


def question(text: str = "hello", **more: object) -> Question:
    thread = (ChatMessage(role="user", content=text),)
    return Question(text, thread, **more)  # type: ignore[arg-type]


def able(
    *,
    breaker: Breaker | None = None,
    outlook: Outlook | None = None,
    absent: str = "",
    caps: dict[str, Capabilities] | None = None,
) -> Able:
    return Able(
        breaker,
        lambda _: outlook or Outlook(),
        lambda _: absent,
        (caps or {}).get,
    )


def why(rules: Able, asked: Question, of: RoleSpec | None = None) -> str:
    return rules.why_not(of or role("a"), asked, tokens_of(asked))


def test_who_can_do_everything_is_refused_nothing() -> None:
    assert why(able(), question()) == ""


def test_pictures_go_to_who_sees() -> None:
    seeing = role(
        "a", engine="llama-server", llama_server=LlamaServerOptions(mmproj=Path("eyes.gguf"))
    )
    assert "image" in why(able(), question(images=True))
    assert why(able(), question(images=True), seeing) == ""


def test_what_does_not_fit_into_the_window_is_refused() -> None:
    long = question("x" * 3200)
    assert "it reads 900" in why(able(), long)
    assert why(able(), long, role("a", context=4000)) == ""


def test_what_does_not_fit_into_memory_is_refused() -> None:
    short = Outlook(resident=False, why_not="it needs 9 GB of memory")
    assert why(able(outlook=short), question()) == "it needs 9 GB of memory"


def test_tools_go_to_who_is_not_known_to_have_no_use_for_them() -> None:
    without = {"a": Capabilities(tools=False)}
    assert "tools" in why(able(caps=without), question(tools=True))
    assert why(able(caps=without), question()) == ""
    assert why(able(), question(tools=True)) == ""


def test_who_broke_or_is_set_aside_is_refused() -> None:
    breaker = Breaker(lambda: 0.0)
    for _ in range(FAULTS):
        breaker.failed("a")
    assert "broke" in why(able(breaker=breaker), question())
    assert why(able(absent="it is set aside"), question()) == "it is set aside"


def test_forms_go_to_who_can_keep_them_if_anybody_can() -> None:
    roles = [role("a"), role("b"), role("c")]
    strict = {"a": Capabilities(grammar=True), "b": Capabilities(grammar=False)}
    assert set(able(caps=strict).forms(roles, question(schema={}))) == {"b"}
    assert able(caps=strict).forms(roles, question()) == {}
    assert able(caps={"b": Capabilities()}).forms(roles, question(schema={})) == {}


def test_what_a_tool_said_is_gone_on_with() -> None:
    said = (ChatMessage(role="user", content="x"), ChatMessage(role="assistant", content="y"))
    assert is_midway(Question("x", said))
    assert not is_midway(question())


def standing(name: str, chance: float) -> Standing:
    return Standing(role(name), chance)


LOW, HIGH = standing("low", 0.4), standing("high", 0.9)


def held(*standings: Standing, asked: Question | None = None, before: str = "") -> dict[str, str]:
    asked = asked or question()
    found = too_low(standings or (LOW, HIGH), asked, "facts", tokens_of(asked), before)
    return dict(found)


def test_usually_everybody_may_start() -> None:
    assert held() == {}


def test_a_question_that_is_asked_again_goes_higher() -> None:
    assert set(held(before="low")) == {"low"}
    assert held(before="high") == {}


def test_a_long_conversation_starts_where_there_is_room() -> None:
    wide = Standing(role("wide", context=9000), 0.5)
    assert set(held(LOW, wide, asked=question("x" * 2000))) == {"low"}


def test_where_something_happens_only_the_likeliest_starts() -> None:
    assert set(held(asked=question(tools=True))) == {"low"}


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=5),
    st.booleans(),
    st.integers(0, 4000),
)
def test_somebody_may_always_start(chances: list[float], tools: bool, length: int) -> None:
    standings = [standing(str(at), chance) for at, chance in enumerate(chances)]
    assert len(held(*standings, asked=question("x" * length, tools=tools), before="0")) < len(
        standings
    )
