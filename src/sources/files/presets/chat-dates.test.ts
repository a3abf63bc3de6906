import { expect, test } from "vitest";
import { readAsFile } from "../../../../test/support/listed-files.ts";

const read = (lines: readonly string[], settings: object = {}) =>
  readAsFile("WhatsApp Chat with Ben.txt", lines.join("\n"), {
    format: "whatsapp",
    timezone: "UTC",
    ...settings,
  });

const afternoon = "2024-05-03T14:05:00.000Z";

test.each([
  ["Korean, of an iPhone", "[2024. 5. 3. 오후 2:05:00] 아다: x"],
  ["Korean, of Android", "2024. 5. 3. 오후 2:05 - 아다: x"],
  ["Korean, in words", "2024년 5월 3일 오후 2:05 - 아다: x"],
  ["Korean, with two digits", "24. 5. 3. 오후 2:05 - 아다: x"],
  ["Chinese, of an iPhone", "[2024/5/3 下午2:05:00] 艾达: x"],
  ["Chinese, of Android", "2024/5/3 下午2:05 - 艾达: x"],
  ["Chinese, in words", "2024年5月3日 14:05 - 艾达: x"],
  ["Japanese", "2024/05/03 午後2:05 - エイダ: x"],
  ["Arabic, of an iPhone", "\u200f[٣\u200f/٥\u200f/٢٠٢٤، ٢:٠٥:٠٠ م] آدا: x"],
  ["Arabic, of Android", "٣\u200f/٥\u200f/٢٠٢٤، ٢:٠٥ م - آدا: x"],
  ["Persian, by its own calendar", "۱۴۰۳/۲/۱۴،\u200f ۱۴:۰۵ - آدا: x"],
  ["Persian, with a half of the day", "[۱۴۰۳/۲/۱۴،\u200f ۲:۰۵:۰۰ ب.ظ.] آدا: x"],
  ["Greek", "3/5/24, 2:05 μ.μ. - Άντα: x"],
  ["Hungarian", "2024. 05. 03. 14:05 - Ada: x"],
  ["Hungarian, of an iPhone", "[2024. 05. 03. du. 2:05:00] Ada: x"],
  ["Finnish", "3.5.2024 klo 14.05 - Ada: x"],
  ["Finnish, of an iPhone", "[3.5.2024 klo 14.05.00] Ada: x"],
  ["Thai, by the Buddhist era", "3/5/2567 14:05 - เอดา: x"],
  ["Thai, with two digits of it", "3/5/67 14:05 - เอดา: x"],
  ["Turkish", "3.05.2024 14:05 - Ada: x"],
  ["Turkish, with a half of the day", "3.05.2024 ÖS 2:05 - Ada: x"],
  ["Polish", "3.05.2024, 14:05 - Ada: x"],
  ["Hebrew, with marks of direction", "\u200f3.5.2024, 14:05 - \u200fעדה: x"],
  ["Hebrew, with a half of the day", "[3.5.2024, 2:05:00 אחה״צ] עדה: x"],
  ["Hindi", "03/05/24, 2:05 pm - एडा: x"],
  ["Hindi, in its digits", "०३/०५/२४, २:०५ अपराह्न - एडा: x"],
  ["Vietnamese, the time first", "14:05, 3/5/2024 - Ada: x"],
  ["Bulgarian", "3.05.2024 г., 14:05 ч. - Ада: x"],
  ["Spanish", "3/5/24, 2:05 p.\u00a0m. - Ada: x"],
  ["Czech, with blanks", "3. 5. 2024 14:05 - Ada: x"],
  ["Swedish", "2024-05-03 14:05 - Ada: x"],
  ["American", "5/3/24, 2:05\u202fPM - Ada: x", "5/28/24, 2:05\u202fPM - Ada: y"],
])("reads the time of a phone: %s", async (_, ...lines) => {
  // Where numbers alone are divided by strokes, another message has to show their order.
  const order = /^(?:14:05, )?[\p{Nd}\u200f[]{1,4}\//u.test(lines[0] ?? "") && lines.length === 1;
  const { memories, problems } = await read(lines, order ? { date_order: "day_first" } : {});
  expect([memories[0]?.createdAt, problems]).toEqual([afternoon, []]);
});

test.each([
  ["凌晨12:30", "00:30"],
  ["中午12:30", "12:30"],
  ["中午1:30", "13:30"],
  ["晚上11:30", "23:30"],
  ["上午12:05", "00:05"],
])("knows the parts of a Chinese day: %s", async (clock, time) => {
  const { times } = await read([`2024/5/3 ${clock} - 艾达: x`]);
  expect(times).toEqual([`2024-05-03T${time}:00.000Z`]);
});

test("a text of several lines, in the direction that it is written in, stays whole", async () => {
  const lines = ["\u200f3.5.2024, 14:05 - \u200fעדה: שורה", "", "3/5 is a half", "\u200fסוף"];
  expect((await read(lines)).texts).toEqual(["עדה: שורה\n\n3/5 is a half\nסוף"]);
});

test.each([
  ["2024. 5. 3. 오후 2:05 - 아다: IMG-1.jpg (파일 첨부됨)", "아다: (image)"],
  ["[2024/5/3 下午2:05:00] 艾达: \u200e<附件：00000003-PHOTO.jpg>", "艾达: (image)"],
  ["2024/5/3 下午2:05 - 艾达: PTT-1.opus（文件附件）", "艾达: (audio)"],
  ["3.5.2024 klo 14.05 - Ada: <Media jätettiin pois>", "Ada: (media left out)"],
  ["[2024. 5. 3. 오후 2:05:00] 아다: \u200e사진 생략됨", "아다: (media left out)"],
  ["2024/5/3 下午2:05 - 艾达: <省略多媒体文件>", "艾达: (media left out)"],
])("what stands for a file, in any language: %s", async (line, text) => {
  expect((await read([line])).texts).toEqual([text]);
});

test.each([
  ["3.5.2024, 14:05 - ", "\u200fעדה: הודעה זו נמחקה"],
  ["3.05.2024 14:05 - ", "Ada: Bu mesaj silindi"],
  ["3.5.2024 klo 14.05 - ", "Ada: Tämä viesti poistettiin"],
  ["3.05.2024, 14:05 - ", "Ada: Ta wiadomość została usunięta"],
  ["2024. 5. 3. 오후 2:05 - ", "아다: 삭제된 메시지입니다."],
  ["2024/5/3 下午2:05 - ", "艾达: 此消息已删除"],
  ["[2024/5/3 下午2:05:00] ", "艾达: \u200e消息和通话已进行端到端加密。"],
  ["2024. 05. 03. 14:05 - ", "Az üzenetek végpontok közötti titkosítással vannak védve."],
])("leaves out what was taken back, and what the program says: %s%s", async (stamp, said) => {
  const { texts, problems } = await read([`${stamp}Ada: x`, `${stamp}${said}`]);
  expect([texts, problems]).toEqual([["Ada: x"], []]);
});

const inDoubt = async (lines: readonly string[]) =>
  (await read(lines)).pages.flatMap(({ doubts = [] }) => doubts.map(({ problem }) => problem));

test("an order that only the growing of the dates shows is used, and told", async () => {
  const lines = ["02/01/24, 10:00 - Ada: x", "03/01/24, 10:00 - Ada: y", "01/02/24, 10:00 - Ada: z"];
  expect((await read(lines)).times[2]).toBe("2024-02-01T10:00:00.000Z");
  expect(await inDoubt(lines)).toEqual([expect.stringMatching(/the day first, .* go back in time/u)]);
});

test("a few dates that somebody has pasted in the other order are told, and change nothing", async () => {
  const days = Array.from(
    { length: 25 },
    (_, at) => `13/${1 + (at % 12)}/${24 + Math.floor(at / 12)}, 10:00 - Ada: x`,
  );
  const lines = [...days.slice(0, 24), "12/25/23, 10:00 - Ben: pasted"];
  expect(await inDoubt(lines)).toEqual([expect.stringContaining("but for 1 that cannot be")]);
  expect(await inDoubt(days.slice(0, 24))).toEqual([]);
});

test.each([
  [["03/01/24, 10:00 - Ada: x", "04/01/24, 10:00 - Ada: y"], /does not show whether the day or the month/u],
  [["13/01/24, 10:00 - Ada: x", "01/14/24, 10:00 - Ada: y"], /others with the month first/u],
  [["3.5.2024, 2:05 xyz - Ada: x"], /2:05 with "xyz" is before or after noon/u],
])("what cannot be decided is said, and not guessed: %s", async (lines, problem) => {
  await expect(read(lines)).rejects.toMatchObject({
    code: "SOURCE_BAD_ANSWER",
    message: expect.stringMatching(problem),
  });
});

test("a word beside the time tells nothing where the clock runs to 24", async () => {
  const { times } = await read(["3.5.2024, 14:05 xyz - Ada: x", "3.5.2024, 2:05 xyz - Ada: y"]);
  expect(times).toEqual(["2024-05-03T02:05:00.000Z"]);
});

test("a year of another calendar is not taken for one of ours", async () => {
  const { problems } = await read([
    "14/02/1445, 14:05 - Ada: x",
    "15/02/2024, 14:05 - Ada: y",
    "16/02/2024, 14:05 - Ada: z",
  ]);
  expect(problems).toEqual([expect.stringContaining("line 1")]);
});
