import { signal } from "@preact/signals";
import { Fragment } from "preact";
import { useEffect } from "preact/hooks";
import { cutInMiddle } from "../words/text.ts";

/** An address may be of any length. Characters. */
const longestPart = 80;

/** What an address says in vain, `page=99`, and why. */
interface Part {
  part: string;
  why: string;
}

/** What the page that is shown leaves out besides, once it knows more than its address. */
const more = signal<readonly Part[]>([]);

/** Tells what of the address is left out besides, in the one line that tells all of it. */
export function AlsoLeftOut({ of: parts }: { of: readonly Part[] }) {
  useEffect(() => {
    if (parts.length === 0) return undefined;
    more.value = parts;
    return () => {
      more.value = [];
    };
  }, [JSON.stringify(parts)]);
  return null;
}

/** All that is left out of an address: the page shows what the rest of it says. */
export function LeftOutParts({ of: known }: { of: readonly Part[] }) {
  const parts = [...known, ...more.value];
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
