import { expect, test } from "vitest";
import { modelErrors } from "../errors/codes/model.ts";
import { classifyRefusal, faultOf, isModelUnavailable } from "./classify-failure.ts";

test("every code of a model has somebody whose fault it is", () => {
  for (const code of Object.keys(modelErrors)) expect(faultOf(code), code).toBeDefined();
  expect(faultOf("constructor")).toBeUndefined();
});

test.each([
  // Quotas and load, whatever status they come with.
  [429, "", "MODEL_BUSY"],
  [
    429,
    "Rate limit reached for tokens per min (TPM): Limit 30000, Requested 40000. The input is too long",
    "MODEL_BUSY",
  ],
  [429, "You exceeded your current quota, please check your plan", "MODEL_QUOTA"],
  [200, "Rate limit exceeded: free-models-per-day", "MODEL_BUSY"],
  [400, "Rate limit exceeded", "MODEL_BUSY"],
  [403, "insufficient_quota", "MODEL_QUOTA"],
  [400, "Your credit balance is too low to access the API", "MODEL_QUOTA"],
  [402, "This request requires more credits", "MODEL_QUOTA"],
  [503, "The model is overloaded", "MODEL_BUSY"],
  [500, "The server is overloaded or not ready yet", "MODEL_BUSY"],
  [529, "", "MODEL_BUSY"],
  [502, "<html>maximum context length</html>", "MODEL_BUSY"],
  // A text that is too long, in the words of OpenAI, Ollama, vLLM, TEI, LM Studio, llama.cpp and others.
  [
    400,
    "This model's maximum context length is 8192 tokens, however you requested 9000 tokens",
    "MODEL_CONTEXT_EXCEEDED",
  ],
  [400, "maximum context length is 512 tokens", "MODEL_CONTEXT_EXCEEDED"],
  [400, "context_length_exceeded", "MODEL_CONTEXT_EXCEEDED"],
  [400, "the input length exceeds the context length", "MODEL_CONTEXT_EXCEEDED"],
  [500, "input length exceeds maximum context length", "MODEL_CONTEXT_EXCEEDED"],
  [400, "The prompt (total length 700) is too long to fit into the model", "MODEL_CONTEXT_EXCEEDED"],
  [
    413,
    "Input validation error: `inputs` must have less than 512 tokens. Given: 700",
    "MODEL_CONTEXT_EXCEEDED",
  ],
  [
    400,
    "Trying to keep the first 700 tokens when context the overflows. However, the model is loaded with context length of only 512 tokens",
    "MODEL_CONTEXT_EXCEEDED",
  ],
  [500, "input is too large to process. increase the physical batch size", "MODEL_CONTEXT_EXCEEDED"],
  [400, "the request exceeds the available context size", "MODEL_CONTEXT_EXCEEDED"],
  [400, "prompt is too long: 200001 tokens > 200000 maximum", "MODEL_CONTEXT_EXCEEDED"],
  [
    400,
    "The input token count (40000) exceeds the maximum number of tokens allowed",
    "MODEL_CONTEXT_EXCEEDED",
  ],
  [
    422,
    "Token indices sequence length is longer than the specified maximum sequence length",
    "MODEL_CONTEXT_EXCEEDED",
  ],
  // Keys, names, content.
  [401, "rate limit", "MODEL_KEY_REFUSED"],
  [403, "", "MODEL_KEY_REFUSED"],
  [400, "API key not valid. Please pass a valid API key.", "MODEL_KEY_REFUSED"],
  [404, "", "MODEL_UNKNOWN"],
  [400, 'model "llama9" not found, try pulling it first', "MODEL_UNKNOWN"],
  [403, "Your input was flagged by moderation", "MODEL_REQUEST_REFUSED"],
  [400, "The response was filtered due to content management policy", "MODEL_REQUEST_REFUSED"],
  [400, "", "MODEL_REQUEST_REFUSED"],
  [422, "unsupported field", "MODEL_REQUEST_REFUSED"],
  [500, "", "MODEL_SERVER_ERROR"],
  [200, "something else", "MODEL_ANSWER_UNUSABLE"],
])("an answer %i with the words %j is %s", (status, words, code) => {
  expect(classifyRefusal(status, { marks: "", message: words })).toBe(code);
});

test.each([
  ["insufficient_quota", "MODEL_QUOTA"],
  ["invalid_request_error rate_limit_exceeded", "MODEL_BUSY"],
  ["invalid_request_error", "MODEL_REQUEST_REFUSED"],
])("the terms %j count before a sentence, and a sentence only for what it does not quote", (marks, code) => {
  const message = "Cannot read: the quota exceeded our Rate Limit";
  expect(classifyRefusal(400, { marks, message }, "the QUOTA EXCEEDED our rate limit")).toBe(code);
});

test("only what is nobody's text makes deliveries rest", () => {
  const resting = Object.keys(modelErrors).filter(isModelUnavailable);
  expect(resting.toSorted()).toEqual([
    "MODEL_BUSY",
    "MODEL_DIMENSION_CHANGED",
    "MODEL_FILES_UNUSABLE",
    "MODEL_KEY_REFUSED",
    "MODEL_QUOTA",
    "MODEL_RUNTIME_MISSING",
    "MODEL_UNKNOWN",
    "MODEL_UNREACHABLE",
  ]);
});
