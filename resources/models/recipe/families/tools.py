"""Calling functions that are listed, reading what they gave, and doing without where none helps."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from resources.models.recipe.families import facts, puzzles, talk, texts
from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import Check, Family, Message, Task, exactly, user

Schema = dict[str, Any]


def _function(name: str, description: str, /, **parameters: str) -> Schema:
    properties = {key: {"type": kind} for key, kind in parameters.items()}
    schema = {"type": "object", "properties": properties, "required": list(parameters)}
    about = {"name": name, "description": description, "parameters": schema}
    return {"type": "function", "function": about}


CALCULATOR = _function("calculator", "Calculates an expression.", expression="string")
PYTHON = _function("python", "Runs Python code.", code="string")
CLOCK = _function("clock", "Tells date and time.")
READ_FILE = _function("read_file", "Reads a file.", path="string")
WEB_FETCH = _function("web_fetch", "Fetches a page.", url="string")
BUILT_IN = (CALCULATOR, PYTHON, CLOCK, READ_FILE, WEB_FETCH)

SUM = Wording(
    "(What is|What's|How much is|Calculate|Compute) {e}(?|)",
    "(Please |)(calculate|compute) {e}(.|)",
)
RUN = Wording(
    "(Please |)run this( Python|) code(:|.)\n{c}", "(What does|What will) this code print?\n{c}"
)
TIME = Wording(
    "What time is it( now| here|)?",
    "(Tell me|What is) the time( please| now|)(?|.|)",
    "(How late is it|What does the clock say)( now|)?",
)
DATE = Wording(
    "(What|Which) (day|date) is( it|) today?", "(Tell me|What is) (today's|the) date(?|.|)"
)
READ = Wording(
    "(What does|What is written in) the file {p}( say|)?",
    "(Please |)(read|open|show me)( the file|) {p}(.|)",
    "(What is|Tell me what is) in( the file|) {p}(?|)",
)
FETCH = Wording(
    "(Please |)(fetch|open|get|read)( the page|) {u}(.|)",
    "(What does|What is on) the page {u}( say|)?",
)
MADE_UP = Wording(
    "(Please |)(use|call) {f} (for|with) {v}(.|)", "(What is|Tell me) the {w} (of|for) {v}(?|)"
)
TWO = Wording("(What is|Calculate|Compute) {a} and (also |){b}(?|)", "I need {a} and {b}.")
ENDINGS = ("txt", "md", "csv", "log")
FOLDERS = ("", "notes/", "docs/", "data/")
SIGNS = ("+", "-", "*")
ASPECTS = ("weight", "price", "height", "owner", "status", "rank")


@dataclass(frozen=True)
class Use:
    """A question, the call that serves it, what the call gives, and the answer from it."""

    question: str
    tool: Schema
    arguments: Mapping[str, Any]
    result: str
    answer: str

    @property
    def call(self) -> Message:
        """The call in the form of the OpenAI interface."""
        return _call(self.tool, self.arguments)


def _call(tool: Schema, arguments: Mapping[str, Any]) -> Message:
    return {"function": {"name": tool["function"]["name"], "arguments": dict(arguments)}}


def _calculation(draw: Draw) -> tuple[str, str]:
    """Return an expression and its value."""
    sign = draw.pick(SIGNS)
    a, b = draw.digits(draw.between(3, 5)), draw.digits(draw.between(2, 4))
    value = {"+": a + b, "-": a - b, "*": a * b}[sign]
    return f"{a} {sign} {b}", str(value)


def _calculate(draw: Draw) -> Use:
    expression, value = _calculation(draw)
    question = draw.say(SUM, e=expression)
    return Use(question, CALCULATOR, {"expression": expression}, value, f"{expression} = {value}")


def _run(draw: Draw) -> Use:
    word, times = draw.thing(), draw.between(2, 9)
    code, result = draw.pick(
        (
            (f"print('{word}' * {times})", word * times),
            (f"print(len('{word}') + {times})", str(len(word) + times)),
            (f"print('{word}'.upper())", word.upper()),
            (f"print([x * {times} for x in range(4)])", str([x * times for x in range(4)])),
        )
    )
    return Use(draw.say(RUN, c=code), PYTHON, {"code": code}, result, f"The code prints {result}.")


def _time(draw: Draw) -> Use:
    hour, minute = draw.between(0, 23), draw.between(0, 59)
    day = f"20{draw.between(25, 39)}-{draw.between(1, 12):02d}-{draw.between(1, 28):02d}"
    result = f"{day} {hour:02d}:{minute:02d}"
    if draw.chance(0.5):
        return Use(draw.say(TIME), CLOCK, {}, result, f"It is {hour:02d}:{minute:02d}.")
    return Use(draw.say(DATE), CLOCK, {}, result, f"Today is {day}.")


def _read(draw: Draw) -> Use:
    path = f"{draw.pick(FOLDERS)}{draw.thing()}.{draw.pick(ENDINGS)}"
    found = texts.sentence(draw)
    return Use(draw.say(READ, p=path), READ_FILE, {"path": path}, found, f"The file says: {found}")


def _fetch(draw: Draw) -> Use:
    url = f"https://{draw.thing()}.example/{draw.pick(('', draw.thing()))}"
    found = texts.sentence(draw)
    return Use(draw.say(FETCH, u=url), WEB_FETCH, {"url": url}, found, f"The page says: {found}")


def _made_up(draw: Draw) -> Use:
    """Return the use of a function that nobody has seen before."""
    aspect, about, value = draw.pick(ASPECTS), draw.made(), draw.thing()
    key = draw.pick(("name", "item", "thing", "key"))
    name = f"{about}_{aspect}"
    tool = _function(name, f"Gives the {aspect} of a thing.", **{key: "string"})
    question = draw.say(MADE_UP, f=name, w=f"{about} {aspect}", v=value)
    result = draw.pick((str(draw.number(21, 999)), draw.thing()))
    return Use(question, tool, {key: value}, result, f"The {aspect} of {value} is {result}.")


USES: tuple[Callable[[Draw], Use], ...] = (_calculate, _calculate, _run, _time, _read, _fetch)
PLAIN: tuple[Callable[[Draw, int], Task], ...] = (talk.make, facts.make, puzzles.make_word)


def make(draw: Draw, grade: int) -> Task:
    """Return a question with functions listed: one, several, a result to read, unseen ones."""
    if grade == 1:
        use = draw.pick(USES)(draw)
        return _calling(use, (use.tool,))
    if grade == 2:
        if draw.chance(0.3):
            plain = draw.pick(PLAIN)(draw, draw.between(1, 2))
            return Task(plain.messages, plain.answer, plain.check, _listed(draw, None))
        use = draw.pick(USES)(draw)
        return _calling(use, _listed(draw, use.tool))
    if grade == 3:
        return _reading(draw)
    if draw.chance(0.3):
        return _two_calls(draw)
    use = _made_up(draw)
    return _calling(use, _listed(draw, use.tool))


def _listed(draw: Draw, needed: Schema | None) -> tuple[Schema, ...]:
    others = [tool for tool in BUILT_IN if tool is not needed]
    chosen = draw.some(others, draw.between(1, 2 if needed else 3))
    every = [*chosen, needed] if needed else chosen
    return tuple(draw.some(every, len(every)))


def _calling(use: Use, tools: tuple[Schema, ...]) -> Task:
    return Task((user(use.question),), "", calls_are(use.call), tools, calls=(use.call,))


def _reading(draw: Draw) -> Task:
    use = draw.pick((*USES, _made_up))(draw)
    called = {"role": "assistant", "content": "", "tool_calls": [use.call]}
    given = {"role": "tool", "content": use.result}
    messages = (user(use.question), called, given)
    return Task(messages, use.answer, exactly(use.answer), _listed(draw, use.tool))


def _two_calls(draw: Draw) -> Task:
    one, other = _calculation(draw)[0], _calculation(draw)[0]
    calls = tuple(_call(CALCULATOR, {"expression": each}) for each in (one, other))
    question = draw.say(TWO, a=one, b=other)
    return Task((user(question),), "", calls_are(*calls), _listed(draw, CALCULATOR), calls=calls)


_CALL = re.compile(r"<tool_call>\s*(.*?)\s*</tool_call>", re.DOTALL)


def calls_in(answer: str) -> list[object]:
    """Return the calls in an answer, as parsed JSON; None stands for one that does not parse."""
    found: list[object] = []
    for body in _CALL.findall(answer):
        try:
            found.append(json.loads(body))
        except ValueError:
            found.append(None)
    return found


def calls_are(*wanted: Message) -> Check:
    """Return a checker for an answer that has to make exactly the calls `wanted`, in order."""
    functions = [_plain(each["function"]) for each in wanted]
    return lambda answer: [_plain(each) for each in calls_in(answer)] == functions


def _plain(call: object) -> object:
    """Return a call without the spaces of its expression, which do not matter."""
    if isinstance(call, Mapping) and isinstance(call.get("arguments"), Mapping):
        arguments = dict(call["arguments"])
        if isinstance(arguments.get("expression"), str):
            arguments["expression"] = arguments["expression"].replace(" ", "")
        return {"name": call.get("name"), "arguments": arguments}
    return call


TOOLS = Family("tools", make)
