"""What the composition root makes of registry and settings."""

from app.domain.models import ModelSpec, RoleSpec, Roster, Tier
from app.domain.settings import Settings
from app.wiring import _rules


def role(name: str, tier: Tier, *, pinned: bool | None = None) -> RoleSpec:
    return RoleSpec(name=name, tier=tier, model=ModelSpec(name=name, pinned=pinned))


def test_registry_and_settings_say_who_stays_in_memory() -> None:
    roles = (
        role("front", Tier.A),
        role("loose", Tier.A, pinned=False),
        role("worker", Tier.C),
        role("kept", Tier.B, pinned=True),
        role("draft", Tier.D),
    )
    roster = Roster(roles=roles, default_role="front", source="test")
    settings = Settings.model_validate({"minimum_residency_s": 7, "load_anyway": True})
    rules = _rules(settings, roster)
    assert rules.pinned == {"front", "kept", "draft"}
    assert (rules.minimum_s, rules.anyway) == (7, True)
