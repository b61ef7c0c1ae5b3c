"""JSON to a schema, and JSON repeated with one change."""

import json
from typing import Any

from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import Check, Family, Task, user, visible
from resources.models.recipe.families.words import CITIES, COLOURS, FOODS, HOBBIES, JOBS

FILL = Wording(
    "(Write|Return|Give me|Make) JSON (for|to|after) this schema( from the text|).\n{s}\n{t}",
    "{t}\n(Write|Return|Give me|Repeat) (this|it) as JSON (for|to|after) the schema:\n{s}",
    "(Turn|Put|Bring) (the|this) text into JSON( to the schema|).\nText: {t}\nSchema: {s}",
)
REPEAT = Wording(
    "(Repeat|Return|Write|Give me|Copy) this JSON (again |)with {c}:\n{j}",
    "{j}\n(Repeat|Return|Write|Copy) (it|this JSON|this) with {c}(.|)",
    "In this JSON, (set|change) {d}(. Return the whole.|. Write all of it.|):\n{j}",
)
FIELDS = {1: 2, 2: 3, 3: 5, 4: 7}
RECORDS = {1: (1, 2), 2: (3, 4), 3: (6, 8), 4: (10, 12)}


def same_json(wanted: object) -> Check:
    """Return a checker for an answer that has to be the JSON `wanted`, with or without a fence."""

    def check(answer: str) -> bool:
        text = visible(answer)
        if text.startswith("```"):
            text = text.strip("`").removeprefix("json").strip()
        try:
            return bool(_typed(json.loads(text)) == _typed(wanted))
        except (ValueError, RecursionError):
            return False

    return check


def _typed(value: object) -> object:
    """Return `value` so that 1, 1.0 and true differ."""
    if isinstance(value, dict):
        return {key: _typed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_typed(each) for each in value]
    return (type(value).__name__, value)


def _person(draw: Draw, count: int) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return a record, its schema's properties, and a text that says the same."""
    name = draw.name()
    likes = [draw.one_of(each) for each in draw.some([[hobby] for hobby in HOBBIES], 2)]
    married, old = draw.chance(0.5), draw.number(18, 89)
    city, job, food = draw.one_of(CITIES), draw.one_of(JOBS), draw.one_of(FOODS)
    colour, cats = draw.one_of(COLOURS), draw.between(0, 9)
    every = [
        ("age", old, "integer", f"{name} is {old} years old."),
        ("city", city, "string", f"{name} lives in {city}."),
        ("job", job, "string", f"{name} works as a {job}."),
        ("married", married, "boolean", f"{name} is {'' if married else 'not '}married."),
        ("hobbies", likes, "array", f"{name} likes {likes[0]} and {likes[1]}."),
        ("cats", cats, "integer", f"{name} has {cats} cats."),
        ("food", food, "string", f"{name} eats {food}."),
        ("colour", colour, "string", f"The favourite colour of {name} is {colour}."),
    ]
    chosen = draw.some(every, count)
    told = draw.some(chosen, len(chosen))
    record = {"name": name, **{field: value for field, value, _, _ in chosen}}
    properties: dict[str, Any] = {"name": {"type": "string"}}
    for field, _, kind, _ in chosen:
        items = {"items": {"type": "string"}} if kind == "array" else {}
        properties[field] = {"type": kind, **items}
    return record, properties, " ".join(sentence for *_, sentence in told)


def make_filled(draw: Draw, grade: int) -> Task:
    """Return a text and a schema to which its facts are to be written."""
    record, properties, text = _person(draw, FIELDS[grade])
    schema = {"type": "object", "properties": properties, "required": list(record)}
    question = draw.say(FILL, s=json.dumps(schema), t=text)
    return Task((user(question),), json.dumps(record), same_json(record))


def make_repeated(draw: Draw, grade: int) -> Task:
    """Return records of which one value is to be changed."""
    count = draw.between(*RECORDS[grade])
    records = [_record(draw, name) for name in draw.things(count)]
    at = draw.between(0, count - 1)
    field = draw.pick(("price", "colour", "stock"))
    before = _written(records, grade)
    value: object = draw.pick(COLOURS) if field == "colour" else draw.number(0, 99)
    thing = records[at]["name"]
    records[at][field] = value
    change = draw.pick((f"the {field} of the {thing}", f"{field} of {thing}"))
    question = draw.say(
        REPEAT,
        c=f"{change} {draw.pick(('set to', 'changed to'))} {value}",
        d=f"{change} to {value}",
        j=before,
    )
    wanted = records[0] if count == 1 else records
    return Task((user(question),), _written(records, grade), same_json(wanted))


def _record(draw: Draw, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "price": draw.number(1, 99),
        "colour": draw.one_of(COLOURS),
        "stock": draw.number(0, 50),
    }


def _written(records: list[dict[str, Any]], grade: int) -> str:
    if len(records) == 1:
        return json.dumps(records[0], indent=2 if grade % 2 else None)
    return "[" + ",\n ".join(json.dumps(record) for record in records) + "]"


FILLING = Family("json", make_filled)
REPEATING = Family("json-repeat", make_repeated)
