/** Headers that prove who asks. */
export type AuthHeaders = Readonly<Record<string, string>>;

/**
 * How a session proves who it is. A session has one kind only: LightRAG refuses an expired token even when a good key
 * comes with it (LightRAG contract §1.1).
 */
export interface Credentials {
  headers(signal: AbortSignal): Promise<AuthHeaders>;
  /** The server answered 401 to these headers. True when the next `headers` are others, so that a second try makes sense. */
  renew(refused: AuthHeaders, signal: AbortSignal): Promise<boolean>;
  /** The server handed out a younger token (`X-New-Token`). */
  adopt(token: string): void;
}

export class ApiKeyCredentials implements Credentials {
  readonly #headers: AuthHeaders;

  constructor(apiKey: string) {
    this.#headers = { "x-api-key": apiKey };
  }

  async headers(): Promise<AuthHeaders> {
    return this.#headers;
  }

  async renew(): Promise<boolean> {
    return false;
  }

  adopt(): void {}
}
