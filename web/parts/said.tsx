/** Linear in the text: nothing is looked at twice. */
const link = /(https?:\/\/[^\s<>"'()]+)/iu;
const punctuation = /[.,;:!?]$/u;

/** Words of a memory: text and nothing else. Only addresses of the web in them can be followed, and do not tell from where. */
export function Said({ text }: { text: string }) {
  return (
    <>
      {text.split(link).map((part, index) => {
        const key = `${index}`;
        if (index % 2 === 0) return part;
        const address = punctuation.test(part) ? part.slice(0, -1) : part;
        return (
          <span key={key}>
            <a href={address} rel="noreferrer" target="_blank">
              {address}
            </a>
            {part.slice(address.length)}
          </span>
        );
      })}
    </>
  );
}
