import type { ErrorTable } from "../error-entry.ts";

/** Alerts and webhooks, and the collector of telemetry. */
export const notifyErrors = {
  COLLECTOR_NOT_OTLP: {
    reaction: "skip-item",
    meaning:
      "What answers at `monitoring.otel.endpoint` took a delivery of telemetry and answered with anything but OTLP, such as a page of a proxy. Work goes on without it.",
    remedy: "let the endpoint be the address of a collector's OTLP over HTTP, by default at port 4318",
  },
  CHANNEL_UNKNOWN: {
    reaction: "fix-input",
    meaning: "No alert channel and no webhook of the configuration has this id.",
    remedy: "`memory-connector alerts list` shows them",
    requestRemedy: "the list of channels shows them",
  },
  CHANNEL_UNREACHABLE: {
    reaction: "retry",
    meaning:
      "A channel did not answer, or answered that it is down or busy. The message waits and is sent again.",
    remedy: "nothing to do when it passes; else look at the receiver and at the way to it",
  },
  CHANNEL_REFUSED: {
    reaction: "skip-item",
    meaning: "A channel does not like this message. It is sent again later, for a day; the others go on.",
    remedy:
      "look at the answer: the form or the size may be wrong; then `memory-connector alerts test CHANNEL`",
    requestRemedy: "look at the answer: the form or the size may be wrong; then test the channel again",
  },
  CHANNEL_PARTLY_REFUSED: {
    reaction: "skip-item",
    meaning:
      "A mail server took a message for some recipients and refused it for others. It waits for those alone and is sent again later, for a day.",
    remedy:
      "correct the address in the channel's `to`, or remove it; then `memory-connector alerts test CHANNEL`",
    requestRemedy: "correct the address in the channel's `to`, or remove it; then test the channel again",
  },
  CHANNEL_DENIED: {
    reaction: "fix-input",
    meaning: "A channel takes nothing at this address, or nothing from us. Its messages wait, for a day.",
    remedy: "check the address and the key in it; then `memory-connector alerts test CHANNEL`",
    requestRemedy: "check the address and the key in it; then test the channel again",
  },
  CHANNEL_LOGIN_REFUSED: {
    reaction: "fix-input",
    meaning: "A mail server refused the login, or offers none.",
    remedy: "check `username`, `password` and `security` of the channel",
  },
  CHANNEL_INSECURE: {
    reaction: "fix-input",
    meaning:
      "No secure connection to a channel came about: its certificate is not trusted, or it does not speak TLS.",
    remedy:
      "check the address and `security`; name the authority of an own certificate in NODE_EXTRA_CA_CERTS",
  },
  CHANNEL_REDIRECTED: {
    reaction: "fix-input",
    meaning:
      "A channel answered with a redirect. Redirects are not followed: they could lead into your network.",
    remedy: "set the address that it redirects to, if you trust it",
  },
  CHANNEL_ADDRESS_PRIVATE: {
    reaction: "fix-input",
    meaning: "The name of a channel leads to an address that is not public. Nothing was sent.",
    remedy: "if that is right, add the address or its range to `monitoring.private_addresses`",
  },
} as const satisfies ErrorTable;
