import { ConnectorError, toConnectorError } from "../../../kernel/errors/connector-error.ts";
import { isModelErrorCode } from "../../../kernel/openai/whose-fault.ts";
import type { ModelProbe } from "./model-probe.ts";

/** Collects what models refuse of single texts, so that the work on the others goes on. */
export class RefusedTexts {
  /** What was refused, each named. */
  readonly errors: ConnectorError[] = [];
  readonly #probe: ModelProbe;

  constructor(probe: ModelProbe) {
    this.#probe = probe;
  }

  /** Whether it was this one text; throws what is no text's fault. */
  async requireOneText(thrown: unknown, signal: AbortSignal): Promise<ConnectorError> {
    signal.throwIfAborted();
    const error = toConnectorError(thrown);
    if (!isModelErrorCode(error.code) || (await this.#probe.isUnavailable(error, signal))) throw thrown;
    return error;
  }

  /** `what` is said of the text that was refused. */
  note(what: string, error: ConnectorError): void {
    const details = { subject: error.subject ?? what, cause: error };
    this.errors.push(new ConnectorError(error.code, `${what}: ${error.message}`, details));
  }
}
