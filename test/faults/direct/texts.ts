import type { OutgoingDocument } from "../../../src/sinks/lightrag/light-rag-client.ts";

const people = ["Nora Lind", "Tom Berg", "Iris Vale", "Sam Okafor", "Lena Brandt"];
const places = ["Lisbon", "Oslo", "Vienna", "the Harbour Museum", "Mount Vernon School"];
const deeds = ["met", "called", "wrote to", "worked with", "had dinner with"];
const topics = [
  "the spring exhibition",
  "a new bicycle",
  "the budget of the workshop",
  "pottery",
  "the move to Porto",
];

/** What note `i` says. Notes speak of the same few people and places again and again, so that each changes what others said. */
export function noteText(i: number): string {
  const pick = <T>(items: readonly T[], step: number) =>
    items[(i * step + Math.floor(i / 5)) % items.length] as T;
  const [first, second] = [pick(people, 1), pick(people, 3)];
  const meeting = `${first} ${pick(deeds, 2)} ${first === second ? "Ada Winter" : second} in ${pick(places, 4)} on ${1 + (i % 28)} May 2024.`;
  return `${meeting}\nThey talked about ${pick(topics, 1)} and ${pick(topics, 2)}. ${second} liked it.`;
}

export function noteDocuments(count: number): OutgoingDocument[] {
  return Array.from({ length: count }, (_, i) => {
    const header = `Memory note-${i} of test (revision ${i.toString(16).padStart(12, "0")})`;
    return { fileSource: `note-${i}@test.md`, text: `${header}\n\n${noteText(i)}` };
  });
}
