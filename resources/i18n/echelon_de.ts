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
    <name>BenchLine</name>
    <message>
        <source>Measures the model as it is loaded now; what is not saved does not count.</source>
        <translation>Misst das Modell, wie es jetzt geladen wird; was nicht gespeichert ist, zählt nicht.</translation>
    </message>
    <message>
        <source>Stop measuring</source>
        <translation>Messen anhalten</translation>
    </message>
    <message>
        <source>Benchmark here</source>
        <translation>Hier messen</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>lädt</translation>
    </message>
    <message>
        <source>loading again, to time it</source>
        <translation>lädt noch einmal, um die Zeit zu messen</translation>
    </message>
    <message>
        <source>warming up</source>
        <translation>wärmt auf</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>misst</translation>
    </message>
    <message>
        <source>Not measured here yet.</source>
        <translation>Hier noch nicht gemessen.</translation>
    </message>
    <message>
        <source>Measured: %1</source>
        <translation>Gemessen: %1</translation>
    </message>
    <message>
        <source>reads %1</source>
        <translation>liest %1</translation>
    </message>
    <message>
        <source>writes %1</source>
        <translation>schreibt %1</translation>
    </message>
    <message>
        <source>loads in %1 s</source>
        <translation>lädt in %1 s</translation>
    </message>
    <message>
        <source>takes %1</source>
        <translation>braucht %1</translation>
    </message>
    <message>
        <source>checks %1 tokens in the time of %2</source>
        <translation>prüft %1 Token in der Zeit von %2</translation>
    </message>
</context>
<context>
    <name>BringDialog</name>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
    <message>
        <source>Link: takes no room; the file stays where it is</source>
        <translation>Verknüpfen: braucht keinen Platz; die Datei bleibt, wo sie ist</translation>
    </message>
    <message>
        <source>Copy: takes as much room again</source>
        <translation>Kopieren: braucht noch einmal so viel Platz</translation>
    </message>
    <message>
        <source>How should this come into the library?</source>
        <translation>Wie soll das in die Bibliothek kommen?</translation>
    </message>
</context>
<context>
    <name>Causes</name>
    <message>
        <source>it was not sure enough</source>
        <translation>sie war nicht sicher genug</translation>
    </message>
    <message>
        <source>a check found a mistake</source>
        <translation>eine Prüfung fand einen Fehler</translation>
    </message>
    <message>
        <source>it missed the wanted form</source>
        <translation>sie verfehlte die gewünschte Form</translation>
    </message>
    <message>
        <source>it was in another language</source>
        <translation>sie war in einer anderen Sprache</translation>
    </message>
    <message>
        <source>it went round in circles</source>
        <translation>sie drehte sich im Kreis</translation>
    </message>
    <message>
        <source>it was cut off at its limit</source>
        <translation>sie brach an ihrer Grenze ab</translation>
    </message>
    <message>
        <source>it was empty</source>
        <translation>sie war leer</translation>
    </message>
    <message>
        <source>it was a refusal</source>
        <translation>sie war eine Absage</translation>
    </message>
    <message>
        <source>the model could not be loaded</source>
        <translation>das Modell ließ sich nicht laden</translation>
    </message>
    <message>
        <source>the model broke off</source>
        <translation>das Modell brach ab</translation>
    </message>
    <message>
        <source>loading took too long</source>
        <translation>das Laden dauerte zu lange</translation>
    </message>
    <message>
        <source>reading took too long</source>
        <translation>das Lesen dauerte zu lange</translation>
    </message>
    <message>
        <source>the model stood still</source>
        <translation>das Modell stand still</translation>
    </message>
    <message>
        <source>it took too long</source>
        <translation>sie dauerte zu lange</translation>
    </message>
</context>
<context>
    <name>ChangesDialog</name>
    <message>
        <source>Save changes</source>
        <translation>Änderungen speichern</translation>
    </message>
    <message>
        <source>What will be changed</source>
        <translation>Was geändert wird</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>This will be changed:</source>
        <translation>Das wird geändert:</translation>
    </message>
</context>
<context>
    <name>ChatMemory</name>
    <message>
        <source>Folder this chat belongs to</source>
        <translation>Ordner, zu dem dieser Chat gehört</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>angeheftet</translation>
    </message>
    <message>
        <source>found by words</source>
        <translation>an Wörtern gefunden</translation>
    </message>
    <message>
        <source>found by meaning</source>
        <translation>am Sinn gefunden</translation>
    </message>
    <message>
        <source>found by words and meaning</source>
        <translation>an Wörtern und am Sinn gefunden</translation>
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
        <source>Temporary chat: nothing of it is kept</source>
        <translation>Temporärer Chat: nichts davon wird behalten</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Gedächtnis</translation>
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
    <name>Coming</name>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Give it a role</source>
        <translation>Rolle geben</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Früher</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>retrying</source>
        <translation>versucht es wieder</translation>
    </message>
    <message>
        <source>verifying</source>
        <translation>wird geprüft</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>pieces verified</source>
        <translation>Stücke geprüft</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
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
    <name>Details</name>
    <message>
        <source>Open its page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <source>Looking at its files…</source>
        <translation>Die Dateien werden angesehen …</translation>
    </message>
    <message>
        <source>It holds no GGUF model.</source>
        <translation>Es enthält kein GGUF-Modell.</translation>
    </message>
    <message>
        <source>Its card could not be had: %1</source>
        <translation>Die Beschreibung war nicht zu bekommen: %1</translation>
    </message>
    <message>
        <source>Its author has written nothing about it.</source>
        <translation>Wer es gemacht hat, hat nichts darüber geschrieben.</translation>
    </message>
    <message>
        <source>What its author says</source>
        <translation>Was der Autor dazu sagt</translation>
    </message>
    <message>
        <source>The rest stands on its page.</source>
        <translation>Der Rest steht auf der Seite des Modells.</translation>
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
        <source>Context the verdicts are for</source>
        <translation>Kontext, für den die Urteile gelten</translation>
    </message>
    <message>
        <source>%1 context</source>
        <translation>Kontext %1</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>DocumentsTab</name>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Add documents…</source>
        <translation>Dokumente hinzufügen …</translation>
    </message>
    <message>
        <source>Documents are being read; they can be recalled as they come.</source>
        <translation>Dokumente werden gelesen; was da ist, ist sofort abrufbar.</translation>
    </message>
    <message>
        <source>No documents yet. What you add is read here, and read again when it changes.</source>
        <translation>Noch keine Dokumente. Was hinzukommt, wird gelesen, und neu gelesen, wenn es sich ändert.</translation>
    </message>
    <message>
        <source>Looked at again at quiet times and at every start.</source>
        <translation>Wird in Ruhezeiten und bei jedem Start neu angesehen.</translation>
    </message>
    <message>
        <source>%1 documents, %2 passages</source>
        <translation>%1 Dokumente, %2 Abschnitte</translation>
    </message>
    <message>
        <source>Show passages: %1</source>
        <translation>Abschnitte zeigen: %1</translation>
    </message>
    <message>
        <source>Read again: %1</source>
        <translation>Neu lesen: %1</translation>
    </message>
    <message>
        <source>Take out: %1</source>
        <translation>Entfernen: %1</translation>
    </message>
    <message>
        <source>Show passages</source>
        <translation>Abschnitte zeigen</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>Neu lesen</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>%1 more files are not read.</source>
        <translation>%1 weitere Dateien werden nicht gelesen.</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add documents</source>
        <translation>Dokumente hinzufügen</translation>
    </message>
    <message>
        <source>Take out “%1” with all its passages? Its files stay where they are.</source>
        <translation>„%1“ mit allen Abschnitten entfernen? Die Dateien bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Herausnehmen</translation>
    </message>
</context>
<context>
    <name>DownloadRow</name>
    <message>
        <source>Drag it, or press Alt with an arrow, to change the order.</source>
        <translation>Ziehen, oder Alt mit einem Pfeil drücken, ändert die Reihenfolge.</translation>
    </message>
    <message>
        <source>Every MiB gets a hash when it comes; what the disk has changed since is fetched again. At the end the whole file is compared with the hash its source tells.</source>
        <translation>Jedes MiB bekommt beim Eintreffen eine Prüfsumme; was sich auf der Platte seither geändert hat, wird neu geholt. Am Ende wird die ganze Datei mit der Prüfsumme verglichen, die ihre Quelle nennt.</translation>
    </message>
    <message>
        <source>How much is here</source>
        <translation>Wie viel schon da ist</translation>
    </message>
</context>
<context>
    <name>DownloadsTab</name>
    <message>
        <source>Nothing is being downloaded.</source>
        <translation>Es wird nichts heruntergeladen.</translation>
    </message>
    <message>
        <source>Cancel “%1”? %2 that are here are thrown away.</source>
        <translation>„%1“ abbrechen? %2, die schon da sind, werden verworfen.</translation>
    </message>
    <message>
        <source>Cancel the download</source>
        <translation>Download abbrechen</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>Downloads</translation>
    </message>
</context>
<context>
    <name>DraftField</name>
    <message>
        <source>Automatic: the model of tier D that drafts</source>
        <translation>Automatisch: das Modell der Ebene D, das entwirft</translation>
    </message>
    <message>
        <source>No draft model</source>
        <translation>Kein Entwurfsmodell</translation>
    </message>
    <message>
        <source>: cannot draft, %1</source>
        <translation>: kann nicht entwerfen, %1</translation>
    </message>
    <message>
        <source>: may cost more than it saves, %1</source>
        <translation>: kostet vielleicht mehr als es spart, %1</translation>
    </message>
</context>
<context>
    <name>EditDialog</name>
    <message>
        <source>Edit memory</source>
        <translation>Erinnerung bearbeiten</translation>
    </message>
    <message>
        <source>never, or a day such as 2027-12-31</source>
        <translation>nie, oder ein Tag wie 2027-12-31</translation>
    </message>
    <message>
        <source>A memory needs words. To be rid of it, delete it.</source>
        <translation>Eine Erinnerung braucht Worte. Soll sie weg, löschen Sie sie.</translation>
    </message>
    <message>
        <source>“%1” is no day. Write it as 2027-12-31.</source>
        <translation>„%1“ ist kein Tag. Schreibweise: 2027-12-31.</translation>
    </message>
    <message>
        <source>This day is over.</source>
        <translation>Dieser Tag ist vorbei.</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Worte</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Counts</source>
        <translation>Gilt</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>Forget after</source>
        <translation>Vergessen nach</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
</context>
<context>
    <name>EscalationField</name>
    <message>
        <source>Whoever is likelier right and worth the time</source>
        <translation>Wer eher richtig liegt und die Zeit wert ist</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>Niemand</translation>
    </message>
    <message>
        <source>These roles, in this order</source>
        <translation>Diese Rollen, in dieser Reihenfolge</translation>
    </message>
    <message>
        <source>Add a role</source>
        <translation>Rolle hinzufügen</translation>
    </message>
    <message>
        <source>Order of the roles that go on</source>
        <translation>Reihenfolge der Rollen, die weitermachen</translation>
    </message>
    <message>
        <source>Alt with an arrow moves a role, Delete takes it out.</source>
        <translation>Alt mit einem Pfeil verschiebt eine Rolle, Entf nimmt sie heraus.</translation>
    </message>
    <message>
        <source>Add a role to the order</source>
        <translation>Rolle in die Reihenfolge aufnehmen</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Herausnehmen</translation>
    </message>
</context>
<context>
    <name>EyesField</name>
    <message>
        <source>none: it cannot see images</source>
        <translation>keine: es sieht keine Bilder</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Search what is remembered</source>
        <translation>Erinnerungen durchsuchen</translation>
    </message>
    <message>
        <source>all places</source>
        <translation>überall</translation>
    </message>
    <message>
        <source>Where it counts</source>
        <translation>Wo es gilt</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>all kinds</source>
        <translation>alle Arten</translation>
    </message>
    <message>
        <source>Who stands for it</source>
        <translation>Wer dafür steht</translation>
    </message>
    <message>
        <source>any trust</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>How it stands</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>all of these</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>What comes first</source>
        <translation>Was zuerst kommt</translation>
    </message>
</context>
<context>
    <name>Find</name>
    <message>
        <source>%1 downloads</source>
        <translation>%1 Downloads</translation>
    </message>
    <message>
        <source>terms to accept</source>
        <translation>Bedingungen anzunehmen</translation>
    </message>
    <message>
        <source>given by its author</source>
        <translation>vom Autor freigegeben</translation>
    </message>
    <message>
        <source>Trending</source>
        <translation>Im Trend</translation>
    </message>
    <message>
        <source>Most downloads</source>
        <translation>Meiste Downloads</translation>
    </message>
    <message>
        <source>Most likes</source>
        <translation>Meiste Likes</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Neueste</translation>
    </message>
    <message>
        <source>not looked at</source>
        <translation>nicht angesehen</translation>
    </message>
    <message>
        <source>cannot run: %1</source>
        <translation>läuft nicht: %1</translation>
    </message>
    <message>
        <source>does not fit: needs %1, there are %2</source>
        <translation>passt nicht: braucht %1, es gibt %2</translation>
    </message>
    <message>
        <source>runs well, %1 with %2 context</source>
        <translation>läuft gut, %1 mit %2 Kontext</translation>
    </message>
    <message>
        <source>runs slowly, %1 with %2 context</source>
        <translation>läuft langsam, %1 mit %2 Kontext</translation>
    </message>
    <message>
        <source>cannot run</source>
        <translation>läuft nicht</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>passt nicht</translation>
    </message>
    <message>
        <source>needs %1, there are %2</source>
        <translation>braucht %1, es gibt %2</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>etwa %1</translation>
    </message>
    <message>
        <source>it can write ahead for %1</source>
        <translation>es kann für %1 vorausschreiben</translation>
    </message>
    <message>
        <source>It can write ahead for %1.</source>
        <translation>Es kann für %1 vorausschreiben.</translation>
    </message>
    <message>
        <source>%1 likes</source>
        <translation>%1 Likes</translation>
    </message>
    <message>
        <source>changed %1</source>
        <translation>geändert %1</translation>
    </message>
    <message>
        <source>licence not stated</source>
        <translation>Lizenz nicht angegeben</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 Parameter</translation>
    </message>
    <message>
        <source>memory: %1</source>
        <translation>Gedächtnis: %1</translation>
    </message>
    <message>
        <source>made for %1 of context</source>
        <translation>gemacht für %1 Kontext</translation>
    </message>
    <message>
        <source>vocabulary of %1</source>
        <translation>Vokabular von %1</translation>
    </message>
    <message>
        <source>knows how to chat</source>
        <translation>kann Gespräche führen</translation>
    </message>
    <message>
        <source>no chat template</source>
        <translation>keine Gesprächsvorlage</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>sliding window</source>
        <translation>gleitendes Fenster</translation>
    </message>
    <message>
        <source>hybrid</source>
        <translation>hybrid</translation>
    </message>
    <message>
        <source>recurrent</source>
        <translation>rekurrent</translation>
    </message>
</context>
<context>
    <name>FindTab</name>
    <message>
        <source>A search asks the hub for models with GGUF files; before it nothing is sent.</source>
        <translation>Eine Suche fragt den Hub nach Modellen mit GGUF-Dateien; vorher wird nichts gesendet.</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Suche läuft …</translation>
    </message>
    <message>
        <source>Nothing was found for “%1”. Fewer or other words may find more.</source>
        <translation>Zu „%1“ wurde nichts gefunden. Weniger oder andere Wörter finden vielleicht mehr.</translation>
    </message>
    <message>
        <source>One model was found.</source>
        <translation>Ein Modell gefunden.</translation>
    </message>
    <message>
        <source>The first %1 models are shown.</source>
        <translation>Die ersten %1 Modelle werden gezeigt.</translation>
    </message>
    <message>
        <source>%1 models were found.</source>
        <translation>%1 Modelle gefunden.</translation>
    </message>
</context>
<context>
    <name>FoldersDialog</name>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
</context>
<context>
    <name>GetButton</name>
    <message>
        <source>The tab Downloads tells more, and stops or goes on with it.</source>
        <translation>Der Reiter Downloads zeigt mehr, hält an und setzt fort.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Get again</source>
        <translation>Erneut holen</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Vorhanden</translation>
    </message>
    <message>
        <source>Get</source>
        <translation>Holen</translation>
    </message>
</context>
<context>
    <name>Head</name>
    <message>
        <source>Open page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>on this computer</source>
        <translation>auf diesem Computer</translation>
    </message>
    <message>
        <source>quantisation</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>speed</source>
        <translation>Tempo</translation>
    </message>
</context>
<context>
    <name>HubToken</name>
    <message>
        <source>Token for the model hub</source>
        <translation>Token für das Modell-Verzeichnis</translation>
    </message>
    <message>
        <source>Only gated models need one. It is kept in the system&apos;s keyring and never shown; saving an empty field forgets it. HF_TOKEN in the environment comes first.</source>
        <translation>Nur Modelle mit Zugangsbedingungen brauchen eines. Es liegt im Schlüsselbund des Systems und wird nie angezeigt; ein leeres Feld zu speichern vergisst es. HF_TOKEN in der Umgebung geht vor.</translation>
    </message>
    <message>
        <source>Save and test</source>
        <translation>Speichern und prüfen</translation>
    </message>
    <message>
        <source>Asking the hub…</source>
        <translation>Das Verzeichnis wird gefragt …</translation>
    </message>
    <message>
        <source>Connected to %1 without a token.</source>
        <translation>Mit %1 verbunden, ohne Token.</translation>
    </message>
    <message>
        <source>Connected to %1 as %2.</source>
        <translation>Mit %1 verbunden als %2.</translation>
    </message>
</context>
<context>
    <name>HubTrouble</name>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Test connection</source>
        <translation>Verbindung prüfen</translation>
    </message>
    <message>
        <source>Testing the connection…</source>
        <translation>Die Verbindung wird geprüft …</translation>
    </message>
    <message>
        <source>%1 answers.</source>
        <translation>%1 antwortet.</translation>
    </message>
    <message>
        <source>The token is that of %1.</source>
        <translation>Das Token gehört %1.</translation>
    </message>
    <message>
        <source>It does not say whose token it is.</source>
        <translation>Er sagt nicht, wem das Token gehört.</translation>
    </message>
    <message>
        <source>No token is set: only public models can be had.</source>
        <translation>Kein Token gesetzt: nur öffentliche Modelle sind zu haben.</translation>
    </message>
</context>
<context>
    <name>InstalledTab</name>
    <message>
        <source>No model is here yet. Find one that runs well, or drop a GGUF here.</source>
        <translation>Noch ist kein Modell da. Suchen Sie eines, das gut läuft, oder ziehen Sie ein GGUF hierher.</translation>
    </message>
    <message>
        <source>No model fits these words.</source>
        <translation>Kein Modell passt zu diesen Wörtern.</translation>
    </message>
    <message>
        <source>Folders…</source>
        <translation>Ordner …</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen …</translation>
    </message>
</context>
<context>
    <name>KeptTab</name>
    <message>
        <source>What is remembered</source>
        <translation>Was gemerkt ist</translation>
    </message>
    <message>
        <source>Nothing is here.</source>
        <translation>Hier ist nichts.</translation>
    </message>
    <message>
        <source>Nothing is remembered yet. What you tell in chats is kept here, and what you ask to remember.</source>
        <translation>Noch ist nichts gemerkt. Hier steht, was in Chats erzählt wird und was gemerkt werden soll.</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Anheften</translation>
    </message>
    <message>
        <source>Merge…</source>
        <translation>Zusammenführen …</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archivieren</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>Verlauf …</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Zurückholen</translation>
    </message>
</context>
<context>
    <name>LimitField</name>
    <message>
        <source>Speed limit</source>
        <translation>Höchsttempo</translation>
    </message>
    <message>
        <source>Speed limit in MB/s; empty for none</source>
        <translation>Höchsttempo in MB/s; leer für keines</translation>
    </message>
    <message>
        <source>For all downloads together; empty for none.</source>
        <translation>Für alle Downloads zusammen; leer für keines.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
</context>
<context>
    <name>ListTab</name>
    <message>
        <source>The list has changed. Choose again.</source>
        <translation>Die Liste hat sich geändert. Bitte neu auswählen.</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>Bearbeiten …</translation>
    </message>
    <message>
        <source>Show in chat</source>
        <translation>Im Chat zeigen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Nothing fits.</source>
        <translation>Nichts passt.</translation>
    </message>
</context>
<context>
    <name>LoadForm</name>
    <message>
        <source>Change how it is loaded</source>
        <translation>Ändern, wie es geladen wird</translation>
    </message>
    <message>
        <source>Copy command line</source>
        <translation>Befehlszeile kopieren</translation>
    </message>
    <message>
        <source>The command that would start the engine; it has no key.</source>
        <translation>Der Befehl, der das Programm starten würde; ein Schlüssel steht nicht darin.</translation>
    </message>
    <message>
        <source>How %1 is loaded</source>
        <translation>Wie %1 geladen wird</translation>
    </message>
    <message>
        <source>It runs elsewhere, at %1.</source>
        <translation>Es läuft anderswo, unter %1.</translation>
    </message>
    <message>
        <source>Models that are shipped are loaded as they are meant to be.</source>
        <translation>Mitgelieferte Modelle werden so geladen, wie es gedacht ist.</translation>
    </message>
    <message>
        <source>The same for %1.</source>
        <translation>Gilt auch für %1.</translation>
    </message>
    <message>
        <source>Echelon&apos;s own</source>
        <translation>Echelons eigenes</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>The draft model</source>
        <translation>Das Entwurfsmodell</translation>
    </message>
    <message>
        <source>Earlier text</source>
        <translation>Früherer Text</translation>
    </message>
    <message>
        <source>Layers of the model itself</source>
        <translation>Schichten des Modells selbst</translation>
    </message>
    <message>
        <source>As its tier: A and D stay</source>
        <translation>Wie die Ebene: A und D bleiben</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Immer</translation>
    </message>
    <message>
        <source>Makes room for others</source>
        <translation>Macht anderen Platz</translation>
    </message>
    <message>
        <source>setting</source>
        <translation>Einstellung</translation>
    </message>
    <message>
        <source>The engine chooses</source>
        <translation>Das Programm wählt</translation>
    </message>
    <message>
        <source>On</source>
        <translation>An</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Chat</source>
        <translation>Gespräch</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Tiers</source>
        <translation>Ebenen</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Gedächtnis</translation>
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
        <source>New temporary chat</source>
        <translation>Neuer temporärer Chat</translation>
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
    <name>Memories</name>
    <message>
        <source>%1 on disk</source>
        <translation>%1 auf der Platte</translation>
    </message>
    <message>
        <source>%1 of index</source>
        <translation>%1 Index</translation>
    </message>
    <message>
        <source>learned</source>
        <translation>gelernt</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>archived</source>
        <translation>archiviert</translation>
    </message>
    <message>
        <source>restored</source>
        <translation>zurückgeholt</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>no longer valid</source>
        <translation>nicht mehr gültig</translation>
    </message>
    <message>
        <source>replaced by something newer</source>
        <translation>durch Neueres ersetzt</translation>
    </message>
    <message>
        <source>merged with another</source>
        <translation>mit anderer zusammengeführt</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>gelöscht</translation>
    </message>
    <message>
        <source>brought back</source>
        <translation>zurückgeholt</translation>
    </message>
    <message>
        <source>said in a chat</source>
        <translation>im Chat gesagt</translation>
    </message>
    <message>
        <source>fact</source>
        <translation>Tatsache</translation>
    </message>
    <message>
        <source>preference</source>
        <translation>Vorliebe</translation>
    </message>
    <message>
        <source>task</source>
        <translation>Aufgabe</translation>
    </message>
    <message>
        <source>summary</source>
        <translation>Zusammenfassung</translation>
    </message>
    <message>
        <source>passage of a document</source>
        <translation>Abschnitt eines Dokuments</translation>
    </message>
    <message>
        <source>from you</source>
        <translation>von Ihnen</translation>
    </message>
    <message>
        <source>from an answer</source>
        <translation>aus einer Antwort</translation>
    </message>
    <message>
        <source>from a tool</source>
        <translation>von einem Werkzeug</translation>
    </message>
    <message>
        <source>from the web</source>
        <translation>aus dem Netz</translation>
    </message>
    <message>
        <source>from a document</source>
        <translation>aus einem Dokument</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>importiert</translation>
    </message>
    <message>
        <source>you stand for it</source>
        <translation>Sie stehen dafür</translation>
    </message>
    <message>
        <source>a model found it</source>
        <translation>von einem Modell gefunden</translation>
    </message>
    <message>
        <source>not trusted</source>
        <translation>nicht vertraut</translation>
    </message>
    <message>
        <source>remembered</source>
        <translation>gemerkt</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>vorgeschlagen</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>ersetzt</translation>
    </message>
    <message>
        <source>newest first</source>
        <translation>neueste zuerst</translation>
    </message>
    <message>
        <source>oldest first</source>
        <translation>älteste zuerst</translation>
    </message>
    <message>
        <source>last changed first</source>
        <translation>zuletzt geänderte zuerst</translation>
    </message>
    <message>
        <source>most used first</source>
        <translation>meistgenutzte zuerst</translation>
    </message>
    <message>
        <source>most important first</source>
        <translation>wichtigste zuerst</translation>
    </message>
    <message>
        <source>everywhere</source>
        <translation>überall</translation>
    </message>
    <message>
        <source>only in “%1”</source>
        <translation>nur in „%1“</translation>
    </message>
    <message>
        <source>a chat that is gone</source>
        <translation>ein gelöschter Chat</translation>
    </message>
    <message>
        <source>folder %1</source>
        <translation>Ordner %1</translation>
    </message>
    <message>
        <source>API key %1</source>
        <translation>API-Schlüssel %1</translation>
    </message>
    <message>
        <source>of little weight</source>
        <translation>wenig wichtig</translation>
    </message>
    <message>
        <source>important</source>
        <translation>wichtig</translation>
    </message>
    <message>
        <source>of usual weight</source>
        <translation>normal wichtig</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>angeheftet</translation>
    </message>
    <message>
        <source>learned %1</source>
        <translation>gelernt %1</translation>
    </message>
    <message>
        <source>given to a model %1 times</source>
        <translation>%1-mal an ein Modell gegeben</translation>
    </message>
    <message>
        <source>never given to a model yet</source>
        <translation>noch nie an ein Modell gegeben</translation>
    </message>
    <message>
        <source>told %1 times</source>
        <translation>%1-mal erzählt</translation>
    </message>
    <message>
        <source>pinned: it is always given</source>
        <translation>angeheftet: geht immer mit</translation>
    </message>
    <message>
        <source>place %1 by its words</source>
        <translation>Platz %1 nach Worten</translation>
    </message>
    <message>
        <source>place %1 by the words around it</source>
        <translation>Platz %1 nach Worten der Umgebung</translation>
    </message>
    <message>
        <source>place %1 by its meaning</source>
        <translation>Platz %1 nach Bedeutung</translation>
    </message>
    <message>
        <source>place %1 by the meaning around it</source>
        <translation>Platz %1 nach Bedeutung der Umgebung</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>etwa %1</translation>
    </message>
    <message>
        <source>forgotten after %1</source>
        <translation>vergessen nach %1</translation>
    </message>
</context>
<context>
    <name>MemoriesPage</name>
    <message>
        <source>recalled by words only</source>
        <translation>nur nach Worten erinnert</translation>
    </message>
    <message>
        <source>Remembered</source>
        <translation>Gemerkt</translation>
    </message>
    <message>
        <source>Proposed</source>
        <translation>Vorgeschlagen</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>Try a question</source>
        <translation>Frage ausprobieren</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Gedächtnis</translation>
    </message>
</context>
<context>
    <name>MemoryDetails</name>
    <message>
        <source>The words of this memory</source>
        <translation>Die Worte dieser Erinnerung</translation>
    </message>
    <message>
        <source>%1 memories are chosen.</source>
        <translation>%1 Erinnerungen sind gewählt.</translation>
    </message>
</context>
<context>
    <name>MemoryKeeper</name>
    <message>
        <source>This memory was deleted.</source>
        <translation>Diese Erinnerung wurde gelöscht.</translation>
    </message>
    <message>
        <source>Exported: %1 memories.</source>
        <translation>Exportiert: %1 Erinnerungen.</translation>
    </message>
    <message>
        <source>Imported: %1 new, %2 known already, %3 refused.</source>
        <translation>Importiert: %1 neu, %2 schon bekannt, %3 abgelehnt.</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
</context>
<context>
    <name>MemoryLine</name>
    <message>
        <source>The file %1 is not there or cannot be read.</source>
        <translation>Die Datei %1 ist nicht da oder kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>does not fit: %1 of %2</source>
        <translation>passt nicht: %1 von %2</translation>
    </message>
    <message>
        <source>fits: %1 of %2</source>
        <translation>passt: %1 von %2</translation>
    </message>
    <message>
        <source>; always in memory beside it: %1</source>
        <translation>; immer daneben im Speicher: %1</translation>
    </message>
    <message>
        <source>; it is loaded anyway</source>
        <translation>; es wird trotzdem geladen</translation>
    </message>
    <message>
        <source>; choose a shorter context or a smaller model, or load it anyway</source>
        <translation>; einen kürzeren Kontext oder ein kleineres Modell wählen, oder es trotzdem laden</translation>
    </message>
    <message>
        <source>; not beside %1: it would leave memory</source>
        <translation>; nicht neben %1: das würde den Speicher verlassen</translation>
    </message>
    <message>
        <source>model %1</source>
        <translation>Modell %1</translation>
    </message>
    <message>
        <source>context %1</source>
        <translation>Kontext %1</translation>
    </message>
    <message>
        <source>draft model %1</source>
        <translation>Entwurfsmodell %1</translation>
    </message>
    <message>
        <source>eyes %1</source>
        <translation>Augen %1</translation>
    </message>
    <message>
        <source>working room %1</source>
        <translation>Arbeitsplatz %1</translation>
    </message>
    <message>
        <source>beside it %1</source>
        <translation>daneben %1</translation>
    </message>
</context>
<context>
    <name>MergeDialog</name>
    <message>
        <source>Merge memories</source>
        <translation>Erinnerungen zusammenführen</translation>
    </message>
    <message>
        <source>Whose words stay</source>
        <translation>Wessen Worte bleiben</translation>
    </message>
    <message>
        <source>The words that stay</source>
        <translation>Die Worte, die bleiben</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>The others become its past.</source>
        <translation>Die anderen werden ihre Vergangenheit.</translation>
    </message>
    <message>
        <source>Whose words stay?</source>
        <translation>Wessen Worte bleiben?</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>free: %1 memory</source>
        <translation>frei: %1 Speicher</translation>
    </message>
    <message>
        <source>%1 disk</source>
        <translation>%1 Platte</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>Vorhanden</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>Downloads</translation>
    </message>
    <message>
        <source>Tiers</source>
        <translation>Ebenen</translation>
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
    <name>Nothing</name>
    <message>
        <source>Find models</source>
        <translation>Modelle suchen</translation>
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
    <name>PastDialog</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>What happened to this memory</source>
        <translation>Was mit dieser Erinnerung geschah</translation>
    </message>
</context>
<context>
    <name>ProposedTab</name>
    <message>
        <source>Proposed memories</source>
        <translation>Vorgeschlagene Erinnerungen</translation>
    </message>
    <message>
        <source>Nothing waits for you. What a model finds or a file brings is asked here.</source>
        <translation>Nichts wartet. Was ein Modell findet oder eine Datei bringt, wird hier gefragt.</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>Ablehnen</translation>
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
    <name>ReachButton</name>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>This chat</source>
        <translation>Dieser Chat</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Memory: off</source>
        <translation>Gedächtnis: aus</translation>
    </message>
    <message>
        <source>Memory: this chat</source>
        <translation>Gedächtnis: dieser Chat</translation>
    </message>
    <message>
        <source>Memory: %1</source>
        <translation>Gedächtnis: %1</translation>
    </message>
    <message>
        <source>Memory: everywhere</source>
        <translation>Gedächtnis: überall</translation>
    </message>
    <message>
        <source>From where this chat recalls, and where it is remembered</source>
        <translation>Woran sich dieser Chat erinnert, und wo man sich an ihn erinnert</translation>
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
        <source>used 1 memory</source>
        <translation>1 Erinnerung genutzt</translation>
    </message>
    <message>
        <source>used %1 memories</source>
        <translation>%1 Erinnerungen genutzt</translation>
    </message>
    <message>
        <source>Show what was recalled for this question</source>
        <translation>Zeigen, woran sich Echelon bei dieser Frage erinnert hat</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Gedächtnis</translation>
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
    <name>RemoveDialog</name>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Take “%1” out of the library? Its file stays where it is.</source>
        <translation>„%1“ aus der Bibliothek nehmen? Die Datei bleibt, wo sie ist.</translation>
    </message>
    <message>
        <source>Delete “%1”? These files go for good:</source>
        <translation>„%1“ löschen? Diese Dateien gehen endgültig verloren:</translation>
    </message>
    <message>
        <source>Files that go</source>
        <translation>Dateien, die verschwinden</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Herausnehmen</translation>
    </message>
</context>
<context>
    <name>Results</name>
    <message>
        <source>Show more</source>
        <translation>Mehr zeigen</translation>
    </message>
</context>
<context>
    <name>RoleForm</name>
    <message>
        <source>Let it answer first</source>
        <translation>Zuerst antworten lassen</translation>
    </message>
    <message>
        <source>Remove role</source>
        <translation>Rolle entfernen</translation>
    </message>
    <message>
        <source>It answers first</source>
        <translation>Antwortet zuerst</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>new</source>
        <translation>neu</translation>
    </message>
    <message>
        <source>When an answer is doubtful</source>
        <translation>Wenn eine Antwort zweifelhaft ist</translation>
    </message>
    <message>
        <source>Time limits</source>
        <translation>Zeitgrenzen</translation>
    </message>
    <message>
        <source>How it answers</source>
        <translation>Wie sie antwortet</translation>
    </message>
</context>
<context>
    <name>RoleList</name>
    <message>
        <source>Roles</source>
        <translation>Rollen</translation>
    </message>
</context>
<context>
    <name>Roles</name>
    <message>
        <source>as usual</source>
        <translation>wie üblich</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>niemand</translation>
    </message>
    <message>
        <source>The registry names its models from now on.</source>
        <translation>Das Verzeichnis nennt seine Modelle ab jetzt selbst.</translation>
    </message>
    <message>
        <source>Answers first: %1</source>
        <translation>Antwortet zuerst: %1</translation>
    </message>
    <message>
        <source>The role %1 is removed.</source>
        <translation>Die Rolle %1 wird entfernt.</translation>
    </message>
    <message>
        <source>The model %1 is removed.</source>
        <translation>Das Modell %1 wird entfernt.</translation>
    </message>
    <message>
        <source>New role: %1</source>
        <translation>Neue Rolle: %1</translation>
    </message>
    <message>
        <source>New model: %1</source>
        <translation>Neues Modell: %1</translation>
    </message>
    <message>
        <source>conversation</source>
        <translation>Gespräch</translation>
    </message>
    <message>
        <source>facts</source>
        <translation>Wissen</translation>
    </message>
    <message>
        <source>calculating</source>
        <translation>Rechnen</translation>
    </message>
    <message>
        <source>code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>data in a form</source>
        <translation>Daten in einer Form</translation>
    </message>
    <message>
        <source>changing a text</source>
        <translation>einen Text ändern</translation>
    </message>
    <message>
        <source>looking up in a text</source>
        <translation>in einem Text nachsehen</translation>
    </message>
    <message>
        <source>word puzzles</source>
        <translation>Worträtsel</translation>
    </message>
    <message>
        <source>what was said before</source>
        <translation>was vorher gesagt wurde</translation>
    </message>
    <message>
        <source>what is known of you</source>
        <translation>was bekannt ist</translation>
    </message>
    <message>
        <source>tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>anything else</source>
        <translation>alles andere</translation>
    </message>
    <message>
        <source>Tier</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>How strong it is: D drafts, A answers first, then C, then B.</source>
        <translation>Wie stark sie ist: D entwirft, A antwortet zuerst, dann C, dann B.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>What answers in this role.</source>
        <translation>Was in dieser Rolle antwortet.</translation>
    </message>
    <message>
        <source>Judge every answer</source>
        <translation>Jede Antwort prüfen</translation>
    </message>
    <message>
        <source>By how sure the model was of each token; its engine has to tell.</source>
        <translation>Danach, wie sicher sich das Modell bei jedem Token war; das Programm dahinter muss es sagen.</translation>
    </message>
    <message>
        <source>Think before every answer</source>
        <translation>Vor jeder Antwort nachdenken</translation>
    </message>
    <message>
        <source>Else only after a doubtful one, where the model can.</source>
        <translation>Sonst nur nach einer zweifelhaften, wo das Modell es kann.</translation>
    </message>
    <message>
        <source>Made for</source>
        <translation>Gemacht für</translation>
    </message>
    <message>
        <source>Until its answers show what it is good at. None means everything.</source>
        <translation>Bis die Antworten zeigen, was sie gut kann. Nichts heißt alles.</translation>
    </message>
    <message>
        <source>Who goes on</source>
        <translation>Wer weitermacht</translation>
    </message>
    <message>
        <source>Who is asked next, and in which order.</source>
        <translation>Wer als Nächstes gefragt wird, und in welcher Reihenfolge.</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Systemvorgabe</translation>
    </message>
    <message>
        <source>What the model is told before every conversation.</source>
        <translation>Was dem Modell vor jedem Gespräch gesagt wird.</translation>
    </message>
    <message>
        <source>To load the model</source>
        <translation>Bis das Modell geladen ist</translation>
    </message>
    <message>
        <source>What is learned here is never longer than these limits.</source>
        <translation>Was hier gelernt wird, ist nie länger als diese Grenzen.</translation>
    </message>
    <message>
        <source>To the first token</source>
        <translation>Bis zum ersten Token</translation>
    </message>
    <message>
        <source>Between two tokens</source>
        <translation>Zwischen zwei Token</translation>
    </message>
    <message>
        <source>For the whole answer</source>
        <translation>Für die ganze Antwort</translation>
    </message>
    <message>
        <source>Without loading.</source>
        <translation>Ohne das Laden.</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>0 to 2; 0 always takes the likeliest token.</source>
        <translation>0 bis 2; 0 nimmt immer das wahrscheinlichste Token.</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>Top p</translation>
    </message>
    <message>
        <source>Only the likeliest tokens that make up this share.</source>
        <translation>Nur die wahrscheinlichsten Token, die zusammen diesen Anteil haben.</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>Top k</translation>
    </message>
    <message>
        <source>Only so many tokens; 0 means all.</source>
        <translation>Nur so viele Token; 0 heißt alle.</translation>
    </message>
    <message>
        <source>Min p</source>
        <translation>Min p</translation>
    </message>
    <message>
        <source>No token below this share of the likeliest one.</source>
        <translation>Kein Token unter diesem Anteil des wahrscheinlichsten.</translation>
    </message>
    <message>
        <source>Repeat penalty</source>
        <translation>Abzug für Wiederholungen</translation>
    </message>
    <message>
        <source>1 changes nothing.</source>
        <translation>1 ändert nichts.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startzahl</translation>
    </message>
    <message>
        <source>Left empty, every answer has a new one.</source>
        <translation>Bleibt sie leer, hat jede Antwort eine neue.</translation>
    </message>
    <message>
        <source>Longest answer, tokens</source>
        <translation>Längste Antwort, Token</translation>
    </message>
    <message>
        <source>Ends at</source>
        <translation>Endet bei</translation>
    </message>
    <message>
        <source>Texts that end an answer, one on each line.</source>
        <translation>Texte, die eine Antwort beenden, einer je Zeile.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>What runs the model.</source>
        <translation>Was das Modell ausführt.</translation>
    </message>
    <message>
        <source>Context, tokens</source>
        <translation>Kontext, Token</translation>
    </message>
    <message>
        <source>How much of a conversation it can look at.</source>
        <translation>Wie viel von einem Gespräch es überblickt.</translation>
    </message>
    <message>
        <source>Answers at the same time</source>
        <translation>Antworten zugleich</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>0 chooses for this computer.</source>
        <translation>0 wählt für diesen Rechner.</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>Schichten auf der Grafikkarte</translation>
    </message>
    <message>
        <source>-1 means as many as fit, 0 none.</source>
        <translation>-1 heißt so viele wie passen, 0 keine.</translation>
    </message>
    <message>
        <source>Only embeds</source>
        <translation>Bettet nur ein</translation>
    </message>
    <message>
        <source>It turns texts into numbers and answers nothing.</source>
        <translation>Es macht Zahlen aus Texten und antwortet nicht.</translation>
    </message>
    <message>
        <source>Eyes (mmproj)</source>
        <translation>Augen (mmproj)</translation>
    </message>
    <message>
        <source>The file that lets the model see images.</source>
        <translation>Die Datei, mit der das Modell Bilder sieht.</translation>
    </message>
    <message>
        <source>Batch, tokens</source>
        <translation>Stapel, Token</translation>
    </message>
    <message>
        <source>So many of a prompt are taken up at once.</source>
        <translation>So viele einer Eingabe werden auf einmal angenommen.</translation>
    </message>
    <message>
        <source>Micro-batch, tokens</source>
        <translation>Kleiner Stapel, Token</translation>
    </message>
    <message>
        <source>Evaluated at once; fewer let a cancelled prompt end sooner.</source>
        <translation>Auf einmal berechnet; bei weniger endet eine abgebrochene Eingabe früher.</translation>
    </message>
    <message>
        <source>Type of keys (KV)</source>
        <translation>Typ der Schlüssel (KV)</translation>
    </message>
    <message>
        <source>The past takes less in a smaller type, and is less exact.</source>
        <translation>In einem kleineren Typ braucht das Vergangene weniger und ist ungenauer.</translation>
    </message>
    <message>
        <source>Type of values (KV)</source>
        <translation>Typ der Werte (KV)</translation>
    </message>
    <message>
        <source>Types other than f16 need flash attention.</source>
        <translation>Andere Typen als f16 brauchen Flash Attention.</translation>
    </message>
    <message>
        <source>Flash attention</source>
        <translation>Flash Attention</translation>
    </message>
    <message>
        <source>Draft ahead</source>
        <translation>Vorausentwerfen</translation>
    </message>
    <message>
        <source>Check several tokens at once, where that pays.</source>
        <translation>Mehrere Token auf einmal prüfen, wo es sich lohnt.</translation>
    </message>
    <message>
        <source>Draft model</source>
        <translation>Entwurfsmodell</translation>
    </message>
    <message>
        <source>A smaller model with the same vocabulary that writes ahead.</source>
        <translation>Ein kleineres Modell mit demselben Wortschatz, das vorausschreibt.</translation>
    </message>
    <message>
        <source>Who drafts</source>
        <translation>Wer entwirft</translation>
    </message>
    <message>
        <source>Inside a llama-server.</source>
        <translation>In einem llama-server.</translation>
    </message>
    <message>
        <source>Stays in memory</source>
        <translation>Bleibt im Speicher</translation>
    </message>
    <message>
        <source>Or makes room for others when they are needed.</source>
        <translation>Oder macht anderen Platz, wenn sie gebraucht werden.</translation>
    </message>
    <message>
        <source>Stays at least, seconds</source>
        <translation>Bleibt mindestens, Sekunden</translation>
    </message>
    <message>
        <source>After its load; left empty, the setting counts.</source>
        <translation>Nach dem Laden; bleibt es leer, gilt die Einstellung.</translation>
    </message>
    <message>
        <source>Load anyway</source>
        <translation>Trotzdem laden</translation>
    </message>
    <message>
        <source>Also where it does not fit into memory.</source>
        <translation>Auch wo es nicht in den Speicher passt.</translation>
    </message>
    <message>
        <source>%1 · elsewhere</source>
        <translation>%1 · anderswo</translation>
    </message>
    <message>
        <source>The models that always stay take %1, more than the %2 there are. Let some of them make room.</source>
        <translation>Die Modelle, die immer bleiben, brauchen %1, mehr als die %2, die es gibt. Einige davon sollten Platz machen.</translation>
    </message>
    <message>
        <source>All models together: %1 of %2, they fit at the same time.</source>
        <translation>Alle Modelle zusammen: %1 von %2, sie passen zugleich.</translation>
    </message>
    <message>
        <source>All models together: %1 of %2. Those that do not always stay take turns.</source>
        <translation>Alle Modelle zusammen: %1 von %2. Wer nicht immer bleibt, wechselt sich ab.</translation>
    </message>
    <message>
        <source>ORCHESTRATOR_THREADS sets %1 threads for all models.</source>
        <translation>ORCHESTRATOR_THREADS gibt allen Modellen %1 Threads.</translation>
    </message>
    <message>
        <source>ORCHESTRATOR_ROLE lets %1 answer first.</source>
        <translation>ORCHESTRATOR_ROLE lässt %1 zuerst antworten.</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>kein Modell</translation>
    </message>
    <message>
        <source>elsewhere</source>
        <translation>anderswo</translation>
    </message>
    <message>
        <source>in memory</source>
        <translation>im Speicher</translation>
    </message>
    <message>
        <source>asleep</source>
        <translation>schläft</translation>
    </message>
    <message>
        <source>, pinned</source>
        <translation>, fest</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>nobody goes on</source>
        <translation>niemand macht weiter</translation>
    </message>
    <message>
        <source>then %1</source>
        <translation>dann %1</translation>
    </message>
</context>
<context>
    <name>RolesBody</name>
    <message>
        <source>Add a role</source>
        <translation>Rolle hinzufügen</translation>
    </message>
    <message>
        <source>The chosen role</source>
        <translation>Die gewählte Rolle</translation>
    </message>
</context>
<context>
    <name>RolesTab</name>
    <message>
        <source>%1, chosen by Echelon</source>
        <translation>%1, von Echelon gewählt</translation>
    </message>
    <message>
        <source>no model</source>
        <translation>kein Modell</translation>
    </message>
    <message>
        <source>%1: %2. Change it, then save.</source>
        <translation>%1: %2. Ändern, dann speichern.</translation>
    </message>
    <message>
        <source>What it takes is told when the sheet can be followed.</source>
        <translation>Was es braucht, steht hier, sobald alles befolgt werden kann.</translation>
    </message>
    <message>
        <source>Name of the new role</source>
        <translation>Name der neuen Rolle</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Remove the role “%1”? Its model stays installed; nothing is written until you save.</source>
        <translation>Die Rolle „%1“ entfernen? Ihr Modell bleibt installiert; geschrieben wird erst beim Speichern.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>All changes were undone.</source>
        <translation>Alle Änderungen wurden zurückgenommen.</translation>
    </message>
    <message>
        <source>Counts from the next question on.</source>
        <translation>Gilt ab der nächsten Frage.</translation>
    </message>
    <message>
        <source>Saved. %1 The file as it was before is kept.</source>
        <translation>Gespeichert. %1 Die Datei von vorher ist aufgehoben.</translation>
    </message>
    <message>
        <source>It was read again, and your changes are kept. Look at them, then save.</source>
        <translation>Sie wurde neu gelesen, die eigenen Änderungen sind noch da. Ansehen, dann speichern.</translation>
    </message>
    <message>
        <source>Changed in both: %1.</source>
        <translation>Hier wie dort geändert: %1.</translation>
    </message>
    <message>
        <source>The command line was copied.</source>
        <translation>Die Befehlszeile wurde kopiert.</translation>
    </message>
    <message>
        <source>Nothing more was measured.</source>
        <translation>Es wurde nicht weiter gemessen.</translation>
    </message>
</context>
<context>
    <name>Row</name>
    <message>
        <source>Open page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>looking…</source>
        <translation>wird angesehen …</translation>
    </message>
    <message>
        <source>not looked at</source>
        <translation>nicht angesehen</translation>
    </message>
    <message>
        <source>it holds no GGUF model</source>
        <translation>es enthält kein GGUF-Modell</translation>
    </message>
    <message>
        <source>one size</source>
        <translation>eine Größe</translation>
    </message>
    <message>
        <source>Get %1</source>
        <translation>%1 holen</translation>
    </message>
</context>
<context>
    <name>SaveBar</name>
    <message>
        <source>Undo changes</source>
        <translation>Änderungen zurücknehmen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Not saved yet: %1</source>
        <translation>Noch nicht gespeichert: %1</translation>
    </message>
</context>
<context>
    <name>SearchBar</name>
    <message>
        <source>Search Hugging Face, or drop a GGUF here</source>
        <translation>Hugging Face durchsuchen oder eine GGUF hierher ziehen</translation>
    </message>
    <message>
        <source>Search models on Hugging Face</source>
        <translation>Modelle auf Hugging Face suchen</translation>
    </message>
    <message>
        <source>What comes first</source>
        <translation>Was zuerst kommt</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
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
    <name>SetAside</name>
    <message>
        <source>The model %1 is set aside.</source>
        <translation>Das Modell %1 ist stillgelegt.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>The log says: %1</source>
        <translation>Im Protokoll steht: %1</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>Look for smaller files of %1.</source>
        <translation>Suchen Sie kleinere Dateien von %1.</translation>
    </message>
    <message>
        <source>The model is tried again when it is next asked.</source>
        <translation>Das Modell wird neu gestartet, sobald es wieder gefragt wird.</translation>
    </message>
    <message>
        <source>Use a smaller context</source>
        <translation>Kleineren Kontext nehmen</translation>
    </message>
    <message>
        <source>Use smaller keys and values</source>
        <translation>Schlüssel und Werte kleiner halten</translation>
    </message>
    <message>
        <source>Use plain values</source>
        <translation>Werte ungekürzt halten</translation>
    </message>
    <message>
        <source>Put fewer layers on the device</source>
        <translation>Weniger Schichten auf die Grafikkarte legen</translation>
    </message>
    <message>
        <source>Keep it off the device</source>
        <translation>Ohne Grafikkarte laden</translation>
    </message>
    <message>
        <source>Use the build before</source>
        <translation>Den vorigen Build nehmen</translation>
    </message>
    <message>
        <source>Find a smaller one</source>
        <translation>Ein kleineres suchen</translation>
    </message>
    <message>
        <source>Load it without drafting</source>
        <translation>Ohne Vorausschreiben laden</translation>
    </message>
    <message>
        <source>Load it without images</source>
        <translation>Ohne Bilder laden</translation>
    </message>
</context>
<context>
    <name>SetCard</name>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>No set fits into %1 of memory; the models that came with Echelon stay.</source>
        <translation>In %1 Speicher passt keine Auswahl; die mitgelieferten Modelle bleiben.</translation>
    </message>
    <message>
        <source>Getting %1</source>
        <translation>Wird geholt %1</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Gebrauch</translation>
    </message>
    <message>
        <source>Use this set</source>
        <translation>Diese Auswahl verwenden</translation>
    </message>
    <message>
        <source>it is paused; the tab Downloads goes on with it.</source>
        <translation>angehalten; im Reiter Downloads geht es weiter.</translation>
    </message>
    <message>
        <source>The registry is written: the set is in force from the next question on.</source>
        <translation>Die Registry ist geschrieben: Die Auswahl gilt ab der nächsten Frage.</translation>
    </message>
    <message>
        <source>A set for this computer</source>
        <translation>Eine Auswahl für diesen Computer</translation>
    </message>
    <message>
        <source>Looking at what this computer can do…</source>
        <translation>Was dieser Computer kann, wird angesehen …</translation>
    </message>
</context>
<context>
    <name>SetChange</name>
    <message>
        <source>Change the set</source>
        <translation>Auswahl ändern</translation>
    </message>
    <message>
        <source>small models write ahead for large ones</source>
        <translation>kleine Modelle schreiben für große voraus</translation>
    </message>
    <message>
        <source>Take this set</source>
        <translation>Diese Auswahl nehmen</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>weggelassen</translation>
    </message>
    <message>
        <source>leave out</source>
        <translation>weglassen</translation>
    </message>
    <message>
        <source>%1 of memory are missing.</source>
        <translation>%1 Speicher fehlen.</translation>
    </message>
</context>
<context>
    <name>Sets</name>
    <message>
        <source>drafts included</source>
        <translation>Entwürfe inbegriffen</translation>
    </message>
    <message>
        <source>together %1 of memory with %2 context</source>
        <translation>zusammen %1 Speicher mit %2 Kontext</translation>
    </message>
    <message>
        <source>Get all, about %1</source>
        <translation>Alle holen, etwa %1</translation>
    </message>
    <message>
        <source>Using it gives its models to %1, from the next question on. Other roles keep theirs, and the registry from before is kept as a backup.</source>
        <translation>Damit bekommen %1 ab der nächsten Frage diese Modelle. Andere Rollen behalten ihre, und die bisherige Registry bleibt als Sicherung erhalten.</translation>
    </message>
    <message>
        <source>Here already: %1.</source>
        <translation>Schon vorhanden: %1.</translation>
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
        <source>Memory</source>
        <translation>Gedächtnis</translation>
    </message>
    <message>
        <source>Keep what chats tell, and recall it where it matters, as far as each chat allows.</source>
        <translation>Behält, was in Chats gesagt wird, und erinnert sich daran, wo es zählt, soweit der Chat es erlaubt.</translation>
    </message>
    <message>
        <source>Memory of new chats</source>
        <translation>Gedächtnis neuer Chats</translation>
    </message>
    <message>
        <source>How far the memory of a chat reaches until the chat says otherwise.</source>
        <translation>Wie weit das Gedächtnis eines Chats reicht, bis der Chat etwas anderes sagt.</translation>
    </message>
    <message>
        <source>Recall budget</source>
        <translation>Platz für Erinnerungen</translation>
    </message>
    <message>
        <source>Tokens of memories a question may bring along; never more than an eighth of a model&apos;s window.</source>
        <translation>So viele Token an Erinnerungen darf eine Frage mitbringen; nie mehr als ein Achtel vom Fenster eines Modells.</translation>
    </message>
    <message>
        <source>Learn facts</source>
        <translation>Fakten lernen</translation>
    </message>
    <message>
        <source>Learn facts at quiet times from what you said in chats.</source>
        <translation>Lernt in ruhigen Zeiten Fakten aus dem, was Sie in Chats gesagt haben.</translation>
    </message>
    <message>
        <source>Release listing</source>
        <translation>Liste der Builds</translation>
    </message>
    <message>
        <source>Where engine builds are listed; a mirror of GitHub&apos;s interface can stand in.</source>
        <translation>Wo Builds von llama.cpp gelistet sind; auch ein Spiegel der Schnittstelle von GitHub.</translation>
    </message>
    <message>
        <source>Library index</source>
        <translation>Liste der Bibliotheken</translation>
    </message>
    <message>
        <source>Where libraries for graphics devices are listed; a mirror can stand in.</source>
        <translation>Wo Bibliotheken für Grafikkarten gelistet sind; auch ein Spiegel.</translation>
    </message>
    <message>
        <source>Log level</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>How much the log file holds.</source>
        <translation>Wie viel in der Protokolldatei steht.</translation>
    </message>
    <message>
        <source>Model hub</source>
        <translation>Modell-Verzeichnis</translation>
    </message>
    <message>
        <source>The address of a mirror; empty takes HF_ENDPOINT, or huggingface.co.</source>
        <translation>Adresse eines Spiegels; leer gilt HF_ENDPOINT oder huggingface.co.</translation>
    </message>
    <message>
        <source>Parallel downloads</source>
        <translation>Gleichzeitige Downloads</translation>
    </message>
    <message>
        <source>How many downloads run at the same time; the others wait.</source>
        <translation>Wie viele Downloads zugleich laufen; die anderen warten.</translation>
    </message>
    <message>
        <source>Download limit</source>
        <translation>Download-Grenze</translation>
    </message>
    <message>
        <source>Megabytes a second for all downloads together; 0 for no limit.</source>
        <translation>Megabyte pro Sekunde für alle Downloads zusammen; 0 heißt keine Grenze.</translation>
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
    <name>Shelf</name>
    <message>
        <source>Import models</source>
        <translation>Modelle importieren</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>%1 come free.</source>
        <translation>%1 werden frei.</translation>
    </message>
    <message>
        <source>Its bytes have another name elsewhere, which stays.</source>
        <translation>Ihr Inhalt hat anderswo noch einen Namen, und der bleibt.</translation>
    </message>
    <message>
        <source>Roles that use it: %1.</source>
        <translation>Rollen, die es benutzen: %1.</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>quantisation</source>
        <translation>Quantisierung</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>architecture · context</source>
        <translation>Architektur · Kontext</translation>
    </message>
    <message>
        <source>used by</source>
        <translation>benutzt von</translation>
    </message>
    <message>
        <source>state</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Echelon&apos;s folder</source>
        <translation>Ordner von Echelon</translation>
    </message>
    <message>
        <source>your folder</source>
        <translation>Ihr Ordner</translation>
    </message>
    <message>
        <source>comes with Echelon</source>
        <translation>gehört zu Echelon</translation>
    </message>
    <message>
        <source>Hugging Face cache</source>
        <translation>Hugging-Face-Cache</translation>
    </message>
    <message>
        <source>hard link</source>
        <translation>harter Link</translation>
    </message>
    <message>
        <source>symbolic link</source>
        <translation>symbolischer Link</translation>
    </message>
    <message>
        <source>it stays where it is</source>
        <translation>bleibt, wo es ist</translation>
    </message>
    <message>
        <source>copy</source>
        <translation>Kopie</translation>
    </message>
    <message>
        <source>only read</source>
        <translation>nur gelesen</translation>
    </message>
    <message>
        <source>%1 parts</source>
        <translation>%1 Teile</translation>
    </message>
    <message>
        <source>%1 copies</source>
        <translation>%1 Kopien</translation>
    </message>
    <message>
        <source>reading, %1</source>
        <translation>wird gelesen, %1</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>not usable</source>
        <translation>nicht brauchbar</translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation>noch nicht geprüft</translation>
    </message>
    <message>
        <source>writes text</source>
        <translation>schreibt Text</translation>
    </message>
    <message>
        <source>compares texts</source>
        <translation>vergleicht Texte</translation>
    </message>
    <message>
        <source>lets another model see</source>
        <translation>lässt ein anderes Modell sehen</translation>
    </message>
    <message>
        <source>changes another model</source>
        <translation>verändert ein anderes Modell</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 Parameter</translation>
    </message>
    <message>
        <source>%1 tokens in its vocabulary</source>
        <translation>%1 Token im Vokabular</translation>
    </message>
</context>
<context>
    <name>ShelfBar</name>
    <message>
        <source>Filter, or drop a GGUF here</source>
        <translation>Filtern, oder ein GGUF hierher ziehen</translation>
    </message>
    <message>
        <source>Filter the models</source>
        <translation>Modelle filtern</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Folders…</source>
        <translation>Ordner …</translation>
    </message>
</context>
<context>
    <name>ShelfDetail</name>
    <message>
        <source>How much has been read</source>
        <translation>Wie viel gelesen ist</translation>
    </message>
    <message>
        <source>%1 of %2 read</source>
        <translation>%1 von %2 gelesen</translation>
    </message>
    <message>
        <source>Used by %1.</source>
        <translation>Benutzt von %1.</translation>
    </message>
    <message>
        <source>The same bytes are here %1 times; one copy is enough.</source>
        <translation>Derselbe Inhalt ist %1-mal da; einmal genügt.</translation>
    </message>
</context>
<context>
    <name>ShelfKeeper</name>
    <message>
        <source>Copying %1…</source>
        <translation>%1 wird kopiert …</translation>
    </message>
    <message>
        <source>Linking %1…</source>
        <translation>%1 wird verknüpft …</translation>
    </message>
    <message>
        <source>%1 is in the library (%2).</source>
        <translation>%1 ist in der Bibliothek (%2).</translation>
    </message>
    <message>
        <source>%1 models are in the library.</source>
        <translation>%1 Modelle sind in der Bibliothek.</translation>
    </message>
    <message>
        <source>%1 is part of the library.</source>
        <translation>%1 gehört zur Bibliothek.</translation>
    </message>
    <message>
        <source>%1 is gone; %2 came free.</source>
        <translation>%1 ist gelöscht; %2 wurden frei.</translation>
    </message>
    <message>
        <source>%1 is not there any more.</source>
        <translation>%1 ist nicht mehr da.</translation>
    </message>
    <message>
        <source>The list was brought up to date.</source>
        <translation>Die Liste wurde auf den neuesten Stand gebracht.</translation>
    </message>
</context>
<context>
    <name>ShelfList</name>
    <message>
        <source>Models on this computer</source>
        <translation>Modelle auf diesem Computer</translation>
    </message>
</context>
<context>
    <name>ShelfSums</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop the import</source>
        <translation>Import stoppen</translation>
    </message>
    <message>
        <source>%1 on disk in models: %2</source>
        <translation>%1 auf der Platte; Modelle: %2</translation>
    </message>
    <message>
        <source>%1 of it are copies of models that are here twice</source>
        <translation>%1 davon sind Kopien von Modellen, die doppelt da sind</translation>
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
    <name>SizeRow</name>
    <message>
        <source>Get %1</source>
        <translation>%1 holen</translation>
    </message>
    <message>
        <source>lets a model of this page see images</source>
        <translation>lässt ein Modell dieser Seite Bilder sehen</translation>
    </message>
    <message>
        <source>in %1 parts</source>
        <translation>in %1 Teilen</translation>
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
    <name>StorageTab</name>
    <message>
        <source>How much is findable by its meaning</source>
        <translation>Wie viel nach Bedeutung auffindbar ist</translation>
    </message>
    <message>
        <source>Make the index anew</source>
        <translation>Index neu anlegen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Take imported memories without asking one by one</source>
        <translation>Importiertes ohne einzelne Rückfrage übernehmen</translation>
    </message>
    <message>
        <source>Memories are found by their words and by their meaning.</source>
        <translation>Erinnerungen werden nach Worten und nach Bedeutung gefunden.</translation>
    </message>
    <message>
        <source>Memories are found by their words only: %1.</source>
        <translation>Erinnerungen werden nur nach Worten gefunden: %1.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Show: %1</source>
        <translation>Zeigen: %1</translation>
    </message>
    <message>
        <source>Forget all</source>
        <translation>Alles vergessen</translation>
    </message>
    <message>
        <source>Forget all: %1</source>
        <translation>Alles vergessen: %1</translation>
    </message>
    <message>
        <source>The index was made anew.</source>
        <translation>Der Index wurde neu angelegt.</translation>
    </message>
    <message>
        <source>Export memories</source>
        <translation>Erinnerungen exportieren</translation>
    </message>
    <message>
        <source>Import memories</source>
        <translation>Erinnerungen importieren</translation>
    </message>
    <message>
        <source>What memories take</source>
        <translation>Was Erinnerungen belegen</translation>
    </message>
    <message>
        <source>Where they count</source>
        <translation>Wo sie gelten</translation>
    </message>
    <message>
        <source>A file has one memory per line. What is imported is proposed first.</source>
        <translation>Eine Datei hat eine Erinnerung je Zeile. Importiertes wird erst vorgeschlagen.</translation>
    </message>
    <message>
        <source>Files of memories</source>
        <translation>Dateien mit Erinnerungen</translation>
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
        <translation>erstes Token nach %1</translation>
    </message>
    <message>
        <source>nothing seen yet</source>
        <translation>noch nichts gesehen</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>bereit</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>lädt</translation>
    </message>
    <message>
        <source>crashed</source>
        <translation>abgestürzt</translation>
    </message>
    <message>
        <source>set aside</source>
        <translation>stillgelegt</translation>
    </message>
    <message>
        <source>asleep</source>
        <translation>schläft</translation>
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
        <translation>%1 Token/s</translation>
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
    <name>TimelineTab</name>
    <message>
        <source>What happened to memories</source>
        <translation>Was mit Erinnerungen geschah</translation>
    </message>
    <message>
        <source>Show more of the past</source>
        <translation>Mehr Vergangenes zeigen</translation>
    </message>
    <message>
        <source>Nothing has happened yet.</source>
        <translation>Noch ist nichts geschehen.</translation>
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
    <name>TryingTab</name>
    <message>
        <source>A question, as you would ask it</source>
        <translation>Eine Frage, wie sie gestellt würde</translation>
    </message>
    <message>
        <source>A question to try</source>
        <translation>Eine Frage zum Ausprobieren</translation>
    </message>
    <message>
        <source>Where it is asked</source>
        <translation>Wo gefragt wird</translation>
    </message>
    <message>
        <source>Try</source>
        <translation>Ausprobieren</translation>
    </message>
    <message>
        <source>Shows which memories a model would be given with a question, and why.</source>
        <translation>Zeigt, welche Erinnerungen ein Modell mit einer Frage bekäme, und warum.</translation>
    </message>
    <message>
        <source>%1 memories, %2 tokens.</source>
        <translation>%1 Erinnerungen, %2 Token.</translation>
    </message>
    <message>
        <source>Nothing would be recalled.</source>
        <translation>Nichts würde erinnert.</translation>
    </message>
    <message>
        <source>Looked for by words only: %1.</source>
        <translation>Nur nach Worten gesucht: %1.</translation>
    </message>
    <message>
        <source>Show in the list: %1</source>
        <translation>In der Liste zeigen: %1</translation>
    </message>
    <message>
        <source>Show in the list</source>
        <translation>In der Liste zeigen</translation>
    </message>
    <message>
        <source>in a new chat</source>
        <translation>in einem neuen Chat</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>One memory is deleted.</source>
        <translation>Eine Erinnerung ist gelöscht.</translation>
    </message>
    <message>
        <source>%1 memories are deleted.</source>
        <translation>%1 Erinnerungen sind gelöscht.</translation>
    </message>
    <message>
        <source>Undo works until this is closed; on the disk nothing of it is left.</source>
        <translation>Rückgängig geht, bis dies geschlossen wird; auf der Platte ist nichts mehr davon.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>UsedMemories</name>
    <message>
        <source>It is kept no more.</source>
        <translation>Sie wird nicht mehr behalten.</translation>
    </message>
    <message>
        <source>Show in Memory</source>
        <translation>Im Gedächtnis zeigen</translation>
    </message>
    <message>
        <source>Forget this</source>
        <translation>Dies vergessen</translation>
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
        <source>Recalled by words only: %1</source>
        <translation>Nur an Wörtern erinnert: %1</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>Warten</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>lädt</translation>
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
<context>
    <name>_FolderRow</name>
    <message>
        <source>Take out</source>
        <translation>Herausnehmen</translation>
    </message>
    <message>
        <source>Take out %1</source>
        <translation>%1 herausnehmen</translation>
    </message>
    <message>
        <source>models: %1</source>
        <translation>Modelle: %1</translation>
    </message>
    <message>
        <source>%1 free on its disk</source>
        <translation>%1 frei auf der Platte</translation>
    </message>
</context>
</TS>
