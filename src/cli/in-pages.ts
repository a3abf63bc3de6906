/** What an operation answers at once; see `pageQuery`. */
const pageSize = 500;

interface Page<Item> {
  items: readonly Item[];
  next: string | null;
}

/** As many items as a person asks for, of an operation that answers in pages, and where more of them begin. */
export async function inPages<Item>(
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
