import { expect, test } from "vitest";
import type { OperationContext } from "../operation-context.ts";
import { listMemories } from "./list-memories.ts";

test("a search that finds nothing lets other work in between its pages, and ends when it is aborted", async () => {
  const most = 200_000;
  let pages = 0;
  const searchMemories = async () => {
    pages += 1;
    return { rows: [], next: pages < most ? "more" : null };
  };
  const aborting = new AbortController();
  setTimeout(() => aborting.abort(), 1);
  const services = { state: { searchMemories }, connectors: { configs: () => [{ id: "c" }] } };
  const context = { services, signal: aborting.signal } as unknown as OperationContext;
  await expect(listMemories.run(context, listMemories.input.parse({ text: "kayak" }))).rejects.toThrow();
  expect(pages).toBeLessThan(most);
});
