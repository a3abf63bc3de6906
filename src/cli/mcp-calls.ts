import { inputName, requestOf } from "../api/endpoint.ts";
import type { Endpoint } from "../api/route.ts";
import { routes } from "../api/routes.ts";
import { safeAddress } from "../kernel/util/url.ts";
import { type CallOperation, callHere, type ToolContext } from "../mcp/tool.ts";
import type { Operation } from "../operations/operation.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { contextOf } from "./operation-command.ts";
import { runningService, type ServiceAddress } from "./service-address.ts";
import { askService } from "./service-client.ts";
import { withApp } from "./with-app.ts";

/** A model or a LightRAG may take its time over a question. Milliseconds. */
const timeoutMs = 300_000;

/**
 * Calls of operations for one call of a tool: in a running service, or else on the state, which is opened for each. A service may come and go
 * meanwhile, and no call holds the state longer than it works.
 */
export async function callAnywhere(input: CommandInput, context: CommandContext): Promise<ToolContext> {
  const address = await runningService(input, context);
  if (address === null) return { pageUrl: null, call: callOnState(input, context) };
  return { pageUrl: safeAddress(address.url), call: callInService(address, context) };
}

function callOnState(input: CommandInput, context: CommandContext): CallOperation {
  return async (operation, given) => {
    const readOnly = operation.changes === undefined;
    const { json } = await withApp(input, context, { readOnly }, async (app) => ({
      json: await callHere(contextOf(app, context))(operation, given),
      text: "",
    }));
    return json as never;
  };
}

function callInService(address: ServiceAddress, { io }: CommandContext): CallOperation {
  return async (operation, given) => {
    const endpoint = endpointOf(operation, given);
    const { path, body } = requestOf(operation, endpoint, given);
    const question = { method: endpoint.method, path, body, answer: operation.output, timeoutMs };
    return askService(address, question, io.signal);
  };
}

/** The route that offers an operation, and whose path the input fills. */
function endpointOf({ name }: Pick<Operation, "name">, given: Readonly<Record<string, unknown>>): Endpoint {
  const offers = routes.flatMap((route) => route.offers ?? []);
  const fills = ({ path }: Endpoint) =>
    Array.from(path.matchAll(/\{(\w+)\}/gu), ([, key = ""]) => given[inputName(key)]).every(
      (value) => value !== undefined,
    );
  const found = offers.find(({ operation, endpoint }) => operation.name === name && fills(endpoint));
  if (found === undefined) throw new Error(`no route offers ${name} with this input`);
  return found.endpoint;
}
