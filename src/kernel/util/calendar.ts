/** English names, from Sunday. Written out because `Intl` output changes between ICU releases and documents must not. */
export const weekdayNames: readonly string[] = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
];

export const monthNames: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** In German, French, Spanish, Italian, Portuguese and Dutch, with what people shorten them to, without dots. A name that several languages have is of one month in all of them. */
const namesElsewhere: readonly string[] = [
  "januar jänner jan janvier janv enero ene gennaio gen janeiro januari",
  "februar feber feb février févr fevrier febrero febbraio fevereiro fev februari",
  "märz mär mrz maerz mars marzo mar março marco maart mrt",
  "april apr avril avr abril abr aprile",
  "mai mayo may maggio mag maio mei",
  "juni jun juin junio giugno giu junho",
  "juli jul juillet juil julio luglio lug julho",
  "august aug août aout agosto ago augustus",
  "september sep sept septembre septiembre settembre set setembro",
  "oktober okt octobre oct octubre ottobre ott outubro out",
  "november nov novembre noviembre novembro",
  "dezember dez décembre déc decembre diciembre dic dicembre dezembro december dec",
];

const monthsElsewhere: ReadonlyMap<string, number> = new Map(
  namesElsewhere.flatMap((names, at) => names.split(" ").map((name) => [name, at + 1])),
);

/** The month, from 1, that a name or the beginning of an English name says, in the languages above; null for any other word. */
export function monthNamed(name: string): number | null {
  const plain = name.normalize("NFC").toLowerCase().replace(/\.$/u, "");
  const elsewhere = monthsElsewhere.get(plain);
  if (elsewhere !== undefined) return elsewhere;
  const at = monthNames.findIndex((month) => month.toLowerCase().startsWith(plain));
  return at < 0 ? null : at + 1;
}

/** Whether a text such as 2026-03-01 is a day that there is: `Date` turns 30 February into 2 March. */
export function isDay(text: string): boolean {
  const day = new Date(text);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
