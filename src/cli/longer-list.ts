import * as z from "zod";
import type { Operation } from "../operations/operation.ts";

/** A program asks for page after page; a person says how many there shall be, and gets them in one answer. */
const most = 1_000_000;
const ofOnePage = 500;

type Page<Key extends string> = Readonly<Record<Key, readonly unknown[]>> & { next: string | null };
type PageInput = { limit: number; after?: string | undefined };

/** The operation of a list, with as many pages as its `limit` needs. What comes beside the rows is that of the first page. */
export function longerList<Input extends z.ZodObject, Output extends z.ZodType, Key extends string>(
  list: Operation<Input, Output>,
  key: Key,
): Operation<Input, Output> {
  const limit = z.int().min(1).max(most);
  return {
    ...list,
    input: list.input.extend({ limit }) as unknown as Input,
    run: async (context, given) => {
      const { limit: wanted } = given as PageInput;
      const pageOf = async (count: number, after?: string) =>
        (await list.run(context, {
          ...given,
          limit: Math.min(count, ofOnePage),
          ...(after !== undefined && { after }),
        })) as Page<Key>;
      const first = await pageOf(wanted, (given as PageInput).after);
      const rows = [...first[key]];
      let { next } = first;
      while (next !== null && rows.length < wanted) {
        const page = await pageOf(wanted - rows.length, next);
        rows.push(...page[key]);
        next = page.next;
      }
      const more = "more" in first && { more: next !== null };
      return { ...first, [key]: rows, next, ...more } as z.input<Output>;
    },
  };
}
