import * as z from "zod";
import { isAbort, toConnectorError } from "../kernel/errors/connector-error.ts";
import { safeAddress } from "../kernel/util/url.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { type ServiceAddress, serviceAddress } from "./service-address.ts";
import { askService } from "./service-client.ts";

/** A service on this machine answers within milliseconds; `status` does not wait long for one that is absent. Milliseconds. */
const timeoutMs = 1000;

const partHealth = z.object({ status: z.string(), message: z.string() });
const healthAnswer = z.object({
  status: z.string(),
  details: z.object({ parts: z.record(z.string(), partHealth) }).optional(),
});

export const serviceSchema = z.strictObject({
  url: z.string().describe("where a service was asked"),
  problem: z.string().nullable().describe("why it could not be asked"),
  status: z
    .string()
    .nullable()
    .describe("what it says of its health: `ok`, `degraded` or `down`; null when none answers"),
  circuits: z
    .array(z.strictObject({ server: z.string(), status: z.string(), message: z.string() }))
    .nullable()
    .describe(
      "the circuit breakers before the servers that it has worked with; null when it does not tell them",
    ),
});

export type ServiceView = z.infer<typeof serviceSchema>;

/** Health parts of circuits are named by kind and origin of the server. */
const circuitPart = /^\S+ https?:/u;

/** What only a running service knows. An absent service is not an error. */
export async function viewService(input: CommandInput, context: CommandContext): Promise<ServiceView> {
  const address = await serviceAddress(input, context);
  const { signal } = context.io;
  const url = safeAddress(address.url);
  try {
    return viewOf(url, await askHealth(address, signal));
  } catch (thrown) {
    signal.throwIfAborted();
    const problem = isAbort(thrown) ? `no service answers at ${url}` : toConnectorError(thrown).message;
    return { url, problem, status: null, circuits: null };
  }
}

/** Lines for people, below what the state store knows. */
export function serviceText({ url, problem, status, circuits }: ServiceView): string {
  if (status === null) return `From the state store, without breakers: ${problem}.`;
  if (circuits === null)
    return `The service at ${url} is ${status}; it tells its breakers to those who show a key.`;
  const lines = circuits.map(({ server, message }) => `  breaker   ${server}: ${message}`);
  return [`The service at ${url} is ${status}.`, ...lines].join("\n");
}

async function askHealth(address: ServiceAddress, signal: AbortSignal) {
  const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  // 503 is an answer as well: the service is down.
  const question = { method: "GET", path: "/health", answer: healthAnswer, alsoAnswers: [503] } as const;
  return askService(address, question, within);
}

function viewOf(url: string, { status, details }: z.infer<typeof healthAnswer>): ServiceView {
  return { url, problem: null, status, circuits: details === undefined ? null : circuitsOf(details.parts) };
}

function circuitsOf(parts: Readonly<Record<string, z.infer<typeof partHealth>>>) {
  return Object.entries(parts)
    .filter(([name]) => circuitPart.test(name))
    .map(([server, { status, message }]) => ({ server, status, message }));
}
