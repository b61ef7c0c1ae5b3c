<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>AnswerMessage</name>
    <message>
        <source>waiting for its turn</source>
        <translation>wartet, bis es an der Reihe ist</translation>
    </message>
    <message>
        <source>loading the model</source>
        <translation>lädt das Modell</translation>
    </message>
    <message>
        <source>reading the prompt</source>
        <translation>liest die Frage</translation>
    </message>
    <message>
        <source>writing, and checking the first words</source>
        <translation>schreibt und prüft die ersten Worte</translation>
    </message>
    <message>
        <source>checking the answer</source>
        <translation>prüft die Antwort</translation>
    </message>
    <message>
        <source>answering once more</source>
        <translation>antwortet noch einmal</translation>
    </message>
    <message>
        <source>You stopped this answer.</source>
        <translation>Du hast diese Antwort angehalten.</translation>
    </message>
    <message>
        <source>Echelon ended before this answer was complete. Ask again to get all of it.</source>
        <translation>Echelon wurde beendet, bevor diese Antwort fertig war. Frage noch einmal, um sie ganz zu bekommen.</translation>
    </message>
    <message>
        <source>This answer failed.</source>
        <translation>Diese Antwort ist misslungen.</translation>
    </message>
</context>
<context>
    <name>AskText</name>
    <message>
        <source>Echelon</source>
        <translation>Echelon</translation>
    </message>
</context>
<context>
    <name>Causes</name>
    <message>
        <source>it was not sure enough</source>
        <translation type="unfinished">sie war nicht sicher genug</translation>
    </message>
    <message>
        <source>a check found a mistake</source>
        <translation type="unfinished">eine Prüfung fand einen Fehler</translation>
    </message>
    <message>
        <source>it missed the wanted form</source>
        <translation type="unfinished">sie verfehlte die gewünschte Form</translation>
    </message>
    <message>
        <source>it was in another language</source>
        <translation type="unfinished">sie war in einer anderen Sprache</translation>
    </message>
    <message>
        <source>it went round in circles</source>
        <translation type="unfinished">sie drehte sich im Kreis</translation>
    </message>
    <message>
        <source>it was cut off at its limit</source>
        <translation type="unfinished">sie brach an ihrer Grenze ab</translation>
    </message>
    <message>
        <source>it was empty</source>
        <translation type="unfinished">sie war leer</translation>
    </message>
    <message>
        <source>it was a refusal</source>
        <translation type="unfinished">sie war eine Absage</translation>
    </message>
    <message>
        <source>the model could not be loaded</source>
        <translation type="unfinished">das Modell ließ sich nicht laden</translation>
    </message>
    <message>
        <source>the model broke off</source>
        <translation type="unfinished">das Modell brach ab</translation>
    </message>
    <message>
        <source>loading took too long</source>
        <translation type="unfinished">das Laden dauerte zu lange</translation>
    </message>
    <message>
        <source>reading took too long</source>
        <translation type="unfinished">das Lesen dauerte zu lange</translation>
    </message>
    <message>
        <source>the model stood still</source>
        <translation type="unfinished">das Modell stand still</translation>
    </message>
    <message>
        <source>it took too long</source>
        <translation type="unfinished">sie dauerte zu lange</translation>
    </message>
</context>
<context>
    <name>ChatPage</name>
    <message>
        <source>New chat</source>
        <translation>Neues Gespräch</translation>
    </message>
    <message>
        <source>Open this link in your browser?</source>
        <translation>Diesen Link im Browser öffnen?</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>The answer is complete</source>
        <translation>Die Antwort ist fertig</translation>
    </message>
</context>
<context>
    <name>ClimbLines</name>
    <message>
        <source>%1 to %2</source>
        <translation>%1 an %2</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>Code kopieren</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Ask anything</source>
        <translation>Frag etwas</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter breaks the line</source>
        <translation>Enter sendet, Umschalt+Enter bricht die Zeile um</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>Wer antwortet</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Write something first</source>
        <translation>Schreib zuerst etwas</translation>
    </message>
</context>
<context>
    <name>Confirm</name>
    <message>
        <source>Echelon</source>
        <translation>Echelon</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Chat</source>
        <translation>Gespräch</translation>
    </message>
    <message>
        <source>Tiers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Show the list of chats</source>
        <translation>Liste der Gespräche zeigen</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neues Gespräch</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>Gespräche suchen</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>Nachricht schreiben</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>Antwort anhalten</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Noch einmal antworten</translation>
    </message>
    <message>
        <source>Show or hide the list</source>
        <translation>Liste zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>The model %1 is set aside.</source>
        <translation>Das Modell %1 ist stillgelegt.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Load anyway</source>
        <translation>Trotzdem laden</translation>
    </message>
    <message>
        <source>Title of this chat</source>
        <translation>Titel dieses Gesprächs</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Delete “%1” with all its messages?</source>
        <translation>„%1“ mit allen Nachrichten löschen?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>MoveLines</name>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Take back: %1</source>
        <translation>Zurücknehmen: %1</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close notice</source>
        <translation>Hinweis schließen</translation>
    </message>
</context>
<context>
    <name>PaceChart</name>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>earlier</source>
        <translation>früher</translation>
    </message>
</context>
<context>
    <name>Prose</name>
    <message>
        <source>Answer text</source>
        <translation>Text der Antwort</translation>
    </message>
</context>
<context>
    <name>Receipt</name>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 Token/s</translation>
    </message>
    <message>
        <source>first token %1</source>
        <translation>erstes Token nach %1</translation>
    </message>
    <message>
        <source>%1 in all</source>
        <translation>%1 insgesamt</translation>
    </message>
    <message>
        <source>%1 drafted</source>
        <translation>%1 vorentworfen</translation>
    </message>
    <message>
        <source>cut at its length limit</source>
        <translation>an der Längengrenze abgeschnitten</translation>
    </message>
    <message>
        <source>doubtful</source>
        <translation>zweifelhaft</translation>
    </message>
    <message>
        <source>sure %1</source>
        <translation>%1 sicher</translation>
    </message>
    <message>
        <source>climbed from %1</source>
        <translation>aufgestiegen von %1</translation>
    </message>
    <message>
        <source>%1 answered first; %2, so %3 looked again.</source>
        <translation>%1 antwortete zuerst; %2, deshalb sah %3 noch einmal hin.</translation>
    </message>
</context>
<context>
    <name>ReceiptLine</name>
    <message>
        <source>Previous version</source>
        <translation>Vorige Fassung</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Nächste Fassung</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>Warum?</translation>
    </message>
    <message>
        <source>Why this answer</source>
        <translation>Warum diese Antwort</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>Gut</translation>
    </message>
    <message>
        <source>This answer is good</source>
        <translation>Diese Antwort ist gut</translation>
    </message>
    <message>
        <source>Bad</source>
        <translation>Schlecht</translation>
    </message>
    <message>
        <source>This answer is bad</source>
        <translation>Diese Antwort ist schlecht</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy answer</source>
        <translation>Antwort kopieren</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Noch einmal antworten</translation>
    </message>
    <message>
        <source>Why: %1</source>
        <translation>Warum: %1</translation>
    </message>
    <message>
        <source>ask %1</source>
        <translation>%1 fragen</translation>
    </message>
    <message>
        <source>Answer again with %1</source>
        <translation>Noch einmal antworten lassen von %1</translation>
    </message>
</context>
<context>
    <name>ServerPills</name>
    <message>
        <source>asleep</source>
        <translation>schläft</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>startet</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>lädt</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>hält an</translation>
    </message>
    <message>
        <source>crashed</source>
        <translation>abgestürzt</translation>
    </message>
    <message>
        <source>set aside</source>
        <translation>stillgelegt</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Mock mode</source>
        <translation>Probebetrieb</translation>
    </message>
    <message>
        <source>Answer from scripted engines; no model is needed.</source>
        <translation>Antworten kommen aus einem Drehbuch; es wird kein Modell gebraucht.</translation>
    </message>
    <message>
        <source>Local only</source>
        <translation>Nur lokal</translation>
    </message>
    <message>
        <source>Forbid every connection that leaves this computer.</source>
        <translation>Jede Verbindung verbieten, die diesen Rechner verlässt.</translation>
    </message>
    <message>
        <source>Model registry</source>
        <translation>Modellverzeichnis</translation>
    </message>
    <message>
        <source>Another model_registry.yaml than the default one.</source>
        <translation>Eine andere model_registry.yaml als die vorgegebene.</translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation>Datenordner</translation>
    </message>
    <message>
        <source>Where chats and settings are kept.</source>
        <translation>Hier liegen Gespräche und Einstellungen.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>Light, dark, or as the system says.</source>
        <translation>Hell, dunkel oder wie das System es vorgibt.</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <source>The role that answers; empty leaves the choice to Echelon.</source>
        <translation>Die Rolle, die antwortet; leer lässt Echelon wählen.</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>Abwägung</translation>
    </message>
    <message>
        <source>0 answers as fast as possible, 1 as well as possible.</source>
        <translation>0 antwortet so schnell wie möglich, 1 so gut wie möglich.</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>Threads per engine; 0 chooses for this computer.</source>
        <translation>Threads je Modellprozess; 0 wählt passend zu diesem Rechner.</translation>
    </message>
    <message>
        <source>Memory budget</source>
        <translation>Speicherbudget</translation>
    </message>
    <message>
        <source>Megabytes for all models together; 0 takes most of this computer&apos;s memory.</source>
        <translation>Megabyte für alle Modelle zusammen; 0 nimmt den größten Teil des Speichers dieses Rechners.</translation>
    </message>
    <message>
        <source>Minimum residency</source>
        <translation>Mindestverweildauer</translation>
    </message>
    <message>
        <source>Seconds a model that was just loaded stays in memory, at most.</source>
        <translation>Sekunden, die ein gerade geladenes Modell höchstens im Speicher bleibt.</translation>
    </message>
    <message>
        <source>Load anyway</source>
        <translation>Trotzdem laden</translation>
    </message>
    <message>
        <source>Load models also where they do not fit into memory.</source>
        <translation>Modelle auch laden, wenn sie nicht in den Speicher passen.</translation>
    </message>
    <message>
        <source>Quiet time</source>
        <translation>Ruhige Zeit</translation>
    </message>
    <message>
        <source>Seconds without anybody after which Echelon checks its own answers, on mains power; 0 never does.</source>
        <translation>Sekunden ohne Eingabe, nach denen Echelon am Stromnetz eigene Antworten prüft; 0: nie.</translation>
    </message>
    <message>
        <source>Exploration</source>
        <translation>Erkunden</translation>
    </message>
    <message>
        <source>Share of questions that begin with another role than the best, to learn.</source>
        <translation>Anteil der Fragen, die zum Lernen bei einer anderen als der besten Rolle beginnen.</translation>
    </message>
    <message>
        <source>Log level</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>How much the log file holds.</source>
        <translation>Wie viel in der Protokolldatei steht.</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>These come from the environment or from the file .env and take effect at the next start.</source>
        <translation>Diese Werte kommen aus der Umgebung oder aus der Datei .env und gelten ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>Something went wrong inside Echelon.</source>
        <translation>In Echelon ist etwas schiefgegangen.</translation>
    </message>
    <message>
        <source>You can go on. The details are in the log.</source>
        <translation>Du kannst weiterarbeiten. Die Einzelheiten stehen im Protokoll.</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Search chats · Ctrl+K</source>
        <translation>Gespräche suchen · Strg+K</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>Gespräche suchen</translation>
    </message>
    <message>
        <source>+ New chat</source>
        <translation>+ Neues Gespräch</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>Gespräche</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neues Gespräch</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>This week</source>
        <translation>Diese Woche</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>Älter</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen …</translation>
    </message>
</context>
<context>
    <name>StartProblem</name>
    <message>
        <source>Echelon could not start</source>
        <translation>Echelon konnte nicht starten</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>TierCard</name>
    <message>
        <source>of drafted tokens stood</source>
        <translation>der Entwurf-Token blieben</translation>
    </message>
    <message>
        <source>writing now</source>
        <translation>schreibt gerade</translation>
    </message>
    <message>
        <source>first token %1</source>
        <translation type="unfinished">erstes Token nach %1</translation>
    </message>
    <message>
        <source>nothing seen yet</source>
        <translation>noch nichts gesehen</translation>
    </message>
    <message>
        <source>ready</source>
        <translation type="unfinished">bereit</translation>
    </message>
    <message>
        <source>loading</source>
        <translation type="unfinished">lädt</translation>
    </message>
    <message>
        <source>crashed</source>
        <translation type="unfinished">abgestürzt</translation>
    </message>
    <message>
        <source>set aside</source>
        <translation type="unfinished">stillgelegt</translation>
    </message>
    <message>
        <source>asleep</source>
        <translation type="unfinished">schläft</translation>
    </message>
</context>
<context>
    <name>Tiers</name>
    <message>
        <source>A front door</source>
        <translation>A Empfang</translation>
    </message>
    <message>
        <source>C workers</source>
        <translation>C Arbeiter</translation>
    </message>
    <message>
        <source>B experts</source>
        <translation>B Fachleute</translation>
    </message>
    <message>
        <source>D drafts</source>
        <translation>D Entwürfe</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation type="unfinished">%1 Token/s</translation>
    </message>
</context>
<context>
    <name>TiersPage</name>
    <message>
        <source>Ask something: the speed of the answer is drawn here while it grows.</source>
        <translation>Stelle eine Frage: Hier wird das Tempo der Antwort gezeichnet, während sie wächst.</translation>
    </message>
    <message>
        <source>No question has been answered yet.</source>
        <translation>Noch wurde keine Frage beantwortet.</translation>
    </message>
    <message>
        <source>No model is in memory now.</source>
        <translation>Gerade ist kein Modell im Speicher.</translation>
    </message>
    <message>
        <source>No answer had to be handed on yet.</source>
        <translation>Noch musste keine Antwort weitergegeben werden.</translation>
    </message>
    <message>
        <source>Nothing was moved: every question begins where it is worth most.</source>
        <translation>Nichts wurde verschoben: Jede Frage beginnt, wo es sich am meisten lohnt.</translation>
    </message>
    <message>
        <source>Where questions ended</source>
        <translation>Wo Fragen endeten</translation>
    </message>
    <message>
        <source>Memory: %1 of %2</source>
        <translation>Speicher: %1 von %2</translation>
    </message>
    <message>
        <source>Tiers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>Tokens per second</source>
        <translation>Token pro Sekunde</translation>
    </message>
    <message>
        <source>Answers that were handed on</source>
        <translation>Weitergegebene Antworten</translation>
    </message>
    <message>
        <source>Where kinds of tasks begin</source>
        <translation>Wo Arten von Aufgaben beginnen</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Conversation</source>
        <translation>Gespräch</translation>
    </message>
</context>
<context>
    <name>UserMessage</name>
    <message>
        <source>Your message</source>
        <translation>Deine Nachricht</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>What would you like to know?</source>
        <translation>Was möchtest du wissen?</translation>
    </message>
    <message>
        <source>Everything runs on this computer. The starter models are very small: they know a few things well and say so when they do not know.</source>
        <translation>Alles läuft auf diesem Rechner. Die mitgelieferten Modelle sind sehr klein: Sie können wenige Dinge gut und sagen es, wenn sie etwas nicht wissen.</translation>
    </message>
</context>
<context>
    <name>Why</name>
    <message>
        <source>the best of all answers, but doubtful</source>
        <translation>die beste aller Antworten, aber zweifelhaft</translation>
    </message>
    <message>
        <source>not judged</source>
        <translation>nicht beurteilt</translation>
    </message>
    <message>
        <source>the promise holds</source>
        <translation>das Versprechen gilt</translation>
    </message>
    <message>
        <source>no promise yet</source>
        <translation>noch kein Versprechen</translation>
    </message>
    <message>
        <source>%1 likely right</source>
        <translation>zu %1 wahrscheinlich richtig</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>Warten</translation>
    </message>
    <message>
        <source>loading</source>
        <translation type="unfinished">lädt</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>judging</source>
        <translation>Beurteilen</translation>
    </message>
    <message>
        <source>Time: %1</source>
        <translation>Zeit: %1</translation>
    </message>
    <message>
        <source>Tokens: %1 drafted, %2 of them stood</source>
        <translation>Token: %1 vorentworfen, %2 davon blieben</translation>
    </message>
    <message>
        <source>Expected before: %1</source>
        <translation>Vorher erwartet: %1</translation>
    </message>
</context>
</TS>
