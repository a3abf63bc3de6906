import { signal } from "@preact/signals";
import { ApiProblem } from "./problem.ts";
import { request, shortLimitMs, useCsrf, whenSignedOut } from "./request.ts";

export interface Session {
  role: "admin" | "viewer";
  /** Null where no key is asked for. */
  keyId: string | null;
  /** Of the key; null where it has none, or none is asked for. */
  name: string | null;
  expiresAt: string | null;
  csrf: string | null;
}

/** `undefined` until the service was asked; null when nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);

/** Why the session that this page had is over; null where there was none, or somebody has signed in since. */
export const endOfSession = signal<ApiProblem | null>(null);

export const isAdmin = (): boolean => session.value?.role === "admin";

function enter(opened: Session | null): void {
  useCsrf(opened?.csrf ?? null);
  if (opened !== null) endOfSession.value = null;
  session.value = opened;
}

/** While the browser signs in, a refusal is not the end of the session that it has. */
let isSigningIn = false;

whenSignedOut((why) => {
  if (isSigningIn) return;
  if (session.value != null) endOfSession.value = why;
  enter(null);
});

/** Finds out who is signed in. Throws `ApiProblem` where the service does not say. */
export async function findSession(): Promise<void> {
  try {
    enter((await request("GET", "session", { limitMs: shortLimitMs })) as Session);
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem && thrown.status === 401)) throw thrown;
  }
}

/** Signs in with a key of the API, or with the link that a service has printed. Throws `ApiProblem`. */
export async function signIn(proof: { key: string } | { link: string }): Promise<void> {
  isSigningIn = true;
  try {
    enter((await request("POST", "session", { body: proof, limitMs: shortLimitMs })) as Session);
  } finally {
    isSigningIn = false;
  }
}

/**
 * Makes a key in the place of this session's and signs in with it. Until that is done, and also where it fails, a refusal is not the end of
 * the session: the page stays, and with it the new key, which `show` gets first. Throws `ApiProblem`.
 */
export async function takeNewKey<Made extends { key: string }>(
  make: () => Promise<Made>,
  show: (made: Made) => void,
): Promise<void> {
  isSigningIn = true;
  const made = await make().catch((thrown: unknown) => {
    isSigningIn = false;
    throw thrown;
  });
  show(made);
  enter((await request("POST", "session", { body: { key: made.key } })) as Session);
  isSigningIn = false;
}

export async function signOut(): Promise<void> {
  await request("DELETE", "session");
  enter(null);
}
