/** Grammatical words without a subject: never a term, never a topic. Written without apostrophes, as `wordsOf` returns them. */
export const functionWords: ReadonlySet<string> = new Set(
  `a about above after again against all also although am an and any are arent as at be because been before being below
  between both but by can cant cannot could couldnt did didnt do does doesnt doing dont done down during each either else
  ever few for from further had hadnt has hasnt have havent having he hed hell her here heres hers herself hes him himself
  his how hows however i id if ill im in into is isnt it itd itll its itself ive just lets may me might mine more most must
  my myself neither no nor not now of off on once one only onto or other ought our ours ourselves out over own per quite
  rather same shall she shed shes should shouldnt since so some such than that thats the their theirs them themselves then
  there theres these they theyd theyll theyre theyve this those though through to too toward towards under until up upon us
  very was wasnt we wed were werent weve what whats when whenever where wheres whether which while who whom whose whos why
  will with within without wont would wouldnt yet you youd youll your youre yours yourself yourselves youve`.split(
    /\s+/u,
  ),
);

/** Words so frequent in speech that they say little about what a text is about: they count for less. */
export const commonWords: ReadonlySet<string> = new Set(
  `able absolutely actually agree ah aww awww alright already always amazing another anybody anymore anyone anything anytime anyway anywhere
  appreciate around ask away awesome back bad bet better big bit bye call came care check come congrats cool course day definitely
  early easy end enjoy enough especially even every everybody everyone everything exactly excited exciting fact far feel
  feeling felt find fine first forward found fun gave get getting give given glad go goes going gone gonna good got gotta
  great guess guy guys hand happen happy hard hear heard hello help hey hi hope haha hopefully idea incredible instead interested
  interesting keep kept kind kinda knew know known last lately later lol least leave left less let life like little long look
  looking lot lots love loved lovely made make making man many maybe mean means mention much need never new next nice nobody
  none nope nothing oh ok okay old omg oof oops part past people perfect perhaps person place plan please plus pretty probably proud put
  ready real really recently remember right said sat saw say see seem seen several show so somebody someone something
  sometimes somewhere soon sorry sort sound special start stay still stuff super sure take taken takes taking talk tell
  thank thanks thing things think thought time times today together told tomorrow took totally tried true try trying turn
  two used using usually wait wanna want wanted way week well went wish whoa woah wonderful woohoo word work world worth wow yay yeah year
  yep yes yesterday yum`.split(/\s+/u),
);
