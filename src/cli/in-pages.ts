import * as z from "zod";
import type { Operation } from "../operations/operation.ts";
import type { Services } from "../operations/operation-context.ts";

/** The largest page of an operation; see `pageQuery`. */
const pageSize = 500;

/** A program requests page after page; a person says how many items to show, and gets so many in one answer. */
export const most = 1_000_000;

interface Page<Item> {
  items: readonly Item[];
  next: string | null;
}

/** The requested number of items from a paged operation, and the cursor of the next one. */
async function inPages<Item>(
  { limit, after }: { limit: number; after: string | undefined },
  ask: (page: { limit: number; after: string | undefined }) => Promise<Page<Item>>,
): Promise<{ items: Item[]; next: string | null }> {
  const items: Item[] = [];
  let next: string | null = after ?? null;
  do {
    const page = await ask({ limit: Math.min(pageSize, limit - items.length), after: next ?? undefined });
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < limit);
  return { items, next };
}

/** Printed below a truncated list. */
export function moreText(next: string | null): string[] {
  return next === null ? [] : [`There are more: --after ${next}`];
}

type PageAnswer<Key extends string> = Readonly<Record<Key, readonly unknown[]>> & { next: string | null };

/** A list operation that reads as many pages as its `limit` needs. Fields besides the rows are those of the first page. */
export function longerList<
  Input extends z.ZodObject,
  Output extends z.ZodType,
  Key extends string,
  Needs extends keyof Services,
>(list: Operation<Input, Output, Needs>, key: Key): Operation<Input, Output, Needs> {
  const limit = z.int().min(1).max(most);
  return {
    ...list,
    input: list.input.extend({ limit }) as unknown as Input,
    run: async (context, given) => {
      const { limit: wanted, after } = given as { limit: number; after?: string };
      const pages: PageAnswer<Key>[] = [];
      const { items, next } = await inPages({ limit: wanted, after }, async (asked) => {
        const page = (await list.run(context, { ...given, ...asked })) as PageAnswer<Key>;
        pages.push(page);
        return { items: page[key], next: page.next };
      });
      const [first] = pages;
      const more = first !== undefined && "more" in first && { more: next !== null };
      return { ...first, [key]: items, next, ...more } as z.input<Output>;
    },
  };
}
