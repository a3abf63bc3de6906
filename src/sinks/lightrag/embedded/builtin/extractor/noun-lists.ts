/** Nouns of kinship and other relationships: "my sister" is a person whom the memory may never name. */
export const kinNouns: ReadonlySet<string> = new Set(
  `aunt boss boyfriend brother child coach colleague cousin coworker dad daddy daughter doctor father fiance fiancee fiancé
  fiancée flatmate friend girlfriend grandchild granddad granddaughter grandfather grandma grandmother grandpa grandson
  granny husband kid landlady landlord manager mentor mom mother mum mummy neighbor neighbour nephew niece nurse parent
  partner roommate sibling sister son spouse stepbrother stepfather stepmother stepsister student supervisor teacher
  teammate therapist trainer tutor uncle wife`.split(/\s+/u),
);

/** Vague nouns: neither a topic on their own nor the head of one. */
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

/** Gerunds that can refer to anything and name no activity. */
export const lightActivities: ReadonlySet<string> = new Set(
  `asking becoming being bringing calling checking coming deciding doing facing feeling finding getting giving going happening
  having hearing helping keeping knowing laying learning leaving letting living looking loving making missing moving playing
  posing pushing putting saying seeing showing sitting standing starting staying taking talking telling thinking trying using
  waiting wearing working`.split(/\s+/u),
);

/** Whether an adjective classifies ("mental health") rather than evaluates ("great day"). */
export function namesAKind(adjective: string): boolean {
  return (kindSuffix.test(adjective) || adjective === "wooden") && !judging.has(adjective);
}

const kindSuffix = /(?:[^u]al|ic|ical|ary|ar|ese|ish|[ie]an|ive)$/u;
const judging: ReadonlySet<string> = new Set(
  `active actual attractive chaotic creative crucial dramatic emotional enthusiastic epic essential eventual exceptional expensive
  extraordinary fantastic final general hidden iconic ideal impressive individual inspirational legendary local magic magical
  memorable massive necessary negative normal optimistic ordinary original particular personal phenomenal popular positive previous
  primary productive real regular selfish foolish sensational similar special spectacular specific stylish supportive temporary
  terrific therapeutic total traditional typical unconventional usual various vital`.split(/\s+/u),
);
