import type { ErrorCode } from "../kernel/errors/codes.ts";
import { ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import { withDeadline } from "../kernel/http/abort.ts";
import { readableDuration } from "../kernel/util/readable.ts";
import type { SinkInfo } from "../sinks/lightrag/light-rag-client.ts";
import type { SourceInfo } from "../sources/memory-source.ts";
import type { SyncParts } from "./sync-parts.ts";

export interface CheckedConnector {
  id: string;
  contextIds: readonly string[];
  source: { title: string };
}

export interface CheckResult {
  connectorId: string;
  /** What was looked at, for people. */
  subject: string;
  ok: boolean;
  /** What was found, or what is wrong. */
  message: string;
  code: string | null;
  hint: string | null;
}

export interface CheckOptions {
  /** Within which everything has ended, whatever the other sides do. Milliseconds. */
  limitMs: number;
  /** Only these; both when it is left out. */
  ends?: readonly ("source" | "sink")[];
  /** Reads the whole folder of direct mode, which takes as long as it takes. */
  thorough?: boolean;
  /** Hears of each try as it begins. */
  onTry?: (connectorId: string, subject: string) => void;
  /** Hears of each try as it ends. */
  onResult?: (result: CheckResult) => void;
}

/** One look at the other side. */
interface Try {
  subject: string;
  /** When the time is over; null for what may take as long as it takes. */
  late: ErrorCode | null;
  look(signal: AbortSignal): Promise<string>;
}

/**
 * Tries both ends of a connector, all at the same time, and changes nothing anywhere. The results say what is wrong. Rejects
 * only when `signal` aborts.
 */
export async function checkConnector(
  parts: Pick<SyncParts, "source" | "sink">,
  connector: CheckedConnector,
  signal: AbortSignal,
  options: CheckOptions,
): Promise<CheckResult[]> {
  const { ends = ["source", "sink"] } = options;
  const tries = [
    ...(ends.includes("source") ? sourceTries(parts, connector) : []),
    ...(ends.includes("sink") ? sinkTries(parts, options) : []),
  ];
  return Promise.all(tries.map((each) => attempt(connector.id, each, signal, options)));
}

function sourceTries({ source }: Pick<SyncParts, "source">, connector: CheckedConnector): Try[] {
  const { contextIds } = connector;
  return contextIds.map((contextId) => ({
    subject: `${connector.source.title}, context ${contextId}`,
    late: "SOURCE_UNREACHABLE",
    look: async (signal) => {
      return sourceText(await source.check(contextId, signal));
    },
  }));
}

/** A source that refuses a wrong key has accepted this one. */
function sourceText({ server, version, account }: SourceInfo): string {
  const release = version === null ? "" : ` (version ${version})`;
  const whose = account === null ? "the key is accepted" : `the account is ${account}`;
  return `${server}${release} is reachable, ${whose}, the context is there`;
}

function sinkTries({ sink }: Pick<SyncParts, "sink">, { thorough = false }: CheckOptions): Try[] {
  const inspect = sink.inspect?.bind(sink) ?? ((signal: AbortSignal) => sink.connect(signal));
  const checkModels = sink.checkModels?.bind(sink);
  const server: Try = {
    subject: "LightRAG",
    late: thorough && sink.inspect !== undefined ? null : "SINK_UNREACHABLE",
    look: async (signal) => sinkText(await inspect(signal, { thorough })),
  };
  if (checkModels === undefined) return [server];
  return [server, { subject: "models", late: "MODEL_UNREACHABLE", look: checkModels }];
}

function sinkText({ location, version, generation, workspace, isNew }: SinkInfo): string {
  if (isNew === true) return `${location} is not there yet; the first sync makes it`;
  return `${location} answers, LightRAG ${version} (generation ${generation}), ${workspaceText(workspace)}`;
}

function workspaceText(workspace: string | null): string {
  if (workspace === null) return "a workspace that the server does not name";
  return workspace === "" ? "the default workspace" : `workspace "${workspace}"`;
}

async function attempt(
  connectorId: string,
  { subject, late, look }: Try,
  signal: AbortSignal,
  { limitMs, onTry, onResult }: CheckOptions,
): Promise<CheckResult> {
  onTry?.(connectorId, subject);
  const outOfTime = (code: ErrorCode) => () =>
    new ConnectorError(code, `no answer within ${readableDuration(limitMs)}`);
  const looking =
    late === null
      ? look(signal)
      : withDeadline(limitMs, signal, outOfTime(late), (within) => endingWith(within, look));
  const result = await looking.then(
    (message) => ({ connectorId, subject, ok: true, message, code: null, hint: null }),
    (thrown) => failed(connectorId, subject, thrown),
  );
  signal.throwIfAborted();
  onResult?.(result);
  return result;
}

/** Ends with the signal, also where something does not heed it. */
function endingWith(signal: AbortSignal, look: (signal: AbortSignal) => Promise<string>): Promise<string> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return Promise.race([look(signal), promise]);
}

/** The result of a try that failed. */
export function failed(connectorId: string, subject: string, thrown: unknown): CheckResult {
  const { code, message, hint } = toConnectorError(thrown);
  return { connectorId, subject, ok: false, message, code, hint };
}
