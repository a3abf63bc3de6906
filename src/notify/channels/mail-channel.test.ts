import type { SMTPServerOptions } from "smtp-server";
import { expect, test } from "vitest";
import { startHttpServer } from "../../../test/support/http-server.ts";
import { startMailServer } from "../../../test/support/mail-server.ts";
import type { MailConfig } from "../settings.ts";
import { MailChannel } from "./mail-channel.ts";

const nobody = new AbortController().signal;
const message = {
  title: "3 runs failed",
  text: "the last one: Zürich",
  tone: "bad",
  events: [],
  dropped: 0,
} as const;

function channelTo(port: number, change: Partial<MailConfig> = {}): MailChannel {
  const mail: MailConfig = {
    host: "127.0.0.1",
    port,
    security: "none",
    verifyCertificate: true,
    login: null,
    from: "Connector <connector@example.org>",
    to: ["ops@example.org", "night@example.org"],
    ...change,
  };
  return new MailChannel("mail", { mail, timeoutMs: 500 });
}

const send = (port: number, change: Partial<MailConfig> = {}) =>
  channelTo(port, change).send({ id: "msg_1", message }, nobody);

test("a mail arrives as plain text with a message id that stays the same", async () => {
  const { port, mails } = await startMailServer();
  expect(await send(port)).toMatch(/^took it: 250/);
  await send(port);
  expect(mails).toHaveLength(2);
  for (const mail of mails) {
    expect(mail).toMatch(/^From: Connector <connector@example\.org>\r$/m);
    expect(mail).toMatch(/^To: ops@example\.org, night@example\.org\r$/m);
    expect(mail).toMatch(/^Subject: \[memory-connector\] 3 runs failed\r$/m);
    expect(mail).toMatch(/^Message-ID: <msg_1@memory-connector>\r$/m);
    expect(mail).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
  }
});

test("a title with a line break begins no other header", async () => {
  const { port, mails } = await startMailServer();
  const title = "x\r\nBcc: evil@example.org\u2028y";
  await channelTo(port).send({ id: "msg_1", message: { ...message, title } }, nobody);
  expect(mails[0]?.split("\r\n\r\n")[0]).not.toMatch(/^Bcc/m);
});

const login: SMTPServerOptions = {
  authOptional: false,
  allowInsecureAuth: true,
  onAuth: ({ username, password }, _session, done) =>
    done(username === "u" && password === "p" ? null : new Error("wrong"), { user: username }),
};

test("a server that wants a login gets it, and a refused one says so without the password", async () => {
  const { port, mails } = await startMailServer(login);
  await send(port, { login: { username: "u", password: "p" } });
  expect(mails).toHaveLength(1);
  const error = await send(port, { login: { username: "u", password: "s3cret" } }).catch((thrown) => thrown);
  expect(error.code).toBe("CHANNEL_LOGIN_REFUSED");
  expect(error.message).not.toContain("s3cret");
});

test("without encryption where it is asked for, nothing is sent", async () => {
  const { port, mails } = await startMailServer();
  await expect(send(port, { security: "starttls" })).rejects.toMatchObject({ code: "CHANNEL_INSECURE" });
  expect(mails).toEqual([]);
});

test.each([
  ["starttls", {}],
  ["tls", { secure: true }],
] as const)(
  "with %s a certificate that is not trusted is refused, unless the configuration trusts it",
  async (security, how) => {
    const { port, mails } = await startMailServer({ disabledCommands: [], ...how });
    await expect(send(port, { security })).rejects.toMatchObject({ code: "CHANNEL_INSECURE" });
    expect(mails).toEqual([]);
    await send(port, { security, verifyCertificate: false });
    expect(mails).toHaveLength(1);
  },
);

const refusing = (responseCode: number): SMTPServerOptions => ({
  onRcptTo: (_address, _session, done) => done(Object.assign(new Error("no such box"), { responseCode })),
});

test("a server that does not like the text refuses this message alone", async () => {
  const { port } = await startMailServer({
    onData: (stream, _session, done) => {
      stream.resume().on("end", () => done(Object.assign(new Error("spam"), { responseCode: 554 })));
    },
  });
  await expect(send(port)).rejects.toMatchObject({ code: "CHANNEL_REFUSED" });
});

test("a receiver who is refused for good is told apart from one who is refused for now", async () => {
  const forGood = await startMailServer(refusing(550));
  const error = await send(forGood.port).catch((thrown) => thrown);
  expect(error).toMatchObject({
    code: "CHANNEL_DENIED",
    message: expect.stringContaining("550 no such box"),
  });
  const forNow = await startMailServer(refusing(451));
  await expect(send(forNow.port)).rejects.toMatchObject({ code: "CHANNEL_UNREACHABLE" });
});

test("nobody at home, and a server that says nothing, are unreachable", async () => {
  await expect(send(1)).rejects.toMatchObject({ code: "CHANNEL_UNREACHABLE" });
  const silent = await startHttpServer(() => undefined);
  await expect(send(Number(new URL(silent.url).port))).rejects.toMatchObject({ code: "CHANNEL_UNREACHABLE" });
});

test("an attempt that is cut short ends at once", async () => {
  const silent = await startHttpServer(() => undefined);
  const stop = new AbortController();
  const sent = channelTo(Number(new URL(silent.url).port)).send({ id: "msg_1", message }, stop.signal);
  setImmediate(() => stop.abort());
  await expect(sent).rejects.toMatchObject({ name: "AbortError" });
});

test("a recipient that is refused beside one who takes it is named, and the next attempt goes to nobody else", async () => {
  const asked: string[] = [];
  let full = true;
  const { port, mails } = await startMailServer({
    onRcptTo: ({ address }, _session, done) => {
      asked.push(address);
      const refuses = full && address.startsWith("night");
      done(refuses ? Object.assign(new Error("mailbox full"), { responseCode: 552 }) : null);
    },
  });
  const to = ["ops@example.org", "Night <night@example.org>"];
  const error = await send(port, { to }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: "CHANNEL_PARTLY_REFUSED", remaining: ["Night <night@example.org>"] });
  expect(error.message).toMatch(/Night <night@example\.org> did not get it \(552 mailbox full\)/);
  expect(mails).toHaveLength(1);
  full = false;
  asked.length = 0;
  await channelTo(port, { to }).send({ id: "msg_1", message, to: error.remaining }, nobody);
  expect(asked).toEqual(["night@example.org"]);
  expect(mails).toHaveLength(2);
});

test("who is not in the configuration any more is not written to, though the message waits for them", async () => {
  const { port, mails } = await startMailServer();
  const sent = channelTo(port).send({ id: "msg_1", message, to: ["gone@example.org"] }, nobody);
  expect(await sent).toBe("nobody is left who did not take it");
  expect(mails).toEqual([]);
});
