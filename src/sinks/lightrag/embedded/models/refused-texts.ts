import { ConnectorError, toConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { isModelErrorCode } from "../../../../kernel/openai/classify-failure.ts";
import { type AskModels, ModelProbe } from "./model-probe.ts";

/** Collects what models refuse of single texts, so that the work on the others goes on. */
export class RefusedTexts {
  /** What was refused, each named. */
  readonly errors: ConnectorError[] = [];
  readonly #ask: AskModels;

  constructor(ask: AskModels) {
    this.#ask = ask;
  }

  /** Whether it was this one text; throws what is no text's fault. A model that answered a moment ago may be away now, so it is asked each time. */
  async requireOneText(thrown: unknown, signal: AbortSignal): Promise<ConnectorError> {
    signal.throwIfAborted();
    const error = toConnectorError(thrown);
    if (!isModelErrorCode(error.code) || (await new ModelProbe(this.#ask).isUnavailable(error, signal)))
      throw thrown;
    return error;
  }

  /** `what` is said of the text that was refused. */
  note(what: string, error: ConnectorError): void {
    const details = { subject: error.subject ?? what, cause: error };
    this.errors.push(new ConnectorError(error.code, `${what}: ${error.message}`, details));
  }
}
