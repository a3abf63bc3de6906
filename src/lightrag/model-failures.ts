/**
 * What LightRAG writes into a failed document's record when its own models did not serve it, as seen in both generations with the
 * OpenAI binding (`RateLimitError: Error code: 429 - …`, `RetryError[<Future … raised APIConnectionError>]`, a bare
 * `Error code: 401 - …`) and as the other bindings' libraries word it. A time-out is not here: one enormous document
 * runs out of time as well, and others must not wait for it.
 */
const signs: readonly RegExp[] = [
  // No money or no quota.
  /insufficient_quota|exceeded your current quota|credit balance|payment required|RESOURCE_?EXHAUSTED/iu,
  // Too many requests.
  /RateLimitError|rate limit|too many requests|ThrottlingException/iu,
  // Key or permission refused.
  /AuthenticationError|PermissionDeniedError|invalid_api_key|incorrect api key|UnrecognizedClientException/iu,
  // Nobody answers.
  /APIConnectionError|ConnectError|ConnectionError|connection refused|all connection attempts failed/iu,
  // The server of the models is overloaded or being restarted, or does not have the model.
  /ServiceUnavailable|overloaded|model_not_found|model .{0,80} not found/iu,
  /Error code: (?:401|402|403|404|429|502|503|504|529)\b/u,
];

/** Whether the failure came from the models' side, so that another document would fare no better now. */
export function isModelFailure(error: string): boolean {
  return signs.some((sign) => sign.test(error));
}
