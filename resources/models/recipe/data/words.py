"""Word lists and small facts."""


def _pairs(text: str) -> dict[str, str]:
    """Read `one:other` pairs that stand between commas."""
    return dict(pair.strip().split(":") for pair in text.split(","))


def row_of(text: str) -> list[str]:
    """Return the words of `text`."""
    return text.split()


CAPITALS = _pairs(
    """Japan:Tokyo,France:Paris,Germany:Berlin,Italy:Rome,Spain:Madrid,Portugal:Lisbon,
    Austria:Vienna,Switzerland:Bern,Belgium:Brussels,Netherlands:Amsterdam,Denmark:Copenhagen,
    Norway:Oslo,Sweden:Stockholm,Finland:Helsinki,Iceland:Reykjavik,Ireland:Dublin,Poland:Warsaw,
    England:London,Scotland:Edinburgh,Wales:Cardiff,the United Kingdom:London,
    Czechia:Prague,Slovakia:Bratislava,Hungary:Budapest,Romania:Bucharest,Bulgaria:Sofia,
    Greece:Athens,Turkey:Ankara,Ukraine:Kyiv,Croatia:Zagreb,Serbia:Belgrade,Slovenia:Ljubljana,
    Estonia:Tallinn,Latvia:Riga,Lithuania:Vilnius,Malta:Valletta,Cyprus:Nicosia,Albania:Tirana,
    Belarus:Minsk,Moldova:Chisinau,Bosnia:Sarajevo,Montenegro:Podgorica,North Macedonia:Skopje,
    Egypt:Cairo,Morocco:Rabat,Tunisia:Tunis,Algeria:Algiers,Libya:Tripoli,Sudan:Khartoum,
    Kenya:Nairobi,Ghana:Accra,Nigeria:Abuja,Ethiopia:Addis Ababa,Senegal:Dakar,Angola:Luanda,
    Uganda:Kampala,Rwanda:Kigali,Namibia:Windhoek,Zambia:Lusaka,Zimbabwe:Harare,Mali:Bamako,
    Tanzania:Dodoma,Madagascar:Antananarivo,Botswana:Gaborone,Somalia:Mogadishu,Niger:Niamey,
    the United States:Washington,Canada:Ottawa,Mexico:Mexico City,Cuba:Havana,Jamaica:Kingston,
    Haiti:Port-au-Prince,Brazil:Brasilia,Argentina:Buenos Aires,Chile:Santiago,Peru:Lima,
    Colombia:Bogota,Ecuador:Quito,Uruguay:Montevideo,Paraguay:Asuncion,Bolivia:Sucre,
    Venezuela:Caracas,Panama:Panama City,Honduras:Tegucigalpa,Nicaragua:Managua,
    Guatemala:Guatemala City,Costa Rica:San Jose,China:Beijing,India:New Delhi,Nepal:Kathmandu,
    Thailand:Bangkok,Vietnam:Hanoi,Laos:Vientiane,Cambodia:Phnom Penh,Malaysia:Kuala Lumpur,
    Indonesia:Jakarta,Mongolia:Ulaanbaatar,Iran:Tehran,Iraq:Baghdad,Jordan:Amman,Lebanon:Beirut,
    Syria:Damascus,Qatar:Doha,Oman:Muscat,Saudi Arabia:Riyadh,Kuwait:Kuwait City,
    Pakistan:Islamabad,Afghanistan:Kabul,Bangladesh:Dhaka,Bhutan:Thimphu,Georgia:Tbilisi,
    Armenia:Yerevan,Azerbaijan:Baku,Kazakhstan:Astana,Uzbekistan:Tashkent,Australia:Canberra,
    New Zealand:Wellington,Fiji:Suva,Samoa:Apia,Luxembourg:Luxembourg,Monaco:Monaco,
    Taiwan:Taipei,Philippines:Manila,Singapore:Singapore,South Korea:Seoul,North Korea:Pyongyang,
    Russia:Moscow"""
)
COLOURS = _pairs(
    """grass:green,snow:white,coal:black,blood:red,a lemon:yellow,the sky:blue,a carrot:orange,
    milk:white,a ripe tomato:red,chocolate:brown,a plum:purple,a banana:yellow,the sun:yellow,
    the sea:blue,a strawberry:red,a cucumber:green,a swan:white,a raven:black,a flamingo:pink"""
)
OPPOSITES = _pairs(
    """hot:cold,big:small,fast:slow,up:down,left:right,old:young,light:dark,early:late,wet:dry,
    full:empty,loud:quiet,hard:soft,high:low,open:closed,rich:poor,strong:weak,long:short,
    happy:sad,day:night,begin:end,deep:shallow,thick:thin,near:far,clean:dirty,good:bad,
    yes:no,black:white,first:last,inside:outside,true:false"""
)
ELEMENTS = _pairs(
    """hydrogen:H,helium:He,carbon:C,nitrogen:N,oxygen:O,sodium:Na,iron:Fe,gold:Au,silver:Ag,
    copper:Cu,zinc:Zn,lead:Pb,tin:Sn,calcium:Ca,potassium:K,sulfur:S,neon:Ne,aluminium:Al,
    lithium:Li,magnesium:Mg,chlorine:Cl,mercury:Hg,uranium:U"""
)
YOUNG = _pairs(
    """dog:puppy,cat:kitten,cow:calf,horse:foal,sheep:lamb,pig:piglet,goat:kid,hen:chick,
    duck:duckling,goose:gosling,lion:cub,deer:fawn,frog:tadpole"""
)
SOUNDS = _pairs(
    """dog:barks,cat:meows,cow:moos,sheep:bleats,lion:roars,duck:quacks,horse:neighs,
    owl:hoots,bee:buzzes,snake:hisses,wolf:howls,frog:croaks"""
)
LEGS = _pairs(
    "dog:four,cat:four,horse:four,bird:two,hen:two,spider:eight,ant:six,bee:six,snake:no,fish:no"
)
COUNTS = _pairs(
    """days are in a week:seven,months are in a year:twelve,hours are in a day:24,
    minutes are in an hour:60,seconds are in a minute:60,days are in a year:365,
    planets are in the solar system:eight,seasons are in a year:four,letters are in the alphabet:26,
    sides has a triangle:three,sides has a square:four,wheels has a bicycle:two,
    wheels has a car:four,strings has a violin:four"""
)
DAYS = row_of("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = row_of(
    "January February March April May June July August September October November December"
)
PLANETS = row_of("Mercury Venus Earth Mars Jupiter Saturn Uranus Neptune")
SEASONS = row_of("spring summer autumn winter")
WORDS = row_of(
    """apple river stone house garden window table chair bread water cloud flower forest bridge
    road train ship bird fish horse tiger mouse lamp paper pencil book letter music song dance king
    queen castle tower island ocean beach desert valley hill summer winter spring autumn morning
    evening night sun moon star planet rain snow wind storm fire gold silver iron wood glass sand
    salt sugar honey butter cheese lemon orange banana cherry grape peach plum carrot onion potato
    tomato pepper coffee tea milk juice cup plate spoon fork knife door wall roof floor key lock
    clock bell candle mirror basket bottle button needle thread wool silk shoe hat coat glove ring
    market school church hospital library museum theatre station airport harbour village city oak
    cat dog fig fox ant bee cow pig hen owl kite boat rope leaf tree root seed corn rice soup"""
)
NAMES = row_of(
    """Anna Ben Clara David Emma Felix Grace Henry Ida Jonas Karin Leo Mia Noah Olga Paul Rosa
    Simon Tara Victor Wendy Yara Zoe Adam Bella Carl Dora Erik Fiona Georg Hanna Ivan Julia Kurt
    Lena Max Alice Bob Sam Tom Maria John Peter Sarah Lisa Mark Nina Oscar Ruth Alex"""
)
THINGS = {
    "colours": row_of("red blue green yellow white black brown purple orange pink"),
    "animals": row_of("dog cat horse tiger mouse rabbit eagle dolphin bear fox"),
    "fruits": row_of("apple banana cherry grape peach plum lemon orange pear melon"),
    "vegetables": row_of("carrot onion potato tomato pepper cucumber cabbage spinach"),
    "planets": PLANETS,
    "days": DAYS,
    "months": MONTHS,
    "seasons": SEASONS,
    "tools": row_of("hammer saw drill pliers wrench chisel file screwdriver"),
    "drinks": row_of("water tea coffee milk juice lemonade"),
    "countries": row_of("Japan France Brazil Kenya India Canada Norway Egypt"),
    "programming languages": row_of("Python C Java Rust Go Ruby Swift"),
}
NUMBERS = row_of("zero one two three four five six seven eight nine ten")
