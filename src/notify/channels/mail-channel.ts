import { Socket } from "node:net";
import { createTransport } from "nodemailer";
import type { MailConfig } from "../../config/schema/channels.ts";
import { ConnectorError } from "../../errors/connector-error.ts";
import { isTlsCode } from "../../http/http-error.ts";
import type { Channel } from "../channel.ts";
import type { Delivery, Message } from "../message.ts";

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

  async send({ id, message }: Pick<Delivery, "id" | "message">, signal: AbortSignal): Promise<string> {
    const { mail } = this.options;
    signal.throwIfAborted();
    // nodemailer knows no signal; it takes a socket of ours, which can be destroyed.
    const socket = new Socket();
    const abort = () => socket.destroy();
    signal.addEventListener("abort", abort, { once: true });
    const transport = createTransport({ ...this.transportOptions(), socket });
    try {
      const { response } = await transport.sendMail(mailOf(id, message, mail));
      return `took it: ${response.slice(0, 200)}`;
    } catch (thrown) {
      signal.throwIfAborted();
      throw this.failure(thrown);
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

  private failure(thrown: unknown): ConnectorError {
    const { host } = this.options.mail;
    const { code, responseCode, response } = smtpFailure(thrown);
    const what = response === undefined ? `failed (${code})` : `answered "${printable(response)}"`;
    const message = `channel "${this.id}": ${host} ${what}`;
    return new ConnectorError(codeOf(code, responseCode), message, { subject: this.id });
  }
}

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
