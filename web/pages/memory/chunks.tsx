import { useSignal } from "@preact/signals";
import type { memoryChunks } from "../../../src/operations/memories/memory-chunks.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswerOnce } from "../../api/use-answer.ts";
import { entityAddress } from "../../memories/entity-list.tsx";
import type { MemoryKey } from "../../memories/memory-row.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { LongText } from "../../parts/long-text.tsx";
import { count, counted } from "../../words/numbers.ts";
import { capital } from "../../words/text.ts";

type Chunk = Answer<typeof memoryChunks>["chunks"][number];

/** What LightRAG has cut the document into. A server has to read its whole graph for it, so it is asked for when somebody wants to see it. */
export function Chunks(key: MemoryKey) {
  const isOpen = useSignal(false);
  return (
    <section class="panel pad stack" aria-label="Chunks">
      <details
        onToggle={({ currentTarget }) => {
          isOpen.value ||= currentTarget.open;
        }}
      >
        <summary>
          <h2>Chunks, with what was found in each</h2>
        </summary>
        {isOpen.value && <Asked {...key} />}
      </details>
    </section>
  );
}

function Asked(key: MemoryKey) {
  const answer = useAnswerOnce((signal) => api.memoryChunks(key, { signal }), []);
  return (
    <Loaded from={answer}>
      {({ chunks, delivered, note }) => (
        <div class="stack">
          {note && <p class="soft">{capital(note)}.</p>}
          {chunks.length === 0 && (
            <p class="soft">
              {delivered ? "No chunk of it is known." : "None yet: its document is not in LightRAG."}
            </p>
          )}
          <ol class="stack">
            {chunks.map((chunk) => (
              <li key={chunk.id}>
                <OneChunk chunk={chunk} connectorId={key.connectorId} />
              </li>
            ))}
          </ol>
        </div>
      )}
    </Loaded>
  );
}

function OneChunk({ chunk, connectorId }: { chunk: Chunk; connectorId: string }) {
  const { id, order, tokens, text, entities, relations } = chunk;
  return (
    <div class="stack">
      <h3>
        Chunk {order === null ? "" : count(order + 1)}{" "}
        <span class="small muted">{tokens === null ? id : counted(tokens, "token")}</span>
      </h3>
      {text !== null && <LongText label={`Text of ${id}`}>{text}</LongText>}
      {entities.length > 0 && (
        <p class="chips">
          {entities.map(({ name }) => (
            <a key={name} class="chip" href={entityAddress(name, connectorId)}>
              {name}
            </a>
          ))}
        </p>
      )}
      {relations.length > 0 && (
        <ul class="small soft">
          {relations.map(({ source, target, keywords }) => (
            <li key={`${source}\n${target}`}>
              {source} – {target}: {keywords.join(", ")}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
