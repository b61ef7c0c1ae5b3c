"""How people ask for each kind of task, in English and German: patterns, and nothing else.

Patterns see short texts only (what is asked, without what was given); none looks further than a
few dozen characters ahead.
"""

import re
from typing import Final


def _any(*patterns: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns), flags)


# Where an order begins: a sentence, or a polite request for it.
_ORDER: Final = (
    r"(?:^|[.:;!?\n,]\s{0,3}|\b(?:please|can you|could you|would you|and|then|now|bitte|und|dann|"
    r"kannst du|könntest du|kannst du mir|mir)\s{1,3})(?:please |bitte )?"
)
_LANGUAGE: Final = (
    r"(?:english|german|french|spanish|italian|latin|japanese|chinese|russian|dutch|polish|"
    r"turkish|portuguese|arabic|korean|englische?|deutsche?|französische?|spanische?|"
    r"italienische?|lateinische?|japanische?|chinesische?|russische?|niederländische?|polnische?|"
    r"türkische?)"
)
_FORMAT: Final = r"(?:json|yaml|xml|csv|toml)"
_SPEECH: Final = (  # names of programming languages and tools that mean little else
    r"(?:python|javascript|typescript|java|js|golang|kotlin|php|perl|haskell|bash|powershell|sql|"
    r"sqlite|postgres\w*|mysql|regex|html|css|react|vue|django|flask|numpy|pandas|docker\S*|"
    r"kubernetes|git|github|makefile|linux|vim|npm|async/await)"
)
_PROGRAM: Final = (
    r"(?:code|functions?|scripts?|programs?|class|quer(?:y|ies)|methods?|unit tests?|api|"
    r"algorithms?|\w*funktion|\w*programm|\w*skript|klasse|abfrage|algorithmus)"
)

CODE = _any(
    rf"\b{_SPEECH}\b",
    rf"{_ORDER}(?:write|implement|debug|refactor|fix|complete|code|optimi[sz]e|schreibe?|"
    rf"implementiere?|programmiere?|vervollständige?)\b.{{0,60}}\b{_PROGRAM}\b",
    r"\b(?:programmier\w*|refactor|debugg?\w*|implement\w*)\b",
    r"\b[cf](?:\+\+|#)|\bin (?:C|R|Go|Rust|Swift|Ruby)\b(?=[?.!\s]*$)|\.(?:py|js|ts|cpp|rs|sh)\b",
    r"\b(?:time complexity|linked list|binary search|recursion|rekursion|compiler|data ?frames?|"
    r"for loop|while loop|list comprehension|pointer|stack ?trace|segfault|segmentation fault|"
    r"unit[- ]tests?|one-liner|(?:for|while)-schleife|type hints?|is not a function|"
    r"excel[- ]form\w+|dependency injection|pull request|merge conflict)\b",
    r"\b(?:this|the|following|dieser?|diesem|im|den) (?:code|command|script|snippet|query|befehl|"
    r"quelltext|skript)\b",
)
CODE_SIGNS = _any(
    r"```(?!\s*(?:json|yaml|xml|csv|text|markdown))\w*\n",
    r"\bdef \w{1,80}\(|`[^`\n]*[=(;{<>][^`\n]*`",
    r"^[ \t]*(?:class \w+\s*[:({]|import \w+[.\w]*$|from [\w.]+ import|#include|using \w+;|"
    r"(?:const|let|var) \w+ =|function \w*\(|(?:public|private|static) \w+|fn \w+\(|func \w+\()",
    r"^[ \t]*(?:for|while|if) .{1,80}[:{]\s*$",
    r"\bSELECT\b.{1,200}\bFROM\b",
    r"\bTraceback \(most recent call last\)",
    r"\b[A-Z]\w{1,60}(?:Error|Exception)\b",
    r"\w\(\)|\b\w{1,40}\[\w{1,40}\] ?=|=>|\);\s*$|\bls -|\bsudo \w",
    flags=re.MULTILINE,
)
FORMS = _any(
    rf"\b{_FORMAT}\b",
    r"\b(?:as|in|into|with|create|make|draw|give me|write)\b.{0,20}\b(?:a|an|"
    r"the)?\s?(?:\w+ )?table\b(?! of contents)",
    r"\b(?:als|in einer|in eine|eine|mit einer) (?:\w+[- ])?tabelle\b|\b(?:markdown|"
    r"als)[- ]tabelle\b",
)
ACTIONS = _any(
    rf"{_ORDER}(?:set|start|stell\w*|starte?)\b.{{0,20}}\b(?:timer|alarm|wecker|countdown|"
    rf"reminder)\b",
    rf"{_ORDER}(?:remind me (?!what|of what|how)|erinnere? mich\b)",
    rf"{_ORDER}(?:turn|switch|schalte?|mach)\b.{{0,30}}\b(?:on|off|an|aus|"
    rf"ein)\b.{{0,20}}(?:\blight|\blicht|\blamp|\bheat|\bheiz|\bmusi|$)",
    rf"{_ORDER}(?:open|launch|close|delete|read|download|visit|öffne|schließe?|lösche?|lies|"
    rf"starte?|lade?)\b.{{0,20}}(?:\b(?:file|folder|app|browser|page|website|link|datei|ordner|"
    rf"seite|webseite)\b|https?://|\b\w+\.(?:txt|pdf|csv|md|log|docx?|xlsx?|html)\b)",
    rf"{_ORDER}(?:send|schicke?|sende?)\b.{{0,20}}\b(?:e-?mail|mail|message|text|sms|nachricht)\b",
    rf"{_ORDER}(?:add|put|write|schreibe?|setze?|trage?|füge?)\b.{{0,40}}\b(?:my|the|mein\w*|den|"
    rf"die|dem) (?:shopping |to-?do )?(?:list|calendar|cart|notes|kalender|einkaufsliste|liste|"
    rf"warenkorb)\b",
    rf"{_ORDER}(?:schedule|book|cancel|call|save|store|copy|move|rename|install|uninstall|restart|"
    rf"speichere?|buche?|verschiebe?|installiere?|ruf)\b(?! of| for).{{0,40}}(?:\b(?:meeting|"
    rf"appointment|call|termin|table|flight|flug|taxi|file|folder|note|datei|ordner|notiz|app|"
    rf"program|an)\b|^call \w+\W*$|\b\w+\.\w{{2,4}}\b)",
    r"^\W*call \w+\W*$|\b(?:create|delete|make|erstelle?|lösche?|lege?) (?:a |the |an? new |"
    r"einen? )?(?:new |neuen )?(?:folder|directory|ordner|verzeichnis)\b|\bim browser\b|"
    r"\bin (?:the|my) browser\b",
    rf"{_ORDER}(?:wake me|weck\w* mich|check (?:my|the)|show me (?:the|my) (?:files?|photos|"
    rf"e-?mails?|inbox|calendar)|run (?:the|this|my)|order (?:a|an|me|some) |google |bestelle?|"
    rf"prüfe? mein\w*|(?:start|stop|pause|starte?|stoppe?) (?:the|my|die|den|das) )",
    r"\b(?:price|cost|kostet|kurs|rate)\b.{0,25}\b(?:right now|now|today|currently|gerade|heute|"
    r"aktuell|im moment)\b",
    rf"{_ORDER}(?:mach\w*) (?:das|die|den) .{{1,30}}\b(?:an|aus|auf|zu)\b",
    r"\b(?:latest|current|today'?s|aktuelle\w*|neueste\w*|heutige\w*) (?:news|headlines|price|"
    r"weather|score|exchange|stock|nachrichten|kurs|preis|wetter|schlagzeilen)\b",
    r"\b(?:will it|does it|wird es|regnet es) ?(?:rain|snow|regnen|schneien|heute|morgen)\b",
    rf"{_ORDER}(?:play|spiel\w*)\b.{{0,20}}\b(?:music|song|jazz|radio|album|playlist|musik|lied)\b",
    rf"{_ORDER}(?:search|look up|google|browse|such\w*)\b.{{0,25}}\b(?:web|online|internet|"
    rf"google)\b",
    r"\b(?:what(?:'s| is| will)?|how(?:'s| is)?|wie)\b.{0,12}\b(?:the )?(?:weather|"
    r"wetter)\b(?! and\b| und\b)",
    r"\bwhat(?:'s| is)? (?:the )?time\b(?! complexity)|\btell me the time\b|\bwie (?:spät|"
    r"viel uhr)\b",
    r"\b(?:today'?s date|what day is (?:it|today)|welche[rsn]? (?:tag|datum)|datum (?:ist|"
    r"von) heute)\b",
)
CHANGES = _any(
    rf"{_ORDER}(?:replace|exchange|rewrite|rephrase|reword|paraphrase|shorten|proofread|translate|"
    rf"summari[sz]e|simplify|condense|ersetze?|tausche?|kürze?|korrigiere?|übersetze?|"
    rf"paraphrasiere?|vereinfache?|umformulieren|überarbeite?)\b",
    rf"{_ORDER}(?:copy|repeat|wiederhole?|kopiere?)\b.{{0,40}}"
    r"\b(?:text|list|sentence|paragraph|words?|liste|satz|absatz|this|these|after)\b",
    rf"{_ORDER}(?:correct|improve|edit|fix|change|polish|verbessere?|ändere?|glätte?)\b.{{0,50}}"
    r"(?:\b(?:text|sentence|paragraph|grammar|spelling|wording|mistakes?|letter|e-?mail|satz|"
    r"absatz|grammatik|rechtschreibung|fehler)\b|:|['\"„“])",
    rf"{_ORDER}(?:make|turn|mach\w*|put|let)\b.{{0,50}}\b(?:\w+ier|shorter|longer|simpler|warmer|"
    rf"more|less|formal|polite|into|kürzer|länger|\w+(?:lich|ig|er|sch)er|daraus)\b(?=\W|$)",
    r"\b(?:spelling|grammar|typos|rechtschreib\w*|grammatik|tippfehler)\b|\b(?:phrase|word|"
    r"say) this\b|\bsum(?:s|med)? (?:\w+ )?up\b|\b(?:in|as) (?:\w+ )?bullet points\b|"
    r"\bin stichpunkten\b",
    rf"^\W*(?:auf|in|ins|into|to) {_LANGUAGE}\b|\b(?:umformulier\w*|umschreib\w*|zusammenfass\w*|"
    r"zusammenzufassen|umzuformulieren|korrekturles\w*|übersetz\w*|übersetzung)\b",
    rf"{_ORDER}(?:write|schreibe??)\b.{{0,40}}\b(?:again|once more|noch einmal|nochmals?|neu|"
    r"in einfacher|in simple)\b",
    rf"{_ORDER}(?:formuliere?|fasse?|schreibe?)\b.{{0,90}}\b(?:zusammen|um|höflicher|einfacher|"
    r"anders|formeller|freundlicher)\b",
    r"\bhow (?:do|would|can) (?:you|i) (?:say|write)\b.{0,60}\bin \w+",
    rf"\b(?:heißt|sagt man)\b.{{0,60}}\b(?:auf|in) {_LANGUAGE}\b",
    r"\bversion of\b.{0,20}:|\bversion (?:of this|dieses)\b",
    r"^\W*tl;?dr\b|\bin (?:other|simple|your own) words\b|\bproofread\b",
)
QUOTES = _any(
    r"\b(?:quote|cite|zitiere?)\b|\bcopy the (?:sentence|line)\b|\b(?:which|what|"
    r"welche[rsnm]?) (?:sentence|line|satz|zeile)\b.{0,30}\b(?:mention|about|say|contain|über|"
    r"erwähn|steht|wird)",
)
LOOKS_UP = _any(
    r"\b(?:according to|based on|laut|gemäß|anhand)\b",
    r"\b(?:which|what|the|copy the|in which|welche[rsnm]?|den) (?:sentence|line|satz|"
    r"zeile)\b.{0,30}\b(?:mention|about|say|contain|with|is|in|where|über|mit|steht|erwähnt|wird|"
    r"genannt)",
    r"<(?:document|text|article|context)>|^(?:context|text|passage|kontext)\s*:",
    r"\b(?:in|from|of|does|read|im|aus|dem|den|des|kommt) (?:the |this |that )?(?:following |"
    r"above |below |obigen |folgenden )?(?:document|text|article|passage|excerpt|contract|letter|"
    r"dokument\w*|textes|artikel|abschnitt|vertrag|brief)\b",
    r"\b(?:main (?:point|idea)|steht (?:in|im|über))\b",
)
PUZZLES = _any(
    rf"{_ORDER}(?:sort|order (?:the|these|them)|reverse|spell|unscramble|alphabeti[sz]e|sortiere?|"
    rf"ordne|buchstabiere?)\b",
    r"\b(?:arrange|put|bring)\b.{0,40}\b(?:order|reihenfolge)\b|\b(?:ascending|descending|"
    r"aufsteigend|absteigend|alphabetical\w*|alphabetisch\w*)\b",
    r"\b(?:anagrams?|anagramme?|palindrom\w*|rhymes?|rhyming|reim(?:t|e|en)?|backwards?|rückwärts|"
    r"syllables?|silben?|vowels?|vokale?|consonants?|konsonanten?)\b",
    r"\b(?:first|second|third|fourth|fifth|last|nth|\d+(?:st|nd|rd|th)|how many|erste\w*|"
    r"zweite\w*|dritte\w*|letzte\w*|wie ?viele) (?:\S+ )?(?:letters?|words?|buchstaben?|wörter|"
    r"wort|zeichen|characters?)\b",
    r"\b(?:which|what|number of|welche[rmn]?|mit welchem) (?:letters?|vowels?|buchstaben?)\b|"
    r"\b(?:letters?|buchstaben?) (?:in|of|does|has|hat|von|des)\b",
    r"\b(?:the letter|der buchstabe|den buchstaben?) \W?\w\b|\b(?:riddle|rätsel|brain ?teaser|"
    r"crossword|kreuzworträtsel|scrabble|tongue twister|zungenbrecher)\b",
    r"\b(?:words?|wort|wörter|one|which)\b.{0,12}\b(?:does(?:n'?t| not) belong|passt nicht|"
    r"is different)\b",
    r"\bby (?:length|size|alphabet)\b|\bder (?:länge|größe) nach\b",
    r"\bturn(?:ed)? (?:around|round) (?:the )?(?:word|text)|"
    r"\bturn (?:the )?word\b.{0,30}\baround\b",
    r"\bhow (?:many|often)\b.{0,20}\b(?:\w'?s|letters?|times)\b.{0,30}\b(?:in|occur|"
    r"appear)\b.{0,20}\b(?:word|text|sentence|strawberry|['\"])",
    r"\bwie viele \w\b .{0,20}\bin\b|\bhow many (?:\w|['\"]\w['\"])'?s\b",
    r"\b(?:longest|shortest|odd one out|längste\w*|kürzeste\w*)\b.{0,40}(?::|\bwords?\b|\bwort\b)",
    r"\bwörter,? die\b|\b(?:longer|shorter|länger|kürzer)\b.{0,4}['\"]",
    r"\b(?:words?|wörter|wort)\b.{0,20}\b(?:start|begin|end|beginn|anfang|end|mit|with|"
    r"containing)\w*\b.{0,12}\b\w\b",
    r"\bwords? (?:starts?|begins?|ends?|starting|beginning|ending) with\b",
    r"\b(?:remove|delete|count|find|entferne?|zähle?)\b.{0,15}\b(?:duplicates?|doppelte\w*|"
    r"letters?|words?|vowels?|buchstaben|wörter)\b",
)
FORMULA = _any(
    r"\d\s*/\s*\d|\([a-z]\s*[-+*/]\s*[a-z\d]\)|\b(?:sqrt|sin|cos|tan|log|ln|exp)\s*\(|"
    r"\b(?:factori[sz]e|factor|expand)\b.{0,10}[(\d^]|\b\d*[xyn]\s*[-+*/^²³=]|"
    r"[-+*/^=]\s*\d*[xyn]\b|\([^()]*[xyn\d]\s*[-+*/^]\s*[xyn\d][^()]*\)|\b(?:fractions?|bruchs?|"
    r"brüche|logarithm\w*|log base|expression|numerator|denominator|zähler)\b",
)
MATHS = _any(
    r"\b(?:square root|cube root|\w*wurzel|factorial|fakultät|prime number|primzahl\w*|derivative|"
    r"integral|integrate|equation|gleichung|logarithm\w*|greatest common|least common|ggt|kgv|"
    r"probability of|natural numbers|hypotenuse|pythagor\w+|polynomial|eigenvalue\w*|matrix|"
    r"modulo)\b",
    r"\bsolve\b.{0,15}\b(?:x|y|for)\b|\b[xy]\s*[-+=]\s*\d|\d\s*[xy]\b.{0,10}=|\bf\(x\)",
    r"\b(?:half|third|quarter|thirds|quarters|hälfte|drittel|viertel|doppelte|double|twice|"
    r"percentage)\b.{0,8}\b(?:of|von)\b.{0,4}\d",
    r"\d\s*(?:%|percent|prozent)|\b(?:percent|prozent|%)\b.{0,12}\d",
    r"\b(?:next number|nächste zahl|number sequence|zahlenfolge|(?:bigger|greater|larger|smaller|"
    r"größer|kleiner) (?:than|als) [\d.])",
    r"\b(?:calculate|compute|berechne|rechne|add|subtract|multiply|divide|round|runde|convert|"
    r"umrechnen|sum of|difference (?:of|between)|product of|summe|produkt|differenz)\b.{0,60}\d",
    r"\d.{0,30}\b(?:plus|minus|times|mal|divided by|geteilt durch|multiplied|hoch|to the power|"
    r"modulo|rounded|in (?:miles|km|meters|metres|feet|inches|meilen|metern?|minuten|sekunden))\b",
    r"\d.{0,60}\b(?:area|volume|perimeter|diagonal|fläche|volumen|umfang|dozen|dutzend)\b|"
    r"\bhow (?:many|much)\b(?!.*\b(?:letters?|words?|vowels?)\b).*\s(?!1[4-9]\d\d\b|"
    r"20\d\d\b)\d+\b|\bwahrscheinlichkeit\b.{0,40}\d",
    r"\b(?:area|volume|perimeter|circumference|average speed|fläche|volumen|umfang|"
    r"durchschnitt\w*|average|mean|median)\b.{0,60}\d",
    r"^\W{0,8}(?=[^-+*/x\u00d7\u00f7^]{1,40}[-+*/x\u00d7\u00f7^])[\d(][\d\s().,+*/x\u00d7\u00f7^-]*"
    r"[\d)]\s{0,3}=?\s{0,3}\??$",
    r"\b(?:how many|wie viele) (?:seconds|minutes|hours|days|weeks|centimet\w+|met(?:er|re)s|"
    r"grams|sekunden|minuten|stunden|tage|wochen|zentimeter|meter|gramm)\b.{0,30}(?:\d|\b(?:a|an|"
    r"one|ein|eine|einem|einer) )",
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|zwei|drei|vier|fünf|sechs|"
    r"sieben|acht|neun|zehn|elf|zwölf) (?:plus|minus|times|divided by|mal|geteilt durch)\b",
)
STORY = _any(  # numbers and a question for one: a sum told as a story
    r"\b(?:how (?:many|much|long|far|fast|old)|what (?:is|was|will)|wie ?(?:viele?|lange|weit|"
    r"schnell|alt|teuer)|was (?:kostet|zahle|bezahle|bleibt))\b",
)
ADDS_UP = _any(
    r"\b(?:left|altogether|in total|total|each|more|fewer|less|remain\w*|gives?|gave|buys?|bought|"
    r"sells?|sold|costs?|per|reduced|price|travels?|faster|slower|twice|half|share[sd]?|earns?|"
    r"saves?|spends?|übrig|insgesamt|zusammen|jede[rsn]?|mehr|weniger|gibt|kauft|verkauft|kostet|"
    r"pro|rest|noch|fährt|teilen|verdient|spart)\b",
)
BEFORE = _any(
    r"\b(?:did|have|had) (?:i|we|you)\b.{0,12}\b(?:just )?(?:say|said|tell|told|mention(?:ed)?|"
    r"ask(?:ed)?|call(?:ed)?|talk(?:ed)?|discuss(?:ed)?|list(?:ed)?|answer(?:ed)?|name[d]?|write|"
    r"wrote)\b",
    r"\b(?:you|i|we) (?:just |already |once )?(?:said|told|mentioned|asked|talked|listed|"
    r"discussed|wrote|named)\b",
    r"\b(?:my|your|the) (?:very )?(?:first|last|previous|second|earlier) (?:question|message|"
    r"answer|reply|sentence|thing|request|response)\b",
    r"\b(?:our|this|the) (?:conversation|chat|discussion)\b|\bso far\b|\bsay (?:that|it) again\b|"
    r"\brepeat (?:that|it|yourself)\b|\bremind me what\b",
    r"\b(?:meine|deine|mein|dein)\w* (?:aller)?(?:erste|letzte|vorige|vorherige|"
    r"zweite)\w* (?:frage|antwort|nachricht|satz)\b",
    r"\b(?:habe? ich|haben wir|hast du|du hast|ich habe?|ich hatte|sagtest du|"
    r"sagte ich)\b.{0,50}\b(?:gesagt|erzählt|genannt|gefragt|erwähnt|gesprochen|besprochen|"
    r"geschrieben|vorhin|eben)\b",
    # What has a name only because it was said.
    r"^\W*(?:(?:what|which) (?:is|was)|tell me|say|repeat|was ist|sag mir) (?:the|das|"
    r"die) (?:word|number|name|code|list|wort|zahl|nummer|liste)\W*$",
    r"\b(?:did|have) you (?:give|gave|suggest|recommend|use|write|say|mean|pick|choose)\w*\b|"
    r"^\W*wiederhole? (?:das|es|bitte)\b|\bhast du (?:mir|uns) \w+\W*$|\bwhat you (?:just )?said\b",
    r"\b(?:from|as) before\b|\b(?:von|wie) (?:eben|vorhin|vorher)\b|\bnoch ?mal\b.{0,25}[?.!]?$",
    r"\b(?:vorhin|unser\w* (?:gespräch|unterhaltung)|noch ?(?:ein)?mal sagen|sagtest du)\b",
)
_ABOUT_ME: Final = (
    r"(?:live|work|like|have|want|own|study|play|drive|speak|do|prefer|love|hate|eat)"
)
MINE = _any(
    r"\b(?:what(?:'s| is| are| was)?|who(?:'s| is)?|when(?:'s| is)?|where(?:'s| is)?|which|"
    r"how old is|tell me|name|say|know|remember|kennst du|weißt du|was ist|wer ist|wie (?:heißt|"
    r"alt ist|ist)|wann (?:ist|hat)|wo (?:ist|wohnt|arbeitet)|nenne?|"
    r"sag mir)\b[^.!?\n]{0,24}(?<!for )(?<!für )\b(?:my|mein(?:e[nmrs]?)?)\b",
    rf"\b(?:where|what|which|how|who|when)\b[^.!?\n]{{0,20}}\b(?:do|did|am|"
    rf"was) i\b(?: {_ABOUT_ME}\b|"
    r"\W*$)",
    r"\b(?:who|how old|where|what|how tall) am i\b|^\W*am i (?:a |an )?\w+\W*$|^\W*do i (?:have|"
    r"like|own|live|work|eat|drink|speak|play)\b",
    r"\b(?:know|remember|weißt du|kennst du)\b.{0,10}\b(?:about|über) (?:me|mich)\b",
    r"\b(?:wer|wie alt|wo|was|wie groß) (?:bin|wohne|arbeite|heiße|mag|esse|lebe) ich\b|"
    r"\bheiße ich\b",
    r"\bwhen was i\b|^\W*do i (?!need|have to|get|still|really|also)\w+\b|\bwas sind meine\b|"
    r"^\W*(?:what|which|where|when|who)\b(?: \w+)? (?:do|did|am|was|were|have) i (?!do\b|need|use|"
    r"get|have to|find|make|say|know if)\w+\W*$|^\W*in welche[rmn] \w+ \w+ ich\b",
    r"\bwho i am\b|\bwer ich bin\b|^\W*am i (?:\w+ )?(?:allergic|related|married|registered)\b|"
    r"^\W*(?:was|wo|wer|wen|wann|wie (?:alt|groß|schwer|lange)|welche\w* \w+) (?!soll|kann|könnt|"
    r"muss|darf|brauch)\w+ ich\b(?!.*\b(?:wenn|um|damit|falls)\b)",
    r"\b(?:my|mein\w*) (?:full |own )?(?:name|address|birthday|phone number|adresse|geburtstag|"
    r"nummer)\W*$",
    r"^\W*(?:bin ich|habe ich|mag ich|wohne ich|esse ich)\b",
    r"\b(?:habe|bin|mag|spreche|fahre|spiele) ich\b\W*$|\bhabe? ich (?:geburtstag|haustiere?|"
    r"kinder)\b",
)
TALKS = _any(
    r"^\W*(?:(?:oh|well|so|now|ach|also|nun|ok|okay|na|ah|hm+|und|and)\W+)*(?:hello|hi|hiya|hey|"
    r"greetings|howdy|yo|good (?:morning|evening|afternoon|night|day)|thanks?|thank you|thx|"
    r"many thanks|bye|goodbye|see you|cheers|ok|okay|great|nice|cool|good|well done|sorry|lol|"
    r"ha(?:ha)+|wow|yes|no|yeah|nope|sure|perfect|awesome|welcome|congratulations|happy|merry|"
    r"hallo|hallöchen|servus|moin|grüß|grüezi|guten? (?:morgen|tag|abend|nacht)|danke|vielen dank|"
    r"tschüss?|ciao|auf wiedersehen|bis (?:bald|morgen|später)|super|toll|prima|klasse|sehr gut|"
    r"genau|ja|nein|doch|alles klar|schön|frohe|herzlichen|willkommen|gut|tut mir leid|"
    r"help(?: me)?\W*$|test|ping)\b",
    r"\bhow (?:are you|do you do|is it going|have you been|was your)\b|\bhow'?s (?:it going|life|"
    r"everything|your)\b|\bwhat'?s up\b|\bwie (?:geht|läuft)\b|\bwas (?:geht|machst du)\b",
    r"\b(?:who|what|how old|where) are you\b|\byour (?:name|favou?rite|opinion|hobb\w+|age)\b|"
    r"\bwhat can you do\b|\b(?:are|were) you (?:a|an|there|real|human|happy|alive|sentient|tired|"
    r"okay)\b|\byou there\b|\bwho (?:made|built|created|trained) you\b",
    r"\b(?:wer|was|wie alt|wo) bist du\b|\bwie heißt du\b|\bbist du (?:ein|eine|da|echt|müde|"
    r"noch)\b|\bwas kannst du\b|\bdein\w* (?:name|meinung|lieblings\w+|hobby)\b",
    r"\bdo you (?:like|love|feel|dream|sleep|think|enjoy|have (?:feelings|friends|a name))\b|"
    r"\b(?:magst|liebst|fühlst|schläfst|träumst|denkst|findest) du\b",
    r"\b(?:tell|know)\b.{0,12}\bjokes?\b|\b(?:erzähl|kennst)\w*\b.{0,14}\bwitz\w*\b|"
    r"\bmake me laugh\b",
    r"^\W*(?:i(?:'m| am| feel| felt| was| had| have had| love| miss| hate)|my (?:day|week|weekend|"
    r"life|name is)|(?:mir ist|ich bin|ich heiße|ich fühle|ich hatte|ich freue|mein tag|"
    r"ich vermisse|ich liebe))\b",
    r"^\W*(?:sup|morning|mornin|ugh|oh no|oops|phew|hmm+|haha\w*|same here|by the way|puh|uff|ach|"
    r"oje|schönes?|schönen|hab(?:e)? heute|na|endlich)\b",
    r"^\W*(?:are|were|do|did|have|would|will|can|could|is|bist|hast|warst|würdest|willst|"
    r"kannst) (?:you|du)\b(?! (?:ideen|tipps|eine idee|please|know|tell|explain|name|list|give|"
    r"write|help|make|check|find|show|recommend|suggest|describe|wissen|mir|uns|bitte|sagen))|"
    r"\b(?:with|about|to) you\W*$|\byourself\b|\bhast du (?:gefühle|geschlafen|freunde|angst)\b",
    r"^[^?]{0,60}\b(?:haha\w*|lol|:\)|;\)|xd)\W*$|^\W*i just wanted to\b",
    r"\b(?:let'?s|can we|want to|lass uns|wollen wir)\b.{0,8}\b(?:chat|talk|reden|plaudern|"
    r"quatschen)\b|\bnice to (?:meet|see)\b|\bkennenzulernen\b",
)
MAKES = _any(
    rf"{_ORDER}(?:write|compose|draft|create|invent|make up|generate|design|plan|schreibe?|"
    rf"verfasse?|entw[ie]rf|erfinde?|dichte?|erstelle?|plane?)\b",
    rf"{_ORDER}(?:suggest|recommend|brainstorm|help me|act as|pretend|imagine|"
    rf"give me (?:\w+ )?(?:ideas|tips|advice)|i need (?:ideas|help|advice)|schlage?|empfiehl|"
    rf"hilf mir|stell dir vor|gib mir (?:\w+ )?(?:ideen|tipps|rat)|ich brauche)\b",
    r"\b(?:what|which|how|where) (?:should|can|could|do|shall) (?:i|we)\b|\bshould i\b|\bhow to\b",
    r"\b(?:was|wie|wo|welche\w*) (?:soll|kann|könnte|sollte|muss)\w* (?:ich|wir)\b|"
    r"\bsoll(?:te)? ich\b|\bwie \w+ (?:ich|man)\b|\b(?:ideas?|ideen|tips|tipps) (?:for|on|für|"
    r"zu)\b|\bany ideas\b|\bwhat (?:are|would be|is|'s) (?:a |an |some |the )?(?:good|best|fair|"
    r"nice|fun)\b",
)
ASKS = _any(
    r"\b(?:who|whose|what|when|where|which|why|how|wer|wessen|was|wann|wo|whats|whos|wo(?:r|"
    r"h)?(?:aus|für|von|in|an|zu|her|hin|mit|durch|nach|bei|gegen|über|um)|welche\w*|wie|warum|"
    r"wieso|weshalb|capital|hauptstadt|meaning of|definition of|overview of|difference between|"
    r"history of|bedeutung von|unterschied zwischen)\b|\w\w.*\?\W*$",
    r"^\W*(?:is|are|was|were|do|does|did|can|could|has|have|will|would|ist|sind|war|waren|hat|"
    r"haben|kann|können|gibt|wird|werden|stimmt)\b",
    rf"{_ORDER}(?:name|list|tell|explain|describe|define|compare|nenne?|nenn|erkläre?|erzähle?|"
    rf"beschreibe?|definiere?|vergleiche?|zähle?)\b",
)
FOLLOWS = _any(r"^\W*(?:and|what about|how about|or|und|was ist mit|wie ist es mit|oder)\b")
# A short remark of one person to another.
REMARKS = _any(
    r"^(?!\W*(?:do you know|can you|tell|give|show|say|let|make|gib|sag|nenn|zeig|name|list|"
    r"erzähl|explain|erklär))[^?]*\b(?:i|i'?m|you|me|ich|du|mir|dir|mich|dich|thanks|"
    r"danke)\b[^?]*$",
    r"\b(?:dein tag|(?:von|mit|über|zu) (?:mir|dir))\W*$",
)
JSON_TEXT = re.compile(r"[\[{]\s*(?:\"[^\"\n]{0,60}\"\s*:|\{|\[)")
SCHEMA = _any(r"\b(?:json|schema)\b")
WANTS_FORM = _any(rf"\b(?:as|in|with|only|valid|als|nur|return|output)\b.{{0,20}}\b{_FORMAT}\b")
ABOUT_USER = _any(r"\b(?:the user(?:'s)?|der nutzer|die nutzerin|des nutzers|der benutzer)\b")
