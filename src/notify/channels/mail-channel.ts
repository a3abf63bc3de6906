import { Socket } from "node:net";
import { createTransport, type SendMailOptions } from "nodemailer";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { cancellation, withDeadline } from "../../kernel/http/abort.ts";
import { isTlsCode } from "../../kernel/http/http-error.ts";
import { maskSecrets } from "../../kernel/util/url.ts";
import type { Delivery, Message } from "../../state/message.ts";
import { type Channel, PartialDelivery } from "../channel.ts";
import type { MailConfig } from "../settings.ts";

/** Total time for a server that keeps responding but never finishes, in multiples of the idle limit. */
const signsOfLife = 2;

export interface MailChannelOptions {
  mail: Readonly<MailConfig>;
  /** Idle limit between two responses of the server. Milliseconds. */
  timeoutMs: number;
}

/** Sends plain text mails, each over a connection of its own. */
export class MailChannel implements Channel {
  readonly id: string;
  readonly #options: MailChannelOptions;

  constructor(id: string, options: MailChannelOptions) {
    this.id = id;
    this.#options = options;
  }

  async send(
    { id, message, to }: Pick<Delivery, "id" | "message" | "to">,
    signal: AbortSignal,
  ): Promise<string> {
    const { mail, timeoutMs } = this.#options;
    // The configuration may have changed since: recipients that were removed get no mail.
    const recipients = mail.to.filter((address) => to?.includes(address) ?? true);
    if (recipients.length === 0) return "nobody is left who did not take it";
    const sent = { ...mailOf(id, message, mail), envelope: { from: mail.from, to: recipients } };
    try {
      const limitMs = signsOfLife * timeoutMs;
      return await withDeadline(limitMs, signal, this.#tooLong(limitMs), (within) =>
        this.#exchange(sent, recipients, within),
      );
    } catch (thrown) {
      throw signal.aborted ? cancellation(signal) : thrown;
    }
  }

  async close(): Promise<void> {}

  async #exchange(mail: SendMailOptions, recipients: readonly string[], signal: AbortSignal) {
    // nodemailer takes no signal, but it takes a socket, which can be destroyed.
    const socket = new Socket();
    const abort = () => socket.destroy();
    signal.addEventListener("abort", abort, { once: true });
    const transport = createTransport({ ...this.#transportOptions(), socket });
    try {
      const sent = await transport.sendMail(mail);
      if (sent.rejected.length > 0) throw this.#partialDelivery(recipients, sent);
      return `took it: ${this.#shown(sent.response).slice(0, 200)}`;
    } catch (thrown) {
      throw thrown instanceof ConnectorError ? thrown : this.#failure(thrown);
    } finally {
      signal.removeEventListener("abort", abort);
      transport.close();
      socket.destroy();
    }
  }

  #transportOptions() {
    const { mail, timeoutMs } = this.#options;
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
      // Message content must never make nodemailer read a file or a URL.
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }

  #partialDelivery(recipients: readonly string[], { accepted, rejectedErrors }: SentMail): PartialDelivery {
    const taken = new Set(accepted.map(String));
    const why = rejectedErrors?.map(({ response }) => this.#shown(response ?? "no reason given")) ?? [];
    return new PartialDelivery(
      this.id,
      recipients.filter((address) => !taken.has(bareAddress(address))),
      [...new Set(why)].join("; "),
    );
  }

  #failure(thrown: unknown): ConnectorError {
    const { host } = this.#options.mail;
    const { code, responseCode, response } = smtpFailure(thrown);
    const what = response === undefined ? `failed (${code})` : `answered "${this.#shown(response)}"`;
    const message = `channel "${this.id}": ${host} ${what}`;
    return new ConnectorError(codeOf(code, responseCode), message, { subject: this.id });
  }

  #tooLong(ms: number): () => ConnectorError {
    const message = `channel "${this.id}": ${this.#options.mail.host} did not finish within ${ms} ms`;
    return () => new ConnectorError("CHANNEL_UNREACHABLE", message, { subject: this.id });
  }

  /** A server's response, on one line and without the login, which it may quote. */
  #shown(response: string): string {
    const { login } = this.#options.mail;
    return printable(login === null ? response : maskSecrets(response, loginSecrets(login)));
  }
}

/** The password, plain and as SMTP's login mechanisms encode it (RFC 4616, LOGIN). */
function loginSecrets({ username, password }: NonNullable<MailConfig["login"]>): string[] {
  const carried = [`\0${username}\0${password}`, password].map((text) =>
    Buffer.from(text).toString("base64"),
  );
  return [...carried, password];
}

interface SentMail {
  accepted: readonly unknown[];
  rejectedErrors?: readonly { response?: string | undefined }[] | undefined;
}

/** The address without the display name. */
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

/** 4yz is a transient, 5yz a permanent failure. Source: RFC 5321 §4.2.1. */
function codeOf(code: string, responseCode: number | undefined) {
  if (code === "EAUTH" || code === "ENOAUTH") return "CHANNEL_LOGIN_REFUSED";
  if (code === "ETLS" || isTlsCode(code)) return "CHANNEL_INSECURE";
  if (responseCode === undefined || responseCode < 500) return "CHANNEL_UNREACHABLE";
  return code === "EENVELOPE" ? "CHANNEL_DENIED" : "CHANNEL_REFUSED";
}

/** The same message id for every attempt: mail programs then show one message. */
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

/** On one line: a line break in a subject could start another header. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, 300);
}
