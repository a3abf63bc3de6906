/** Authentication headers. */
export type AuthHeaders = Readonly<Record<string, string>>;

/**
 * The credentials of a session. A session has one kind only: LightRAG refuses an expired token even if a valid key accompanies it
 * (LightRAG contract §1.1).
 */
export interface Credentials {
  headers(signal: AbortSignal): Promise<AuthHeaders>;
  /** Call after a 401 for these headers. Resolves to true when `headers` have changed, so that a retry makes sense. */
  renew(refused: AuthHeaders, signal: AbortSignal): Promise<boolean>;
  /** Adopts a newer token from the server (`X-New-Token`). */
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
