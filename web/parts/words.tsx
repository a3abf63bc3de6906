import { now } from "../words/now.ts";
import { betweenTimes, exactly, moment } from "../words/time.ts";

/** Text of the service, in which what is to be typed stands between backticks, and times are written for programs. */
export function Words({ text }: { text: string }) {
  return (
    <>
      {text.split("`").map((part, index) => {
        const key = `${index}`;
        return index % 2 === 1 ? <code key={key}>{part}</code> : <Times key={key} text={part} />;
      })}
    </>
  );
}

/** Times in the time zone of the browser. */
function Times({ text }: { text: string }) {
  return (
    <>
      {betweenTimes(text).map((part, index) => {
        const key = `${index}`;
        return index % 2 === 0 ? (
          part
        ) : (
          <time key={key} dateTime={part} title={exactly(part)}>
            {moment(part, now.value)}
          </time>
        );
      })}
    </>
  );
}
