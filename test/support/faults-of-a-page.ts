import type { BrowserContext, Page } from "playwright-core";

/** What a browser says about answers that the page tells in words of its own. */
const refusals =
  /status of [45]\d\d|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|ERR_INCOMPLETE/u;

/** Reports what a strict policy has refused, also where the browser is silent about it. */
const reportPolicy = `addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error("the policy refuses", violatedDirective, blockedURI))`;

/**
 * Collects what is wrong on every page of a browser, whatever it shows: a script that fails, a line in the console, a violation of the
 * policy, and a request to anywhere but `origin`.
 */
export async function collectFaults(context: BrowserContext, origin: string): Promise<readonly string[]> {
  const faults: string[] = [];
  const expectOwn = (address: string) => {
    if (new URL(address.replace(/^ws/u, "http")).origin !== origin)
      faults.push(`asked of another host: ${address}`);
  };
  await context.addInitScript(reportPolicy);
  context.on("request", (request) => expectOwn(request.url()));
  context.on("page", (page: Page) => page.on("websocket", (socket) => expectOwn(socket.url())));
  context.on("weberror", (failure) => faults.push(String(failure.error())));
  context.on("console", (message) => {
    if (message.type() === "error" && !refusals.test(message.text())) faults.push(message.text());
  });
  return faults;
}
