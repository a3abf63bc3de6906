import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { claimsSignature, standardSignature, verifySignature } from "./signed-message.ts";

const secret = "a secret of the test ü";
const now = Date.UTC(2026, 2, 1, 8);
const timestamp = String(now / 1000);
const body = Buffer.from('{"id":"ü"}');
const rules = { secret, now, takesUndated: true };

const signed = (change: Record<string, string> = {}, of = body) => ({
  headers: {
    "webhook-id": "m1",
    "webhook-timestamp": timestamp,
    "webhook-signature": standardSignature(secret, { id: "m1", timestamp, body }),
    ...change,
  },
  body: of,
});

test("a message is its sender's by its id, its time and each byte of its body", () => {
  expect(verifySignature(signed(), rules)).toMatchObject({ message: { id: "m1" } });
  const wrong = [
    signed({}, Buffer.from('{"id":"ü"} ')),
    signed({ "webhook-id": "m2" }),
    signed({ "webhook-timestamp": String(now / 1000 + 1) }),
    signed({ "webhook-signature": "v1," }),
    signed({ "webhook-signature": "v1,AAAA" }),
    signed({ "webhook-id": "" }),
    signed({ "webhook-timestamp": "soon" }),
    { ...signed(), headers: { ...signed().headers, "webhook-timestamp": undefined } },
    { headers: {}, body },
  ];
  for (const request of wrong) expect(verifySignature(request, rules)).toHaveProperty("refused");
  expect(verifySignature(signed(), { ...rules, secret: "another secret of it" })).toHaveProperty("refused");
});

test("while a secret is replaced, one signature of several is enough", () => {
  const own = signed().headers["webhook-signature"];
  expect(verifySignature(signed({ "webhook-signature": `v1,AAAA v1a,x ${own}` }), rules)).toMatchObject({
    message: { id: "m1" },
  });
});

test("a message counts for five minutes on either side of the time here", () => {
  const at = (seconds: number) => verifySignature(signed(), { ...rules, now: now + seconds * 1000 });
  for (const seconds of [-300, 0, 300]) expect(at(seconds)).toMatchObject({ message: { id: "m1" } });
  for (const seconds of [-301, 301]) expect(at(seconds)).toHaveProperty("refused");
});

test("GitHub's form counts only where a message without a time may", () => {
  const digest = createHmac("sha256", secret).update(body).digest("hex");
  const request = { headers: { "x-hub-signature-256": `sha256=${digest}` }, body };
  expect(claimsSignature(request)).toBe(true);
  expect(verifySignature(request, rules)).toEqual({ message: null });
  expect(verifySignature(request, { ...rules, takesUndated: false })).toHaveProperty("refused");
  const other = { ...request, body: Buffer.from("{}") };
  expect(verifySignature(other, rules)).toHaveProperty("refused");
  const wrong = {
    headers: { ...request.headers, ...signed({ "webhook-signature": "v1,AAAA" }).headers },
    body,
  };
  expect(verifySignature(wrong, rules)).toHaveProperty("refused");
});

test("the example of the specification is right", () => {
  const given = {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestamp: "1614265330",
    body: '{"test": 2432232314}',
  };
  const example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  expect(standardSignature(example, given)).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});
