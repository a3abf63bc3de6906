/** Nouns that say nothing of what an English text is about: neither a topic on their own nor the head of one. In the singular, in lower case. */
export const vagueNouns: ReadonlySet<string> = new Set(
  `ability act action advice afternoon amount anybody anyone anything area aspect attention autumn awe back background
  balance basis batch beginning best bit blast boost boy bummer bunch call case cause century chance change chat choice
  chunk combination concern corner couple day deal decade detail difference difficulty dream drive each edge effect effort
  end energy evening everybody everyone everything example experience eye face fact fall fam fan fave favorite favourite
  feedback feeling firsthand fit floor folk form front fun future gang girl glimpse goal guy half hand hang head heart help
  here hope hour image impact importance impression individual info inspiration interest issue item joke joy key kind lack
  lady laugh level life list live load loads lot lots love luck man matter meaning mess middle mind minute mix moment month
  mood more morning motivation move name need news night nobody note nothing number one ones opinion opportunity option
  order other others pace pair part pass past people person photo photography pic pics picture piece pity pleasure plenty
  point positivity possibility power pride problem process progress purpose push question range reason remind reminder
  request rest result rush scene screenshot second self sense set side sight sign situation smile somebody someone something
  sort source spirit spot spring start state step stress stuff style success suggestion summer support surprise tear term
  theme there thing thought thrill time tip today tomorrow ton tons top touch trick truth type understanding ups use value
  vibe view voice wall way week weekend welcome while win winter wish woman word world worry year yesterday`.split(
    /\s+/u,
  ),
);

/** Words that are sworn with and mean nothing else: of no topic, wherever they stand. */
export const swearWords: ReadonlySet<string> = new Set(
  `arse ass asshole bastard bitch bollocks bullshit crap damn damned dammit dickhead fuck fucker fucking goddamn goddammit hell motherfucker
  piss shit shitty slut`.split(/\s+/u),
);

/** Small words of time, place and amount that a tagger of English takes for nouns: "past the mill", "half past one", "any more". */
export const nounLike: ReadonlySet<string> = new Set(
  "ago ahead away back down extra half less more most next past plus".split(" "),
);

/** Verbs, as they stand behind a name, of what only somebody with a mind does. */
export const mindVerbs: ReadonlySet<string> = new Set(
  `says said tells told asks asked thinks thought wants wanted hopes hoped expects expected knows knew believes believed
  promises promised agrees agreed insists insisted suggests suggested worries worried swears swore refuses refused complains complained
  remembers remembered forgets forgot admits admitted loves loved likes liked`.split(/\s+/u),
);
