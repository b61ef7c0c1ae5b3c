"""A replay can be read by people, and says when there is too little."""

import json

from app.domain.routing import Witness
from app.orchestration.replay.policies import usual
from app.orchestration.replay.report import replay, table
from tests.unit.orchestration.replay.logs import Log, World, outcome, turn


def _told(log: Log) -> list[str]:
    turns, outcomes = log
    return table(replay(turns, outcomes, usual(turns)))


def test_every_policy_has_its_line_with_interval_and_size() -> None:
    lines = _told(World(4).log(600))
    assert lines[0] == "600 turns, 600 of them judged (600 by validator)"
    head = next(line for line in lines if line.startswith("policy"))
    assert [word in head for word in ("90 % interval", "seconds", "worth turns")] == [True] * 3
    logged = next(line for line in lines if line.startswith("as-logged"))
    assert " to " in logged
    assert " 600 " in logged
    large = next(line for line in lines if line.startswith("always=large"))
    assert "it is not worse" in large
    assert " 4.0 " in large
    assert lines[-1].startswith("Right: of answers that were judged.")


def test_too_little_is_said_and_not_counted_out() -> None:
    lines = _told(World(4).log(20))
    (logged,) = (line for line in lines if line.startswith("as-logged"))
    assert "too little to tell (20 of 30 turns)" in logged
    assert "%" not in "".join(line for line in lines if line.startswith("always="))
    assert any("too little to decide" in line for line in lines)


def test_without_a_judged_answer_there_are_no_figures() -> None:
    turns, _ = World(4).log(20)
    lines = _told((turns, []))
    assert "No answer has been judged yet" in lines[-1]
    assert "0 turns, 0 of them judged" in _told(([], []))[0]


def test_a_log_without_chance_is_said_to_tell_little() -> None:
    turns, outcomes = World(4).log(600)
    certain = [each.model_copy(update={"propensities": {each.start: 1.0}}) for each in turns]
    lines = _told((certain, outcomes))
    assert any(line.startswith("Covered:") for line in lines)
    assert any("never had a chance to happen" in line for line in lines)


def test_witnesses_are_counted() -> None:
    said = [outcome(1, 1.0), outcome(2, 1.0, witness=Witness.BEHAVIOUR, source="copy")]
    lines = _told(([turn(1, "easy", "small"), turn(2, "easy", "small")], said))
    assert lines[0].endswith("(1 by validator, 1 by behaviour)")


def test_the_report_is_plain_data() -> None:
    turns, outcomes = World(4).log(50)
    report = replay(turns, outcomes, usual(turns))
    again = replay(turns, outcomes, usual(turns))
    text = json.dumps(report.plain(), allow_nan=False)
    assert text == json.dumps(again.plain())
    assert json.loads(text)["lines"][0]["right"]["size"] > 0
