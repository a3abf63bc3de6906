import fc from "fast-check";
import { expect, test } from "vitest";
import { createBuiltinExtractor } from "./extractor.ts";

const extractor = createBuiltinExtractor();
const { signal } = new AbortController();

/** A document as the standard strategy writes it, recorded on Monday, 8 May 2023. */
function documentOf(transcript: string, extraHeader = ""): string {
  return `Memory m1 of CTX1 (revision 3dc4fe6fa1d5)
Type: record
Recorded: Monday, 8 May 2023, 13:57:34 UTC
Location: 41.902782, 12.496366
Media: audio, image
${extraHeader}
${transcript}`;
}

const extract = (transcript: string, header?: string) =>
  extractor.extract(documentOf(transcript, header), signal);

async function entitiesOf(transcript: string): Promise<Record<string, string>> {
  const { entities } = await extract(transcript);
  return Object.fromEntries(entities.map(({ name, type }) => [name, type]));
}

async function relationsOf(transcript: string): Promise<string[]> {
  const { relations } = await extract(transcript);
  return relations.map(({ source, target, keywords }) => `${source} - ${target}: ${keywords}`);
}

test("people, places, organisations, titles, dates and topics get their types", async () => {
  const text =
    'Nora: I met Olga Petrova at the museum in Lisbon yesterday; she works for Siemens and reads "Blue Tides".';
  expect(await entitiesOf(text)).toEqual({
    Nora: "person",
    "Olga Petrova": "person",
    museum: "location",
    Lisbon: "location",
    "7 May 2023": "date",
    Siemens: "organization",
    "Blue Tides": "content",
  });
});

test("the header, greetings, pronouns and small talk leave nothing behind", async () => {
  expect(
    await entitiesOf("Nora: Hey Ivan! Wow, that's great. How are you? Thanks, talk to you soon!"),
  ).toEqual({
    Nora: "person",
    Ivan: "person",
  });
});

test("a name has one spelling, whatever its possessive, and a topic one, whatever its number and case", async () => {
  const names = Object.keys(
    await entitiesOf("Nora: Ivan's violin is old. Violins like Ivan’s are rare. I tuned Ivan's violins."),
  );
  expect(names).toEqual(["Nora", "Ivan", "violin"]);
});

test("who says I is the speaker, and the verb joins them to what they do", async () => {
  expect(await relationsOf("Nora: Hey Ivan, I bought a telescope in Madrid.")).toEqual([
    "Nora - Ivan: conversation",
    "Nora - telescope: buy, telescope",
    "Nora - Madrid: buy, Madrid",
    "telescope - Madrid: telescope, Madrid",
  ]);
});

test("you is the person spoken to, and a third person acts for themselves", async () => {
  expect(await relationsOf("Nora: Ivan, did you sell your kayak? Clara painted a lighthouse.")).toEqual([
    "Nora - Ivan: conversation",
    "Ivan - kayak: question, kayak",
    "Nora - Clara: person",
    "Clara - lighthouse: paint, lighthouse",
  ]);
});

test("relatives are people of whoever they belong to", async () => {
  const entities = await entitiesOf("Nora: My sister and Ivan's grandma joined a hiking club with the kids.");
  expect(entities).toMatchObject({
    "Nora's sister": "person",
    "Ivan's grandma": "person",
    "hiking club": "organization",
    kid: "person",
  });
});

test("titles belong to the name or give way to it, and an apposition is nobody spoken to", async () => {
  expect(await relationsOf("Nora: The vet, Helena Duarte, saw grandma Clara with Dr. Costa.")).toEqual([
    "Nora - vet: vet",
    "Nora - Helena Duarte: person",
    "Helena Duarte - Clara: see, person",
    "Clara - Dr. Costa: see, person",
  ]);
});

test("an unknown name is typed by what stands around it", async () => {
  expect(await entitiesOf("I asked Ngozi about our dog Bolo. Then Sipho called from Ribeira.")).toEqual({
    Ngozi: "person",
    dog: "creature",
    Bolo: "creature",
    Sipho: "person",
    Ribeira: "location",
  });
});

test("relative dates count from the recording and are tied to what happened", async () => {
  const relations = await relationsOf("Nora: I ran a charity race last Saturday.");
  expect(relations).toContain("Nora - 6 May 2023: run, date");
  expect(relations).toContain("charity race - 6 May 2023: charity race, date");
});

test("descriptions quote the sentence with who said it and when", async () => {
  const { entities, relations } = await extract("Nora: I like tea. Ivan moved to Oslo.");
  const quote = 'Nora, 8 May 2023: "Ivan moved to Oslo."';
  expect(entities.find(({ name }) => name === "Oslo")?.description).toBe(quote);
  expect(relations.find(({ target }) => target === "Oslo")?.description).toBe(quote);
});

test("an aunt is a person, writing in capitals is none, and a number belongs to no thing", async () => {
  const { entities } = await extract("Two hikers read FORT WILLIAM. I promised Aunt Judith two jars.");
  const types = new Map(entities.map(({ name, type }) => [name, type]));
  expect(types.get("Aunt Judith")).toBe("person");
  expect(types.get("Fort William")).toBe("concept");
  expect([...types.keys()]).toContain("hiker");
});

test("in another language dates are things, counted from the day of recording", async () => {
  const { entities } = await extract("Nora: Gestern war ich mit Ivan am See, das Wasser war kalt.");
  expect(entities).toContainEqual(expect.objectContaining({ name: "7 May 2023", type: "date" }));
});

test("a note that nobody speaks relates what its sentences name", async () => {
  expect(await relationsOf("Met Clara at the harbour. We looked at the lighthouse with Ivan.")).toEqual([
    "Clara - harbour: meet, harbour, person",
    "Ivan - lighthouse: look, lighthouse, person",
  ]);
});

test("what an annotation shows is told apart from what is said", async () => {
  const { entities, relations } = await extract(
    "Nora: Look! [shared image: a photo of a dog sitting on a beach]",
  );
  expect(entities.map(({ name }) => name)).toEqual(["Nora", "dog", "beach"]);
  expect(relations[0]).toEqual({
    source: "Nora",
    target: "dog",
    keywords: "shared image, dog",
    description: 'Nora, 8 May 2023: "shared image: a photo of a dog sitting on a beach"',
  });
});

test("tags become topics, and a memory without words gives nothing at all", async () => {
  const tagged = await extract("Nora: The sail is torn.", "Tags: Boats, repairs\n");
  expect(tagged.entities.map(({ name }) => name)).toEqual(["Nora", "sail", "boats", "repairs"]);
  expect(await extract("[no transcript]")).toEqual({ entities: [], relations: [] });
});

test("the place in the header is where the speaker was, unless it is far", async () => {
  const near = await extract("Nora: The sail is torn.", "Place: near Powai, Maharashtra, India (1.9 km)\n");
  expect(near.entities).toContainEqual(expect.objectContaining({ name: "Powai", type: "location" }));
  expect(near.relations).toContainEqual(
    expect.objectContaining({ source: "Nora", target: "Powai", keywords: "recorded in" }),
  );
  const far = await extract("Nora: The sail is torn.", "Place: 83 km from Powai, India\n");
  expect(far.entities.map(({ name }) => name)).toEqual(["Nora", "sail"]);
});

test("any text gives the same complete records each time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 200 }), async (text) => {
      const once = await extract(`Nora: ${text}`);
      expect(await extract(`Nora: ${text}`)).toEqual(once);
      for (const entity of once.entities) expect(Object.values(entity)).not.toContain("");
      for (const { source, target, keywords, description } of once.relations) {
        expect([keywords, description]).not.toContain("");
        expect(source).not.toBe(target);
      }
    }),
    { numRuns: 60 },
  );
});

test("a cancelled extraction stops", async () => {
  await expect(extractor.extract("text", AbortSignal.abort())).rejects.toThrow(/abort/iu);
});

test("a day of feast is an event, however it is written, and says which tree is meant", async () => {
  expect(await entitiesOf("Nora: christmas was lonely, but New Year's Eve I spend with Ivan.")).toEqual({
    Nora: "person",
    Christmas: "event",
    "New Year's Eve": "event",
    Ivan: "person",
  });
  expect(Object.keys(await entitiesOf("Nora: Ivan sold me a Christmas tree."))).not.toContain("Christmas");
});

test("a company is no place and nobody, whoever it is named after", async () => {
  expect(
    await entitiesOf(
      "Two windows go back to Fenwick Glass. Then Thames Water called. Harper & Sons send the bill for the Johnson account to ACME Corp. on Monday.",
    ),
  ).toMatchObject({
    "Fenwick Glass": "organization",
    "Thames Water": "organization",
    "Harper & Sons": "organization",
    "Johnson account": "concept",
    "ACME Corp": "organization",
  });
});

test("a known name of several words is one, whatever its words are alone, and a given name makes nobody a stone", async () => {
  expect(
    await entitiesOf("We flew from New York to Costa Rica, and Emma Stone met us in Grand Rapids."),
  ).toEqual({
    "New York": "location",
    "Costa Rica": "location",
    "Emma Stone": "person",
    "Grand Rapids": "location",
  });
});

test("who opens a sentence and acts like a person is one, also by a name that is in no dictionary or that of a flower", async () => {
  const types = await entitiesOf(
    "Kwame expects the roof to be closed. Rose took her first steps. Roof is closed.",
  );
  expect(types).toMatchObject({ Kwame: "person", Rose: "person", roof: "concept" });
  expect(Object.keys(await entitiesOf("Hill was steep and the rose is red."))).not.toContain("Hill");
});

test("of a text that was dictated without capitals the names are those of other texts", async () => {
  expect(
    await entitiesOf("so i talked to sarah today and she flew to boston with mike and new york is next"),
  ).toMatchObject({
    Sarah: "person",
    Boston: "location",
    Mike: "person",
    "New York": "location",
  });
});

test("what did not happen is not told as if it had", async () => {
  const relations = await relationsOf(
    "Nora: I did not visit Ivan in Oslo. Clara never painted the lighthouse.",
  );
  expect(relations).toContain("Nora - Ivan: not visit, person");
  expect(relations).toContain("Clara - lighthouse: not paint, lighthouse");
});

test("a tag with the name of somebody or of a place is that, with its capital", async () => {
  const { entities } = await extract("Nora: The sail is torn.", "Tags: Boats, Marta, Lisbon, New York\n");
  expect(entities.slice(2).map(({ name, type }) => `${name} ${type}`)).toEqual([
    "boats concept",
    "Marta person",
    "Lisbon location",
    "New York location",
  ]);
});
