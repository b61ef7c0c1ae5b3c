"""The speed limit: one for window and terminal, in force at once and after the next start."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotWritable
from app.domain.events import DownloadLimitChanged
from app.models.downloads.allowance import Allowance
from app.platform.bus import Bus


class Limited:
    """Downloads that remember their limit."""

    def __init__(self) -> None:
        self.limits: list[float | None] = []

    def limit(self, bytes_per_s: float | None) -> None:
        self.limits.append(bytes_per_s)


def allowance(file: Path, usual_mb: float = 0.0, bus: Bus | None = None) -> tuple[Any, Limited]:
    downloads = Limited()
    return Allowance(downloads, file, usual_mb, bus or Bus()), downloads  # type: ignore[arg-type]


async def test_a_limit_counts_at_once_and_is_kept(tmp_path: Path) -> None:
    bus, told = Bus(), list[float]()
    bus.on(DownloadLimitChanged, lambda event: told.append(event.mb))
    first, downloads = allowance(tmp_path / "limit.json", 3.0, bus)
    assert (first.mb, downloads.limits) == (3.0, [3e6])
    await first.set(1.5)
    await first.set(1.5)
    assert (downloads.limits, told) == ([3e6, 1.5e6], [1.5])
    later, downloads = allowance(tmp_path / "limit.json", 3.0)
    assert (later.mb, downloads.limits) == (1.5, [1.5e6])
    assert await later.answer({"op": "download limit", "mb": 0}) == {"mb": 0}
    assert downloads.limits[-1] is None
    assert allowance(tmp_path / "limit.json", 3.0)[0].mb == 0
    assert await later.answer({"op": "download limit"}) == {"mb": 0}


@pytest.mark.parametrize("mb", [-1, "nan", "inf", 1e9, "fast", [], {}])
async def test_what_is_no_limit_is_refused(tmp_path: Path, mb: object) -> None:
    with pytest.raises(ValidationError):
        await allowance(tmp_path / "limit.json")[0].answer({"op": "download limit", "mb": mb})
    assert not (tmp_path / "limit.json").exists()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"limit_mb": -1}', '{"limit_mb": NaN}', '{"limit_mb": "x"}', "\0"],
)
def test_a_spoiled_file_leaves_what_the_settings_say(tmp_path: Path, text: str) -> None:
    (tmp_path / "limit.json").write_text(text)
    assert allowance(tmp_path / "limit.json", 2.0)[0].mb == 2.0


async def test_a_limit_that_cannot_be_kept_counts_and_says_so(tmp_path: Path) -> None:
    found, downloads = allowance(tmp_path / "nowhere" / "limit.json")
    with pytest.raises(NotWritable, match="until Echelon ends"):
        await found.set(2.0)
    assert downloads.limits[-1] == 2e6
