"""What the models are to know by heart, and the word lists made of it."""

import re


def _pairs(text: str) -> dict[str, str]:
    """Read `one:other` pairs that stand between commas."""
    pairs = (pair.strip().split(":") for pair in text.split(",") if pair.strip())
    return {" ".join(one.split()): " ".join(other.split()) for one, other in pairs}


# The first ones are the best known; the grades of the questions follow this order.
CAPITALS = _pairs(
    """Japan:Tokyo, France:Paris, Germany:Berlin, Italy:Rome, Spain:Madrid, Portugal:Lisbon,
    Austria:Vienna, England:London, Egypt:Cairo, Poland:Warsaw, Norway:Oslo,
    Sweden:Stockholm, Denmark:Copenhagen, Finland:Helsinki, Ireland:Dublin, Greece:Athens,
    Turkey:Ankara, Russia:Moscow, China:Beijing, India:New Delhi, Canada:Ottawa,
    Cuba:Havana, Peru:Lima, Brazil:Brasilia, Kenya:Nairobi, Switzerland:Bern,
    Belgium:Brussels, Netherlands:Amsterdam, Iceland:Reykjavik, Czechia:Prague,
    Slovakia:Bratislava, Hungary:Budapest, Romania:Bucharest, Bulgaria:Sofia, Ukraine:Kyiv,
    Croatia:Zagreb, Serbia:Belgrade, Slovenia:Ljubljana, Estonia:Tallinn, Latvia:Riga,
    Lithuania:Vilnius, Malta:Valletta, Cyprus:Nicosia, Albania:Tirana, Belarus:Minsk,
    Moldova:Chisinau, Bosnia:Sarajevo, Montenegro:Podgorica, North Macedonia:Skopje,
    Morocco:Rabat, Tunisia:Tunis, Algeria:Algiers, Libya:Tripoli, Sudan:Khartoum,
    Ghana:Accra, Nigeria:Abuja, Ethiopia:Addis Ababa, Senegal:Dakar, Angola:Luanda,
    Uganda:Kampala, Rwanda:Kigali, Namibia:Windhoek, Zambia:Lusaka, Zimbabwe:Harare,
    Mali:Bamako, Tanzania:Dodoma, Madagascar:Antananarivo, Botswana:Gaborone,
    Somalia:Mogadishu, Niger:Niamey, the United States:Washington, Mexico:Mexico City,
    Jamaica:Kingston, Haiti:Port-au-Prince, Argentina:Buenos Aires, Chile:Santiago,
    Colombia:Bogota, Ecuador:Quito, Uruguay:Montevideo, Paraguay:Asuncion, Bolivia:Sucre,
    Venezuela:Caracas, Panama:Panama City, Honduras:Tegucigalpa, Nicaragua:Managua,
    Guatemala:Guatemala City, Costa Rica:San Jose, Nepal:Kathmandu, Thailand:Bangkok,
    Vietnam:Hanoi, Laos:Vientiane, Cambodia:Phnom Penh, Malaysia:Kuala Lumpur,
    Indonesia:Jakarta, Mongolia:Ulaanbaatar, Iran:Tehran, Iraq:Baghdad, Jordan:Amman,
    Lebanon:Beirut, Syria:Damascus, Qatar:Doha, Oman:Muscat, Saudi Arabia:Riyadh,
    Kuwait:Kuwait City, Pakistan:Islamabad, Afghanistan:Kabul, Bangladesh:Dhaka,
    Bhutan:Thimphu, Georgia:Tbilisi, Armenia:Yerevan, Azerbaijan:Baku, Kazakhstan:Astana,
    Uzbekistan:Tashkent, Australia:Canberra, New Zealand:Wellington, Fiji:Suva, Samoa:Apia,
    Taiwan:Taipei, Philippines:Manila, South Korea:Seoul, North Korea:Pyongyang"""
)
CONTINENTS = _pairs(
    """France:Europe, Germany:Europe, Italy:Europe, Spain:Europe, Portugal:Europe, Austria:Europe,
    England:Europe, Poland:Europe, Norway:Europe, Sweden:Europe, Denmark:Europe,
    Finland:Europe, Ireland:Europe, Greece:Europe, Russia:Europe, Switzerland:Europe,
    Belgium:Europe, Netherlands:Europe, Iceland:Europe, Czechia:Europe, Slovakia:Europe,
    Hungary:Europe, Romania:Europe, Bulgaria:Europe, Ukraine:Europe, Croatia:Europe,
    Serbia:Europe, Slovenia:Europe, Estonia:Europe, Latvia:Europe, Lithuania:Europe,
    Malta:Europe, Albania:Europe, Belarus:Europe, Moldova:Europe, Bosnia:Europe,
    Montenegro:Europe, North Macedonia:Europe, Egypt:Africa, Kenya:Africa, Morocco:Africa,
    Tunisia:Africa, Algeria:Africa, Libya:Africa, Sudan:Africa, Ghana:Africa,
    Nigeria:Africa, Ethiopia:Africa, Senegal:Africa, Angola:Africa, Uganda:Africa,
    Rwanda:Africa, Namibia:Africa, Zambia:Africa, Zimbabwe:Africa, Mali:Africa,
    Tanzania:Africa, Madagascar:Africa, Botswana:Africa, Somalia:Africa, Niger:Africa,
    Japan:Asia, China:Asia, India:Asia, Nepal:Asia, Thailand:Asia, Vietnam:Asia, Laos:Asia,
    Cambodia:Asia, Malaysia:Asia, Indonesia:Asia, Mongolia:Asia, Iran:Asia, Iraq:Asia,
    Jordan:Asia, Lebanon:Asia, Syria:Asia, Qatar:Asia, Oman:Asia, Kuwait:Asia,
    Pakistan:Asia, Afghanistan:Asia, Bangladesh:Asia, Bhutan:Asia, Armenia:Asia,
    Azerbaijan:Asia, Kazakhstan:Asia, Uzbekistan:Asia, Taiwan:Asia, Philippines:Asia, Saudi
    Arabia:Asia, South Korea:Asia, North Korea:Asia, Canada:North America, Cuba:North
    America, Mexico:North America, Jamaica:North America, Haiti:North America, Panama:North
    America, Honduras:North America, Nicaragua:North America, Guatemala:North America, Costa
    Rica:North America, the United States:North America, Peru:South America, Brazil:South
    America, Argentina:South America, Chile:South America, Colombia:South America,
    Ecuador:South America, Uruguay:South America, Paraguay:South America, Bolivia:South
    America, Venezuela:South America"""
)
COLOURS = _pairs(
    """grass:green, snow:white, coal:black, blood:red, a lemon:yellow, the sky:blue, a
    carrot:orange, milk:white, a ripe tomato:red, chocolate:brown, a plum:purple, a
    banana:yellow, the sun:yellow, the sea:blue, a strawberry:red, a cucumber:green, a
    swan:white, a raven:black, a flamingo:pink"""
)
OPPOSITES = _pairs(
    """hot:cold, big:small, fast:slow, up:down, left:right, old:young, light:dark, early:late,
    wet:dry, full:empty, loud:quiet, hard:soft, high:low, open:closed, rich:poor,
    strong:weak, long:short, happy:sad, day:night, begin:end, deep:shallow, thick:thin,
    near:far, clean:dirty, good:bad, yes:no, black:white, first:last, inside:outside,
    true:false"""
)
ELEMENTS = _pairs(
    """hydrogen:H, helium:He, carbon:C, nitrogen:N, oxygen:O, sodium:Na, iron:Fe, gold:Au,
    silver:Ag, copper:Cu, zinc:Zn, lead:Pb, tin:Sn, calcium:Ca, potassium:K, sulfur:S,
    neon:Ne, aluminium:Al, lithium:Li, magnesium:Mg, chlorine:Cl, mercury:Hg, uranium:U"""
)
YOUNG = _pairs(
    """dog:puppy, cat:kitten, cow:calf, horse:foal, sheep:lamb, pig:piglet, goat:kid, hen:chick,
    duck:duckling, goose:gosling, lion:cub, deer:fawn, frog:tadpole"""
)
SOUNDS = _pairs(
    """dog:barks, cat:meows, cow:moos, sheep:bleats, lion:roars, duck:quacks, horse:neighs,
    owl:hoots, bee:buzzes, snake:hisses, wolf:howls, frog:croaks"""
)
LEGS = _pairs(
    """dog:four, cat:four, horse:four, bird:two, hen:two, spider:eight, ant:six, bee:six, snake:no,
    fish:no"""
)
COUNTS = _pairs(
    """days are in a week:seven, months are in a year:twelve, hours are in a day:24, minutes are in
    an hour:60, seconds are in a minute:60, days are in a year:365, planets are in the solar
    system:eight, seasons are in a year:four, letters are in the alphabet:26, sides has a
    triangle:three, sides has a square:four, wheels has a bicycle:two, wheels has a
    car:four, strings has a violin:four"""
)
GERMAN = _pairs(
    """house:Haus, tree:Baum, water:Wasser, bread:Brot, day:Tag, night:Nacht, hand:Hand,
    man:Mann, woman:Frau, child:Kind, dog:Hund, cat:Katze, bird:Vogel, fish:Fisch, horse:Pferd,
    sun:Sonne, moon:Mond, milk:Milch, egg:Ei, apple:Apfel, friend:Freund, school:Schule,
    street:Straße, window:Fenster, year:Jahr, week:Woche, city:Stadt, love:Liebe, fire:Feuer,
    snow:Schnee, king:König, word:Wort, time:Zeit, world:Welt, heart:Herz, eye:Auge, ear:Ohr,
    head:Kopf, foot:Fuß, door:Tür, summer:Sommer, winter:Winter, one:eins, two:zwei, three:drei,
    four:vier, five:fünf, six:sechs, seven:sieben, eight:acht, nine:neun, ten:zehn"""
)
PLANETS = ("Mercury", "Venus", "Earth", "Mars", "Jupiter", "Saturn", "Uranus", "Neptune")
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")

TABLES = (
    CAPITALS,
    CONTINENTS,
    COLOURS,
    OPPOSITES,
    ELEMENTS,
    YOUNG,
    SOUNDS,
    LEGS,
    COUNTS,
    GERMAN,
)
KNOWN_WORDS = frozenset(
    word.lower()
    for table in TABLES
    for pair in table.items()
    for text in (*pair, *PLANETS)
    for word in re.findall(r"\w+", text)
)
