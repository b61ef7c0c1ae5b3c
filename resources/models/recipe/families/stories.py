"""Answers of sixty tokens and more: stories, explanations, guides and poems."""

from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import Task, asked
from resources.models.recipe.families.texts import article

PLACES = ("forest", "village", "castle", "city", "valley", "harbour")
SUBJECTS = tuple(
    """fox bear tiger mouse rabbit horse bird fish cat dog frog wolf king queen prince robot dragon
    wizard pirate sailor farmer baker teacher ship boat train tree star cloud river lamp clock bell
    book key castle lighthouse snowman giant ghost owl eagle elephant ant apple island""".split()
)
MEETINGS = (
    "One day {s} met an old sailor who had lost a map.",
    "One day {s} found a small key beside the road.",
    "One morning {s} heard a strange song behind the hill.",
    "One night {s} saw a light on the far shore.",
)
DEEDS = (
    '"I will help," said {s}, and they searched the whole day. ',
    '"Whose is it?" asked {s}, and knocked at every door of the {p}. ',
    '"Follow me," said the wind, and {s} walked for three days and three nights. ',
)
TURNS = (
    "It was cold, and the way was long, but {s} did not turn back.",
    "Nobody in the {p} knew the answer, so {s} had to find it alone.",
    "On the way they shared the last bread and told each other about their dreams.",
)
ENDS = (
    "In the end they were home before the rain, and everybody in the {p} was glad.",
    "At last {s} found the way home, and from that day on nobody in the {p} was alone.",
    "When the sun came up, {s} understood: the best road is the one you walk together.",
)
TEXTS: dict[str, str] = {
    "a river": "A river is water on its way to the sea. It begins as a small spring in the hills, "
    "grows with every stream that joins it, and carries sand and stones along. People build "
    "towns and bridges beside it, because it gives water, food and a road for ships.",
    "the sun": "The sun is a star, a great ball of hot gas. It gives light and warmth to all its "
    "planets. The earth needs one year for the way around it. Without the sun there would be no "
    "plants, no rain and no wind.",
    "the moon": "The moon goes around the earth in about four weeks. It has no light of its own: "
    "we see the light of the sun on it. That is why it looks full at one time and thin at "
    "another. The moon also moves the sea, so the water rises and falls twice a day.",
    "rain": "The sun warms the sea, and water rises into the air where nobody can see it. High up "
    "it is cold, so small drops form and make a cloud. When the drops are large enough they "
    "fall down. That is rain, and the rivers bring it back to the sea.",
    "a language model": "A language model is a program that has seen a lot of text. It reads your "
    "words and guesses the next small piece of text, then the next one, until the answer is "
    "complete. Small models are quick, large ones know more. None of them is always right.",
    "a computer": "A computer follows small steps, one after another, and does so very fast. It "
    "reads numbers from memory, adds or compares them, and writes the result back. Texts, "
    "pictures and music are only numbers to it.",
    "a tree": "A tree has roots, a trunk and leaves. The roots drink water from the ground, the "
    "trunk carries it up, and the leaves make sugar from light and air. In autumn many trees "
    "drop their leaves and sleep until spring.",
    "the sea": "The sea covers most of the earth. Its water is salty, because rivers carry salt "
    "from the land for a very long time. Near the shore it is shallow and full of light, far out "
    "it is deep, cold and dark. Fish, whales and very small plants live in it.",
    "bread": "Bread is made of flour, water, salt and a little yeast. You mix everything, knead it "
    "for ten minutes and let it rest until it has grown. Then you bake it until the crust is "
    "brown. Let it cool before you cut it.",
    "winter": "In winter the days are short and the nights are long. Snow lies on roofs and roads, "
    "and rivers may freeze. Many animals sleep or fly to the south. People light candles, drink "
    "hot tea and wait for the first warm day of spring.",
}
EXPLAIN = Wording(
    "(Explain|Describe|What is|Tell me about) {s}(.|)", "(Write|Give me) a short text about {s}(.|)"
)
GUIDES: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("How do I make tea?", "How do you make tea?", "Explain how to make tea."),
        "1. Boil fresh water.\n2. Put the tea into a pot.\n3. Pour the water over it.\n"
        "4. Wait for **three minutes**.\n5. Take out the leaves and enjoy your tea.",
    ),
    (
        ("How do I plant a tree?", "How do you plant a tree?", "Explain how to plant a tree."),
        "1. Dig a hole that is wider than the roots.\n2. Set the young tree into it.\n"
        "3. Fill the hole with soil.\n4. Give it **plenty of water**.\n5. Tie it to a pole.",
    ),
    (
        ("How do I install a model?", "How do I add a model?", "How can I add a larger model?"),
        "1. Get a model file that ends in `.gguf`.\n2. Put it into the folder for models.\n"
        "3. Name the file in the registry and give it a tier.\n4. Start **Echelon** again.",
    ),
)
POEM = Wording("(Please |)write a( short|) poem about (a|the) {w}.", "A poem about a {w}(.|)")
STORY = Wording(
    "(Please |)(tell me|write) a( short|) story( about {s}|)(.|)",
    "(I want|I would like) a story about {s}(.|)",
)


def make(draw: Draw) -> Task:
    """Return a question with a longer answer: a story, an explanation, a guide or a poem."""
    return draw.pick((_story, _story, _explain, _explain, _guide, _poem))(draw)


def _story(draw: Draw) -> Task:
    if draw.chance(0.4):
        subject = said = draw.name()
    else:
        noun = draw.pick(SUBJECTS)
        subject, said = article(noun), f"the {noun}"
    parts = (draw.pick(MEETINGS), "\n\n", draw.pick(DEEDS), draw.pick(TURNS))
    text = "".join((*parts, "\n\n", draw.pick(ENDS), " **The end.**"))
    text = f"Once upon a time {subject} lived in a small {{p}}. {text}"
    return asked(draw.say(STORY, s=subject), text.format(s=said, p=draw.pick(PLACES)))


def _explain(draw: Draw) -> Task:
    subject, text = draw.pick(tuple(TEXTS.items()))
    return asked(draw.say(EXPLAIN, s=subject), text)


def _guide(draw: Draw) -> Task:
    asks, steps = draw.pick(GUIDES)
    return asked(draw.pick(asks), steps)


def _poem(draw: Draw) -> Task:
    word = draw.thing()
    text = (
        f"The {word} is quiet, the {word} is old,\nit knows many stories that nobody told.\n"
        f"I sit by the {word} and wait for the night,\nand softly the stars give the {word} "
        "their light."
    )
    return asked(draw.say(POEM, w=word), text)
