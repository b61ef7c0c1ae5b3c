"""Checkpoints: whole or not at all, and enough to go on exactly where a run stopped."""

import os
import shutil
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch

from resources.models.recipe.model import Llama
from resources.models.recipe.optimise import Optimiser
from resources.models.recipe.stops import Stop, check_room

FORM = 1


@dataclass(frozen=True)
class Place:
    """Where the checkpoints of one training lie, and which training that is.

    `mark` names everything a checkpoint depends on: shape, seed, vocabulary.
    """

    path: Path
    mark: str

    @property
    def before_fall(self) -> Path:
        """The checkpoint before the rate began to fall: the one to add steps to."""
        return self.path.with_suffix(".steady.pt")


@dataclass(frozen=True)
class Progress:
    """How far a training is: steps done, steps in all, where the rate falls, time taken."""

    step: int
    total: int
    falls_at: int
    seconds: float


def save(place: Place, model: Llama, optimiser: Optimiser, progress: Progress) -> None:
    """Write a checkpoint; the one before stays until the new one is whole.

    Raises:
        Stop: there is no room.
    """
    state = {
        "form": FORM,
        "mark": place.mark,
        "model": model.state_dict(),
        "optimiser": optimiser.state(),
        **asdict(progress),
    }
    check_room(place.path.parent, 16 * model.shape.parameters)
    fresh = place.path.with_suffix(".new")
    try:
        with fresh.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place.path)
    except (OSError, RuntimeError) as error:  # PyTorch turns a full disk into a RuntimeError
        fresh.unlink(missing_ok=True)
        raise Stop(
            f"The checkpoint could not be written to {place.path.parent}: {error}. "
            "The one before is whole: make room and start again."
        ) from error


def keep_before_fall(place: Place) -> None:
    """Keep the checkpoint that has just been written as the one to add steps to."""
    fresh = place.before_fall.with_suffix(".new")
    try:
        shutil.copyfile(place.path, fresh)
        fresh.replace(place.before_fall)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Stop(f"{place.before_fall} could not be written: {error}. Make room.") from error


def load(place: Place, total: int, falls_at: int) -> dict[str, Any] | None:
    """Return the checkpoint to go on from, or nothing when there is none.

    If the training has become longer since its rate began to fall, it is the one before the fall.

    Raises:
        Stop: the file is damaged, or belongs to another training.
    """
    state = _read(place.path, place.mark)
    if state is None or state["total"] == total or state["step"] <= state["falls_at"]:
        return state
    steady = _read(place.before_fall, place.mark)
    if steady is None or steady["step"] > falls_at:
        raise Stop(
            f"{place.path} was trained for {state['total']} steps; its rate has already fallen. "
            f"A run of {total} steps cannot go on from it: delete it and start again."
        )
    return steady


def last(path: Path) -> tuple[dict[str, torch.Tensor], Progress]:
    """Return the weights in a checkpoint, and how far it is.

    Raises:
        Stop: there is no such file, or it is damaged.
    """
    state = _read(path, None)
    if state is None:
        raise Stop(f"There is no checkpoint {path}. Train first.")
    return state["model"], progress_of(state)


def progress_of(state: dict[str, Any]) -> Progress:
    """Return how far a checkpoint is."""
    return Progress(**{field.name: state[field.name] for field in fields(Progress)})


def _read(path: Path, mark: str | None) -> dict[str, Any] | None:
    if not path.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(path, weights_only=True)
        form, found = state["form"], state["mark"]
    except (OSError, RuntimeError, KeyError, EOFError, ValueError, TypeError) as error:
        raise Stop(f"{path} is damaged ({error}). Delete it and start again.") from error
    if form != FORM or mark not in (None, found):
        raise Stop(
            f"{path} belongs to another training (other shape, seed or vocabulary). "
            "Choose another folder with --work, or delete the file."
        )
    return state
