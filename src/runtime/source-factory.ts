import type { SourceConfig } from "../config/config.ts";
import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import {
  attemptEmitter,
  circuitEmitter,
  type RemoteService,
  type ServiceEvents,
} from "../kernel/http/service-events.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { ValueCache } from "../kernel/util/value-cache.ts";
import { FileItemsSource } from "../sources/files/file-items-source.ts";
import type { FileReader } from "../sources/files-of-a-folder/file-reader.ts";
import { FolderSource } from "../sources/files-of-a-folder/folder-source.ts";
import { FolderWatch } from "../sources/files-of-a-folder/watch-folder.ts";
import { NoteReader } from "../sources/folder/note-reader.ts";
import { HttpJsonSource } from "../sources/http-json/http-json-source.ts";
import { InMemorySource } from "../sources/in-memory/in-memory-source.ts";
import { JoplinSource } from "../sources/joplin/joplin-source.ts";
import { LimitlessSource } from "../sources/limitless/limitless-source.ts";
import { MemoryApiClient } from "../sources/memory-api/memory-api-client.ts";
import type { MemorySource } from "../sources/memory-source.ts";
import { MemosSource } from "../sources/memos/memos-source.ts";
import { OmiSource } from "../sources/omi/omi-source.ts";
import type { ServerOptions } from "../sources/server-client.ts";
import { RecordingReader } from "../sources/transcripts/recording-reader.ts";

export interface BuiltSource extends MemorySource {
  /** Whether the circuit to its server is open; a source without a server has none. */
  readonly circuit?: CircuitSnapshot;
}

/** The name of a source's server in events and metrics. */
export const serverOf = ({ type }: SourceConfig): RemoteService => ({ end: "source", service: type });

/** Makes no connection. `values` keeps what a source knows of its files. */
export function buildSource(
  source: SourceConfig,
  events: Emitter<ServiceEvents>,
  values: ValueCache,
): BuiltSource {
  switch (source.type) {
    case "memory_api":
      return connected(
        source,
        events,
        (options) => new MemoryApiClient({ ...options, apiKey: source.apiKey ?? "" }),
      );
    case "joplin":
      return connected(source, events, (options) => new JoplinSource(options));
    case "memos":
      return connected(source, events, (options) => new MemosSource(options));
    case "omi":
      return connected(source, events, (options) => new OmiSource(options));
    case "limitless":
      return connected(source, events, (options) => new LimitlessSource(options));
    case "in_memory":
      return InMemorySource.of(source.memories);
    case "files":
      return new FileItemsSource(source, values);
    case "folder":
    case "transcripts":
      return new FolderSource(source, fileReaderOf(source), values);
    case "http_json":
      return connected(source, events, (options) => new HttpJsonSource(options));
  }
}

/** What tells that a source may have changed; null for one that nothing tells of. */
export function watchSource(source: SourceConfig, changed: () => void): FolderWatch | null {
  if (!("watch" in source) || !source.watch) return null;
  return new FolderWatch(source, fileReaderOf(source), changed);
}

function fileReaderOf(source: Extract<SourceConfig, { type: "folder" | "transcripts" }>): FileReader {
  return source.type === "folder" ? new NoteReader(source) : new RecordingReader(source);
}

/** A source with a server, whose requests and circuit are told as events. */
function connected<Config extends ServedConfig, Source extends ConnectedSource>(
  config: Config,
  events: Emitter<ServiceEvents>,
  make: (options: Config & ClientOptions) => Source,
): Source {
  const server = serverOf(config);
  const source = make({ ...config, ...clientOptions(config, events) });
  source.onCircuitChange(circuitEmitter(events, server, config.url));
  return source;
}

type ConnectedSource = BuiltSource & Pick<MemoryApiClient, "onCircuitChange">;

type ServedConfig = Extract<SourceConfig, { circuitBreaker: unknown }>;

type ClientOptions = Pick<ServerOptions, "rateLimit" | "breakerThreshold" | "breakerOpenMs" | "onAttempt">;

/** How its server is asked, in terms of the client. */
function clientOptions(config: ServedConfig, events: Emitter<ServiceEvents>): ClientOptions {
  const { circuitBreaker, requestsPerSecond, url } = config;
  return {
    rateLimit: { perSecond: requestsPerSecond, burst: Math.max(1, Math.ceil(requestsPerSecond)) },
    breakerThreshold: circuitBreaker.failures,
    breakerOpenMs: circuitBreaker.cooldownMs,
    onAttempt: attemptEmitter(events, serverOf(config), url),
  };
}
