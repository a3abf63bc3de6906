/** Where the demo's memories were recorded: latitude and longitude in degrees. */
const places: ReadonlyMap<string, readonly [number, number]> = new Map([
  ["setubal", [38.5244, -8.8882]],
  ["boatyard", [38.5191, -8.8987]],
  ["troia", [38.4936, -8.9029]],
  ["sesimbra", [38.4443, -9.1015]],
  ["lisbon", [38.7075, -9.1365]],
  ["sintra", [38.7979, -9.3907]],
  ["evora", [38.5714, -7.9135]],
]);

/** Three weeks of September 2025. Each line: day, time (UTC), type, place or `-`, transcript. */
const diary = `
01 07:42 record setubal Nina: Monday, first coffee. Today Tomas and I begin to restore the Gaivota, our grandfather's sailing boat.
01 08:15 record boatyard Nina: The Gaivota lies in the boatyard in Setubal. Her hull is dry, but three planks near the keel are rotten.
01 08:16 record boatyard Tomas: I can replace the planks with oak. Give me two weeks, Nina, and a good carpenter.
01 17:30 photo boatyard Nina: Look at her. [photo: the bare hull of a wooden sailing boat on trestles]
02 09:05 record troia Ines: Hi Nina, I am back in Troia. The seagrass survey of the Seagrass Trust starts this week, and I lead it.
02 09:06 record setubal Nina: Congratulations, Ines! Who dives with you?
02 09:07 record troia Ines: Hugo dives with me. He found the first seagrass meadow behind the sandbank yesterday.
02 19:20 note - Buy sandpaper, copper nails and two litres of linseed oil.
03 08:50 record boatyard Tomas: I found a carpenter. Jonas built boats in Lisbon for thirty years, and he still has his grandfather's tools.
03 12:40 photo boatyard Tomas: Jonas measured the planks this morning. [photo: an old man with a folding rule beside a hull]
03 18:05 record sesimbra Oliver: Nina, the reading corner of the Blue Anchor café opens on 12 September. I need a shelf and forty books.
03 18:06 record sesimbra Nina: Oliver, I will bring my grandmother's novels, and Jonas may build the shelf.
04 07:30 record troia Ines: We counted seahorses today. Eleven of them live in the seagrass meadow, more than last year.
04 07:31 photo troia Ines: Hugo took this one. [photo: a yellow seahorse holding a blade of seagrass]
04 20:10 idea - Nina: Idea: the Gaivota could carry Ines and her divers to the sandbank. The Seagrass Trust pays for a rented boat now.
05 10:00 record lisbon Nina: I am at the Harbour Museum in Lisbon. The archivist, Helena Duarte, showed me a photograph of the Gaivota from 1957.
05 10:12 photo lisbon Nina: Our grandfather stands at the tiller. [photo: a black and white print of a sailing boat with a man at the tiller]
05 10:30 record lisbon Nina: Helena Duarte lends us the photograph until the launch. The sails were red in 1957.
05 21:15 record setubal Nina: I called grandma Clara. She remembers the red sails, and she wants to see them again on the water.
06 09:40 record setubal Nina: Took our dog Pepper to Dr. Costa. He limps since he jumped from the trestles in the boatyard.
06 10:25 record setubal Nina: Dr. Costa says that our dog Pepper has only sprained his paw. He must rest for a week, no beach.
06 16:00 photo setubal Nina: Our dog Pepper is not amused. [photo: a brown dog with a bandaged paw on a red cushion]
07 11:00 record sintra Nina: Sunday walk in Sintra with Tomas. He asked me where the Gaivota should sail first. I said Troia, to the seahorses.
07 11:45 photo sintra
07 20:30 note - Clara turns eighty on 14 September. Cake, music, and everybody on the terrace in Evora.
08 08:05 record boatyard Jonas: The first oak plank is in. Nina, the keel is sound, so the boat will outlive us all.
08 08:06 record boatyard Nina: Thank you, Jonas! When can she go back into the water?
08 08:08 record boatyard Jonas: If the paint dries in time, the Gaivota goes back into the water on 20 September, at high tide.
08 13:20 record - Nina: I ordered red sails from Atlantic Sailcloth Company in Lisbon. They cost 1,400 euros and arrive on 16 September.
09 07:55 record troia Hugo: The current was strong today. Ines and I lost a buoy, but we mapped the second seagrass meadow.
09 07:57 record troia Ines: Hugo, the map goes to the Seagrass Trust on Friday. They decide on the protected zone in October.
09 18:40 record sesimbra Oliver: Jonas came to the Blue Anchor café and measured the wall for the shelf. He wants fish soup instead of money.
10 08:30 record boatyard Tomas: All three planks are in. Tomorrow we caulk the seams with cotton and tar.
10 19:00 record setubal Nina: Ines stays with us tonight. She told me that fishing nets tear up the seagrass near the sandbank.
10 19:02 record setubal Ines: The fishermen are not the enemy, Nina. I invited their cooperative to the survey, and two of them will come.
11 09:10 photo boatyard Tomas: Tar everywhere. [photo: two men caulking the seams of a hull]
11 15:30 record sesimbra Nina: I carried thirty-eight books into the Blue Anchor café. Oliver put grandma Clara's novels on the top shelf.
11 22:05 note - Ask Helena Duarte whether the Harbour Museum wants to film the launch.
12 17:00 record sesimbra Oliver: The reading corner is open! Clara's novels were the first ones that anybody asked for.
12 17:25 photo sesimbra Nina: Full house at the Blue Anchor café. [photo: people reading on benches under a wooden shelf]
12 18:10 record sesimbra Ines: The Seagrass Trust received our map. Hugo and I celebrate with Oliver's fish soup.
13 10:20 record setubal Nina: Our dog Pepper walks again. Dr. Costa took the bandage off and gave him a biscuit.
13 16:45 record - Tomas: Packed the car for Evora. The cake for Clara rides on Nina's lap, and our dog Pepper rides on mine.
14 12:30 record evora Nina: Grandma Clara is eighty today. The whole family sits on her terrace in Evora, and Ines plays the accordion.
14 13:15 record evora Clara: I met your grandfather on the Gaivota in 1957. He said that the red sails were for me.
14 13:16 record evora Nina: Grandma, you come aboard at the launch. Jonas builds a chair for you beside the tiller.
14 15:00 photo evora Ines: She blew out all the candles. [photo: an old woman with a cake and a brown dog]
16 11:35 record boatyard Nina: The red sails of Atlantic Sailcloth Company have arrived. They smell of wax, and they fit the old mast.
16 11:50 photo boatyard Tomas: As in the photograph of the Harbour Museum. [photo: a red sail spread out on a lawn]
16 20:00 record troia Hugo: A storm is coming from the Azores. Ines moved the last dive of the survey to 18 September.
17 08:20 record boatyard Jonas: The second coat of paint is dry. I moved the Gaivota under the roof, because of the storm.
17 21:40 record setubal
18 10:15 record troia Ines: The last dive is done. Nineteen seahorses, three meadows, and the fishermen of the cooperative helped us to count.
18 10:20 record troia Hugo: The storm took our rented boat off its anchor. Ines, we need the Gaivota sooner than we thought.
18 19:30 record lisbon Nina: Helena Duarte will film the launch for the Harbour Museum, and she brings the photograph of 1957.
19 09:00 record boatyard Tomas: The crane is booked for tomorrow at ten. Jonas polished the brass of the compass.
19 18:20 note - Tomorrow: accordion, red sails, chair for Clara, biscuits for Pepper, fish soup from Oliver.
20 10:05 record boatyard Nina: She swims! The Gaivota is back in the water, and Jonas cries into his hat.
20 10:40 photo setubal Tomas: Clara sits at the tiller. [photo: an old woman steering a boat with red sails]
20 13:00 record troia Nina: First landfall in Troia, as planned. Ines and Hugo waited on the sandbank and waved a map.
20 13:30 record troia Ines: From Monday on the Gaivota is the boat of the seagrass survey. The Seagrass Trust pays for the tar.
21 09:30 record sesimbra Nina: Breakfast at the Blue Anchor café. Oliver hung the photograph of the launch beside the one of 1957.
21 20:15 idea - Nina: Next summer we could sail to the Azores with Tomas, Ines and Hugo. Our dog Pepper guards the red sails.
`;

/** A memory as in the configuration of the demo. */
export interface DemoMemory {
  id: string;
  type: string;
  created_at: string;
  transcript: string;
  location?: { lat: number; lon: number };
}

/** The context that the demo's memories belong to. */
export const demoContextId = "DEMO";

/** About sixty memories of a small circle of people on the Portuguese coast, oldest first. */
export const demoMemories: readonly DemoMemory[] = diary.trim().split("\n").map(toMemory);

/** Questions that the memories answer, for the end of the demo. */
export const demoQuestions: readonly string[] = [
  "When does the Gaivota go back into the water?",
  "Who found the first seagrass meadow?",
];

function toMemory(line: string, index: number): DemoMemory {
  const [day, time, type = "", place = "", ...words] = line.split(" ");
  const [lat, lon] = places.get(place) ?? [];
  return {
    id: `voice-${String(index + 1).padStart(3, "0")}`,
    type,
    created_at: `2025-09-${day}T${time}:00Z`,
    transcript: words.join(" "),
    ...(lat !== undefined && lon !== undefined && { location: { lat, lon } }),
  };
}
