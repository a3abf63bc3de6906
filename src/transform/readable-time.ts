const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
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

/**
 * An RFC 3339 time as people read it, in UTC: `Thursday, 18 May 2023, 13:47:05 UTC`.
 * Written out here because `Intl` output changes between ICU releases, and the same memory must give the same bytes.
 */
export function readableUtc(rfc3339: string): string {
  const time = new Date(rfc3339);
  const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(twoDigits).join(":");
  return `${weekdays[time.getUTCDay()]}, ${time.getUTCDate()} ${months[time.getUTCMonth()]} ${time.getUTCFullYear()}, ${clock} UTC`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
