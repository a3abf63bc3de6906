export const problemType = "application/problem+json";
export const eventStream = "text/event-stream";
