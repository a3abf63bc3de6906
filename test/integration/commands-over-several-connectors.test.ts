import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";

const commands = {
  "sync --all": "runs",
  "plan --all": "plans",
  "reconcile --all": "reports",
  "backfill --all --since 2020-01-01": "backfills",
};

/** The first connector's certificate authority is no certificate; the second one is well. */
async function worldWithOneThatCannotBeBuilt() {
  const world = await makeWorld(2);
  writeFileSync(join(world.folder, "no.pem"), "nothing");
  world.configure(`connectors:
  - { id: broken, context_id: CTX, memory_api: { ca: ./no.pem } }
  - { id: well, context_id: CTX }`);
  const run = (line: string, change = {}) => runCli(line.split(" "), { cwd: world.folder, ...change });
  return { ...world, run };
}

test.each(Object.entries(commands))(
  "%s goes on to the others when one connector fails",
  async (line, name) => {
    const { run } = await worldWithOneThatCannotBeBuilt();
    const { code, out, err } = await run(`${line} --json`);
    expect([code, err]).toEqual([2, expect.stringMatching(/^broken: CA_UNREADABLE: .+ · .+$/mu)]);
    const answer = JSON.parse(out);
    expect(answer.failures).toMatchObject([{ connectorId: "broken", code: "CA_UNREADABLE" }]);
    expect(answer[name].map(({ connectorId }: { connectorId: string }) => connectorId)).toEqual(["well"]);
  },
);

test.each(Object.entries(commands))(
  "%s that was stopped before it began says so, by its exit code, too",
  async (line, name) => {
    const { run } = await worldWithOneThatCannotBeBuilt();
    const stopped = { signal: AbortSignal.abort() };
    const all = await run(`${line} --json`, stopped);
    expect([all.code, JSON.parse(all.out)[name]]).toEqual([130, []]);
    const one = await run(line.replace("--all", "--connector-id well"), stopped);
    expect([one.code, one.err]).toEqual([130, expect.stringContaining("CANCELLED: ")]);
  },
);

test("check tells of a connector that cannot be built like of every other", async () => {
  const { run } = await worldWithOneThatCannotBeBuilt();
  const { code, out } = await run("check --json");
  const { checks } = JSON.parse(out);
  expect(code).toBe(1);
  expect(checks).toMatchObject([
    { connectorId: "broken", ok: false, code: "CA_UNREADABLE" },
    { connectorId: "well", ok: true },
    { connectorId: "well", ok: true },
  ]);
});
