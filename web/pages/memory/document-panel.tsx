import type { memoryDocument } from "../../../src/operations/memories/memory-document.ts";
import type { Answer } from "../../api/endpoint.ts";
import type { Resource } from "../../api/use-answer.ts";
import { Loaded } from "../../parts/loaded.tsx";
import { LongText } from "../../parts/long-text.tsx";
import { Words } from "../../parts/words.tsx";
import { capital } from "../../words/text.ts";

type Document = Answer<typeof memoryDocument>;

const origins = {
  ledger: "Made from what the ledger keeps of it.",
  lightrag: "As LightRAG stores it.",
  source: "Made again from what its source lists now.",
};

/** The text that went to LightRAG, or will go, with who says so. */
export function DocumentPanel({
  from,
  isAsked,
  askSource,
}: {
  from: Resource<Document>;
  /** The source was asked for it. */
  isAsked: boolean;
  askSource: () => void;
}) {
  return (
    <section class="panel pad stack" aria-label="The document">
      <h2>The document</h2>
      <Loaded from={from}>
        {(document) => (
          <>
            <p class="soft">
              {document.origin && origins[document.origin]}{" "}
              {document.asSent && "It is exactly the text whose fingerprint the ledger keeps."}{" "}
              {document.note && <Words text={`${capital(document.note)}.`} />}
            </p>
            {document.text !== null && <Text {...document} text={document.text} />}
            {document.text === null && !isAsked && (
              <p>
                <button type="button" class="btn" onClick={askSource}>
                  Make it again from its source
                </button>
              </p>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

/** In a document that notes share, this memory's own part is marked. */
function Text({ text, ownText }: { text: string; ownText: string | null }) {
  const at = ownText === null ? -1 : text.indexOf(ownText);
  const end = at + (ownText?.length ?? 0);
  return (
    <LongText label="Text of the document">
      {at < 0 ? (
        text
      ) : (
        <>
          {text.slice(0, at)}
          <mark>{ownText}</mark>
          {text.slice(end)}
        </>
      )}
    </LongText>
  );
}
