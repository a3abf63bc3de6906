/** Of node-postgres no more than is used of it: its own types are a package more, and know nothing of what is left out here. */
declare module "pg" {
  export interface ClientConfig {
    connectionString: string;
    application_name: string;
    connectionTimeoutMillis: number;
    keepAlive: boolean;
  }

  export interface PoolConfig extends ClientConfig {
    max: number;
    idleTimeoutMillis: number;
    allowExitOnIdle: boolean;
    /** Called with each new connection before it is handed out; one with which `done` gets an error is closed. */
    verify: (client: PoolClient, done: (error?: Error) => void) => void;
  }

  export interface Result {
    rows: Record<string, unknown>[];
  }

  export interface PoolClient {
    query(text: string, values: readonly unknown[]): Promise<Result>;
    /** Of several statements an answer each. */
    query(text: string): Promise<Result | Result[]>;
    on(event: "error", listener: (error: Error) => void): this;
  }

  /** A connection outside of the pool. */
  export class Client {
    constructor(config: ClientConfig);
    connect(): Promise<void>;
    query(text: string): Promise<Result | Result[]>;
    on(event: "error" | "end", listener: () => void): this;
    on(event: "notification", listener: (message: { payload?: string }) => void): this;
    end(): Promise<void>;
  }

  export class Pool {
    constructor(config: PoolConfig);
    connect(): Promise<PoolClient & { release(isBroken?: boolean): void }>;
    end(): Promise<void>;
    on(event: "error", listener: (error: Error) => void): this;
    on(event: "connect", listener: (client: PoolClient) => void): this;
  }

  const pg: { Pool: typeof Pool; Client: typeof Client };
  export default pg;
}
