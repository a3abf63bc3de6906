import type { modelErrors } from "../errors/codes/model.ts";

export type ModelErrorCode = keyof typeof modelErrors;

/**
 * The cause of a failure, and what follows from it:
 * - `item`      this text or medium: its attempt counts, the others continue
 * - `model`     the model in its present state: counts as an attempt of the item, unless the model also fails a probe of a few words
 * - `endpoint`  network, load or account of the model: no attempt counts, deliveries pause
 * - `us`        our settings: no attempt counts, deliveries pause or the run ends, and the error names the setting
 */
export type Fault = "item" | "model" | "endpoint" | "us";

/** The one table for chat, embedding, transcription, vision and geocoding. A missing code is a compile error. */
const faults = {
  MODEL_UNREACHABLE: "endpoint",
  MODEL_BUSY: "endpoint",
  MODEL_QUOTA: "endpoint",
  MODEL_KEY_REFUSED: "us",
  MODEL_UNKNOWN: "us",
  MODEL_RUNTIME_MISSING: "us",
  MODEL_FILES_UNUSABLE: "us",
  MODEL_DIMENSION_CHANGED: "us",
  MODEL_SERVER_ERROR: "model",
  MODEL_ANSWER_UNUSABLE: "model",
  MODEL_ANSWER_UNREADABLE: "item",
  MODEL_CONTEXT_EXCEEDED: "item",
  MODEL_REQUEST_REFUSED: "item",
  GEOCODER_FAILED: "endpoint",
} as const satisfies Record<ModelErrorCode | "GEOCODER_FAILED", Fault>;

const faultsByCode: ReadonlyMap<string, Fault> = new Map(Object.entries(faults));

/** `undefined` for a code that is not about a model. */
export function faultOf(code: string): Fault | undefined {
  return faultsByCode.get(code);
}

export function isModelErrorCode(code: string): code is ModelErrorCode {
  return code.startsWith("MODEL_") && faultsByCode.has(code);
}

/** Whether an error code means that the model is unavailable: another document would fail as well. */
export function isModelUnavailable(code: string): boolean {
  const fault = faultOf(code);
  return fault === "endpoint" || fault === "us";
}

/**
 * Whether the failure may be due to one text, so that only a probe of a few words can tell: a model that crashes on a text, or is
 * too slow for it, breaks the connection or times out exactly as an unavailable one. A proxy in front of it then responds with 408,
 * 502 or 504.
 */
export function mayBeCausedByText({ code, status }: { code: string; status?: number | undefined }): boolean {
  if (faultOf(code) === "model" || code === "MODEL_UNREACHABLE") return true;
  return code === "MODEL_BUSY" && (status === 408 || status === 502 || status === 504);
}

/** An endpoint's description of a failure. */
export interface EndpointMessage {
  /** The error's code, type and status: protocol terms, which never quote a text. */
  marks: string;
  /** Its message for people. */
  message: string;
}

/** Wordings of endpoints, in order of precedence: a limit of tokens per minute is not a context limit. */
const signs: readonly { code: ModelErrorCode; sign: RegExp }[] = [
  {
    code: "MODEL_REQUEST_REFUSED",
    sign: /content[ _-]?(?:policy|filter|management)|moderation|\bflagged\b|safety (?:system|settings)|responsible ?ai/iu,
  },
  {
    code: "MODEL_QUOTA",
    sign: /insufficient[_ ](?:quota|funds|balance|credits?)|exceeded your (?:current|monthly) quota|credit balance|out of credits|no credits|more credits|payment required|billing (?:hard )?limit|quota[_ ]exceeded/iu,
  },
  {
    code: "MODEL_BUSY",
    sign: /rate[ _-]?limit|too many requests|overloaded|throttl|resource[_ ]?exhausted|server (?:is )?busy|(?:at|over|exceeded|insufficient) capacity|capacity exceeded|(?:is|currently) loading|service ?unavailable|tokens per min|requests per min|temporarily unavailable|queue is full/iu,
  },
  {
    code: "MODEL_CONTEXT_EXCEEDED",
    sign: /(?:maximum|max|available|model'?s) context|context[ _](?:length|window|size)|context the overflows|max_model_len|max(?:imum)? (?:sequence|input) length|must have less than \d+ tokens|too many (?:input )?tokens|tokens? (?:count|limit)?[^.]{0,60}exceed|exceed[^.]{0,60}(?:token|input|context)|\b(?:prompt|input|text|request)s?\b[^.]{0,60}\btoo (?:long|large)|prompt contains \d+ tokens|increase the physical batch size|longer than the specified maximum/iu,
  },
  {
    code: "MODEL_KEY_REFUSED",
    sign: /invalid[_ ]api[_ ]key|incorrect api key|api key (?:is )?(?:not valid|invalid|missing|expired)|unauthori[sz]ed|authentication|permission ?denied|unrecognized ?client/iu,
  },
  {
    code: "MODEL_UNKNOWN",
    sign: /model_not_found|\bmodel\b.{0,80}(?:not found|does not exist|is not loaded)/iu,
  },
  {
    code: "MODEL_UNREACHABLE",
    sign: /connect(?:ion)? ?error|connection refused|all connection attempts failed/iu,
  },
];

/**
 * Classifies by the endpoint's words alone: protocol terms first, then the message. A message may quote the prompt, and a memory
 * may well mention rate limits: words that also occur in `asked` are ignored.
 */
export function classifyByWords({ marks, message }: EndpointMessage, asked = ""): ModelErrorCode | undefined {
  const quoted = asked.toLowerCase();
  const isOwn = ([words]: RegExpMatchArray) => !quoted.includes(words.toLowerCase());
  const speaks = (sign: RegExp) => message.matchAll(new RegExp(sign, "giu")).some(isOwn);
  return (signs.find(({ sign }) => sign.test(marks)) ?? signs.find(({ sign }) => speaks(sign)))?.code;
}

/** Words that would override an unambiguous status. */
const plainStatuses: ReadonlyMap<number, ModelErrorCode> = new Map([
  [401, "MODEL_KEY_REFUSED"],
  [402, "MODEL_QUOTA"],
  [502, "MODEL_BUSY"],
  [504, "MODEL_BUSY"],
  [529, "MODEL_BUSY"],
]);

const statuses: ReadonlyMap<number, ModelErrorCode> = new Map([
  [403, "MODEL_KEY_REFUSED"],
  [404, "MODEL_UNKNOWN"],
  [408, "MODEL_BUSY"],
  [425, "MODEL_BUSY"],
  [429, "MODEL_BUSY"],
  [503, "MODEL_BUSY"],
]);

/**
 * Classifies a refusal by its status and its words together: a quota is a quota whatever its status. `status` is that of the
 * response, or of the error inside an accepted one; `asked` is the prompt.
 */
export function classifyRefusal(status: number, said: EndpointMessage, asked = ""): ModelErrorCode {
  const plain = plainStatuses.get(status);
  if (plain !== undefined) return plain;
  const spoken = classifyByWords(said, asked);
  // 429 is never caused by one text, whatever the message says about tokens.
  if (status === 429) return spoken === "MODEL_QUOTA" ? spoken : "MODEL_BUSY";
  return spoken ?? statuses.get(status) ?? byClass(status);
}

function byClass(status: number): ModelErrorCode {
  if (status >= 500) return "MODEL_SERVER_ERROR";
  return status >= 400 ? "MODEL_REQUEST_REFUSED" : "MODEL_ANSWER_UNUSABLE";
}
