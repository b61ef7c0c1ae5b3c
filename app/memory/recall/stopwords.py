"""Words that say nothing about what a question is about, in languages people ask in here."""

from typing import Final

_ENGLISH: Final = """
a about after again all also am an and any are aren as at be because been before being both but by
can cannot could couldn did didn do does doesn doing don done down each either else ever few for
from further get gets give go goes going got had hadn has hasn have haven having he her here hers
herself him himself his how however i if in into is isn it its itself just know let like ll many
may maybe me might mine more most much must my myself no nor not now of off on once one only or
other our ours ourselves out over own per please put really s said same say says she should
shouldn so some such t tell than that the their theirs them themselves then there these they thing
things this those though through to too under until up upon us ve very was wasn we were weren what
whatever when where whether which while who whom whose why will with within without won would
wouldn yes yet you your yours yourself
"""
_GERMAN: Final = """
aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin
bis bist bitte da dabei damit dann darf das dass dein deine deinem deinen deiner dem den denn der
des dich die dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen
einer eines er es etwa etwas euch euer eure fuer für gab gibt haben hab habe hast hat hatte hatten
hier hin ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jedem jeden
jeder jedes jetzt kann kannst kein keine keinen können könnte machen mal man mehr mein meine
meinem meinen meiner mich mir mit möchte muss nach nicht nichts noch nun nur ob oder ohne sag sage
schon sehr sein seine seinem seinen seiner seit sich sie sind so sollte sondern über um und uns
unser unsere unter vom von vor war waren warum was weil welche welchem welchen welcher welches wem
wen wenn wer werden wessen wie wieder will wir wird wo woher wohin wurde zu zum zur zwischen
"""
_FRENCH: Final = """
ai au aux avec ce ces cet cette comment dans de des du elle elles en est et être eu il ils je la
le les leur leurs lui ma mais me mes moi mon ne nos notre nous on ont ou où par pas plus pour
pourquoi quand que quel quelle quelles quels qui quoi sa sans se ses si son sont sur ta te tes toi
ton tu un une vos votre vous
"""
_OTHERS: Final = """
al che chi con cosa cual cuando cuándo cuál da dal de del dela dell della di do dos dove
donde dónde e el ella en era es esta está este esto fue ha han hay het i il la las le lo los más
mi mis mio na não no o os para pero perché por porque quando quanto que qué quem quien quién se
ser si sobre sono su sua sus também te tu um uma un una voor waar wanneer waarom wat welke
wie y ya yo
"""
STOP_WORDS: Final = frozenset(" ".join((_ENGLISH, _GERMAN, _FRENCH, _OTHERS)).split())
