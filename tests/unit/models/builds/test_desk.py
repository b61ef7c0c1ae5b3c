"""What the private door answers about builds, and how it looks in a terminal."""

import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.models.builds import listing
from app.models.builds.desk import BuildsDesk
from app.models.builds.words import gone_lines, lines, rolled_lines, used_lines
from tests.unit.models.builds.stage import staged

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the builds here are for Linux")


async def test_a_build_from_the_list_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        listing, "lacking", lambda backend: "No driver." if backend[0] == "r" else ""
    )
    async with staged(tmp_path) as stage:
        ask = BuildsDesk(stage.engines).queries()
        stage.publish("b9001")
        stage.releases.offer_wheel("rocm72", b"wheel")
        told = await ask["engines list"]({"op": "engines list"})
        words = list(lines(told))
        assert "  what came with Echelon, or what you installed yourself" in words
        assert any(line.startswith("  server-b9001-cpu  ") for line in words)
        assert "  library-0.3.36-rocm72  No driver." in words

        ordered = await ask["engines order"]({"op": "engines order", "name": "server"})
        assert ordered["id"] == "server-b9001-cpu"
        await stage.queue.ended()
        build = await ask["engines install"]({"op": "engines install", "name": ordered["id"]})
        assert build["in_use"]
        assert next(used_lines(build)).startswith("server-b9001-cpu works here and is used.")
        again = await ask["engines order"]({"op": "engines order", "name": ordered["id"]})
        assert again["download"] is None

        asked = len(stage.releases.files.asked)
        here = await ask["engines list"]({"op": "engines list", "here": True})
        assert len(stage.releases.files.asked) == asked
        assert "in use" in list(lines(here))[1]

        back = await ask["engines rollback"]({"op": "engines rollback", "kind": "server"})
        assert "what was there before any build came from elsewhere" in next(rolled_lines(back))
        await ask["engines use"]({"op": "engines use", "name": "server"})
        await ask["engines rollback"]({"op": "engines rollback", "kind": "server"})
        gone = await ask["engines remove"]({"op": "engines remove", "name": "server"})
        assert next(gone_lines(gone)).startswith("server-b9001-cpu is gone;")


async def test_what_is_not_understood_is_refused(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        ask = BuildsDesk(stage.engines).queries()
        for odd in ({"kind": "engine"}, {"name": 3}, {"more": 1}):
            with pytest.raises(ValidationError):
                await ask["engines rollback"]({"op": "engines rollback", **odd})
