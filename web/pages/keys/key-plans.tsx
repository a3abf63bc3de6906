import { useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import { takeNewKey } from "../../api/session.ts";
import { Plan } from "../../parts/plan.tsx";
import { attempt } from "../../shell/toasts.tsx";
import { now } from "../../words/now.ts";
import { counted } from "../../words/numbers.ts";
import { moment } from "../../words/time.ts";
import { isOwn, type Key, type NewKey, serves } from "./keys.ts";

interface KeyPlanProps {
  of: Key;
  close: () => void;
}

const hourMs = 3_600_000;

const graces: readonly (readonly [hours: number, words: string])[] = [
  [0, "not at all: it is refused at once"],
  [1, "an hour"],
  [24, "a day"],
  [168, "a week"],
  [720, "thirty days"],
];

/** What a new key in the place of another one means. */
export function RotatePlan({
  of: key,
  close,
  show,
  done,
}: KeyPlanProps & { show: (made: NewKey) => void; done: () => void }) {
  const grace = useSignal(24);
  const ends = now.value + grace.value * hourMs;
  const until = key.endsAt === null ? ends : Math.min(ends, Date.parse(key.endsAt));
  const act = async () => {
    const rotate = () => api.rotateKey({ keyId: key.id, graceHours: grace.value });
    const work = async () => (isOwn(key) ? takeNewKey(rotate, show) : show(await rotate()));
    await attempt(work, `${key.name} has a new key.`);
    done();
  };
  return (
    <Plan
      title={`Plan: rotate ${key.name}`}
      facts={[
        ["New key", `${key.name}, ${key.role}`],
        ["The old one", serves(key, now.value)],
        ["It is refused", grace.value === 0 ? "at once" : `from ${moment(until, now.value)} on`],
      ]}
      note={[
        `Whatever uses the old key needs the new one ${grace.value === 0 ? "at once" : "by then"}.`,
        isOwn(key)
          ? "You are signed in with this key: this page signs in with the new one by itself."
          : "Browsers that are signed in with it sign in again.",
      ].join(" ")}
      action={`Rotate ${key.name}`}
      isDangerous={grace.value === 0}
      act={act}
      close={close}
    >
      <div class="form">
        <div class="row">
          <label for="grace">How long the old key works on</label>
          <select
            id="grace"
            class="input"
            value={String(grace.value)}
            onChange={({ currentTarget }) => {
              grace.value = Number(currentTarget.value);
            }}
          >
            {graces.map(([hours, words]) => (
              <option key={hours} value={String(hours)}>
                {words}
              </option>
            ))}
          </select>
        </div>
      </div>
    </Plan>
  );
}

/** What the end of a key means. `otherAdmins`: keys of the role admin that would be left. */
export function RevokePlan({
  of: key,
  otherAdmins,
  close,
  done,
}: KeyPlanProps & { otherAdmins: number; done: () => void }) {
  const act = async () => {
    if (await attempt(() => api.revokeKey({ keyId: key.id }), `${key.name} is refused from now on.`)) done();
  };
  return (
    <Plan
      title={`Plan: revoke ${key.name}`}
      facts={[
        ["It is refused", "from its next request on"],
        ["Until now", serves(key, now.value)],
        ["Signed out", counted(key.sessions, "browser")],
      ]}
      note={[
        "It cannot be taken back; a new key has another text.",
        ...(isOwn(key) ? ["You are signed in with this key: you are signed out at once, here too."] : []),
        ...(key.role === "admin" && otherAdmins === 0
          ? [
              "No other key of the role admin is left: memory-connector keys create --name NAME --role admin makes one, on the machine of the service.",
            ]
          : []),
      ].join(" ")}
      action={`Revoke ${key.name}`}
      isDangerous
      act={act}
      close={close}
    />
  );
}
