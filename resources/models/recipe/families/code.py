"""Functions to a signature with doctests, put together from parts; and renaming in code."""

from resources.models.recipe.families.code_parts import FIELDS, Field, Part, value
from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.running import passes
from resources.models.recipe.families.sides import is_held_choice
from resources.models.recipe.families.task import Family, Task, asked, user

COMPLETE = Wording(
    "(Please |)(write|complete|implement) this( Python|) function(:|.)\n{c}",
    "{c}\n(Write|Complete|Implement) (it|the function|this function)(.|)",
    "(I need|Write) the body of this( Python|) function(:|.)\n{c}",
)
DESCRIBE = Wording(
    "(Please |)write a Python function {f} that (takes|gets) {p} and returns {d}.",
    "(I need|Give me|Write) a Python function {f}({p}) that returns {d}(.|)",
)
RENAME = Wording(
    "(Rename|Change the name) {a} to {b} in( this code|):\n{c}",
    "(In this code|Here), rename {a} to {b}:\n{c}",
)
LIST = "[{s}]"
EXAMPLES = 2
HIDDEN = 6
GUARD = "    if not {p}:\n        return {v!r}\n"


def make(draw: Draw, grade: int) -> Task:
    """Return a function to be written; with the grade the number of its parts grows."""
    if grade > 1 and draw.chance(0.15):
        return _rename(draw, grade)
    while True:
        field = draw.pick(FIELDS)
        kept, done, returned = _parts(draw, field, grade)
        if grade == 1 or _is_held(field, kept, done, returned) == draw.held:
            break
    filled = {"n": draw.number(2, 30), "l": draw.pick("abdegklmnoprst")}
    source = _source(field, kept, done)
    expression = _filled(returned.code.replace("{s}", source), field, filled)
    if source == field.parameter:
        expression = expression.replace(f"[{source}]", f"list({source})").replace(
            f"len(list({source}))", f"len({source})"
        )
    words = _filled(returned.words.replace("{what}", _what(kept, done)), field, filled)
    default = _default(draw, expression) if grade == 4 else None
    return _task(draw, field, (expression, words), default)


def _is_held(field: Field, kept: tuple[Part, ...], done: Part | None, returned: Part) -> bool:
    """Return whether a function is kept for the evaluation.

    Two lines were drawn, one before there were functions with two conditions: what weights in use
    may have learned by either is not held out, nor is what the first grade trains.
    """
    if returned.code == LIST and not (kept and done):
        return False
    before = kept[0] if kept else None
    held_before = len(kept) > 1 or is_held_choice(field.parameter, before, done, returned)
    return held_before and is_held_choice(field.parameter, kept, done, returned)


def _parts(draw: Draw, field: Field, grade: int) -> tuple[tuple[Part, ...], Part | None, Part]:
    """Return conditions (two from grade 3 on, as a rule), what is done to each, what comes out."""
    both = grade >= 3
    filters = both or (grade == 2 and draw.chance(0.5))
    kept = (draw.pick(field.kept),) if filters else ()
    done = draw.pick(field.done) if both or (grade == 2 and not filters) else None
    if grade == 1 and draw.chance(0.6):
        single = Part("the list of {what}", LIST)
        if draw.chance(0.5):
            return (draw.pick(field.kept),), None, single
        return (), draw.pick(field.done), single
    if grade == 4 or (grade == 3 and draw.chance(0.5)):
        outer = draw.pick([part for part in field.kept if "{i}" in part.words])
        kept = (*kept, outer) if outer not in kept else kept
    return kept, done, draw.pick(field.returned)


def _source(field: Field, kept: tuple[Part, ...], done: Part | None) -> str:
    if not kept and done is None:
        return field.parameter
    item = done.code if done else "{x}"
    condition = " and ".join(part.code for part in kept)
    return f"{item} for {{x}} in {field.parameter}" + (f" if {condition}" if condition else "")


def _what(kept: tuple[Part, ...], done: Part | None) -> str:
    things = "{i}"
    for part in kept:
        things = part.words.replace("{i}", things)
    return f"the {done.words} of the {things}" if done else f"the {things}"


def _filled(text: str, field: Field, filled: dict[str, object]) -> str:
    return text.format(x=field.item, i=field.items, **filled)


def _default(draw: Draw, expression: str) -> object:
    """Return what an empty input gives: a value of another kind than the rule would give."""
    if expression.startswith(("sum", "len", "max", "min")):
        return draw.pick((-1, draw.number(21, 99)))
    return None


def _task(draw: Draw, field: Field, rule: tuple[str, str], default: object) -> Task:
    expression, words = rule
    name = draw.pick((draw.thing(), "f", "solve", "result")) if not draw.held else draw.thing()
    p = field.parameter
    guarded = default is not None
    empty = f" For an empty input return {default!r}." if guarded else ""
    body = f"{GUARD.format(p=p, v=default) if guarded else ''}    return {expression}"
    inputs = [field.sample(draw) for _ in range(EXAMPLES + HIDDEN)]
    if guarded:
        inputs.append([] if field.hint != "str" else "")
    results = [default if guarded and not each else value(expression, p, each) for each in inputs]
    cases = tuple(zip(inputs, results, strict=True))
    head = f"def {name}({p}: {field.hint}):"
    if draw.chance(0.2):
        question = draw.say(DESCRIBE, f=name, p=p, d=f"{words}.{empty}".rstrip("."))
        head = f"def {name}({p}):"
    else:
        tests = "".join(f"    >>> {name}({one!r})\n    {out!r}\n" for one, out in cases[:EXAMPLES])
        code = f'{head}\n    """Return {words}.{empty}\n\n{tests}    """'
        question = draw.say(COMPLETE, c=f"```python\n{code}\n```")
    answer = f"```python\n{head}\n{body}\n```"
    return Task((user(question),), answer, passes(name, cases))


def _rename(draw: Draw, grade: int) -> Task:
    """Return code in which a name is to be changed."""
    old, new = "items", draw.thing()
    name = draw.thing()
    lines = [f"def {name}({old}):", f"    found = {old}[{draw.between(0, 5)}:]"]
    lines += [
        draw.pick(
            (
                f"    found += [x * {draw.between(2, 9)} for x in {old}]",
                f"    print(len({old}), found)",
                f"    if {old} == {old}[::-1]:\n        return {old}",
                f"    for x in {old}:\n        found.append(x + {draw.between(1, 9)})",
            )
        )
        for _ in range(grade - 1)
    ]
    code = "\n".join([*lines, "    return found"])
    if new == name:
        return _rename(draw, grade)
    question = draw.say(RENAME, a=f"`{old}`", b=f"`{new}`", c=f"```python\n{code}\n```")
    return asked(question, f"```python\n{code.replace(old, new)}\n```")


CODE = Family("code", make)
