import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { adminKey, BuiltService } from "./support/built-service.ts";
import type { Figure } from "./support/figures.ts";
import { BenchFolder } from "./support/world.ts";

const count = 1000;
const idleSeconds = 60;

/** What a whole service with 1,000 scheduled connectors costs while none of them is due: scheduler, API, file watch, requests of others. */
export async function measureIdleService(): Promise<Figure[]> {
  using folder = new BenchFolder();
  writeFileSync(join(folder.path, "config.yaml"), JSON.stringify(configOf(folder)));
  await using service = await BuiltService.start(folder.path);
  await delay(5000);
  const startedAt = performance.now();
  const before = await service.cpuMs();
  await delay(idleSeconds * 1000);
  const usedMs = (await service.cpuMs()) - before;
  const load = (usedMs / (performance.now() - startedAt)) * 100;
  return [
    {
      what: `a service with ${count} idle scheduled connectors: load on one core`,
      value: load,
      unit: "%",
      target: { below: 0.1 },
      details: { seconds: idleSeconds },
    },
  ];
}

/** Each is due once a year, half a year from now, and nothing answers at either end. */
function configOf(folder: BenchFolder) {
  const cron = `0 0 1 ${((new Date().getUTCMonth() + 6) % 12) + 1} *`;
  return {
    memory_api: { url: "http://127.0.0.1:1", api_key: "none" },
    api: { api_key: adminKey },
    state: { path: folder.statePath("sqlite") },
    connectors: Array.from({ length: count }, (_, n) => ({
      id: `connector-${n}`,
      context_id: `CTX${n}`,
      schedule: { type: "cron", cron },
    })),
  };
}
