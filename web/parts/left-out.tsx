import { Fragment } from "preact";
import { cutInMiddle } from "../words/text.ts";

/** An address may be of any length. Characters. */
const longestPart = 80;

/** What an address says in vain, `page=99`, each with why: the page shows what the rest of it says. */
export function LeftOutParts({ of: parts }: { of: readonly { part: string; why: string }[] }) {
  if (parts.length === 0) return null;
  return (
    <p class="small soft wraps left-out">
      Left out of the address:{" "}
      {parts.map(({ part, why }, at) => (
        <Fragment key={`${at} ${part}`}>
          {at > 0 && "; "}
          <code>{cutInMiddle(part, longestPart)}</code>, {why}
        </Fragment>
      ))}
      .
    </p>
  );
}
