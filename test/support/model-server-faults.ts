/** An answer as it goes over the wire: text, or what becomes JSON. */
export interface WireAnswer {
  status: number;
  body: unknown;
  contentType?: string;
  /** The connection is broken instead. */
  breaks?: boolean;
  /** The message is the text that was asked about. */
  quotes?: boolean;
}

const error = (status: number, message: string, more: object = {}): WireAnswer => ({
  status,
  body: { error: { message, ...more } },
});
const choice = (content: string | null, more: object = {}): WireAnswer => ({
  status: 200,
  body: { choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop", ...more }] },
});
const vectors = (...embeddings: unknown[]): WireAnswer => ({
  status: 200,
  body: { object: "list", data: embeddings.map((embedding, index) => ({ index, embedding })) },
});

/** What endpoints were seen to answer instead of what they were asked for. */
export const badAnswers = {
  "quota in a good answer": error(200, "Rate limit exceeded: 8 requests per minute", { code: 429 }),
  "quota as text": { status: 200, body: { error: "Rate limit exceeded" } },
  "quota inside a choice": {
    status: 200,
    body: { choices: [{ error: { message: "Rate limit exceeded", code: 429 }, message: { content: "" } }] },
  },
  "quota inside a stream": {
    status: 200,
    body: 'data: {"error":{"message":"Rate limit exceeded","code":429}}\n\ndata: [DONE]\n\n',
    contentType: "text/event-stream",
  },
  "quota with 403": error(403, "You exceeded your current quota", { code: "insufficient_quota" }),
  "no money": error(402, "Insufficient credits"),
  overloaded: error(503, "The model is overloaded. Please try again later."),
  "wrong key": error(401, "Incorrect API key provided: sk-abcdefgh1234."),
  "unknown model": error(404, "model 'scripted' not found, try pulling it first"),
  "server error": error(500, "unsupported value: NaN"),
  "too long": error(
    400,
    "This model's maximum context length is 512 tokens. However, you requested 700 tokens.",
  ),
  "refused content": error(400, "Your request was flagged by our moderation."),
  "no choices": { status: 200, body: { choices: [] } },
  "no choice at all": { status: 200, body: { id: "chatcmpl-1" } },
  "content filter": choice(null, { finish_reason: "content_filter" }),
  "cut before the first word": choice("", { finish_reason: "length" }),
  "empty content": choice(""),
  prose: choice("The text tells of two friends who met in the harbour."),
  "fenced JSON": choice('```json\n{"entities": [{"name": "Ada"}]}\n```'),
  "nothing found": choice("<|COMPLETE|>"),
  "web page": {
    status: 200,
    body: "<html><title>Sign in to the hotel's network</title></html>",
    contentType: "text/html",
  },
  "cut JSON": { status: 200, body: '{"choices":[{"message":{"content":"enti' },
  "no body": { status: 200, body: "" },
  "null vectors": vectors(null, null),
  "texts for numbers": vectors(["0.1", "0.2"]),
  "NaN vectors": { status: 200, body: '{"data":[{"index":0,"embedding":[NaN,NaN]}]}' },
  "too few vectors": vectors(),
  "broken connection": { status: 502, body: "", breaks: true },
  "gateway timed out": error(504, "Gateway Timeout"),
  "quotes the text": { ...error(400, "", { type: "invalid_request_error" }), quotes: true },
  "quotes the text in a good answer": { ...error(200, ""), quotes: true },
} as const satisfies Record<string, WireAnswer>;

export type BadAnswer = keyof typeof badAnswers;

/** Only what is asked of this side is answered badly. */
export interface AnswerFault {
  of: "chat" | "embedding";
  answer: BadAnswer;
  /** Only texts that contain this. */
  text?: string;
  /** Only so many calls; the next ones are answered well. */
  times?: number;
}
