"""The words that questions are made of; a part of each list is never used in training."""

from resources.models.recipe.families.knowledge import KNOWN_WORDS
from resources.models.recipe.families.sides import fingerprint

# One word in so many is held out, of those with the same number of letters.
EVERY = 5


class Pool:
    """A list of words in two parts: `training`, and `held` out for the evaluation."""

    def __init__(self, text: str) -> None:
        self.training: tuple[str, ...] = ()
        self.held: tuple[str, ...] = ()
        lengths: dict[int, list[str]] = {}
        for word in dict.fromkeys(text.split()):
            lengths.setdefault(len(word), []).append(word)
        for words in lengths.values():
            self._divide(words)

    def _divide(self, words: list[str]) -> None:
        order = sorted(words, key=fingerprint)
        for at, word in enumerate(order):
            if at % EVERY == EVERY - 1 and word.lower() not in KNOWN_WORDS:
                self.held += (word,)
            else:
                self.training += (word,)


NAMES = Pool(
    """Anna Ben Clara David Emma Felix Grace Henry Ida Jonas Karin Leo Mia Noah Olga Paul Rosa
    Simon Tara Victor Wendy Yara Zoe Adam Bella Carl Dora Erik Fiona Georg Hanna Ivan Julia Kurt
    Lena Max Alice Bob Sam Tom Maria John Peter Sarah Lisa Mark Nina Oscar Ruth Alex Martin Laura
    Stefan Sabine Thomas Petra Markus Heike Jan Ute Uwe Inge Lukas Sophie Marie Finn Ella Emil Lina
    Theo Frieda Oskar Greta Anton Mila Jakob Nele Moritz Lotte Philipp Johanna Samuel Elena Daniel
    Monika Frank Susan Robert Linda Michael Barbara Richard Helen George Karen Edward Betty Kevin
    Donna Brian Carol Steven Amanda Jason Melissa Ryan Deborah Gary Angela Eric Rachel Walter
    Kate Harold Diane Arthur Joan Lewis Megan Ralph Judith Louis Irene Bruno Hazel Marco Pilar
    Diego Carmen Pablo Ines Luis Marta Hugo Elsa Nils Astrid Lars Ingrid Sven Freya Olaf Birgit
    Omar Leila Hassan Amina Karim Yusuf Salma Priya Arjun Ravi Meera Kiran Anil Sunita Hiro Yuki
    Kenji Aiko Sakura Wei Ling Chen Mei Jun Tariq Nadia Boris Vera Igor Sonja Milan Jelena Pavel
    Zofia Marek Agata Lukasz Ewa Istvan Ilona Andrei Ioana Nikos Eleni Kofi Ama Kwame Zola Thabo"""
)
THINGS = Pool(
    """box key hat cup bag toy pot rug map pen jar bell lamp coin drum ring rope sock boot comb
    fork kite belt bowl book door desk sofa nail wheel brush knife spoon plate chair table shelf
    scarf glove towel broom flute piano radio phone wallet candle basket bottle button needle
    hammer ladder mirror pillow carpet guitar violin camera ticket helmet pencil ribbon saddle
    shovel anchor barrel bucket hanger jacket kettle locket magnet marble napkin puzzle racket
    rocket ruler saucer stapler blanket trumpet whistle compass cushion picture curtain teapot
    bicycle printer speaker scissor battery balloon bracelet suitcase notebook umbrella necklace
    lantern envelope magazine keyboard calendar earring armchair backpack bookcase doorbell
    telescope newspaper microphone flashlight screwdriver tablecloth wheelbarrow
    toothbrush dictionary photograph lawnmower accordion saxophone harmonica parachute sunglasses
    skateboard thermometer microscope typewriter chandelier fan mug net pan tub cap
    axe cot dart dish flag gate gift hook iron jug lock mask oven pipe pump reel rake sack
    sled soap tent tile tray vase vest wire yarn apron badge bench blade board cable chain chest
    cloak crate crown cloth dress easel frame globe grill jewel paint plank purse quilt razor
    scale screw shirt skirt spade spear stamp stick stool sword tape tools torch torso train tray
    truck vault wagon watch whip"""
)
NATURE = Pool(
    """bee cow fox ant owl bat elk hen ram yak crow dove duck frog goat hare lynx mole moth newt
    seal slug swan toad wasp wolf worm bison camel crane eagle finch goose hyena koala lemur llama
    moose mouse otter panda raven robin sheep skunk sloth snail snake squid stork tiger trout
    whale zebra badger beaver beetle canary donkey falcon ferret gibbon hornet iguana jackal
    jaguar lizard magpie monkey ocelot oyster parrot pigeon puffin python rabbit salmon spider
    turkey turtle walrus weasel buffalo cheetah chicken cricket dolphin giraffe gorilla hamster
    leopard lobster meerkat octopus ostrich panther peacock pelican penguin piranha raccoon
    sparrow squirrel elephant hedgehog kangaroo flamingo anteater antelope reindeer starfish
    crocodile butterfly alligator armadillo porcupine chameleon dragonfly jellyfish grasshopper
    rhinoceros chimpanzee woodpecker nightingale salamander oak elm fern moss pine rose reed leaf
    root seed bark bush maple birch cedar daisy lilac tulip poppy grass acorn willow orchid violet
    clover cactus bamboo lavender sunflower dandelion river stone cloud flower forest bridge ocean
    beach desert valley hill mountain island meadow canyon glacier volcano waterfall thunder
    lightning rainbow pebble shell sand mud fog hail storm comet planet"""
)
PLACES = tuple(
    """kitchen garden garage cellar attic office library museum station harbour market school
    church hospital theatre airport village castle tower farm bakery cinema park hotel factory
    stable workshop hall""".split()
)
ADJECTIVES = tuple(
    """old new big small red blue green yellow white black brown grey round square long short heavy
    light clean dirty cheap strange broken empty full quiet loud soft hard warm cold smooth rough
    shiny dusty narrow wide tall thin thick bright dark pretty plain""".split()
)
COLOURS = tuple("red blue green yellow white black brown grey orange purple pink".split())
JOBS = tuple(
    """baker teacher farmer doctor nurse pilot sailor driver painter singer writer gardener cook
    lawyer dentist plumber tailor barber judge butcher""".split()
)
HOBBIES = tuple(
    """swimming reading cooking dancing painting running fishing chess football tennis hiking
    singing cycling gardening drawing skating knitting sailing""".split()
)
FOODS = tuple(
    """pizza soup bread cheese rice pasta salad cake honey apples bananas cherries grapes noodles
    potatoes beans eggs pancakes chocolate yoghurt""".split()
)
CITIES = tuple(
    """Berlin Paris Rome Madrid Vienna Bern Oslo London Dublin Prague Athens Cairo Tokyo Lima
    Hamburg Munich Cologne Dresden Zurich Boston Chicago Milan Lyon Porto Leeds Bergen""".split()
)
DAYS = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
MONTHS = tuple(
    """January February March April May June July August September October November
    December""".split()
)
ONSETS = tuple("b d f g h j k l m n p r s t v w z br dr gr kl kr pl sl st tr sh".split())
NUCLEI = tuple("a e i o u a e i o u ai ei ou".split())
CODAS = tuple("n r l s m t k x nd rt sk lm".split())

HELD_WORDS = frozenset(word.lower() for pool in (NAMES, THINGS, NATURE) for word in pool.held)
