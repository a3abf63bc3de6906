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

/**
 * How the session that this page had came to its end: somebody has signed out here, or the service has ended it, with its reason. Null where
 * there was none, or somebody has signed in since.
 */
export const endOfSession = signal<{ byHand: true } | { byHand: false; why: string } | null>(null);

function enter(opened: Session | null): void {
  useCsrf(opened?.csrf ?? null);
  if (opened !== null) endOfSession.value = null;
  session.value = opened;
}

/** While the browser signs in or out, a refusal is not the end of the session that it has. */
let isChanging = false;

whenSignedOut(({ message }) => {
  if (isChanging) return;
  const { value: ended } = session;
  if (ended != null) endOfSession.value = { byHand: false, why: isOver(ended) ? outlived : message };
  enter(null);
});

/** Its cookie goes with it, so that the service cannot tell whose it was. */
const outlived = "The session has lasted as long as it may.";

const isOver = ({ expiresAt }: Session): boolean => expiresAt !== null && Date.parse(expiresAt) <= Date.now();

/** Finds out who is signed in. Throws `ApiProblem` where the service does not say. */
export async function findSession(): Promise<void> {
  try {
    enter((await request("GET", "session", { limitMs: shortLimitMs })) as Session);
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
  }
}

const isRefusal = (thrown: unknown): boolean => thrown instanceof ApiProblem && thrown.status === 401;

/** Signs in with a key of the API, or with the link that a service has printed. Throws `ApiProblem`. */
export async function signIn(proof: { key: string } | { link: string }): Promise<void> {
  isChanging = true;
  try {
    enter((await request("POST", "session", { body: proof, limitMs: shortLimitMs })) as Session);
  } finally {
    isChanging = false;
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
  isChanging = true;
  const made = await make().catch((thrown: unknown) => {
    isChanging = false;
    throw thrown;
  });
  show(made);
  enter((await request("POST", "session", { body: { key: made.key } })) as Session);
  isChanging = false;
}

/** Whatever asks meanwhile, as the live events do, is refused because of it. Throws `ApiProblem` where the session stays. */
export async function signOut(): Promise<void> {
  isChanging = true;
  try {
    await request("DELETE", "session").catch((thrown: unknown) => {
      if (!isRefusal(thrown)) throw thrown;
    });
    enter(null);
    endOfSession.value = { byHand: true };
  } finally {
    isChanging = false;
  }
}
