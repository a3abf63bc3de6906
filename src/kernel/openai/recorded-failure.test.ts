import { describe, expect, it } from "vitest";
import { isModelFailure } from "./recorded-failure.ts";

describe("an error in a failed document's record", () => {
  it.each([
    // Seen at real servers of both generations.
    "C[1/1]: doc-4b18-chunk-000: RateLimitError: Error code: 429 - You exceeded your current quota, please check your plan.",
    "RetryError[C[1/1]: doc-f3b9-chunk-000: <Future at 0x7f89 state=finished raised RateLimitError>]",
    "RetryError[<Future at 0x7f48 state=finished raised APIConnectionError>]",
    "C[1/1]: doc-6a79-chunk-000: AuthenticationError: Error code: 401 - Incorrect API key provided.",
    "Error code: 401 - {'error': {'message': 'Incorrect API key provided.', 'code': 'invalid_api_key'}}",
    // As other bindings word it.
    "google.api_core.exceptions.ResourceExhausted: 429 RESOURCE_EXHAUSTED",
    "botocore.errorfactory.ThrottlingException: Too many requests",
    "httpx.ConnectError: All connection attempts failed",
    'ollama._types.ResponseError: model "qwen3:8b" not found (status code: 404)',
    "Error code: 529 - {'type': 'overloaded_error'}",
    // The terms of the endpoint, whatever status and sentence they come with.
    "Error code: 400 - {'error': {'message': 'No.', 'type': 'invalid_request_error', 'code': 'insufficient_quota'}}",
    "C[1/1]: doc-1-chunk-000: BadRequestError: Error code: 400 - {'error': {'message': 'Your credit balance is too low to access the API.'}}",
  ])("is the model's side: %s", (error) => {
    expect(isModelFailure(error)).toBe(true);
  });

  it.each([
    "",
    "C[1/1]: doc-0c45-chunk-000: BadRequestError: Error code: 400 - The scripted model refuses this text.",
    "Error code: 400 - {'error': {'code': 'context_length_exceeded'}}",
    // What a sentence quotes of the memory.
    `Error code: 400 - {'error': {'message': 'Invalid text: my rate limit, insufficient_quota', 'type': 'invalid_request_error'}}`,
    `BadRequestError: Error code: 400 - {'error': {'message': "Cannot read 'the quota exceeded, \\'code\\': \\'insufficient_quota\\''", 'code': None}}`,
    "C[1/1]: doc-1-chunk-000: ValueError: cannot encode 'RateLimitError, said Ben, too many requests'",
    "C[1/1]: doc-1-chunk-000: no tuple in: Ben was overloaded, model_not_found",
    "User cancelled 3/7: m1@ctx.md",
    "LLM func: Worker execution timeout after 480s",
    "Set of Tasks/Futures is empty.",
    "'NoneType' object has no attribute 'get'",
  ])("is the document's own: %s", (error) => {
    expect(isModelFailure(error)).toBe(false);
  });
});
