import { type Signal, useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import { session } from "../../api/session.ts";
import { type Resource, useAnswer } from "../../api/use-answer.ts";
import { Empty } from "../../parts/empty.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { StateTag } from "../../parts/state.tsx";
import { ForThoseWhoMay, ServicePage } from "../../service/service-page.tsx";
import { now } from "../../words/now.ts";
import { counted } from "../../words/numbers.ts";
import { exactly, fromNow, moment } from "../../words/time.ts";
import { RevokePlan, RotatePlan } from "./key-plans.tsx";
import { isInForce, isOwn, type Key, keyState, type NewKey, titleOf } from "./keys.ts";
import { NewKeyPlan, ShownOnce } from "./new-key.tsx";

/** What is about to be done to a key, or that one is made. */
type Acting = "new" | { keyId: string; what: "rotate" | "revoke" };

/** Who may call the service, and until when. */
export default function KeysPage() {
  return (
    <ForThoseWhoMay what="The list of keys" ask={api.listKeys}>
      {() => <Keys />}
    </ForThoseWhoMay>
  );
}

function Keys() {
  const answer = useAnswer((signal) => api.listKeys({}, { signal }), []);
  const acting = useSignal<Acting | null>(null);
  const made = useSignal<NewKey | null>(null);
  const known = answer.value.value;
  const show = (key: NewKey) => {
    made.value = key;
    acting.value = null;
  };
  return (
    <ServicePage
      title={known === null ? "Keys" : titleOf(known.keys, known.configured, now.value)}
      short="Keys"
      lede="Programs send a key with each request; a browser signs in with one. The service keeps no key, only what it needs to know one again."
      actions={
        <button
          type="button"
          class="btn main"
          aria-expanded={acting.value === "new"}
          onClick={() => {
            acting.value = acting.value === "new" ? null : "new";
          }}
        >
          New key…
        </button>
      }
    >
      {made.value && (
        <ShownOnce
          key={made.value.id}
          made={made.value}
          close={() => {
            made.value = null;
          }}
        />
      )}
      {acting.value === "new" && (
        <NewKeyPlan
          done={(key) => {
            show(key);
            void answer.reload();
          }}
          close={() => {
            acting.value = null;
          }}
        />
      )}
      <List answer={answer} acting={acting} show={show} />
    </ServicePage>
  );
}

interface ListProps {
  answer: Resource<{ keys: readonly Key[]; configured: boolean }>;
  acting: Signal<Acting | null>;
  show: (made: NewKey) => void;
}

function List({ answer, acting, show }: ListProps) {
  const close = () => {
    acting.value = null;
  };
  const changed = () => {
    close();
    void answer.reload();
  };
  return (
    <Loaded from={answer}>
      {({ keys, configured }) => {
        const working = keys.filter((key) => isInForce(key, now.value));
        const admins = working.filter(({ role }) => role === "admin").length + Number(configured);
        return (
          <>
            {working.length === 0 && !configured && (
              <Empty title="Nobody can sign in with a key">
                <p class="soft">Commands on the machine of the service need none.</p>
              </Empty>
            )}
            <Elsewhere />
            <section class="panel" aria-label="Keys in force">
              <ul class="entries">
                {configured && <ConfiguredKey />}
                {working.toReversed().map((key) => (
                  <li key={key.id}>
                    <KeyFacts of={key} />
                    <KeyActions of={key} acting={acting} />
                    {isActing(acting.value, key, "rotate") && (
                      <RotatePlan of={key} close={close} show={show} done={changed} />
                    )}
                    {isActing(acting.value, key, "revoke") && (
                      <RevokePlan
                        of={key}
                        otherAdmins={admins - Number(key.role === "admin")}
                        close={close}
                        done={changed}
                      />
                    )}
                  </li>
                ))}
              </ul>
            </section>
            <Ended keys={keys.filter((key) => !isInForce(key, now.value))} />
          </>
        );
      }}
    </Loaded>
  );
}

function isActing(acting: Acting | null, { id }: Key, what: "rotate" | "revoke"): boolean {
  return acting !== null && acting !== "new" && acting.keyId === id && acting.what === what;
}

function KeyActions({ of: key, acting }: { of: Key; acting: Signal<Acting | null> }) {
  const opens = (what: "rotate" | "revoke") => ({
    "aria-expanded": isActing(acting.value, key, what),
    "aria-label": `${what === "rotate" ? "Rotate" : "Revoke"} ${key.name}…`,
    onClick: () => {
      acting.value = isActing(acting.value, key, what) ? null : { keyId: key.id, what };
    },
  });
  return (
    <div class="acts">
      <button type="button" class="btn" {...opens("rotate")}>
        <Icon name="again" /> Rotate…
      </button>
      <button type="button" class="btn danger" {...opens("revoke")}>
        <Icon name="cancelled" /> Revoke…
      </button>
    </div>
  );
}

function KeyFacts({ of: key }: { of: Key }) {
  const { id, name, role, createdAt, lastUsedAt, sessions } = key;
  return (
    <>
      <div class="chips">
        <h2>{name}</h2>
        <StateTag state={keyState(key, now.value)} />
        {isOwn(key) && <You />}
      </div>
      <p class="small soft">
        {role} · <code>{id}</code> · made{" "}
        <span title={exactly(createdAt)}>{moment(createdAt, now.value)}</span> ·{" "}
        {lastUsedAt === null ? (
          "never used"
        ) : (
          <span title={exactly(lastUsedAt)}>last used {fromNow(lastUsedAt, now.value)}</span>
        )}
        {sessions > 0 && ` · ${counted(sessions, "browser")} signed in`}
      </p>
    </>
  );
}

function ConfiguredKey() {
  return (
    <li>
      <div class="chips">
        <h2>Of the configuration</h2>
        <StateTag state={{ tone: "ok", word: "In force", icon: "ok" }} />
        {session.value?.keyId === "api.api_key" && <You />}
      </div>
      <p class="small soft">
        admin · <code>api.api_key</code> · it is changed in the configuration
      </p>
    </li>
  );
}

/** Where this browser's right is that of no key in the list. */
function Elsewhere() {
  const { keyId } = session.value ?? {};
  if (keyId === null)
    return <p class="soft">No key is asked for now: whoever reaches the service may do everything.</p>;
  if (keyId !== "local") return null;
  return (
    <p class="soft">
      You are signed in by the link that <code>serve</code> has printed, and with no key. That ends with the
      service.
    </p>
  );
}

const You = () => <b class="small">You are signed in with it</b>;

function Ended({ keys }: { keys: readonly Key[] }) {
  if (keys.length === 0) return null;
  return (
    <details class="panel pad">
      <summary>
        {counted(keys.length, "key")} that {keys.length === 1 ? "has" : "have"} ended
      </summary>
      <ul class="entries">
        {keys.toReversed().map((key) => (
          <li key={key.id}>
            <KeyFacts of={key} />
          </li>
        ))}
      </ul>
    </details>
  );
}
