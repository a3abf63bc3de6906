import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { eventually, makeWorld, startService } from "../support/service.ts";

const kills = 8;
/** How long a service may live after its first word. Milliseconds. */
const longestLifeMs = 1_500;

for (const backend of ["sqlite", "json"]) {
  test(`killed ${kills} times while memories are sent, ${backend} loses none of which the answer came, and doubles none`, async () => {
    const { folder, lightrag, configure } = await makeWorld(0);
    lightrag.options.processingMs = 10;
    configure(`state: { backend: ${backend}, path: ./state }
connectors: [{ id: apps, context_id: APPS, source: { type: push } }]`);
    const wanted = new Map<string, string>();
    let open: Sent | null = null;
    for (let life = 0; life < kills; life += 1) {
      const service = await startService(folder);
      const stop = new AbortController();
      const sending = sendUntil(stop.signal, service.url("api"), { life, open, wanted });
      await delay(Math.random() * longestLifeMs);
      const exit = once(service.child, "exit");
      service.child.kill("SIGKILL");
      await exit;
      stop.abort();
      open = await sending;
    }
    expect(wanted.size).toBeGreaterThan(kills);
    const last = await startService(folder);
    if (open !== null) await send(last.url("api"), open, wanted);
    await eventually(() => lightrag.documents().length >= wanted.size);
    const sent = [...wanted].map(([id, text]) => ({
      id,
      created_at: "2026-03-01T08:15:00Z",
      transcript: text,
    }));
    const { body } = await callApi(last.url("api"), "POST", "/connectors/apps/memories", { body: sent });
    expect(body.counts).toMatchObject({ accepted: 0, updated: 0, invalid: 0, unchanged: wanted.size });
    await eventually(async () => {
      const status = (await callApi(last.url("api"), "GET", "/connectors/apps/status")).body;
      return status.activeRun === null && status.memories.processed === wanted.size;
    });
    const texts = lightrag.texts();
    expect([...texts.keys()].toSorted()).toEqual([...wanted.keys()].map((id) => `${id}@APPS.md`).toSorted());
    for (const [id, text] of wanted) expect(texts.get(`${id}@APPS.md`)).toContain(text);
    expect(lightrag.documents()).toHaveLength(wanted.size);
    await last.stop();
  });
}

interface Sent {
  id: string;
  created_at: string;
  transcript: string;
}

/** False without an answer. */
async function send(api: string, body: Sent, wanted: Map<string, string>): Promise<boolean> {
  const answer = await callApi(api, "POST", "/connectors/apps/memories", { body }).catch(() => null);
  if (answer === null) return false;
  expect(answer).toMatchObject({ status: 200, body: { counts: { invalid: 0 } } });
  wanted.set(body.id, body.transcript);
  return true;
}

/** One after the other, beginning with what had no answer before; resolves to what has none now. */
async function sendUntil(
  signal: AbortSignal,
  api: string,
  { life, open, wanted }: { life: number; open: Sent | null; wanted: Map<string, string> },
): Promise<Sent | null> {
  if (open !== null && !(await send(api, open, wanted))) return open;
  for (let number = 0; !signal.aborted; number += 1) {
    const id = `m${life}-${number % 12}`;
    const body = { id, created_at: "2026-03-01T08:15:00Z", transcript: `text ${number} of life ${life}` };
    if (!(await send(api, body, wanted))) return body;
  }
  return null;
}
