/** LightRAG's default entity types as it stores them, and `date`. */
export type EntityType =
  | "person"
  | "creature"
  | "organization"
  | "location"
  | "event"
  | "concept"
  | "method"
  | "content"
  | "data"
  | "artifact"
  | "naturalobject"
  | "date";

/** Head nouns (singular) whose type is plain. Any other noun is a concept. */
const headNouns: Partial<Record<EntityType, string>> = {
  creature: `animal bear bee bird bunny butterfly cat chicken cow dog dolphin duck elephant fish fox frog goat guinea-pig
    hamster horse insect kitten lion lizard monkey owl parrot pet pig pigeon pony puppy rabbit shark sheep snake spider
    squirrel tiger turtle whale wolf`,
  event: `adventure anniversary appointment audition barbecue battle birthday breakfast brunch campaign celebration ceremony
    championship class competition concert conference contest convention course date debate demonstration dinner
    engagement event exam exhibition expedition fair festival flight funeral fundraiser game-night getaway graduation hike
    holiday interview journey lecture lesson lunch marathon march match meal meeting meetup outing parade party performance
    picnic play-date presentation promotion protest race reception rehearsal retreat reunion road-trip seminar session
    ceremony storm summit surgery swim talk test tour tournament training trip vacation visit voyage wedding weekend
    workshop`,
  location: `academy airport alley apartment attic avenue bakery balcony bank bar basement bay beach boutique bridge building
    cabin cafe café campground campsite campus canyon castle cathedral cave cemetery center centre church cinema city
    classroom clinic coast college country countryside court desert diner district dock downtown farm field forest gallery
    garage garden gym hall harbor harbour highway hill home hospital hostel hotel house inn island kitchen laboratory lake
    library lighthouse lodge mall market mountain museum neighborhood neighbourhood nursery ocean office palace park path
    peak pier playground plaza pond pool pub reserve resort restaurant river road room salon school sea shelter shop
    shore square stadium station store street studio suburb supermarket temple theater theatre town trail university valley
    village waterfall yard zoo`,
  organization: `agency alliance army association band board brand bureau business charity choir club committee commune
    community company cooperative corporation council crew department enterprise firm foundation government group
    institute institution league ministry network nonprofit orchestra organisation organization party-committee police
    squad staff startup supplier team troupe trust union`,
  content: `album anime article autobiography biography blog blog-post book cartoon channel comic diary document documentary
    drawing episode essay film game guide image journal letter magazine manga manuscript memoir movie music newsletter
    newspaper novel opera page painting play playlist podcast poem poetry portrait poster recipe
    report script series show song story symphony text trilogy tune video video-game website`,
  artifact: `album-cover axe backpack bag ball basket bed bench bicycle bike blanket board-game boat bottle bowl box bracelet
    brush bus cake camera candle car card ceramic chair clock coat coin computer console costume couch cup desk device dish
    dress drone drum engine equipment fence figurine flag flute furniture gadget gift glove guitar hat headphone helmet
    instrument jacket jar jersey jewelry kayak key keyboard kite lamp laptop machine map mask medal microphone mirror mug
    necklace notebook oven pan pen pencil pendant phone piano pin plate pot puzzle radio ring robot rocket sail sandwich
    saxophone scarf sculpture ship shirt shoe skateboard smartphone smartwatch sofa statue suit sweater table tablet
    tapestry telescope tent ticket tool toy train trophy truck trumpet tv umbrella uniform van vase vehicle violin watch
    window wine`,
  naturalobject: `apple asteroid banana berry cloud cliff comet coral diamond fern flower fossil fruit gold grass leaf
    lightning lotus meteor moon mushroom plant planet rainbow rock rose sand seed shell sky snow star stone sun sunflower
    sunrise sunset tomato tree vegetable volcano waterfall wave`,
  method: `algorithm diet exercise method meditation procedure programme regimen routine strategy technique therapy treatment
    workout yoga`,
  data: "budget calorie cholesterol figure measurement price salary score statistic temperature",
};

const typeOfNoun = new Map(
  Object.entries(headNouns).flatMap(([type, nouns]) =>
    nouns.split(/\s+/u).map((noun): [string, EntityType] => [noun.replaceAll("-", " "), type as EntityType]),
  ),
);

/** The type of a noun phrase (lower case, singular) by its last two words, else by its last one, else undefined. */
export function typeOfPhrase(phrase: string): EntityType | undefined {
  const words = phrase.split(" ");
  return typeOfNoun.get(words.slice(-2).join(" ")) ?? typeOfNoun.get(words.at(-1) ?? "");
}

/** People by what they are to somebody: "my sister" is a person whom the memory may never name. */
export const kinNouns: ReadonlySet<string> = new Set(
  `aunt boss boyfriend brother child coach colleague cousin coworker dad daddy daughter doctor father fiance fiancé fiancee
  fiancée flatmate friend girlfriend grandchild granddad granddaughter grandfather grandma grandmother grandpa grandson granny
  husband kid landlord landlady manager mentor mom mother mum mummy neighbor neighbour nephew niece nurse parent partner
  roommate sibling sister son spouse student stepbrother stepfather stepmother stepsister supervisor teacher teammate therapist
  trainer tutor uncle wife`.split(/\s+/u),
);

/** Nouns that name nothing in particular: no topic on their own and no head of one. */
export const vagueNouns: ReadonlySet<string> = new Set(
  `ability advice amount area aspect attention awe back balance basis batch beginning blast boost bunch call case chance change
  chat choice combination concern couple deal detail difference difficulty dream edge effect effort end energy example
  experience eye face fact fan fave favorite favourite feeling feedback fun future gang glimpse goal half hand hang head heart
  help hope impact impression inspiration interest issue item joke joy kind lack laugh level life luck lot love mess meaning
  mind minute moment mood motivation name need note number one ones opinion opportunity option order pace pair part pass past
  piece pleasure plenty point positivity possibility power pride problem process progress question range reason reminder
  request rest result scene sense set side sight sign smile sort spirit spot start state step stress stuff style success
  support surprise suggestion tear term thought thrill top touch trick truth type understanding use vibe view voice
  way while wish word world worry year day night morning evening afternoon hour second month week weekend decade century time
  today yesterday tomorrow summer winter spring autumn fall pic thing person people man woman guy girl boy lady everyone
  everybody someone somebody anyone anybody anything something everything nothing nobody here there each other others more
  bit chunk lots loads tons piece photo photography picture image pic pics screenshot best live ton self fam key cause
  news firsthand info importance win corner middle background floor wall fit folk individual situation tip source list mix
  move push rush drive act action form load matter bummer pity remind ups front theme welcome purpose value`.split(
    /\s+/u,
  ),
);

/** Adjectives that tell kinds apart ("mental health"), unlike those that judge ("great day"). */
export function namesAKind(adjective: string): boolean {
  return kindSuffix.test(adjective) && !judging.has(adjective);
}

const kindSuffix = /(?:[^u]al|ic|ical|ary|ar|ese|ish|ian|ean|ican|en|ive|nese)$/u;
const judging: ReadonlySet<string> = new Set(
  `actual crucial emotional essential eventual exceptional fantastic final general golden hidden huge ideal impressive
  individual inspirational local magical massive memorable normal ordinary original own particular personal phenomenal
  popular positive negative previous real recent regular sensational similar special specific spectacular supportive stylish
  terrific total traditional typical unconventional usual various vital magic epic chaotic dramatic enthusiastic optimistic
  iconic therapeutic creative productive attractive active expensive necessary extraordinary temporary primary legendary main
  open even ten seven eleven sudden golden proven given taken chosen broken selfish foolish`.split(/\s+/u),
);
