"""Small talk in English and German, with and without a name."""

from resources.models.recipe.families.draw import Draw, Wording
from resources.models.recipe.families.task import Family, Task, asked

WELL = "I am well, thank you. How can I help you?"
GUT = "Mir geht es gut, danke. Wie kann ich helfen?"
ABOUT = (
    "I am Echelon's starter model, a very small one that runs on this computer. "
    "I can greet you, name capitals, sort words and write short Python functions."
)
ECHELON = (
    "Echelon runs several language models on your own computer as tiers: small ones answer what is "
    "easy, larger ones what is hard. Nothing you write leaves this computer."
)
UEBER = "Ich bin das kleine Startmodell von Echelon und laufe auf diesem Rechner."

ENGLISH_LEADS = "(|Oh, |Well, |So, |Now, )"
GERMAN_LEADS = "(|Ach, |Also, |So, |Nun, )"


# The first word of most people is a greeting of this length.
FEW_WORDS = 2


def _led(leads: str, *patterns: str) -> Wording:
    return Wording(*(f"{leads}{pattern}" for pattern in patterns), common=FEW_WORDS)


ENGLISH: tuple[tuple[Wording, str], ...] = (
    (
        _led(ENGLISH_LEADS, "(Hello|Hi|Hey|Greetings)( there| Echelon|, Echelon|)(!|.|)"),
        "Hello. How can I help you?",
    ),
    (
        _led(ENGLISH_LEADS, "Good morning( Echelon| to you|)(!|.|)"),
        "Good morning. What can I do for you?",
    ),
    (
        _led(ENGLISH_LEADS, "Good evening( Echelon| to you|)(!|.|)"),
        "Good evening. What can I do for you?",
    ),
    (
        _led(ENGLISH_LEADS, "Good afternoon( Echelon|)(!|.|)"),
        "Good afternoon. What can I do for you?",
    ),
    (
        _led(
            ENGLISH_LEADS,
            "(How are you|How do you do|How is it going)( today| now|)?",
            "What's up(|?)",
        ),
        WELL,
    ),
    (_led(ENGLISH_LEADS, "(Hello|Hi|Hey)(, | and )how are you( today|)?"), f"Hello. {WELL}"),
    (
        _led(
            ENGLISH_LEADS,
            "(Who|What) are you(| exactly)?",
            "(What is|What's|Tell me) your name(.|?)",
            "(Please |)(Introduce yourself|Tell me about yourself)(.|)",
            "What can you (do|help me with)?",
            "(Which|What) model (are you|is this)?",
            "(Can|Could) you help me?",
            "Are you (a robot|human|a person)?",
            "(Help|Help me)(!|)",
        ),
        ABOUT,
    ),
    (
        _led(
            ENGLISH_LEADS,
            "(What is|What's|Explain|Tell me about) Echelon(.|?)",
            "(Who made|Who built) you?",
        ),
        ECHELON,
    ),
    (
        _led(
            ENGLISH_LEADS,
            "(Thanks|Thank you|Many thanks|Thank you very much)(!|.|)"
            "( That helped.| You helped me.|)",
        ),
        "You are welcome.",
    ),
    (
        _led(
            ENGLISH_LEADS, "(Goodbye|Bye|Bye bye|See you|See you later|Good night)( Echelon|)(!|.|)"
        ),
        "Goodbye. Come back soon.",
    ),
    (
        _led(ENGLISH_LEADS, "(Ok|Okay|Good|Great|Nice|Well done|Cool)( then|, thanks|)(!|.|)"),
        "Good. What is next?",
    ),
    (_led(ENGLISH_LEADS, "(Test|Testing|Ping|Are you there)(?|!|.|)"), "I am here."),
    (_led(ENGLISH_LEADS, "(Sorry|I am sorry|My mistake)(!|.|)"), "No problem."),
)
GERMAN: tuple[tuple[Wording, str], ...] = (
    (
        _led(GERMAN_LEADS, "(Hallo|Hi|Hey|Servus)( Echelon|, Echelon|)(!|.|)"),
        "Hallo. Wie kann ich helfen?",
    ),
    (
        _led(GERMAN_LEADS, "Guten Morgen( Echelon| zusammen|)(!|.|)"),
        "Guten Morgen. Was kann ich tun?",
    ),
    (
        _led(GERMAN_LEADS, "Guten Abend( Echelon| zusammen|)(!|.|)"),
        "Guten Abend. Was kann ich tun?",
    ),
    (_led(GERMAN_LEADS, "Guten Tag( Echelon| zusammen|)(!|.|)"), "Guten Tag. Was kann ich tun?"),
    (_led(GERMAN_LEADS, "Wie geht es( dir| Ihnen|)( heute|)?", "Wie (läuft|geht)( es|'s)?"), GUT),
    (_led(GERMAN_LEADS, "(Hallo|Hi|Hey), wie geht( es|'s)( dir| Ihnen|)?"), f"Hallo. {GUT}"),
    (
        _led(GERMAN_LEADS, "(Wer|Was) (bist du|sind Sie)( genau|)?", "Wie (heißt du|heißen Sie)?"),
        UEBER,
    ),
    (
        _led(GERMAN_LEADS, "(Danke|Vielen Dank|Danke schön|Danke sehr)( dir| Echelon|)(!|.|)"),
        "Gern.",
    ),
    (
        _led(
            GERMAN_LEADS,
            "(Tschüss|Auf Wiedersehen|Bis bald|Bis morgen|Gute Nacht)( Echelon|)(!|.|)",
        ),
        "Auf Wiedersehen. Bis bald.",
    ),
    (
        _led(GERMAN_LEADS, "(Gut|Super|Toll|Prima|Sehr gut)( so|, danke|)(!|.|)"),
        "Gut. Was kommt als Nächstes?",
    ),
    (
        _led(GERMAN_LEADS, "(Entschuldigung|Tut mir leid|Verzeihung)( bitte|)(!|.|)"),
        "Kein Problem.",
    ),
)

I_AM = Wording(
    "(I am|I'm|My name is|This is|You can call me|Call me|They call me|It is me,) {n}(.|!|)"
)
ICH_BIN = Wording(
    "(Ich bin|Ich heiße|Mein Name ist|Hier ist|Man nennt mich|Nenn mich|Hier spricht) {n}(.|!|)"
)
# A day time in both languages, and what the answer begins with.
TIMES = {
    "Good morning": "Guten Morgen",
    "Good evening": "Guten Abend",
    "Good afternoon": "Guten Tag",
    "Hello": "Hallo",
}
STATES: tuple[tuple[str, str, str, str], ...] = (
    ("tired", "müde", "Rest well", "Ruh dich aus"),
    ("hungry", "hungrig", "Eat something good", "Iss etwas Gutes"),
    ("thirsty", "durstig", "Drink some water", "Trink etwas Wasser"),
    ("ill", "krank", "Get well soon", "Gute Besserung"),
    ("happy", "froh", "That is good to hear", "Das freut mich"),
    ("sad", "traurig", "I am sorry to hear that", "Das tut mir leid"),
    ("bored", "gelangweilt", "Let us find something to do", "Suchen wir etwas Schönes"),
    ("late", "spät dran", "Then let us be quick", "Dann machen wir schnell"),
    ("cold", "durchgefroren", "Put on something warm", "Zieh etwas Warmes an"),
    ("nervous", "nervös", "You can do it", "Du schaffst das"),
)
IN_STATE = Wording("(and |)(I am|I'm)( so| very| a little|) {s}(.|!|)")
IM_ZUSTAND = Wording("(und |)ich bin( so| sehr| etwas|) {s}(.|!|)")
IN_GERMAN = Wording("(Please |)(answer|reply|speak)( to me|) in German.", "In German(, please|).")
IN_ENGLISH = Wording("(Bitte |)(antworte|sprich)( mir|) auf Englisch.", "Auf Englisch(, bitte|).")


def make(draw: Draw, grade: int) -> Task:
    """Return a question: greetings, with a name, and with how one feels, also across languages."""
    if grade == 1:
        wording, answer = draw.pick(ENGLISH if draw.chance(0.6) else GERMAN)
        return asked(draw.say(wording), answer)
    german = draw.chance(0.5)
    name = draw.name()
    time, zeit = draw.pick(tuple(TIMES.items()))
    if grade == 2:
        return _by_name(draw, german, zeit if german else time, name)
    return _feeling(draw, german, (time, zeit), name, across=grade == 4)


def _by_name(draw: Draw, german: bool, time: str, name: str) -> Task:
    text = draw.say(ICH_BIN if german else I_AM, n=name)
    greeting = f"{time}{draw.pick((', ', '. ', '! '))}" if draw.chance(0.7) else ""
    hello = time if greeting else ("Hallo" if german else "Hello")
    question = "Wie kann ich helfen?" if german else "How can I help you?"
    return asked(f"{greeting}{text}", f"{hello}, {name}. {question}")


def _feeling(draw: Draw, german: bool, times: tuple[str, str], name: str, *, across: bool) -> Task:
    """A greeting with name and mood; `across`: to be answered in the other language."""
    english_state, deutsch, reply, antwort = draw.pick(STATES)
    time = times[german]
    who = draw.say(ICH_BIN if german else I_AM, n=name).rstrip(".!")
    mood = draw.say(IM_ZUSTAND if german else IN_STATE, s=deutsch if german else english_state)
    joint = " " if mood.startswith(("and ", "und ")) else (", " if german else ". ")
    wish = f" {draw.say(IN_ENGLISH if german else IN_GERMAN)}" if across else ""
    text = f"{time}. {who}{joint}{mood.rstrip('.!')}.{wish}"
    says_german = german != across
    answer = f"{times[says_german]}, {name}. {antwort if says_german else reply}."
    return asked(text, answer)


TALK = Family("talk", make, loose=True)
