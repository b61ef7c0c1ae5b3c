"""Plain claims in German, also with the verb at the end as it stands behind "dass"."""

import re
from typing import Final

from app.domain.memories import MemoryKind
from app.memory.writing.rules_en import LASTING, NAME, NAMED, PLACE, SAID_OF, VALUE, rule

_NOW: Final = r"(?:jetzt |derzeit |zurzeit |aktuell |gerade )?"
_VERY: Final = r"(?:sehr |wirklich |total |auch |am liebsten )?"
_THING: Final = r"(?:mein|meine|unser|unsere) (?P<thing>[\w -]{2,40}?)"
_TRAIT: Final = re.compile(
    r"(?:nicht )?(?:vegetarier(?:in)?|veganer(?:in)?|vegan|vegetarisch|verheiratet|ledig|"
    r"geschieden|"
    r"verwitwet|in rente|rentner(?:in)?|schwanger|diabetiker(?:in)?|linkshänder(?:in)?|"
    r"rechtshänder(?:in)?|farbenblind|blind|gehörlos|autist(?:in)?|asthmatiker(?:in)?|"
    r"laktoseintolerant|selbstständig|selbständig|arbeitslos|einzelkind)",
    re.IGNORECASE,
)
_JOB: Final = re.compile(
    r"(?:[a-zäöüß]+e[rn]? )?[A-ZÄÖÜ]\w*(?:er|erin|or|orin|ist|istin|ent|entin|eur|eurin|arzt|"
    r"ärztin|"
    r"anwalt|anwältin|kraft|mann|frau|wirt|wirtin|koch|köchin|ekt|ektin|loge|login|nom|nomin|"
    r"pfleger|"
    r"schüler|in)(?: (?:bei|in|an) .{2,40})?"
)
_DAY: Final = re.compile(r"(?:am |im |den )?(?:\d|[A-Z][a-zä]+ \d).{0,30}", re.IGNORECASE)
_DUE: Final = re.compile(
    r"(?:.{0,60} )?(?:heute|morgen|übermorgen|nächste\w*|diese\w*|in \w+ (?:tag|woche|monat)\w*|"
    r"am \w*(?:tag|woch|abend)|bis |vor |(?:am )?\d).*",
    re.IGNORECASE,
)
# What stands before a verb at the end is one piece.
_INNER: Final = r"(?P<value>[^\s,;][^,;]*?)"

GERMAN: Final = (
    rule(
        rf"(?:ich heiße|ich heisse|mein name ist|mein name lautet) {VALUE}", "self.name", fits=NAME
    ),
    rule(rf"(?:bitte )?nenn(?:e)? mich {VALUE}", "self.name", fits=NAME),
    rule(rf"{_THING} hei(?:ß|ss)t {VALUE}", "{thing}.name", fits=NAME),
    rule(
        rf"ich habe (?:ein|eine|einen) (?P<thing>[\w-]{{2,30}}) namens {VALUE}",
        "{thing}.name",
        fits=NAME,
    ),
    rule(r"ich (?:bin|wurde) (?P<value>.+?) geboren(?: worden)?", "self.birthday", fits=_DAY),
    rule(r"ich habe (?P<value>am .+?) geburtstag", "self.birthday", fits=_DAY),
    rule(r"ich bin (?P<value>\d{1,3})(?: jahre)?(?: alt)?", "self.age"),
    rule(rf"ich (?:wohne|lebe) {_NOW}(?:in|bei|an|auf) {VALUE}", "self.home", fits=PLACE),
    rule(rf"ich bin (?:nach|in) {VALUE} (?:um)?gezogen", "self.home", fits=PLACE),
    rule(rf"ich (?:komme|stamme|bin) (?:ursprünglich )?aus {VALUE}", "self.origin", fits=PLACE),
    rule(rf"ich arbeite {_NOW}als {VALUE}", "self.job"),
    rule(rf"ich bin {VALUE}", "self.trait", fits=_TRAIT),
    rule(
        rf"ich bin {_NOW}(?:(?:ein|eine|von beruf) )?{VALUE}(?: von beruf)?", "self.job", fits=_JOB
    ),
    rule(rf"ich arbeite {_NOW}(?:bei|für) {VALUE}", "self.employer", fits=NAMED),
    rule(rf"ich studiere {_NOW}{VALUE}", "self.study"),
    rule(rf"ich bin (?:nicht )?allergisch gegen {VALUE}", "self.allergy"),
    rule(rf"ich spreche (?:auch )?{VALUE}", "self.language"),
    rule(rf"meine? (?P<thing>lieblings-?\w+) (?:ist|sind) {VALUE}", "{thing}"),
    rule(rf"{_THING} (?:ist|sind) {VALUE}", "{thing}", fits=SAID_OF),
    rule(
        rf"ich (?:mag|liebe) {_VERY}(?:keinen|keine|kein) {VALUE}",
        "self.likes",
        MemoryKind.PREFERENCE,
        LASTING,
        denied=True,
    ),
    rule(
        rf"ich (?:mag|liebe) {VALUE} nicht",
        "self.likes",
        MemoryKind.PREFERENCE,
        LASTING,
        denied=True,
    ),
    rule(rf"ich hasse {VALUE}", "self.likes", MemoryKind.PREFERENCE, LASTING, denied=True),
    rule(rf"ich (?:mag|liebe) {_VERY}{VALUE}", "self.likes", MemoryKind.PREFERENCE, LASTING),
    rule(rf"ich bevorzuge {VALUE}", "self.prefers", MemoryKind.PREFERENCE, LASTING),
    rule(
        rf"ich (?:esse|trinke) (?:nie |niemals )?(?:keinen|keine|kein) {VALUE}",
        "self.eats",
        MemoryKind.PREFERENCE,
        LASTING,
        denied=True,
    ),
    rule(rf"ich (?:esse|trinke) {_VERY}{VALUE}", "self.eats", MemoryKind.PREFERENCE, LASTING),
    rule(rf"erinner(?:e)? mich (?:bitte )?(?:an|daran,?) {VALUE}", "", MemoryKind.TASK),
    rule(rf"ich muss {VALUE}", "", MemoryKind.TASK, _DUE),
    rule(r"ich habe (?P<value>(?:.+ )?einen \S*termin.*)", "", MemoryKind.TASK, _DUE),
    rule(rf"ich {_INNER} hei(?:ß|ss)e", "self.name", fits=NAME),
    rule(rf"{_THING} {_INNER} hei(?:ß|ss)t", "{thing}.name", fits=NAME),
    rule(rf"ich {_NOW}(?:in|bei) {_INNER} (?:wohne|lebe)", "self.home", fits=PLACE),
    rule(rf"ich {_NOW}als {_INNER} arbeite", "self.job"),
    rule(rf"ich (?:nicht )?(?:allergisch )?gegen {_INNER} allergisch bin", "self.allergy"),
    rule(rf"ich {_INNER} bin", "self.trait", fits=_TRAIT),
    rule(rf"meine? (?P<thing>lieblings-?\w+) {_INNER} (?:ist|sind)", "{thing}"),
    rule(rf"{_THING} {_INNER} (?:ist|sind)", "{thing}", fits=SAID_OF),
    rule(
        rf"ich (?:keinen|keine|kein) {_INNER} mag",
        "self.likes",
        MemoryKind.PREFERENCE,
        LASTING,
        denied=True,
    ),
    rule(rf"ich {_INNER} (?:mag|liebe)", "self.likes", MemoryKind.PREFERENCE, LASTING),
)
