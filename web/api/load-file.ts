import { ApiProblem } from "./problem.ts";
import { request, shortLimitMs } from "./request.ts";

/**
 * A file of the page that is loaded when it is needed. Throws `ApiProblem`: that the service is away, or that it has the file no more, as
 * after an update. Browsers have words of their own for both, and the same ones.
 */
export async function loadFile<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await Promise.race([load(), tooLong()]);
  } catch {
    await request("GET", "session", { limitMs: shortLimitMs });
  }
  // The service was away for a moment only, or some browser keeps the failure.
  try {
    return await load();
  } catch (cause) {
    throw new ApiProblem({
      title: "a file of this page cannot be loaded",
      status: 0,
      code: "INTERNAL",
      hint: `Reload the page: the service was updated, or keeps the file back. ${cause instanceof Error ? cause.message : ""}`,
    });
  }
}

/** A service that hangs never sends the file, and browsers wait for it without end. */
const tooLong = () =>
  new Promise<never>((_, reject) => setTimeout(() => reject(new Error("it takes too long")), shortLimitMs));
