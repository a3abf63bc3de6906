import { setTimeout as delay } from "node:timers/promises";
import type { ServerGeneration } from "../../src/sinks/lightrag/light-rag-client.ts";
import type { SimulatedRow } from "./lightrag-simulator-store.ts";
import { pinnedVersions } from "./lightrag-versions.ts";

/** The settings of a simulated server; each stands for one of LightRAG's own or for its speed. Times are milliseconds. */
export interface SimulatedServerOptions {
  generation: ServerGeneration;
  /** Default: the version that the suites pin. */
  version: string;
  workspace: string;
  apiKey?: string | undefined;
  /** Passwords by user name. */
  accounts?: Record<string, string> | undefined;
  /** Default 48 hours. */
  tokenLifetimeMs?: number | undefined;
  /** The model's answers cannot be read: documents are processed and nothing is in the graph. Default false. */
  findsNothing?: boolean;
  /** Every question finds every processed document, and its model answers with the first of them. Default false: nothing is ever found. */
  findsAll?: boolean;
  /** To take in one document of an insert, before it is answered. Default 0. */
  answerMs: number;
  /** Whether an insert whose client has gone before it was taken in is not taken in at all. Default false. */
  dropsAbandoned: boolean;
  /** How the records are shown, where they are not shown as they are. */
  showRecord?: ((row: SimulatedRow) => SimulatedRow) | undefined;
  /** From the answer of an insert until the document is listed. Default 0. */
  enqueueMs: number;
  /** To index one document. Default 0. */
  processingMs: number;
  /** To delete one document. Default 0. */
  deletingMs: number;
  /** Documents indexed at once. Default 2. */
  parallel: number;
  /** `MAX_PENDING_DOCUMENTS`; 0, the default, is no limit. */
  maxPending: number;
  /** What a server at that limit sends as `Retry-After`. Default 30. */
  retryAfterSeconds: number;
  /** `MAX_TEXTS_PER_REQUEST`; 0, the default, is no limit. */
  maxTexts: number;
  /** Longest body in bytes. Default 50 MiB in 1.5, no limit in 1.4. */
  maxBody: number;
  /** 0, the default, takes a free one. */
  port: number;
  /** How the server waits for its own work. Default: by the machine's clock. */
  wait: (ms: number) => Promise<void>;
  /** Where the documents are kept over the life of the process. Default: in memory only. */
  file?: string | undefined;
}

export function withDefaults(
  options: Partial<SimulatedServerOptions> & { generation: ServerGeneration },
): SimulatedServerOptions {
  const { generation } = options;
  return {
    version: pinnedVersions[generation],
    workspace: "",
    answerMs: 0,
    dropsAbandoned: false,
    enqueueMs: 0,
    processingMs: 0,
    deletingMs: 0,
    parallel: 2,
    maxPending: 0,
    retryAfterSeconds: 30,
    maxTexts: 0,
    maxBody: generation === "1.5" ? 50 * 1024 * 1024 : Number.POSITIVE_INFINITY,
    port: 0,
    wait: (ms) => delay(ms),
    ...options,
  };
}
