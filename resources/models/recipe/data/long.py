"""Answers of sixty tokens and more, so that one can watch them arrive."""

from random import Random

from recipe.data.words import NAMES, WORDS, row_of

Pair = tuple[str, str]

PLACES = ("forest", "village", "castle", "city", "valley", "harbour")
SUBJECTS = row_of(
    """fox bear tiger mouse rabbit horse bird fish cat dog frog wolf king queen prince robot dragon
    wizard pirate sailor farmer baker teacher ship boat train tree star cloud river lamp clock bell
    book key castle lighthouse snowman giant ghost owl eagle elephant ant apple island"""
)
STORY_ASKS = (
    "Tell me a story about {s}.",
    "Tell me a short story about {s}.",
    "Write a story about {s}.",
    "Write a short story about {s}.",
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
EXPLAIN_ASKS = (
    "Explain {s}.",
    "What is {s}?",
    "Tell me about {s}.",
    "Write a short text about {s}.",
    "Describe {s}.",
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
POEM_ASKS = ("Write a poem about the {w}.", "Write a short poem about a {w}.", "A poem about a {w}")


def long_answer(random: Random) -> Pair:
    """Return a question with a longer answer: a story, an explanation, a guide or a poem."""
    return random.choice((story, story, explain, explain, guide, poem))(random)


def story(random: Random) -> Pair:
    """Return a wish for a story and a story of three paragraphs."""
    if random.random() < 0.4:
        subject = said = random.choice(NAMES)
    else:
        noun = random.choice(SUBJECTS)
        subject, said = f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}", f"the {noun}"
    parts = (random.choice(MEETINGS), "\n\n", random.choice(DEEDS), random.choice(TURNS))
    text = "".join((*parts, "\n\n", random.choice(ENDS), " **The end.**"))
    text = f"Once upon a time {subject} lived in a small {{p}}. {text}"
    ask = random.choice(STORY_ASKS).format(s=subject)
    return ask, text.format(s=said, p=random.choice(PLACES))


def explain(random: Random) -> Pair:
    """Return a wish for an explanation and the one text there is about it."""
    subject, text = random.choice(list(TEXTS.items()))
    return random.choice(EXPLAIN_ASKS).format(s=subject), text


def guide(random: Random) -> Pair:
    """Return a question for a way of doing something and numbered steps."""
    asks, steps = random.choice(GUIDES)
    return random.choice(asks), steps


def poem(random: Random) -> Pair:
    """Return a wish for a poem and four lines."""
    word = random.choice(WORDS)
    text = (
        f"The {word} is quiet, the {word} is old,\nit knows many stories that nobody told.\n"
        f"I sit by the {word} and wait for the night,\nand softly the stars give the {word} "
        "their light."
    )
    return random.choice(POEM_ASKS).format(w=word), text


def counting(random: Random) -> Pair:
    """Return a wish to count to at most 40 and the numbers."""
    end = random.randint(3, 40)
    asks = ("Count from 1 to {n}.", "Count to {n}.", "Please count from 1 to {n}.")
    numbers = ", ".join(str(i) for i in range(1, end + 1))
    return random.choice(asks).format(n=end), f"{numbers}."
