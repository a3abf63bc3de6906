import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { memoryForm, toMemory } from "../memory-form.ts";
import type { SourceKind } from "../source-kind.ts";

function eachIdOnce(memories: readonly { id: string }[], context: z.RefinementCtx): void {
  const firsts = new Map<string, number>();
  for (const [index, { id }] of memories.entries()) {
    const first = firsts.get(id);
    if (first === undefined) firsts.set(id, index);
    else
      context.addIssue({
        code: "custom",
        path: [index, "id"],
        message: `is also the id of memories[${first}]`,
      });
  }
}

export const inMemorySettings = z.strictObject({
  memories: z.array(memoryForm).superRefine(eachIdOnce).prefault([]).register(metadata, {
    description: "The memories themselves; every context of the connector has them.",
  }),
});

/** A memory that is removed from the list counts as deleted at the source. */
export function toInMemoryConfig({ memories }: z.output<typeof inMemorySettings>) {
  return {
    type: "in_memory" as const,
    title: "Memories of the configuration",
    name: "memories of the configuration",
    server: null,
    memories: memories.map(toMemory),
  };
}

/** How somebody begins with it. */
export const inMemoryKind = {
  type: "in_memory",
  label: "texts in the configuration itself",
  connectorId: "texts",
  asks: [
    {
      setting: "memories",
      what: "The first text",
      toValue: (transcript: string, created_at: string) => [{ id: "first", created_at, transcript }],
    },
  ],
} as const satisfies SourceKind;
