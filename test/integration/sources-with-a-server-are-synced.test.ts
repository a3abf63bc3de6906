import { expect, test } from "vitest";
import type { ServedWorld } from "../contract/served-source-suite.ts";
import { runCli } from "../support/cli.ts";
import { joplinWorld } from "../support/joplin-world.ts";
import { memosWorld } from "../support/memos-world.ts";
import { limitlessWorld, omiWorld } from "../support/omi-world.ts";
import { makeWorld } from "../support/service.ts";

const kinds: readonly [
  string,
  () => Promise<{ world: ServedWorld; url: string; key: string }>,
  { key: string; found: string; namesDeletions: boolean },
][] = [
  ["joplin", joplinWorld, { key: "token", found: "the key is accepted", namesDeletions: true }],
  [
    "memos",
    memosWorld,
    { key: "token", found: "(version 0.30.0) is reachable, the account is ada", namesDeletions: true },
  ],
  ["omi", omiWorld, { key: "api_key", found: "the key is accepted", namesDeletions: true }],
  ["limitless", limitlessWorld, { key: "api_key", found: "the key is accepted", namesDeletions: false }],
];

test.each(kinds)(
  "memories of %s are checked and delivered, and followed when they change",
  async (type, start, kind) => {
    const { world, url, key } = await start();
    const { folder, lightrag, configure } = await makeWorld(0);
    configure(`connectors:
  - id: own
    context_id: OWN
    schedule: { type: manual }
    deletions: { grace_listings: 1, grace_period: 0, always_allowed: 5 }
    on_delete: propagate
    source: { type: ${type}, url: "${url}", ${kind.key}: "\${KEY}" }`);
    const run = (...args: string[]) => runCli(args, { cwd: folder, env: { ...process.env, KEY: key } });
    const texts = () => [...lightrag.texts().values()].join("\n");
    for (const name of ["a", "b", "c"])
      world.put(name, `The boat ${name} goes into the water.`, Date.UTC(2026, 2, 1));

    expect(await run("check")).toMatchObject({ out: expect.stringContaining(kind.found) });
    expect(await run("sync")).toMatchObject({ code: 0, out: expect.stringContaining("3 proved processed") });
    expect(await run("sync")).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });

    world.put("a", "The boat a stays where it is.");
    world.delete("b");
    expect(await run("sync", "--force")).toMatchObject({ code: 0 });
    expect(texts()).toContain("The boat a stays where it is.");
    expect(texts().includes("The boat b")).toBe(!kind.namesDeletions);

    world.revokeKeys();
    const refused = await run("sync");
    expect(refused.code).toBe(1);
    expect(refused.out + refused.err).toContain("SOURCE_UNAUTHORIZED");
    expect(refused.out + refused.err).toContain("the variable KEY");
    expect(refused.out + refused.err).not.toContain(key);
    expect(texts()).toContain("The boat c");
  },
);
