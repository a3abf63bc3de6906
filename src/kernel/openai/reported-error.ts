import { z } from "zod";
import { printable } from "../util/terminal-text.ts";
import type { EndpointMessage } from "./classify-failure.ts";

/** The error that a response body reports, whatever the status of the response. */
export interface ReportedError extends EndpointMessage {
  /** The HTTP status that it names: its `code` or `status` where that is one. */
  status: number | undefined;
  /** The first line of its message, for people; "" when it has none. */
  words: string;
}

const maxWords = 200;

const part = z.union([z.string(), z.number()]).optional().catch(undefined);
const detailed = z.object({
  message: part,
  msg: part,
  detail: part,
  code: part,
  status: part,
  type: part,
});
const firstOf = z
  .array(z.unknown())
  .min(1)
  .transform(([first]) => first);
const errorValue = z.union([z.string().min(1), detailed, firstOf.pipe(z.union([z.string(), detailed]))]);

/** Where endpoints put it: OpenAI, Ollama, FastAPI and vLLM at the top level, routers also inside a choice. */
const bodySchema = z.object({
  error: errorValue.optional().catch(undefined),
  errors: errorValue.optional().catch(undefined),
  detail: errorValue.optional().catch(undefined),
  object: z.string().optional().catch(undefined),
  choices: z
    .array(z.object({ error: errorValue.optional().catch(undefined) }))
    .optional()
    .catch(undefined),
});

/** The error that a body reports; undefined when it reports none. `secrets` are masked. */
export function reportedError(body: unknown, secrets: readonly string[]): ReportedError | undefined {
  const { data } = bodySchema.safeParse(Array.isArray(body) ? body[0] : body);
  if (data === undefined) return undefined;
  const inChoice = data.choices?.find(({ error }) => error !== undefined)?.error;
  const value = data.error ?? data.errors ?? data.detail ?? inChoice;
  if (value !== undefined) return toSpoken(value, secrets);
  return data.object === "error" ? toSpoken(detailed.parse(body), secrets) : undefined;
}

/** The error of a body that is not JSON: a proxy's page, a plain line, or truncated JSON. */
export function reportedErrorOfText(text: string, secrets: readonly string[]): ReportedError {
  const message = /"(?:message|error|detail)"\s*:\s*"((?:[^"\\]|\\.)*)/u.exec(text)?.[1];
  const title = /<title[^>]*>([^<]*)/iu.exec(text)?.[1];
  const all = message ?? title ?? text.replace(/<[^>]*>/gu, " ");
  return { status: undefined, words: quotable(all, secrets), marks: "", message: all };
}

function toSpoken(value: string | z.output<typeof detailed>, secrets: readonly string[]): ReportedError {
  if (typeof value === "string") {
    return { status: undefined, words: quotable(value, secrets), marks: "", message: value };
  }
  const { code, type, status } = value;
  const message = String(value.message ?? value.msg ?? value.detail ?? code ?? type ?? "");
  const marks = [code, type, status].filter((it) => it !== undefined).join(" ");
  return { status: statusIn(code) ?? statusIn(status), words: quotable(message, secrets), marks, message };
}

function statusIn(value: string | number | undefined): number | undefined {
  const status = Number(value ?? Number.NaN);
  return status >= 400 && status <= 599 ? status : undefined;
}

/** Anything that looks like an API key. */
const keyLike = /\b(?:sk|pk|gsk|hf|xai|key)[-_][\w*.-]{4,}|\bBearer\s+\S+|\bAIza[\w-]{8,}/giu;

/** The first line, bounded and without keys. */
function quotable(text: string, secrets: readonly string[]): string {
  const line = text.trim().split(/[\r\n]/u, 1)[0] ?? "";
  const open = secrets
    .filter((secret) => secret !== "")
    .reduce((it, secret) => it.replaceAll(secret, "***"), line);
  return Array.from(printable(open.replace(keyLike, "***")).trim())
    .slice(0, maxWords)
    .join("");
}
