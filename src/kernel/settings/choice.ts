import * as z from "zod";
import { metadata } from "./metadata.ts";
import { isMap } from "./rules.ts";

/** One block of a choice: it is meant where `type` says so. `description` says for people what it stands for. */
export function ofType<const Name extends string, Shape extends z.ZodRawShape>(
  name: Name,
  block: z.ZodObject<Shape>,
  description: string,
) {
  const type = z.literal(name);
  metadata.add(type, { description: "Which kind it is.", example: name });
  return z.strictObject({ type, ...block.shape }).register(metadata, { description });
}

/** Alternative blocks for one place, by the value of their discriminating key. */
export interface Choice {
  key: string;
  blocks: ReadonlyMap<string, z.ZodObject>;
}

/** Null for a schema that is no choice between blocks. */
export function choiceOf(schema: z.core.$ZodType): Choice | null {
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return null;
  const { discriminator: key, options } = schema.def;
  const blocks = options as readonly z.ZodObject[];
  return { key, blocks: new Map(blocks.map((block) => [nameOf(block, key), block])) };
}

/** Of a choice the block that the value names, if it names one; any other schema is itself. */
export function chosenBlock(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  const choice = choiceOf(schema);
  if (choice === null || !isMap(value)) return schema;
  return choice.blocks.get(String(value[choice.key])) ?? schema;
}

const nameOf = (block: z.ZodObject, key: string): string => String((block.shape[key] as z.ZodLiteral).value);
