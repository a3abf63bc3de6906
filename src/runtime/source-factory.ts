import type { SourceConfig } from "../config/config.ts";
import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import {
  attemptEmitter,
  circuitEmitter,
  type RemoteService,
  type ServiceEvents,
} from "../kernel/http/service-events.ts";
import type { LimiterOf, RateLimit } from "../kernel/http/token-bucket.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { ValueCache } from "../kernel/util/value-cache.ts";
import type { FileReader } from "../sources/files-of-a-folder/file-reader.ts";
import type { MemoryApiClient } from "../sources/memory-api/memory-api-client.ts";
import type { MemorySource } from "../sources/memory-source.ts";
import type { PushSourceOptions } from "../sources/push/push-source.ts";
import type { ServerOptions } from "../sources/server-client.ts";

export interface BuiltSource extends MemorySource {
  /** Whether the circuit to its server is open; a source without a server has none. */
  readonly circuit?: CircuitSnapshot;
}

/** The name of a source's server in events and metrics. */
export const serverOf = ({ type }: SourceConfig): RemoteService => ({ end: "source", service: type });

/** What sources keep in the state: `values` what they know of files, `pushed` what programs have sent. */
export interface KeptForSources {
  values: ValueCache;
  pushed: PushSourceOptions["pushed"];
}

/** `limiterOf`: what limits requests to a server; left out, each source limits its own. */
export interface SharedBySources extends KeptForSources {
  limiterOf?: LimiterOf | undefined;
}

/** Makes no connection. An adapter is loaded when a connector has its type: no command pays for the others. */
export async function buildSource(
  source: SourceConfig,
  events: Emitter<ServiceEvents>,
  { values, pushed, limiterOf }: SharedBySources,
): Promise<BuiltSource> {
  switch (source.type) {
    case "memory_api": {
      const { MemoryApiClient } = await import("../sources/memory-api/memory-api-client.ts");
      const apiKey = source.apiKey ?? "";
      return connected(
        source,
        { events, limiterOf },
        (options) => new MemoryApiClient({ ...options, apiKey }),
      );
    }
    case "joplin": {
      const { JoplinSource } = await import("../sources/joplin/joplin-source.ts");
      return connected(source, { events, limiterOf }, (options) => new JoplinSource(options));
    }
    case "memos": {
      const { MemosSource } = await import("../sources/memos/memos-source.ts");
      return connected(source, { events, limiterOf }, (options) => new MemosSource(options));
    }
    case "omi": {
      const { OmiSource } = await import("../sources/omi/omi-source.ts");
      return connected(source, { events, limiterOf }, (options) => new OmiSource(options));
    }
    case "limitless": {
      const { LimitlessSource } = await import("../sources/limitless/limitless-source.ts");
      return connected(source, { events, limiterOf }, (options) => new LimitlessSource(options));
    }
    case "http_json": {
      const { HttpJsonSource } = await import("../sources/http-json/http-json-source.ts");
      return connected(source, { events, limiterOf }, (options) => new HttpJsonSource(options));
    }
    case "in_memory": {
      const { InMemorySource } = await import("../sources/in-memory/in-memory-source.ts");
      return InMemorySource.of(source.memories);
    }
    case "files": {
      const { FileItemsSource } = await import("../sources/files/file-items-source.ts");
      return new FileItemsSource(source, values);
    }
    case "folder":
    case "transcripts": {
      const { FolderSource } = await import("../sources/files-of-a-folder/folder-source.ts");
      return new FolderSource(source, await fileReaderOf(source), values);
    }
    case "push": {
      const { PushSource } = await import("../sources/push/push-source.ts");
      return new PushSource({ connectorId: source.connectorId, pushed });
    }
  }
}

/** Tells that a source may have changed: a hint, no more. */
export interface SourceWatch {
  /** Called every second, by those that are not told of changes by themselves. */
  look?(): Promise<void>;
  /** Watches what is there now. Resolves to why some of it is not watched; null when all is. */
  refresh(signal: AbortSignal): Promise<string | null>;
  close(): void;
}

/** What tells that a source may have changed; null for one that nothing tells of. */
export async function watchSource(
  source: SourceConfig,
  changed: () => void,
  { pushed }: Pick<KeptForSources, "pushed">,
): Promise<SourceWatch | null> {
  if (source.type === "push") {
    const { PushWatch } = await import("../sources/push/push-source.ts");
    return new PushWatch({ connectorId: source.connectorId, pushed }, changed);
  }
  if (!("watch" in source) || !source.watch) return null;
  const { FolderWatch } = await import("../sources/files-of-a-folder/watch-folder.ts");
  return new FolderWatch(source, await fileReaderOf(source), changed);
}

async function fileReaderOf(
  source: Extract<SourceConfig, { type: "folder" | "transcripts" }>,
): Promise<FileReader> {
  if (source.type === "folder") {
    const { NoteReader } = await import("../sources/folder/note-reader.ts");
    return new NoteReader(source);
  }
  const { RecordingReader } = await import("../sources/transcripts/recording-reader.ts");
  return new RecordingReader(source);
}

/** A source with a server, whose requests and circuit are told as events. */
function connected<Config extends ServedConfig, Source extends ConnectedSource>(
  config: Config,
  { events, limiterOf }: Pick<SharedBySources, "limiterOf"> & { events: Emitter<ServiceEvents> },
  make: (options: Config & ClientOptions) => Source,
): Source {
  const server = serverOf(config);
  const rateLimit = rateOf(config);
  const limiter = limiterOf?.(config.url, rateLimit);
  const source = make({ ...config, ...clientOptions(config, events), rateLimit, limiter });
  source.onCircuitChange(circuitEmitter(events, server, config.url));
  return source;
}

type ConnectedSource = BuiltSource & Pick<MemoryApiClient, "onCircuitChange">;

type ServedConfig = Extract<SourceConfig, { circuitBreaker: unknown }>;

type ClientOptions = Pick<
  ServerOptions,
  "rateLimit" | "limiter" | "breakerThreshold" | "breakerOpenMs" | "onAttempt"
>;

/** The limit of requests to the server of a source: after a rest, those of a second may come at once. */
export function rateOf({ requestsPerSecond }: Pick<ServedConfig, "requestsPerSecond">): RateLimit {
  return { perSecond: requestsPerSecond, burst: Math.max(1, Math.ceil(requestsPerSecond)) };
}

/** How its server is asked, in terms of the client. */
function clientOptions(
  config: ServedConfig,
  events: Emitter<ServiceEvents>,
): Omit<ClientOptions, "rateLimit" | "limiter"> {
  const { circuitBreaker, url } = config;
  return {
    breakerThreshold: circuitBreaker.failures,
    breakerOpenMs: circuitBreaker.cooldownMs,
    onAttempt: attemptEmitter(events, serverOf(config), url),
  };
}
