import { expect, test } from "vitest";
import { indexedFolder } from "../../../../test/support/indexed-folder.ts";

const signal = new AbortController().signal;
/** So many that what they say of a name has to be summed up. */
const documents = Array.from({ length: 11 }, (_, index) => ({
  fileSource: `${index}.md`,
  text: `Eve Adams met Guest${index} Smith in Rome. Ben Jonson slept.`,
}));

test.each([
  ["chat", "refused content", "MODEL_REQUEST_REFUSED"],
  ["chat", "content filter", "MODEL_REQUEST_REFUSED"],
  ["chat", "too long", "MODEL_CONTEXT_EXCEEDED"],
  ["chat", "server error", "MODEL_SERVER_ERROR"],
  ["chat", "broken connection", "MODEL_UNREACHABLE"],
  ["embedding", "refused content", "MODEL_REQUEST_REFUSED"],
  ["embedding", "too long", "MODEL_CONTEXT_EXCEEDED"],
  ["embedding", "null vectors", "MODEL_ANSWER_UNUSABLE"],
] as const)(
  "%s: %s to what is made anew of one name keeps no deleted document, and is named",
  async (of, answer, code) => {
    const { client, model, ids, held } = await indexedFolder(documents, signal);
    model.faults = { bad: [{ of, answer, text: "Eve Adams" }] };
    const refused = await client.remove(ids.slice(0, 2), signal);
    expect(held()).toBe(9);
    expect(new Set(refused.map((error) => error.code))).toEqual(new Set([code]));
    expect(refused[0]?.message).toContain("Eve Adams");
    const eve = client.stores.graph.entity("Eve Adams")?.description ?? "";
    expect(eve).toContain("Eve Adams met Gue");
    expect(eve).not.toMatch(/Guest[01] /u);
    expect(client.stores.graph.entity("Ben Jonson")?.description).toContain("Ben Jonson");
    expect(client.stores.graph.entity("Guest0 Smith")).toBeUndefined();
  },
);

test.each(["overloaded", "quota with 403", "server error"] as const)(
  "while every text is answered by %s nothing is deleted and nothing put together without the model",
  async (answer) => {
    const { client, model, ids, held } = await indexedFolder(documents, signal);
    const before = client.stores.graph.entity("Eve Adams");
    model.faults = { bad: [{ of: "chat", answer }] };
    await expect(client.remove(ids.slice(0, 2), signal)).rejects.toThrow(/scripted/u);
    expect(held()).toBe(documents.length);
    expect(client.stores.graph.entity("Eve Adams")).toEqual(before);
  },
);
