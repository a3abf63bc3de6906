import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { signatureHeaders } from "./signature.ts";

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
