import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { SMTPServerOptions } from "smtp-server";
import { addressRanges } from "../../src/kernel/util/address-ranges.ts";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { PartialDelivery } from "../../src/notify/channel.ts";
import { createChannel } from "../../src/notify/create-channel.ts";
import type { ChannelConfig } from "../../src/notify/settings.ts";
import { startHttpServer } from "../support/http-server.ts";
import { startMailServer } from "../support/mail-server.ts";
import { channelError, ScriptedChannel } from "../support/scripted-channel.ts";
import { hangsUp, type Misbehaviour, neverEnds, saysNothing, startTcpFront } from "../support/tcp-front.ts";
import {
  type ChannelHarness,
  type ChannelUnderTest,
  channelSuite,
  type Failing,
  failures,
  type Taking,
} from "./channel-suite.ts";

type How = Taking | Failing;
const allFailures = Object.keys(failures) as Failing[];
const painting = "queued \u001B[31m\u0007\u2028red\r\nagain";

async function channelTo(config: ChannelConfig, timeoutMs: number) {
  return createChannel(config, { allowed: addressRanges(["127.0.0.1"]), clock: systemClock, timeoutMs });
}

// Over HTTP

const [pathKey, queryKey, login, signingKey] = [
  "s3cret-path-key",
  "s3cret/query=key",
  "s3cret-login",
  "s3cret-signing-key",
];
const urlSecrets = [pathKey, queryKey, encodeURIComponent(queryKey), login];

const httpBytes: Partial<Record<How, Misbehaviour>> = {
  "breaks off": hangsUp,
  "says nothing": saysNothing,
  "never comes to its answer": neverEnds("HTTP/1.1 200 OK\r\nx: ", "y", 20),
  "floods before it answers": neverEnds("HTTP/1.1 200 OK\r\n", `x: ${"y".repeat(100)}\r\n`),
  "talks nonsense": (client) => client.end("220 mail.example ready\r\n"),
};

const statuses: Partial<Record<How, number>> = {
  "is busy": 503,
  "does not like the message": 422,
  "does not like us": 403,
  "refuses and quotes our secrets": 404,
};

function answerOverHttp(how: How, request: IncomingMessage, response: ServerResponse): void {
  const { url = "", headers } = request;
  const quotes = `Cannot POST ${url} ${decodeURIComponent(url)} ${headers.authorization} ${login} ${signingKey}`;
  if (how === "sends us elsewhere") response.writeHead(307, { location: "/elsewhere" });
  else response.writeHead(statuses[how] ?? 200);
  if (how === "takes it and says a lot") response.end("a lot ".repeat(1_000_000));
  else if (how === "takes it and never ends") response.write("wait for it");
  else if (how === "takes it and paints the terminal") response.end(painting);
  else response.end(how.includes("quotes") ? quotes : "");
}

async function startOverHttp(
  configOf: (url: string) => ChannelConfig,
  ms: number,
): Promise<ChannelUnderTest> {
  let behaviour: How = "takes it";
  const taken: string[] = [];
  const server = await startHttpServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const how = request.url === "/elsewhere" ? "takes it" : behaviour;
    if (how.startsWith("takes it")) taken.push(body);
    answerOverHttp(how, request, response);
  });
  const front = await startTcpFront(Number(new URL(server.url).port));
  const query = `token=${encodeURIComponent(queryKey)}`;
  const url = `http://bot:${login}@127.0.0.1:${front.port}/hooks/${pathKey}?${query}`;
  return {
    ...front,
    channel: await channelTo(configOf(url), ms),
    taken: () => taken,
    behave: (how) => {
      behaviour = how;
      front.misbehave(httpBytes[how] ?? null);
    },
  };
}

/** As it reads once the chat has undone what keeps texts from pinging and formatting. */
const readInSlack = (body: string) => {
  const { text } = JSON.parse(body).blocks[0].text;
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
};
const readInDiscord = (body: string) => {
  const [{ title, description }] = JSON.parse(body).embeds;
  return `${title}\n${description}`.replace(/\\(?=[\\*_~`|>[\]()#])/gu, "");
};

function overHttp(
  name: string,
  shows: ChannelHarness["shows"],
  configOf: (webhookUrl: string) => ChannelConfig,
  read: (body: string) => string = (body) => body,
): ChannelHarness {
  return {
    name,
    shows,
    failures: allFailures,
    takings: [
      "takes it and says a lot",
      "takes it and never ends",
      "takes it and quotes our secrets",
      "takes it and paints the terminal",
    ],
    secrets: name === "a webhook" ? [...urlSecrets, signingKey] : urlSecrets,
    start: async (ms) => {
      const started = await startOverHttp(configOf, ms);
      return { ...started, taken: () => started.taken().map(read) };
    },
  };
}

// By mail

const password = "s3cret-password";
const recipients = ["ops@example.org", "Night <night@example.org>"] as const;
const carried = [password, `\0connector\0${password}`].map((text) => Buffer.from(text).toString("base64"));

/** A mail server that logs in whoever comes, and takes for ever over what it is given then. */
function dragsOut(client: Socket): void {
  client.write("220 mail.example\r\n");
  client.setEncoding("latin1").on("data", (command: string) => {
    if (command.startsWith("EHLO")) client.write("250-mail.example\r\n250 AUTH PLAIN\r\n");
    else if (command.startsWith("AUTH")) client.write("235 welcome\r\n");
    else neverEnds("250-wait\r\n", "250-for it\r\n", 20)(client);
  });
}

const mailBytes: Partial<Record<How, Misbehaviour>> = {
  "breaks off": hangsUp,
  "says nothing": saysNothing,
  "never comes to its answer": dragsOut,
  "floods before it answers": neverEnds("220-", "wait for it "),
  "talks nonsense": (client) => client.end("HTTP/1.1 200 OK\r\n\r\n"),
};

const refusal = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

const recipientRefusals: Partial<Record<How, Error>> = {
  "is busy": refusal(451, "come back later"),
  "does not like us": refusal(550, "who are you"),
  "sends us elsewhere": refusal(551, "not here, try <ops@elsewhere.example>"),
};

function afterData(how: How): [Error | null, string?] {
  if (how === "does not like the message") return [refusal(554, "spam")];
  if (how === "takes it and says a lot") return [null, "a lot ".repeat(50_000)];
  if (how === "takes it and paints the terminal") return [null, painting];
  return [null, how.includes("quotes") ? `as ${password} ${carried.join(" ")}` : "queued"];
}

async function startMail(ms: number, first: How | "takes it for the first" = "takes it") {
  let behaviour: How | "takes it for the first" = first;
  const taken: string[] = [];
  const server = await startMailServer(
    mailServerThat(
      () => behaviour as How,
      () => behaviour === "takes it for the first",
      taken,
    ),
  );
  const front = await startTcpFront(server.port);
  const config: ChannelConfig = {
    id: "ops",
    type: "email",
    host: "127.0.0.1",
    port: front.port,
    security: "none",
    verifyCertificate: true,
    login: { username: "connector", password },
    from: "Connector <connector@example.org>",
    to: [...recipients],
  };
  return {
    ...front,
    channel: await channelTo(config, ms),
    taken: () => taken,
    behave: (how: How) => {
      behaviour = how;
      front.misbehave(mailBytes[how] ?? null);
    },
  };
}

function mailServerThat(how: () => How, firstOnly: () => boolean, taken: string[]): SMTPServerOptions {
  return {
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username }, _session, done) => {
      const refuses = how() === "refuses and quotes our secrets";
      const error = refusal(535, `wrong: ${password} ${carried.join(" ")}`);
      done(refuses ? error : null, { user: username });
    },
    onRcptTo: ({ address }, _session, done) => {
      const refused = firstOnly() && address.startsWith("night");
      done(refused ? refusal(550, "no such box") : (recipientRefusals[how()] ?? null));
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const [error, answer] = afterData(how());
        const to = envelope.rcptTo.map(({ address }) => address).join(" ");
        if (error === null) taken.push(`${to}\n${readMail(Buffer.concat(chunks).toString("latin1"))}`);
        done(error, answer);
      });
    },
  };
}

/** The message id and the text of a mail, decoded. */
function readMail(mail: string): string {
  const [head = "", ...rest] = mail.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  const base64 = /^content-transfer-encoding: base64/imu.test(head);
  const bytes = base64 ? Buffer.from(body, "base64") : Buffer.from(unquoted(head, body), "latin1");
  return `${head}\n${bytes.toString("utf8")}`;
}

function unquoted(head: string, body: string): string {
  if (!/^content-transfer-encoding: quoted-printable/imu.test(head)) return body;
  return body
    .replace(/=\r\n/gu, "")
    .replace(/=([0-9A-F]{2})/gu, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Every kind of channel that a configuration can name. */
const harnesses: Record<ChannelConfig["type"], ChannelHarness> = {
  webhook: overHttp("a webhook", ["id", "events", "dropped"], (webhookUrl) => ({
    id: "ops",
    type: "webhook",
    webhookUrl,
    signingSecret: signingKey,
  })),
  slack: overHttp(
    "Slack",
    ["title", "text"],
    (webhookUrl) => ({ id: "ops", type: "slack", webhookUrl }),
    readInSlack,
  ),
  discord: overHttp(
    "Discord",
    ["title", "text"],
    (webhookUrl) => ({ id: "ops", type: "discord", webhookUrl }),
    readInDiscord,
  ),
  email: {
    name: "mail",
    shows: ["id", "title", "text"],
    failures: allFailures,
    takings: [
      "takes it and says a lot",
      "takes it and quotes our secrets",
      "takes it and paints the terminal",
    ],
    secrets: [password, ...carried],
    start: startMail,
    forTheFirstOnly: { recipients, start: () => startMail(60_000, "takes it for the first") },
  },
};

for (const harness of Object.values(harnesses)) channelSuite(harness);

// The double of other tests

const scriptedFailures: Partial<Record<How, () => Error>> = {
  "is busy": () => channelError("CHANNEL_UNREACHABLE", "down"),
  "does not like the message": () => channelError("CHANNEL_REFUSED", "no"),
  "does not like us": () => channelError("CHANNEL_DENIED", "who are you"),
};

async function startScripted(first?: Error) {
  const channel = new ScriptedChannel();
  channel.failures = first === undefined ? [] : [first];
  return {
    channel,
    taken: () => channel.taken,
    behave: (how: How) => {
      channel.gate = how === "says nothing" ? new Promise<void>(() => undefined) : null;
      channel.failures = [scriptedFailures[how]?.() ?? null];
    },
    connections: () => 0,
    openConnections: () => 0,
  };
}

channelSuite({
  name: "the double of the outbox's tests",
  start: () => startScripted(),
  failures: Object.keys(scriptedFailures) as Failing[],
  takings: ["takes it"],
  shows: ["title"],
  secrets: [],
  forTheFirstOnly: {
    recipients: ["ops", "night"],
    start: async () => {
      const started = await startScripted(new PartialDelivery("ops", ["night"], "550 no such box"));
      // As a mail server does, it has taken it for the others.
      started.channel.taken.push("to ops");
      return started;
    },
  },
});
