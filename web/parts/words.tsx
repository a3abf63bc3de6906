/** Text of the service, in which what is to be typed stands between backticks. */
export function Words({ text }: { text: string }) {
  return (
    <>
      {text.split("`").map((part, index) => {
        const key = `${index}`;
        return index % 2 === 1 ? <code key={key}>{part}</code> : part;
      })}
    </>
  );
}
