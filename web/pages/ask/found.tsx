import type { QueryResult } from "../../../src/operations/knowledge/query-knowledge.ts";
import { RecordedAt } from "../../memories/memory-row.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Words } from "../../parts/words.tsx";
import { addressOf } from "../../shell/router.ts";
import { counted } from "../../words/numbers.ts";
import { withoutTags } from "../../words/text.ts";

/** What was found for a question; what was not says why. */
export function Found({ result, connectorId }: { result: QueryResult; connectorId: string | null }) {
  const { answer, sources, entities, chunks, note } = result;
  if (answer === null && sources.length + entities.length + chunks.length === 0)
    return (
      <Empty title="Nothing was found.">
        <p class="soft">
          <Words
            text={
              note ??
              "No memory that is in the graph bears on this question. Other words, or another mode, may find more."
            }
          />
        </p>
        <Near near={result.near} />
      </Empty>
    );
  return (
    <>
      <div class="panel pad stack">
        {answer === null ? (
          <p class="soft">
            No answer in words: the service has no chat model, or it had nothing to say. What bears on the
            question is below.
          </p>
        ) : (
          <p class="answer">{answer.text}</p>
        )}
        {note && (
          <p class="small soft">
            <Words text={note} />
          </p>
        )}
        <Near near={result.near} />
        <Sources sources={sources} isAnswered={answer !== null} />
      </div>
      <Entities entities={entities} connectorId={connectorId ?? sources[0]?.connectorId ?? null} />
    </>
  );
}

function Near({ near }: Pick<QueryResult, "near">) {
  if (near === null) return null;
  const { town, lat, lon, radiusKm, others } = near;
  return (
    <p class="small soft">
      Looked within {radiusKm} km of {town ?? `${lat}, ${lon}`}.
      {others.length > 0 && ` Other towns of that name: ${others.join("; ")}.`}
    </p>
  );
}

function Sources({ sources, isAnswered }: { sources: QueryResult["sources"]; isAnswered: boolean }) {
  if (sources.length === 0) return <p class="soft">No memory is named as a source.</p>;
  return (
    <>
      <h2>
        {isAnswered ? "It rests on" : "Found in"} {counted(sources.length, "memory", "memories")}
      </h2>
      <ol aria-label="Sources">
        {sources.map((source, index) => (
          <li class="src" key={`${source.fileSource} ${source.memoryId}`}>
            <span class="no" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <Said source={source} />
              <p class="small soft">
                <RecordedAt local={source.local} isZoneNamed />
                {source.place !== null && `, ${source.place}`}
                {source.connectorId !== null && `, ${source.connectorId}`}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

/** Leads to the page of the memory; one that no ledger knows has none. */
function Said({ source: { page, snippet, memoryId } }: { source: QueryResult["sources"][number] }) {
  const words = withoutTags(snippet) || memoryId;
  if (page === null) return <span class="said">{words}</span>;
  return (
    <a class="said" href={`#/${page}`}>
      {words}
    </a>
  );
}

function Entities({
  entities,
  connectorId,
}: {
  entities: QueryResult["entities"];
  connectorId: string | null;
}) {
  if (entities.length === 0) return null;
  return (
    <div class="panel pad stack">
      <h2>What is named near it</h2>
      <ul class="chips">
        {entities.map(({ name }) => (
          <li key={name}>
            <a class="chip" href={addressOf(["graph"], { connector: connectorId, entity: name })}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
