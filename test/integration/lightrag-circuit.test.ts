import { expect, test } from "vitest";
import type { SimulatedFault } from "../support/lightrag-simulator-faults.ts";
import { connectedSimulator, documentOf, never } from "../support/lightrag-simulator-test.ts";

const inserts = "POST /documents/text";

/** One more failure than a single call of the quick client makes. */
const circuitBreaker = { failures: 5, cooldownMs: 400 };

function connected() {
  return connectedSimulator({ generation: "1.5" }, { circuitBreaker });
}

test("a LightRAG that is down is left alone: after the set failures nothing is sent, and a new run hears so at once", async () => {
  const { simulator, client } = await connected();
  const heard: string[] = [];
  client.onCircuitChange(({ state }) => heard.push(state));
  await simulator.stop();
  await expect(client.connect(never)).rejects.toMatchObject({ code: "SINK_UNREACHABLE" });
  expect(client.circuit.state).toBe("closed");
  await expect(client.connect(never)).rejects.toMatchObject({ code: "SINK_BREAKER_OPEN" });
  expect(client.circuit).toMatchObject({ state: "open", consecutiveFailures: 5 });
  await simulator.start();
  const requests = { ...simulator.requests };
  await expect(client.connect(never)).rejects.toMatchObject({
    code: "SINK_BREAKER_OPEN",
    message: expect.stringContaining("failed 5 times in a row"),
    reaction: "stop-run",
  });
  expect(simulator.requests).toEqual(requests);
  expect(heard).toEqual(["open"]);
});

test("work that has begun waits for an open circuit and goes on when LightRAG is back", async () => {
  const { simulator, client } = await connected();
  await simulator.stop();
  const refs = Array.from({ length: 8 }, () =>
    client.find([{ fileSource: "m1@ctx.md", documentId: "doc-1" }], never),
  );
  await new Promise<void>((resolve) => {
    client.onCircuitChange(({ state }) => state === "open" && resolve());
  });
  await simulator.start();
  await expect(Promise.all(refs)).resolves.toHaveLength(8);
  const submitted = await client.submit([documentOf(1)], never);
  expect(submitted).toMatchObject([{ kind: "accepted" }]);
  expect(client.circuit.state).toBe("closed");
});

const aboutOneDocument: [string, SimulatedFault["answer"]][] = [
  ["400", { status: 400, body: { detail: "no" } }],
  ["422", { status: 422, body: { detail: [{ msg: "no" }] } }],
  ["413", { status: 413, body: { detail: "too large" } }],
  ["429", { status: 429, body: {}, headers: { "retry-after": "0" } }],
  ["500 with LightRAG's own explanation", { status: 500, body: { detail: "cannot take it" } }],
  ["503 with LightRAG's own explanation", { status: 503, body: { detail: "busy" } }],
];

for (const [name, answer] of aboutOneDocument) {
  test(`answers of ${name} never open the circuit`, async () => {
    const { simulator, client } = await connected();
    if (answer !== undefined) simulator.fail({ route: inserts, kind: "answer", times: 50, answer });
    for (let n = 0; n < 7; n++) await client.submit([documentOf(n)], never).catch(() => undefined);
    expect(client.circuit.state).toBe("closed");
  });
}
