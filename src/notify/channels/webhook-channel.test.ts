import { createHmac } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { type Reaction, startReceiver } from "../../../test/support/webhook-receiver.ts";
import { addressRanges } from "../../kernel/util/address-ranges.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import type { Resolve } from "../guarded-connector.ts";
import { signatureHeaders, WebhookChannel } from "./webhook-channel.ts";
import { WebhookPoster } from "./webhook-poster.ts";

const message = { title: "t", text: "", tone: "bad", events: [], dropped: 0 } as const;
const loopback = addressRanges(["127.0.0.1"]);
const nobody = new AbortController().signal;

interface Situation {
  url: string;
  allowed?: typeof loopback;
  resolve?: Resolve;
  secret?: string;
  timeoutMs?: number;
}

function channelTo({ url, allowed = loopback, resolve, secret, timeoutMs = 30_000 }: Situation) {
  const poster = new WebhookPoster({
    channelId: "ops",
    url,
    allowed,
    clock: systemClock,
    timeoutMs,
    resolve,
  });
  onTestFinished(() => poster.close());
  return new WebhookChannel("ops", { poster, secret: secret ?? null, clock: systemClock });
}

const send = (situation: Situation) => channelTo(situation).send({ id: "msg_1", message }, nobody);

/** A resolver that gives a name these addresses, one after the other. */
function answering(...addresses: string[]): Resolve {
  return (_hostname, _options, callback) => {
    callback(null, [{ address: addresses.shift() ?? expect.unreachable(), family: 4 }]);
  };
}

test("a body arrives where the URL says, and its signature can be checked with the secret alone", async () => {
  const { url, posts } = await startReceiver();
  expect(await send({ url: `${url}/hooks/a%20b/?team=1`, secret: "a secret of the test" })).toBe(
    "answered 204",
  );
  const [{ path, headers, body } = expect.unreachable()] = posts;
  expect(path).toBe("/hooks/a%20b/?team=1");
  expect(headers["content-type"]).toBe("application/json");
  expect(JSON.parse(body)).toEqual({ id: "msg_1", events: [], dropped: 0 });
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const digest = createHmac("sha256", "a secret of the test").update(signed).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${digest}`);
  expect(Math.abs(Number(headers["webhook-timestamp"]) * 1000 - Date.now())).toBeLessThan(5000);
});

test.each<[string, Reaction, string, string]>([
  ["an error of the server", 500, "CHANNEL_UNREACHABLE", "answered 500"],
  ["a request to slow down", 429, "CHANNEL_UNREACHABLE", "answered 429"],
  ["an address that is none", 404, "CHANNEL_DENIED", "answered 404"],
  ["a body that is not liked", 422, "CHANNEL_REFUSED", "answered 422"],
  ["silence", "hang", "CHANNEL_UNREACHABLE", "did not finish within 300 ms"],
  ["a reset", "reset", "CHANNEL_UNREACHABLE", "the connection broke"],
])(
  "%s has a code and names the host, but never the path, which may be a key",
  async (_, reaction, code, what) => {
    const { url, posts } = await startReceiver(reaction);
    const hasten = reaction === "hang" ? { timeoutMs: 300 } : {};
    const error = await send({ url: `${url}/s3cret`, ...hasten }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(what) });
    expect(error.message).toContain(new URL(url).host);
    expect(JSON.stringify([error.message, error.hint, error.subject, error.cause])).not.toContain("s3cret");
    expect(posts).toHaveLength(1);
  },
);

test("nobody at home is unreachable, and a server without TLS is insecure", async () => {
  await expect(send({ url: "http://127.0.0.1:1/" })).rejects.toMatchObject({ code: "CHANNEL_UNREACHABLE" });
  const { url } = await startReceiver();
  const secure = url.replace("http:", "https:");
  await expect(send({ url: secure })).rejects.toMatchObject({ code: "CHANNEL_INSECURE" });
});

test("the server's word on when to come back is kept", async () => {
  const { url } = await startReceiver((response) => response.writeHead(503, { "retry-after": "7" }).end());
  await expect(send({ url })).rejects.toMatchObject({ retryAfterMs: 7000 });
});

test("a redirect is not followed, wherever it leads", async () => {
  const inner = await startReceiver();
  const outer = await startReceiver((response) => response.writeHead(307, { location: inner.url }).end());
  await expect(send({ url: outer.url })).rejects.toMatchObject({ code: "CHANNEL_REDIRECTED" });
  const circle = await startReceiver((response) => response.writeHead(308, { location: "/elsewhere" }).end());
  await expect(send({ url: circle.url })).rejects.toMatchObject({ code: "CHANNEL_REDIRECTED" });
  expect([inner.posts.length, circle.posts.length]).toEqual([0, 1]);
});

const none = addressRanges([]);

test("a private address is not even connected to, unless the configuration names it", async () => {
  const { url, connections } = await startReceiver();
  const { port } = new URL(url);
  for (const host of ["127.0.0.1", "localhost", "0177.0.0.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"]) {
    const sent = send({ url: `http://${host}:${port}/`, allowed: none });
    await expect(sent, host).rejects.toMatchObject({ code: "CHANNEL_ADDRESS_PRIVATE" });
  }
  expect(connections()).toBe(0);
  expect(await send({ url })).toBe("answered 204");
});

test("what a name leads to is judged for each connection, so that a name that changes gains nothing", async () => {
  const { url, connections } = await startReceiver((response) =>
    response.writeHead(204, { connection: "close" }).end(),
  );
  // 127.0.0.1 represents a public address, 127.0.0.2 a private one.
  const resolve = answering("127.0.0.1", "127.0.0.2");
  const channel = channelTo({ url: `http://hooks.example:${new URL(url).port}/`, resolve });
  expect(await channel.send({ id: "msg_1", message }, nobody)).toBe("answered 204");
  const again = channel.send({ id: "msg_2", message }, nobody);
  await expect(again).rejects.toMatchObject({ code: "CHANNEL_ADDRESS_PRIVATE" });
  expect(connections()).toBe(1);
});

test("one private address among the public ones of a name is enough to refuse it", async () => {
  const resolve: Resolve = (_hostname, _options, callback) =>
    callback(null, [
      { address: "127.0.0.1", family: 4 },
      { address: "10.0.0.1", family: 4 },
    ]);
  const sent = send({ url: "http://hooks.example:9/", resolve });
  await expect(sent).rejects.toMatchObject({ code: "CHANNEL_ADDRESS_PRIVATE" });
});

test("an attempt that is cut short ends at once", async () => {
  const { url } = await startReceiver("hang");
  const stop = new AbortController();
  const sent = channelTo({ url }).send({ id: "msg_1", message }, stop.signal);
  stop.abort();
  await expect(sent).rejects.toMatchObject({ name: "AbortError" });
});

test("a signature is the one that other implementations of Standard Webhooks make", () => {
  const secret = "whsec_plJ3nmyCDGBKInavdOK15jsl";
  const body = '{"event_type":"ping","data":{"success":true}}';
  expect(signatureHeaders("msg_loFOjxBNrRLzqYUf", body, secret, 1_731_705_121_000)).toEqual({
    "webhook-id": "msg_loFOjxBNrRLzqYUf",
    "webhook-timestamp": "1731705121",
    "webhook-signature": "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
  });
});

test("a secret that is plain text is the key as it stands, and without one there is no signature", () => {
  const headers = signatureHeaders("msg_1", "body", "a plain secret ü", 5_999);
  const digest = createHmac("sha256", "a plain secret ü").update("msg_1.5.body").digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${digest}`);
  expect(Object.keys(signatureHeaders("msg_1", "body", null, 0))).toEqual([
    "webhook-id",
    "webhook-timestamp",
  ]);
});
