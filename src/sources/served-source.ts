import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import { type ServerKind, SourceServer, type SourceServerOptions } from "./source-server.ts";

/** What all sources have that read one server: its circuit, and its end. */
export abstract class ServedSource {
  protected readonly server: SourceServer;

  constructor(options: SourceServerOptions, kind: ServerKind) {
    this.server = new SourceServer(options, kind);
  }

  /** Whether the circuit to the server is open. */
  get circuit(): CircuitSnapshot {
    return this.server.circuit;
  }

  /** Calls `listener` whenever `circuit` changes its state; returns a function that stops it. */
  onCircuitChange(listener: (circuit: CircuitSnapshot) => void): () => void {
    return this.server.onCircuitChange(listener);
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
