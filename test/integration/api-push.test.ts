import { createHmac, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { standardSignature } from "../../src/kernel/inbound/signed-message.ts";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";

const secret = "a-secret-of-sixteen-or-more";
const urlSecret = "another-one-of-sixteen-or-more";
const memory = { id: "m", created_at: "2026-03-01T08:15:00Z", transcript: "Ada met Ines." };

/** The API with a connector that takes what is sent, and one of a server with webhooks. */
async function withConnectors() {
  const api = await startTestApi();
  const { url, app, clock, configuredKey: key } = api;
  const create = async (body: object) =>
    expect((await callApi(url, "POST", "/connectors", { body, key })).status).toBe(201);
  await create({ id: "apps", context_id: "APPS", source: { type: "push", signing_secret: secret } });
  await create({
    id: "hooked",
    context_id: "HOOKED",
    webhook: { signing_secret: secret, url_secret: urlSecret },
  });
  const push = (body: unknown, to = "apps") =>
    callApi(url, "POST", `/connectors/${to}/memories`, { body, key });
  const kept = () => app.state.pushed.changes({ connectorId: "apps", contextId: "APPS" }, 0, 100);
  /** As any program sends it: text, with its signature. */
  const send = async (path: string, text: string, headers: Record<string, string>) => {
    const answer = await fetch(url + path, { method: "POST", headers, body: text });
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  const dated = (body: string, id: string = randomUUID(), by = secret) => {
    const timestamp = String(Math.floor(clock.now() / 1000));
    const signature = standardSignature(by, { id, timestamp, body });
    return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
  };
  /** Connectors that were told of since the last call. */
  const hints = async () => {
    const requests = await app.state.scheduleRequests.take(clock.now());
    return requests.flatMap(({ kind, connectorId, wish }) =>
      kind === "hint" ? [[connectorId, ...(wish.hinted ?? [])].join(" ")] : [],
    );
  };
  return { ...api, key, push, kept, send, dated, hints };
}

const json = { "content-type": "application/json" };
const memories = "/connectors/apps/memories";

test("what is sent is there before the answer, and each item has a result of its own", async () => {
  const { push, kept, url, key } = await withConnectors();
  const first = await push(memory);
  expect(first).toMatchObject({
    status: 200,
    body: { results: [{ id: "m", result: "accepted", error: null }] },
  });
  const mixed = await push([
    memory,
    { ...memory, transcript: "Ada met Hugo." },
    { ...memory, id: "n", when: "today" },
    "no object",
    { id: "o", created_at: "2026-03-01", transcript: "" },
    { ...memory, id: "p" },
    { id: "p", deleted: true },
    { id: "q", deleted: true },
  ]);
  expect(mixed.status).toBe(200);
  expect(mixed.body.results.map(({ result }: { result: string }) => result)).toEqual([
    ...["unchanged", "updated", "invalid", "invalid", "invalid", "accepted", "deleted", "unchanged"],
  ]);
  const errors = mixed.body.results.flatMap(({ error }: { error: unknown }) => error ?? []);
  expect(errors).toMatchObject([
    { code: "MEMORY_MALFORMED", message: expect.stringContaining("when: is no field here") },
    { code: "MEMORY_MALFORMED", message: "must be a JSON object" },
    { code: "MEMORY_MALFORMED", message: expect.stringContaining("created_at: must be a time") },
  ]);
  expect((await kept()).map((each) => [each.memoryId, each.memory?.transcript ?? null])).toEqual([
    ["m", "Ada met Hugo."],
    ["p", null],
  ]);
  const { body } = await callApi(url, "GET", "/audit?action=connector.push", { key });
  expect(body.entries[0]).toMatchObject({
    actor: { kind: "api-key" },
    subject: "apps",
    after: { contextId: "APPS", accepted: 1, updated: 1, deleted: 1 },
  });
  expect(JSON.stringify(body)).not.toContain("Ada");
});

test("a memory keeps all that was sent of it, with its times in UTC", async () => {
  const { push, kept } = await withConnectors();
  const whole = {
    ...memory,
    created_at: "2026-03-01T09:15:00+01:00",
    ended_at: "2026-03-01T09:16:00+01:00",
    time_zone: "Europe/Berlin",
    url: "https://notes.example/1",
    place_name: "Harbour",
    language: "en",
    format: "markdown",
    location: { lat: 38.52, lon: -8.9 },
    tags: ["sea"],
    attachments: [{ kind: "file", name: "plan.pdf", address: "https://files.example/plan.pdf?token=1" }],
    segments: [{ speaker: "Ada", start_ms: 0, text: "Good to see you!" }],
  };
  await push(whole);
  expect((await kept())[0]?.memory).toStrictEqual({
    id: "m",
    type: "note",
    audio: false,
    image: false,
    transcript: "Ada met Ines.",
    location: { lat: 38.52, lon: -8.9 },
    createdAt: "2026-03-01T08:15:00.000Z",
    updatedAt: null,
    title: null,
    tags: ["sea"],
    endedAt: "2026-03-01T08:16:00.000Z",
    timeZone: "Europe/Berlin",
    url: "https://notes.example/1",
    placeName: "Harbour",
    language: "en",
    format: "markdown",
    attachments: [{ kind: "file", name: "plan.pdf", id: "https://files.example/plan.pdf" }],
    segments: [{ speaker: "Ada", startMs: 0, endMs: null, text: "Good to see you!" }],
  });
});

test("where nothing is valid the status says so, and what is too much is refused as a whole", async () => {
  const { push, kept, send, key } = await withConnectors();
  const { body: nameless } = await push({ ...memory, id: "" });
  expect(nameless.results[0].error.message).toBe("id: must not be empty");
  expect(await push({ id: "x" })).toMatchObject({ status: 422, body: { counts: { invalid: 1 } } });
  expect(await push([])).toMatchObject({ status: 200, body: { results: [] } });
  const many = Array.from({ length: 5_001 }, (_, n) => ({ ...memory, id: `m${n}` }));
  expect(await push(many)).toMatchObject({ status: 413, body: { code: "PUSH_TOO_MANY" } });
  const large = JSON.stringify({ ...memory, transcript: "x".repeat(9 * 1024 * 1024) });
  const answer = await send(memories, large, { ...json, "x-api-key": key });
  expect(answer).toMatchObject({ status: 413, body: { code: "API_BODY_TOO_LARGE" } });
  expect(await kept()).toEqual([]);
  expect(await push(many.slice(0, 5_000))).toMatchObject({
    status: 200,
    body: { counts: { accepted: 5_000 } },
  });
});

test("a connector of another kind, an unknown, a disabled one, and an unclear context are refused, each in its way", async () => {
  const { push, url, key } = await withConnectors();
  const source = { type: "push" };
  for (const more of [
    { id: "off", context_id: "OFF", enabled: false },
    { id: "two", context_ids: ["A", "B"] },
  ])
    await callApi(url, "POST", "/connectors", { body: { ...more, source }, key });
  expect(await push(memory, "one")).toMatchObject({ status: 409, body: { code: "CONNECTOR_TAKES_NO_PUSH" } });
  expect(await push(memory, "nobody")).toMatchObject({ status: 404, body: { code: "CONNECTOR_UNKNOWN" } });
  expect(await push(memory, "off")).toMatchObject({ status: 409, body: { code: "CONNECTOR_DISABLED" } });
  expect(await push(memory, "two")).toMatchObject({ status: 422, body: { code: "PUSH_CONTEXT_UNCLEAR" } });
  const at = (context: string) =>
    callApi(url, "POST", `/connectors/two/memories?context_id=${context}`, { body: memory, key });
  expect(await at("C")).toMatchObject({ status: 422, body: { code: "PUSH_CONTEXT_UNCLEAR" } });
  expect(await at("B")).toMatchObject({ status: 200, body: { contextId: "B" } });
});

test("a memory is taken back by its name, and one that was erased is not taken again", async () => {
  const { push, kept, url, key, app, clock } = await withConnectors();
  await push(memory);
  const withdraw = () => callApi(url, "DELETE", "/connectors/apps/memories/m", { key });
  expect(await withdraw()).toMatchObject({ status: 200, body: { result: "deleted" } });
  expect(await withdraw()).toMatchObject({ status: 200, body: { result: "unchanged" } });
  expect(await kept()).toMatchObject([{ memoryId: "m", memory: null }]);
  await app.state.erasures.add({ connectorId: "apps", contextId: "APPS", memoryId: "m" }, clock.now());
  const again = await push([memory, { ...memory, id: "n" }]);
  expect(again.body.results).toMatchObject([
    { result: "invalid", error: { code: "MEMORY_ERASED" } },
    { result: "accepted" },
  ]);
});

test("what was never sent is taken back without a trace, as often as one likes", async () => {
  const { kept, hints, url, key } = await withConnectors();
  for (const name of ["unknown", "unknown", "a%2Fb", "%E6%97%A5%E8%A8%98"])
    expect(await callApi(url, "DELETE", `${memories}/${name}`, { key })).toMatchObject({
      status: 200,
      body: { result: "unchanged" },
    });
  expect([await kept(), await hints()]).toEqual([[], []]);
});

test("of a memory that is sent and taken back at once the last change counts, and each is answered by what it did", async () => {
  const { push, kept, url, key } = await withConnectors();
  const withdraw = () => callApi(url, "DELETE", `${memories}/m`, { key });
  const results: string[] = [];
  const note = async (answer: ReturnType<typeof push>) => {
    const { body } = await answer;
    results.push(body.result ?? body.results[0].result);
  };
  for (let times = 0; times < 10; times += 1)
    await Promise.all([
      note(push({ ...memory, transcript: `form ${times}` })),
      note(withdraw()),
      note(push({ ...memory, transcript: `form ${times}` })),
      note(withdraw()),
    ]);
  const count = (...wanted: string[]) => results.filter((result) => wanted.includes(result)).length;
  expect(count("accepted", "updated", "unchanged", "deleted")).toBe(40);
  const [entry, ...others] = await kept();
  expect(others).toEqual([]);
  // What was there is there until it is taken back, and is sent anew behind that.
  expect(count("accepted", "updated")).toBeGreaterThanOrEqual(count("deleted"));
  expect(count("accepted", "updated", "deleted")).toBe(entry?.number);
  await withdraw();
  expect(await kept()).toMatchObject([{ memoryId: "m", memory: null }]);
});

test("who signs by the connector's secret needs no key, and nobody else gets in", async () => {
  const { send, dated, kept, url, key, clock } = await withConnectors();
  const text = JSON.stringify(memory);
  const refused = async (headers: Record<string, string>, path = memories, body = text) =>
    expect(await send(path, body, { ...json, ...headers })).toMatchObject({
      status: 401,
      body: { code: "API_SIGNATURE_REFUSED" },
    });
  await refused(dated(`${text} `));
  await refused(dated(text, "m1", "another-secret-of-it"));
  await refused(dated(text), "/connectors/one/memories");
  await refused(dated(text), "/connectors/nobody/memories");
  const undated = createHmac("sha256", secret).update(text).digest("hex");
  await refused({ "x-hub-signature-256": `sha256=${undated}` });
  await refused({}, `${memories}?secret=${urlSecret}`);
  const old = dated(text);
  await clock.advance(301_000);
  await refused(old);
  // Whatever stands in a body that is not its sender's is not looked at.
  await refused(dated("{"), memories, "{ no JSON");
  expect(await send(memories, text, json)).toMatchObject({ status: 401, body: { code: "API_KEY_REFUSED" } });
  expect(await kept()).toEqual([]);

  const headers = { ...json, ...dated(text) };
  expect(await send(memories, text, headers)).toMatchObject({
    status: 200,
    body: { counts: { accepted: 1 } },
  });
  expect(await send(memories, text, headers)).toMatchObject({
    status: 200,
    body: { counts: { unchanged: 1 } },
  });
  const { body } = await callApi(url, "GET", "/audit?action=connector.push", { key });
  expect(body.entries.map(({ actor }: { actor: unknown }) => actor)).toEqual([
    { kind: "signature", id: null, name: null },
  ]);
  expect(JSON.stringify(body)).not.toContain(secret);
});

test("a signed message that comes again brings back nothing that was changed or deleted after it", async () => {
  const { send, dated, kept, clock, url, key } = await withConnectors();
  const texts = async () => (await kept()).map(({ memory }) => memory?.transcript ?? null);
  const said = (transcript: string) => JSON.stringify({ ...memory, transcript });
  const sign = (body: string, id?: string) => ({ body, headers: { ...json, ...dated(body, id) } });
  const post = ({ body, headers }: ReturnType<typeof sign>) => send(memories, body, headers);
  const first = sign(said("1"));
  await post(first);
  // Within the same second the id tells.
  await post(sign(said("2")));
  expect(await post(first)).toMatchObject({ status: 200, body: { results: [{ result: "unchanged" }] } });
  expect(await texts()).toEqual(["2"]);
  const unheard = sign(said("3"));
  await clock.advance(2_000);
  await callApi(url, "DELETE", `${memories}/m`, { key });
  // It never came, or the process that took it has ended: its time tells.
  expect((await post(unheard)).body.results).toMatchObject([{ result: "unchanged" }]);
  expect(await texts()).toEqual([null]);
  await post(sign(said("4"), "once"));
  expect(await post(sign(said("5"), "once"))).toMatchObject({
    status: 401,
    body: { code: "API_SIGNATURE_REFUSED", title: expect.stringContaining("another message") },
  });
  expect(await texts()).toEqual(["4"]);
});

test("wrong signatures are slowed down as wrong keys are, and a right one always passes", async () => {
  const { send, dated } = await withConnectors();
  const text = JSON.stringify(memory);
  const statuses: number[] = [];
  for (let tries = 0; tries < 12; tries += 1)
    statuses.push((await send(memories, text, { ...json, ...dated("x") })).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
  expect((await send(memories, text, { ...json, ...dated(text) })).status).toBe(200);
});

test("a signature opens nothing but the door that it is for", async () => {
  const { send, dated, url } = await withConnectors();
  expect(await send("/connectors/apps/trigger", "{}", { ...json, ...dated("{}") })).toMatchObject({
    status: 401,
    body: { code: "API_KEY_REFUSED" },
  });
  const answer = await fetch(`${url}/connectors/apps/memories/m`, { method: "DELETE", headers: dated("") });
  expect(answer.status).toBe(401);
});

test("a webhook makes its connector look, whatever it says and however it is written; one that comes again does nothing", async () => {
  const { send, dated, hints, url, key } = await withConnectors();
  const hook = "/connectors/hooked/webhook";
  const told = { status: 202, body: { connectorId: "hooked", next: "sync" } };
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const text = "payload=%7B%22id%22%3A%22m%22%7D";
  const headers = dated(text, "m1");
  expect(await send(hook, text, { ...form, ...headers })).toEqual(told);
  expect(await send(hook, text, { ...form, ...headers })).toEqual(told);
  expect(await hints()).toEqual(["hooked"]);
  const undated = createHmac("sha256", secret).update("{").digest("hex");
  expect(await send(hook, "{", { "x-hub-signature-256": `sha256=${undated}` })).toEqual(told);
  expect(await send(`${hook}?secret=${urlSecret}`, "", {})).toEqual(told);
  expect(await send(hook, "\xff", { "x-api-key": key })).toEqual(told);
  expect(await hints()).toEqual(["hooked", "hooked", "hooked"]);
  const bodies = [
    { activityType: "memos.memo.updated", memo: { name: "memos/abc", content: "not believed" } },
    { type: "note.updated", id: "event-7", data: { id: "n/1" } },
    { memory_id: "m", id: 7 },
    { id: "x" },
    { id: "" },
    ["x"],
    "x",
    { data: { id: { nested: "x" } }, memo: null },
  ];
  for (const body of bodies) {
    const text = JSON.stringify(body);
    expect(await send(hook, text, { ...dated(text), ...json })).toEqual(told);
  }
  const named = ["hooked abc", "hooked n/1", "hooked m", "hooked x", ...Array(4).fill("hooked")];
  expect((await hints()).toSorted()).toEqual(named.toSorted());
  const refused = [
    [hook, {}, "API_KEY_REFUSED"],
    [hook, dated("another text"), "API_SIGNATURE_REFUSED"],
    [`${hook}?secret=${urlSecret}x`, {}, "API_SIGNATURE_REFUSED"],
    [`${hook}?secret=`, {}, "API_SIGNATURE_REFUSED"],
    ["/connectors/apps/webhook", dated(text), "API_SIGNATURE_REFUSED"],
  ] as const;
  for (const [path, more, code] of refused)
    expect(await send(path, text, more)).toMatchObject({ status: 401, body: { code } });
  expect(await hints()).toEqual([]);
  const { body } = await callApi(url, "GET", "/connectors/hooked", { key });
  expect(body.settings.webhook).toEqual({ signing_secret: "***", url_secret: "***" });
});

test("what was sent goes with its connector, unless its ledger is kept", async () => {
  const { push, kept, url, key } = await withConnectors();
  const remove = (query = "") => callApi(url, "DELETE", `/connectors/apps${query}`, { key });
  const create = () =>
    callApi(url, "POST", "/connectors", {
      body: { id: "apps", context_id: "APPS", source: { type: "push" } },
      key,
    });
  await push(memory);
  await callApi(url, "POST", "/connectors/apps/reset", { body: {}, key });
  await remove("?keep_ledger=true");
  await create();
  expect(await kept()).toMatchObject([{ memoryId: "m" }]);
  await remove();
  expect(await kept()).toEqual([]);
});
