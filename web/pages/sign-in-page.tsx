import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type ApiProblem, asProblem } from "../api/problem.ts";
import { endOfSession, session, signIn } from "../api/session.ts";
import { Page } from "../parts/page.tsx";
import { TroubleAtButton } from "../parts/trouble.tsx";
import { go, place } from "../shell/router.ts";
import { sentence } from "../words/text.ts";

/** A key of the API, or the link that `serve` prints, becomes a session of this browser. */
export function SignInPage() {
  const key = useSignal("");
  const problem = useSignal<ApiProblem | null>(null);
  /** Counts what was tried, or left off: what comes late of an earlier one is told no more. */
  const latest = useRef(0);
  const enter = async (proof: { key: string } | { link: string }) => {
    latest.current += 1;
    const attempt = latest.current;
    problem.value = null;
    try {
      await signIn(proof);
      if (place.value.segments[0] === "sign-in") go("#/", { replace: true });
    } catch (thrown) {
      if (attempt === latest.current) problem.value = asProblem(thrown);
    }
  };
  const link = place.value.segments[0] === "sign-in" ? place.value.query.get("link") : null;
  useEffect(() => {
    latest.current += 1;
    problem.value = null;
    if (link !== null) void enter({ link });
  }, [link]);
  return (
    <div class="gate stack">
      <Page
        title="Who is there?"
        short="Sign in"
        lede="This page shows memories. It asks for a key of the service, and keeps it in no other place than a cookie that scripts cannot read."
      >
        {endOfSession.value && !problem.value && <WhyHere end={endOfSession.value} />}
        {session.value && (
          <p>
            You are signed in already. <a href="#/">Go to the overview</a>
          </p>
        )}
        <form
          class="panel pad form"
          onSubmit={(event) => {
            event.preventDefault();
            void enter({ key: key.value });
          }}
        >
          <div class="row">
            <label for="key">Key</label>
            <input
              id="key"
              class="input"
              type="password"
              autocomplete="current-password"
              required
              value={key.value}
              onInput={({ currentTarget }) => {
                key.value = currentTarget.value;
              }}
            />
            <p class="help">
              <code>memory-connector keys create --name page --role viewer</code> makes one that can look and
              change nothing; <code>--role admin</code> one that can do everything.
            </p>
          </div>
          {problem.value && <TroubleAtButton problem={problem.value} />}
          <div class="acts">
            <button type="submit" class="btn main">
              Sign in
            </button>
          </div>
        </form>
      </Page>
    </div>
  );
}

/** Somebody was signed in, on this page, until now. */
function WhyHere({ end }: { end: NonNullable<typeof endOfSession.value> }) {
  if (end.byHand)
    return (
      <p role="status">
        <b>You have signed out.</b>
      </p>
    );
  return (
    <p class="trouble" role="status">
      <span>
        <b>You were signed out.</b> {sentence(end.why)}
      </span>
    </p>
  );
}
