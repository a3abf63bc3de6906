import { useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import { type ApiProblem, problemIn, serviceAway } from "../../api/problem.ts";
import { apiAddress } from "../../api/request.ts";
import { useWhenBack } from "../../api/use-answer.ts";
import type { MemoryKey } from "../../memories/memory-row.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Trouble } from "../../parts/trouble.tsx";

type Kind = "audio" | "image";

/** Of a file that no page of this service names: it is the answer. */
const pathOf = (key: MemoryKey, kind: Kind): string => api.memoryMedia.placing({ ...key, kind }).address;

/**
 * The recording and the picture, through the service, which fetches them from the source with its own key. `known` says what the source has:
 * null where nobody knows, undefined until it is known.
 */
export function Media({ known, ...key }: MemoryKey & { known: readonly Kind[] | null | undefined }) {
  const isAsked = useSignal(false);
  const kinds: readonly Kind[] = known ?? (isAsked.value ? ["audio", "image"] : []);
  if (known === undefined || known?.length === 0) return null;
  return (
    <section class="panel pad stack" aria-label="Audio and picture">
      {kinds.map((kind) => (
        <Medium key={kind} kind={kind} path={pathOf(key, kind)} />
      ))}
      {kinds.length === 0 && (
        <p>
          <button
            type="button"
            class="btn"
            onClick={() => {
              isAsked.value = true;
            }}
          >
            <Icon name="search" /> Look for audio and a picture at its source
          </button>
        </p>
      )}
    </section>
  );
}

function Medium({ kind, path }: { kind: Kind; path: string }) {
  const problem = useSignal<ApiProblem | null>(null);
  const isLooking = useSignal(false);
  const isBroken = useSignal(false);
  const tries = useSignal(0);
  // What an element cannot show it does not explain: the service does.
  const explain = async () => {
    isLooking.value = true;
    problem.value = await whyNot(path);
    isBroken.value = problem.value === null;
    isLooking.value = false;
  };
  const retry = () => {
    problem.value = null;
    tries.value += 1;
  };
  useWhenBack(problem.value, retry);
  if (problem.value)
    return problem.value.code === "MEDIA_NOT_FOUND" ? (
      <p class="soft">Its source has no {kind === "audio" ? "audio" : "picture"} of it, or not any more.</p>
    ) : (
      <Trouble problem={problem.value} retry={retry} />
    );
  const from = { key: tries.value, src: apiAddress(path), onError: () => void explain() };
  return (
    <figure class="medium">
      {kind === "audio" ? (
        <audio {...from} controls preload="none" aria-label="What was recorded" />
      ) : (
        <img {...from} alt="What was photographed" />
      )}
      {isLooking.value && <figcaption class="waiting">Asking the source…</figcaption>}
      {isBroken.value && <figcaption class="soft">This browser cannot play or show it.</figcaption>}
    </figure>
  );
}

/** The problem that the service has with a medium; null where it has none. */
async function whyNot(path: string): Promise<ApiProblem | null> {
  try {
    const answer = await fetch(apiAddress(path), {
      credentials: "same-origin",
      headers: { range: "bytes=0-0" },
    });
    return answer.ok ? null : await problemIn(answer);
  } catch {
    return serviceAway();
  }
}
