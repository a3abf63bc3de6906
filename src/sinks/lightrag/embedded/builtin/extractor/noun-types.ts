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
  event: `adventure anniversary appointment audition barbecue battle birthday breakfast brunch campaign celebration ceremony
    championship class competition concert conference contest convention course date debate demonstration dinner
    engagement event exam exhibition expedition fair festival flight fundraiser funeral game-night getaway graduation hike
    holiday interview journey lecture lesson lunch marathon march match meal meeting meetup outing parade party
    performance picnic play-date presentation promotion protest race reception rehearsal retreat reunion road-trip seminar
    session storm summit surgery swim talk test tour tournament training trip vacation visit voyage wedding weekend
    workshop`,
  location: `academy airport alley apartment attic avenue bakery balcony bank bar basement bay beach boutique bridge building cabin
    cafe café campground campsite campus canyon castle cathedral cave cemetery center centre church cinema city classroom
    clinic coast college country countryside court desert diner district dock downtown farm field forest gallery garage
    garden gym hall harbor harbour highway hill home hospital hostel hotel house inn island kitchen laboratory lake
    library lighthouse lodge mall market mountain museum neighborhood neighbourhood nursery ocean office palace park path
    peak pier playground plaza pond pool pub reserve resort restaurant river road room salon school sea shelter shop shore
    square stadium station store street studio suburb supermarket temple theater theatre town trail university valley
    village waterfall yard zoo`,
  organization: `agency alliance army association band board brand bureau business charity choir club committee commune community
    company cooperative corporation council crew department enterprise firm foundation government group institute
    institution league ministry network nonprofit orchestra organisation organization police squad staff startup supplier
    team troupe trust union`,
  content: `album anime article autobiography biography blog blog-post book cartoon channel comic diary document documentary
    drawing episode essay film game guide image journal letter magazine manga manuscript memoir movie music newsletter
    newspaper novel opera page painting play playlist podcast poem poetry portrait poster recipe report script series show
    song story symphony text trilogy tune video video-game website`,
  artifact: `album-cover axe backpack bag ball basket bed bench bicycle bike blanket board-game boat bottle bowl box bracelet brush
    bus cake camera candle car card ceramic chair clock coat coin computer console costume couch cup desk device dish
    dress drone drum engine equipment fence figurine flag flute furniture gadget gift glove guitar hat headphone helmet
    instrument jacket jar jersey jewelry kayak key keyboard kite lamp laptop machine map mask medal microphone mirror mug
    necklace notebook oven pan pen pencil pendant phone piano pin plate pot puzzle radio ring robot rocket sail sandwich
    saxophone scarf sculpture ship shirt shoe skateboard smartphone smartwatch sofa statue suit sweater table tablet
    tapestry telescope tent ticket tool toy train trophy truck trumpet tv umbrella uniform van vase vehicle violin watch
    window wine`,
  creature: `animal bear bee bird bunny butterfly cat chicken cow dog dolphin duck elephant fish fox frog goat guinea-pig hamster
    horse insect kitten lion lizard monkey owl parrot pet pig pigeon pony puppy rabbit shark sheep snake spider squirrel
    tiger turtle whale wolf`,
  naturalobject: `apple asteroid banana berry cliff cloud comet coral diamond fern flower fossil fruit gold grass leaf lightning lotus
    meteor moon mushroom planet plant rainbow rock rose sand seed shell sky snow star stone sun sunflower sunrise sunset
    tomato tree vegetable volcano wave`,
  method: `algorithm diet exercise meditation method procedure programme regimen routine strategy technique therapy treatment
    workout yoga`,
  data: `budget calorie cholesterol figure measurement price salary score statistic temperature`,
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
