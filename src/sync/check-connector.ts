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
  /** `server`: its address; null for one that is on this machine and asks for no key. */
  source: { title: string; server: string | null };
}

export interface CheckResult {
  connectorId: string;
  /** What was checked, for people. */
  subject: string;
  ok: boolean;
  /** The finding, or the problem. */
  message: string;
  code: string | null;
  hint: string | null;
}

export interface CheckOptions {
  /** The time limit of the whole check. Milliseconds. */
  limitMs: number;
  /** The ends to check; default: both. */
  ends?: readonly ("source" | "sink")[];
  /** Reads the whole folder of direct mode, without a time limit. */
  thorough?: boolean;
  /** Called at the beginning of each try. */
  onTry?: (connectorId: string, subject: string) => void;
  /** Called at the end of each try. */
  onResult?: (result: CheckResult) => void;
}

/** One attempt to reach one end. */
interface Try {
  subject: string;
  /** The error at the time limit; null for a try without a limit. */
  late: ErrorCode | null;
  look(signal: AbortSignal): Promise<string>;
}

/**
 * Checks both ends of a connector concurrently, and changes nothing. The results contain the problems. Rejects only when `signal`
 * aborts.
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
      const info = await source.check(contextId, signal);
      const found = connector.source.server === null ? `${info.server} can be read` : serverText(info);
      return info.times === undefined ? found : `${found}; ${info.times}`;
    },
  }));
}

/** A source that refuses wrong keys has accepted this one. */
function serverText({ server, version, account }: SourceInfo): string {
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

/** Rejects when the signal aborts, even if the work ignores it. */
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
