"""Whether this computer runs on mains power; work that can wait is not done on a battery."""

import logging
from pathlib import Path
from typing import Final

import psutil

log = logging.getLogger(__name__)

SUPPLIES: Final = Path("/sys/class/power_supply")


def on_mains(supplies: Path = SUPPLIES) -> bool:
    """Return whether power comes from the mains; a computer without a battery has nothing else.

    Args:
        supplies: where Linux says what powers it.
    """
    if supplies.is_dir():
        return _told(supplies)
    battery = psutil.sensors_battery()
    return battery is None or battery.power_plugged is not False


def _told(supplies: Path) -> bool:
    """Return what Linux says: a mains supply that is on, or no battery of the computer's own."""
    kinds = [(_read(each / "type"), each) for each in sorted(supplies.iterdir())]
    mains = [each for kind, each in kinds if kind in {"Mains", "USB"}]
    if any(_read(each / "online") == "1" for each in mains):
        return True
    # A mouse or a headset has a battery too; its scope says that it is theirs.
    own = [each for kind, each in kinds if kind == "Battery" and _read(each / "scope") != "Device"]
    return not any(_read(each / "status") == "Discharging" for each in own)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError as error:
        log.debug("%s cannot be read: %s", file, error)
        return ""
