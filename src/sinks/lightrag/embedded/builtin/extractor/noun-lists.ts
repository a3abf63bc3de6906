/** Nouns of kinship and other relationships: "my sister" is a person whom the memory may never name. */
export const kinNouns: ReadonlySet<string> = new Set(
  `aunt boss boyfriend brother child coach colleague cousin coworker dad daddy daughter doctor father fiance fiancee fiancé
  fiancée flatmate friend girlfriend grandchild granddad granddaughter grandfather grandma grandmother grandpa grandson
  granny husband kid landlady landlord manager mentor mom mother mum mummy neighbor neighbour nephew niece nurse parent
  partner roommate sibling sister son spouse stepbrother stepfather stepmother stepsister student supervisor teacher
  teammate therapist trainer tutor uncle wife`.split(/\s+/u),
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
