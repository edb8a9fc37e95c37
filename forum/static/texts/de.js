// Made by `make texts` from the catalogue of the scripts.
globalThis.askwellTexts = {
 plural: (n) => Number((n != 1)),
 messages: {
 "%(has)s of %(num)s character": [
  "%(has)s von %(num)s Zeichen",
  "%(has)s von %(num)s Zeichen"
 ],
 "%(name)s is added. Describe it for those who can't see it.": [
  "%(name)s ist hinzugefügt. Beschreiben Sie das Bild für alle, die es nicht sehen können."
 ],
 "%(num)s character too many": [
  "%(num)s Zeichen zu viel",
  "%(num)s Zeichen zu viel"
 ],
 "%(num)s more is shown": [
  "%(num)s weiterer Eintrag wird gezeigt",
  "%(num)s weitere Einträge werden gezeigt"
 ],
 "%(num)s question is similar": [
  "%(num)s Frage ist ähnlich",
  "%(num)s Fragen sind ähnlich"
 ],
 "%(num)s still to choose.": [
  "Noch %(num)s Stelle zu entscheiden.",
  "Noch %(num)s Stellen zu entscheiden."
 ],
 "All is chosen; look it over and save it.": [
  "Alles ist entschieden; sehen Sie es durch und speichern Sie es."
 ],
 "Another text was saved here at %(time)s, in another tab or on another device. Nothing is lost: choose which one to go on with.": [
  "Um %(time)s Uhr wurde hier ein anderer Text gespeichert, in einem anderen Tab oder auf einem anderen Gerät. Nichts ist verloren: Wählen Sie, mit welchem Sie weitermachen."
 ],
 "Column": [
  "Spalte"
 ],
 "Draft saved %(time)s": [
  "Entwurf um %(time)s Uhr gespeichert"
 ],
 "It did not arrive. Check your connection and add it again.": [
  "Das Bild ist nicht angekommen. Prüfen Sie Ihre Verbindung und fügen Sie es erneut hinzu."
 ],
 "Keep the text in the form": [
  "Text im Formular behalten"
 ],
 "Link copied": [
  "Link kopiert"
 ],
 "No solved question like it was found.": [
  "Es wurde keine gelöste Frage dazu gefunden."
 ],
 "Not saved, trying again.": [
  "Nicht gespeichert, es wird erneut versucht."
 ],
 "Not saved: choose one of the two texts above.": [
  "Nicht gespeichert: Wählen Sie einen der beiden Texte oben."
 ],
 "Noted. Go on with your question.": [
  "Vermerkt. Machen Sie mit Ihrer Frage weiter."
 ],
 "Only with the tag": [
  "Nur mit dem Schlagwort"
 ],
 "People": [
  "Personen"
 ],
 "Questions": [
  "Fragen"
 ],
 "Recent searches": [
  "Letzte Suchen"
 ],
 "Sending %(name)s": [
  "%(name)s wird gesendet"
 ],
 "Sending %(name)s (%(number)s)…": [
  "%(name)s (%(number)s) wird gesendet …"
 ],
 "Show": [
  "Anzeigen"
 ],
 "Show more": [
  "Mehr anzeigen"
 ],
 "Sign in to go on": [
  "Anmelden, um weiterzumachen"
 ],
 "Suggestions": [
  "Vorschläge"
 ],
 "Tags": [
  "Schlagwörter"
 ],
 "Take this text": [
  "Diesen Text übernehmen"
 ],
 "Text": [
  "Text"
 ],
 "That did not work. Try again": [
  "Das hat nicht geklappt. Noch einmal"
 ],
 "The site could not do this at the moment. Try again a little later.": [
  "Die Website konnte das im Moment nicht ausführen. Versuchen Sie es etwas später noch einmal."
 ],
 "The site could not take it at the moment. Try again later.": [
  "Die Website konnte das Bild im Moment nicht annehmen. Versuchen Sie es später noch einmal."
 ],
 "This browser kept another text of %(time)s, which the site does not have. Choose which one to go on with.": [
  "Dieser Browser hat einen anderen Text von %(time)s Uhr aufbewahrt, den die Website nicht hat. Wählen Sie, mit welchem Sie weitermachen."
 ],
 "This did not arrive. Check your connection and try again.": [
  "Das ist nicht angekommen. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal."
 ],
 "Title": [
  "Titel"
 ],
 "What you changed": [
  "Was Sie geändert haben"
 ],
 "You are signed out.": [
  "Sie sind abgemeldet."
 ],
 "You have posted this already.": [
  "Sie haben das bereits veröffentlicht."
 ],
 "Your recent searches are forgotten.": [
  "Ihre letzten Suchen sind gelöscht."
 ],
 "Your text is kept in this browser.": [
  "Ihr Text ist in diesem Browser aufbewahrt."
 ],
 "Your text of %(time)s is back from this browser.": [
  "Ihr Text von %(time)s Uhr ist aus diesem Browser wieder da."
 ],
 "describe this image": [
  "dieses Bild beschreiben"
 ],
 "solved": [
  "gelöst"
 ]
},
};
