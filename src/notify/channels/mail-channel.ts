import { Socket } from "node:net";
import { createTransport } from "nodemailer";
import { ConnectorError } from "../../errors/connector-error.ts";
import { isTlsCode } from "../../http/http-error.ts";
import type { Delivery, Message } from "../../state/message.ts";
import { type Channel, PartlyTaken } from "../channel.ts";
import type { MailConfig } from "../settings.ts";

export interface MailChannelOptions {
  mail: Readonly<MailConfig>;
  /** Between two signs of life of the server. Milliseconds. */
  timeoutMs: number;
}

/** For people: a plain text mail, over a connection of its own. */
export class MailChannel implements Channel {
  readonly id: string;
  private readonly options: MailChannelOptions;

  constructor(id: string, options: MailChannelOptions) {
    this.id = id;
    this.options = options;
  }

  async send(
    { id, message, to }: Pick<Delivery, "id" | "message" | "to">,
    signal: AbortSignal,
  ): Promise<string> {
    const { mail } = this.options;
    signal.throwIfAborted();
    // The configuration may have changed since: who is not in it any more is not written to.
    const recipients = mail.to.filter((address) => to?.includes(address) ?? true);
    if (recipients.length === 0) return "nobody is left who did not take it";
    // nodemailer knows no signal; it takes a socket of ours, which can be destroyed.
    const socket = new Socket();
    const abort = () => socket.destroy();
    signal.addEventListener("abort", abort, { once: true });
    const transport = createTransport({ ...this.transportOptions(), socket });
    try {
      const envelope = { from: mail.from, to: recipients };
      const sent = await transport.sendMail({ ...mailOf(id, message, mail), envelope });
      if (sent.rejected.length > 0) throw this.partlyTaken(recipients, sent);
      return `took it: ${sent.response.slice(0, 200)}`;
    } catch (thrown) {
      signal.throwIfAborted();
      throw thrown instanceof ConnectorError ? thrown : this.failure(thrown);
    } finally {
      signal.removeEventListener("abort", abort);
      transport.close();
      socket.destroy();
    }
  }

  async close(): Promise<void> {}

  private transportOptions() {
    const { mail, timeoutMs } = this.options;
    const { host, port, security, login, verifyCertificate } = mail;
    return {
      host,
      port,
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "none",
      tls: { rejectUnauthorized: verifyCertificate },
      ...(login === null ? {} : { auth: { user: login.username, pass: login.password } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      // A message is text of ours; nothing in it may name a file or a URL to read.
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }

  private partlyTaken(recipients: readonly string[], { accepted, rejectedErrors }: SentMail): PartlyTaken {
    const taken = new Set(accepted.map(String));
    const why = rejectedErrors?.map(({ response }) => printable(response ?? "no reason given")) ?? [];
    return new PartlyTaken(
      this.id,
      recipients.filter((address) => !taken.has(bareAddress(address))),
      [...new Set(why)].join("; "),
    );
  }

  private failure(thrown: unknown): ConnectorError {
    const { host } = this.options.mail;
    const { code, responseCode, response } = smtpFailure(thrown);
    const what = response === undefined ? `failed (${code})` : `answered "${printable(response)}"`;
    const message = `channel "${this.id}": ${host} ${what}`;
    return new ConnectorError(codeOf(code, responseCode), message, { subject: this.id });
  }
}

interface SentMail {
  accepted: readonly unknown[];
  rejectedErrors?: readonly { response?: string | undefined }[] | undefined;
}

/** Without the name beside it. */
const bareAddress = (address: string): string => /<([^>]*)>/u.exec(address)?.[1] ?? address;

interface SmtpFailure {
  /** Of Node or OpenSSL where they failed, else nodemailer's: `EAUTH`, `ETLS`, `EENVELOPE`, … */
  code: string;
  responseCode: number | undefined;
  response: string | undefined;
}

function smtpFailure(thrown: unknown): SmtpFailure {
  const { code, originalCode, responseCode, response } = thrown as Readonly<Record<string, unknown>>;
  return {
    code: String(originalCode ?? code ?? "unknown"),
    responseCode: typeof responseCode === "number" ? responseCode : undefined,
    response: typeof response === "string" && response !== "" ? response : undefined,
  };
}

/** 4yz is "not now", 5yz "not ever". Source: RFC 5321 §4.2.1. */
function codeOf(code: string, responseCode: number | undefined) {
  if (code === "EAUTH" || code === "ENOAUTH") return "CHANNEL_LOGIN_REFUSED";
  if (code === "ETLS" || isTlsCode(code)) return "CHANNEL_INSECURE";
  if (responseCode === undefined || responseCode < 500) return "CHANNEL_UNREACHABLE";
  return code === "EENVELOPE" ? "CHANNEL_DENIED" : "CHANNEL_REFUSED";
}

/** The same message id however often it is sent: mail programs show one. */
function mailOf(id: string, { title, text }: Message, { from, to }: MailChannelOptions["mail"]) {
  return {
    from,
    to: [...to],
    subject: printable(`[memory-connector] ${title}`),
    text: `${title}\n\n${text}\n`,
    messageId: `<${id}@memory-connector>`,
    headers: { "auto-submitted": "auto-generated" },
  };
}

/** On one line: a line break in a subject could begin another header. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);
}
